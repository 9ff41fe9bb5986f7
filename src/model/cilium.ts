import type { Resource } from './resource.ts';

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. */
export interface CiliumPolicy extends Resource {}

/** CiliumCIDRGroup. */
export interface CiliumCidrGroup extends Resource {}

/** CiliumLocalRedirectPolicy. */
export interface CiliumRedirect extends Resource {}

/** CiliumEgressGatewayPolicy. */
export interface CiliumEgressGateway extends Resource {}
