import type { Origin } from './origin.ts';

/**
 * How a connection is protected on the wire. `mtls-required`: both ends prove who they are, and nothing else is taken.
 * `mtls-opportunistic`: this connection is, the port takes others too. `encrypted-no-identity`: between nodes, by the
 * network. `tls-app`: by the application or a gateway, as configuration says. (policy semantics: "is this edge encrypted")
 */
export const ENCRYPTIONS = [
  'mtls-required',
  'mtls-opportunistic',
  'encrypted-no-identity',
  'tls-app',
  'plaintext',
  'unknown',
] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];

/** What one mechanism says of one connection. */
export interface EncryptionFact {
  readonly encryption: Encryption;
  /** Complete words: `PeerAuthentication shop/strict requires mutual TLS, and the client has a sidecar`. */
  readonly why: string;
  /** Where it is not `mtls-required`: what would close the hole. */
  readonly hole?: EncryptionHole;
  readonly origin?: Origin;
}

/** Why a connection is less protected than it could be. */
export const HOLE_KINDS = [
  'permissive',
  'skipped-port',
  'outside-mesh',
  'disabled',
  'same-node',
  'host-network',
  'not-covered',
] as const;

export interface EncryptionHole {
  readonly kind: (typeof HOLE_KINDS)[number];
  /** What to change: `set mtls.mode: STRICT in PeerAuthentication shop/default`. */
  readonly close: string;
}
