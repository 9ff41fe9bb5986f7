import type { EngineEntry } from './answers.ts';
import type { ControlState, FrameworkId } from './control.ts';

/**
 * What an entry of a framework comes to. `ACCEPTED`: it would fail, and all that fails is accepted; `NONE`: no control
 * assesses it.
 */
export const BASELINE_STATES = [
  'FAIL',
  'PARTIAL',
  'WARN',
  'ACCEPTED',
  'UNKNOWN',
  'MANUAL',
  'PASS',
  'PASS-PLATFORM',
  'NA',
  'NA-PROVIDER',
  'NONE',
] as const satisfies readonly (ControlState | 'ACCEPTED' | 'NONE')[];
export type BaselineState = (typeof BASELINE_STATES)[number];

/** `all`, `cluster`, `azure`, `namespace:shop` */
export interface BaselineScope {
  readonly id: string;
  readonly kind: 'all' | 'cluster' | 'azure' | 'namespace';
  /** Of a namespace. */
  readonly name: string;
}

/** One framework in one scope: how many of its entries are in each state; those that nothing in the scope is about are in none. */
export interface BaselineCell {
  readonly framework: FrameworkId;
  readonly scope: string;
  readonly counts: Readonly<Partial<Record<BaselineState, number>>>;
}

export interface BaselineEntry {
  readonly id: string;
  readonly title: string;
  readonly state: BaselineState;
  readonly controls: readonly string[];
  /** Why nothing assesses it, where nothing does. */
  readonly why?: string;
}

/** Frameworks by scopes, and one of them in full where it is asked for. */
export interface BaselinesAnswer {
  readonly schema: 'ringfence.dev/baselines/v1';
  readonly engine: EngineEntry;
  readonly taken: string;
  readonly frameworks: readonly {
    readonly framework: FrameworkId;
    readonly title: string;
    readonly version: string;
    readonly source: string;
    readonly entries: number;
  }[];
  /** The whole first, then cluster and Azure, then namespaces, those with most that fails first. */
  readonly scopes: readonly BaselineScope[];
  readonly cells: readonly BaselineCell[];
  /** Of the framework and the scope that were asked for. */
  readonly entries: readonly BaselineEntry[];
}
