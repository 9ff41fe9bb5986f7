import type { Resource } from './resource.ts';

/** PeerAuthentication. */
export interface PeerAuthentication extends Resource {}

/** AuthorizationPolicy of security.istio.io. */
export interface IstioAuthorization extends Resource {}

/** RequestAuthentication. */
export interface RequestAuthentication extends Resource {}

/** DestinationRule. */
export interface DestinationRule extends Resource {}

/** Sidecar. */
export interface IstioSidecar extends Resource {}

/** ServiceEntry. */
export interface ServiceEntry extends Resource {}

/** VirtualService. */
export interface VirtualService extends Resource {}

/** Gateway of networking.istio.io. */
export interface IstioGateway extends Resource {}
