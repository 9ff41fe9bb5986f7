import type { EncryptionFact } from '#model/encryption.ts';
import type { TrafficSet } from '#model/traffic.ts';

/** Points of the world, and a point of the traffic axis. */
export interface EncryptedPair {
  readonly from: number;
  readonly to: number;
  readonly traffic: number;
}

/** One mechanism that protects connections: a mesh, or encryption between nodes. */
export interface EncryptionSource {
  readonly name: string;
  /** Traffic that the mechanism tells apart: ports that its configuration names. TCP, UDP and SCTP are apart anyway. */
  readonly cuts?: readonly TrafficSet[];
  /** What it says of a connection; undefined where it has no part in it. */
  between(pair: EncryptedPair): EncryptionFact | undefined;
}
