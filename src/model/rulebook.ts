import type { Assumption, EngineEntry, PolicyProblem, TrafficList } from './answers.ts';
import type { ControlSeverity } from './control.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Origin } from './origin.ts';
import type { ReasonCode } from './reason.ts';
import type { Direction } from './resource.ts';

/** The rules of an input in the order in which the data path asks them: what `rulebook` of the server answers. */
export interface RulebookAnswer {
  readonly schema: 'ringfence.dev/rulebook/v1';
  readonly engine: EngineEntry;
  /** In the order in which a connection meets them: those of egress first, then those of ingress. */
  readonly lanes: readonly RuleLane[];
  /** How many policies of all lanes have each mark, whatever the filter: `dead`, `risky`, … */
  readonly marks: readonly { readonly mark: string; readonly policies: number }[];
  /** Policies of the lanes, in the order in which they are asked, before they are paged. */
  readonly total: number;
  readonly policies: readonly RulebookPolicy[];
  /** What stands in the input and is asked by nothing, with why. */
  readonly unasked: readonly UnaskedPolicy[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One tier of one enforcement point in one direction. */
export interface RuleLane {
  readonly direction: Direction;
  /** `mesh`, `pod`, `host`, `network-security`, `route`, `firewall`, `service` */
  readonly layer: string;
  readonly tier: string;
  /** What it means for an endpoint that a policy of it isolates that no rule of it matches. */
  readonly onEnd: 'deny' | 'pass';
  /** `together`: all its policies are asked at once; `in-order`: one level after the other. */
  readonly asked: 'together' | 'in-order';
  readonly policies: number;
  readonly rules: number;
}

/** The first names of a list that may be long. */
export interface SomeNames {
  readonly names: readonly string[];
  readonly total: number;
}

/** One policy in one lane. */
export interface RulebookPolicy {
  /** Index into `lanes`. */
  readonly lane: number;
  /** Counts from 1; policies of one level are asked side by side. */
  readonly level: number;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
  readonly selects: SomeNames;
  /** Whether the end of the lane applies to what it selects. */
  readonly isolates: boolean;
  readonly rules: readonly RulebookRule[];
  /** Of the policy as a whole. */
  readonly problems: readonly PolicyProblem[];
  readonly risks: readonly RuleRisk[];
}

export interface RulebookRule {
  readonly rule: string;
  readonly action: string;
  /** In words: `from pods app=web of namespaces team=a on TCP 80`. */
  readonly says: string;
  readonly peers: SomeNames;
  readonly traffic: TrafficList;
  /** Stands in no document: what the platform, or the API itself, adds. */
  readonly given?: true;
  /** Why it matches some only perhaps. */
  readonly doubts: readonly ReasonCode[];
  readonly origin: Origin;
  readonly problems: readonly PolicyProblem[];
  readonly risks: readonly RuleRisk[];
}

/** Findings of one control that a rule is evidence of, or whose place the policy is. */
export interface RuleRisk {
  readonly control: string;
  readonly title: string;
  readonly severity: ControlSeverity;
  /** Of the first of them. */
  readonly message: string;
  readonly fingerprint: string;
  readonly findings: number;
}

export interface UnaskedPolicy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly origin: Origin;
  readonly why: string;
}

/** What policies of a rulebook can be filtered by, in the filter language. */
export const RULE_FIELDS = [
  'direction',
  'layer',
  'tier',
  'kind',
  'namespace',
  'name',
  'action',
  'selects',
  'peer',
  'protocol',
  'mark',
  'control',
  'file',
] as const;

export function ruleFields(
  policy: RulebookPolicy,
  { direction, layer, tier }: RuleLane,
): { readonly fields: Readonly<Record<(typeof RULE_FIELDS)[number], readonly string[]>>; readonly text: string } {
  const { rules } = policy;
  const marked = [policy, ...rules];
  const risks = marked.flatMap((each) => each.risks);
  return {
    fields: {
      direction: [direction],
      layer: [layer],
      tier: [tier],
      kind: [policy.kind],
      namespace: [policy.namespace],
      name: [policy.name],
      action: rules.map(({ action }) => action),
      selects: policy.selects.names,
      peer: rules.flatMap(({ peers }) => peers.names),
      protocol: rules.flatMap(({ traffic }) => (traffic === 'all' ? ['all'] : traffic.map(({ protocol }) => protocol))),
      mark: [
        ...marked.flatMap(({ problems }) => problems.map(({ problem }) => problem)),
        ...(risks.length > 0 ? ['risky'] : []),
      ],
      control: risks.map(({ control }) => control),
      file: [policy.origin.file],
    },
    text: [policy.kind, policy.namespace, policy.name, ...rules.map(({ says }) => says)].join(' '),
  };
}
