import type { Diagnostic } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import type { Direction } from '../resource.ts';

/** One of the two that are compared. */
export interface ComparedResource {
  readonly name: string;
  readonly id: string;
  readonly origin: Origin;
}

/** One connection that the two treat differently. */
export interface ComparisonWitness {
  /** Of security groups. */
  readonly direction?: Direction;
  readonly source: string;
  readonly destination: string;
  /** What the client asks for there, where that decides. */
  readonly name?: string;
  readonly protocol: string;
  readonly port?: number;
  readonly sourcePort?: number;
  readonly before: 'allowed' | 'denied';
  readonly after: 'allowed' | 'denied';
}

export interface AzureCompareAnswer {
  readonly schema: 'ringfence.dev/azure-compare/v1';
  readonly kind: 'security-group' | 'firewall';
  readonly before: ComparedResource;
  readonly after: ComparedResource;
  /** Whether everything has the same end under both, for certain. */
  readonly equal: boolean;
  /** One for each set of connections that rules tell apart; the first hundred. */
  readonly witnesses: readonly ComparisonWitness[];
  /** Parts of which it is not known what they do. */
  readonly unknown: number;
  readonly diagnostics: readonly Diagnostic[];
}
