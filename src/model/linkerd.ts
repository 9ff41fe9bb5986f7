import type { Resource } from './resource.ts';

/** Server. */
export interface LinkerdServer extends Resource {}

/** AuthorizationPolicy of policy.linkerd.io. */
export interface LinkerdAuthorization extends Resource {}

/** ServerAuthorization. */
export interface LinkerdServerAuthorization extends Resource {}

/** MeshTLSAuthentication. */
export interface LinkerdIdentity extends Resource {}

/** NetworkAuthentication. */
export interface LinkerdNetwork extends Resource {}

/** EgressNetwork. */
export interface LinkerdEgressNetwork extends Resource {}

/** HTTPRoute of policy.linkerd.io. */
export interface LinkerdRoute extends Resource {}
