import type { EngineEntry, Exposure, InvariantResult, TrafficList } from './answers.ts';
import type { ControlSeverity, ControlState } from './control.ts';
import type { Disagreement, RequiredEndpoint } from './egress.ts';
import type { Finding } from './scan.ts';

/** What became of a file when its blueprint was built again. */
export type FileOutcome =
  /** New, or replaced a text of ours that nobody had touched. */
  | 'written'
  /** What a person changed and what we changed, together. */
  | 'merged'
  /** As it was: nothing of ours is new, or only a person's changes are there. */
  | 'kept'
  | 'removed'
  /** Both changed the same lines: both texts stand in a file beside it, and it is left alone. */
  | 'conflict';

/** What an environment as built was found to be, by reading its own texts again. */
export interface BlueprintAnswer {
  readonly schema: 'ringfence.dev/blueprint-proof/v1';
  readonly engine: EngineEntry;
  /** What building it did to its folder; absent where nothing was to be written. */
  readonly files?: readonly { readonly file: string; readonly outcome: FileOutcome }[];
  /** What costs money by itself, whether it is chosen, and what is lost without it. */
  readonly paid: readonly { readonly feature: string; readonly chosen: boolean; readonly lost: string }[];
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly severity: ControlSeverity;
    readonly state: ControlState;
    readonly why: string;
  }[];
  readonly findings: readonly (Pick<Finding, 'control' | 'message'> & {
    readonly where: string;
    /** By `ringfence.yaml`; null: it counts. */
    readonly accepted: { readonly reason: string; readonly owner: string } | null;
  })[];
  readonly invariants: readonly Pick<InvariantResult, 'name' | 'state' | 'why'>[];
  readonly exposures: readonly Pick<Exposure, 'scope' | 'through' | 'at' | 'to' | 'verdict'>[];
  readonly egress: {
    /** Whether there is a cluster whose needs are known. */
    readonly asked: boolean;
    readonly required: readonly Pick<
      RequiredEndpoint,
      'destination' | 'protocol' | 'port' | 'feature' | 'need' | 'verdict'
    >[];
    /** Rules of the firewall that nobody needs. */
    readonly unneeded: readonly string[];
    readonly disagreements: readonly Pick<Disagreement, 'state' | 'from' | 'to'>[];
  };
  /** Between namespaces. */
  readonly connections: readonly {
    readonly from: string;
    readonly to: string;
    readonly allowed: TrafficList;
    readonly unknown: TrafficList;
  }[];
  readonly errors: readonly string[];
  readonly internalErrors: readonly { readonly control: string; readonly message: string }[];
}

/** What keeps an environment from being what it promises; empty: it is. */
export function brokenIn({ findings, invariants, egress, errors, internalErrors }: BlueprintAnswer): readonly string[] {
  return [
    ...internalErrors.map(({ control, message }) => `${control} failed by a mistake of ours: ${message}`),
    ...errors,
    ...findings
      .filter(({ accepted }) => accepted === null)
      .map(({ control, where, message }) => `${control} at ${where}: ${message}`),
    ...invariants.filter(({ state }) => state !== 'holds').map(({ name, state, why }) => `${name} is ${state}: ${why}`),
    ...egress.required
      .filter(({ need, verdict }) => need === 'required' && (verdict === 'denied' || verdict === 'mixed'))
      .map(({ destination, port, verdict }) => `${destination} ${port} is needed and ${verdict}`),
  ];
}
