import type { CalicoPolicy, CalicoPolicyKind } from '#model/calico.ts';
import type { PolicyKindName } from '#model/profile.ts';
import type { Direction } from '#model/resource.ts';
import { admits, isolates } from '../network-policy.ts';
import { isPerhaps, type PodParty, type Question } from '../party.ts';
import type { LabelOf } from '../selector.ts';
import { clusterStanzas } from './cluster.ts';
import { ruleMatches } from './rule.ts';
import { isSubject } from './subject.ts';

/** Whom policies are for: a pod, or a host endpoint by its labels. */
export interface Subject {
  readonly pod?: PodParty;
  readonly labelOf: LabelOf;
}

export type Outcome = 'allow' | 'deny' | 'pass' | 'none';

/** One policy that is for the subject, of whatever API. */
export interface Stanza {
  readonly tier: string;
  readonly order: number;
  /** Of policies of one order the first by this text. */
  readonly name: string;
  readonly outcome: () => Outcome;
}

/**
 * The tiers in order. One that has a policy for the subject ends as it says where no rule of them matched; Pass, and a tier
 * without any, leave it to the next. `pass`: none decided.
 */
export function throughTiers(question: Question, subject: Subject, direction: Direction): 'allow' | 'deny' | 'pass' {
  const stanzas = [
    ...calicoStanzas(question, subject, direction),
    ...kubernetesStanzas(question, subject, direction),
    ...clusterStanzas(question, subject, direction),
  ];
  for (const tier of tiersOf(question, stanzas)) {
    const outcome = tierOutcome(
      question,
      stanzas.filter((stanza) => stanza.tier === tier.name),
    );
    const ended = outcome === 'end' ? tier.end : outcome;
    if (ended === 'allow' || ended === 'deny') return ended;
  }
  return 'pass';
}

function tierOutcome(question: Question, stanzas: readonly Stanza[]): Outcome | 'end' {
  if (stanzas.length === 0) return 'none';
  for (const stanza of inOrder(question, stanzas)) {
    const outcome = stanza.outcome();
    if (outcome !== 'none') return outcome;
  }
  return 'end';
}

/** Where NetworkPolicy stands among policies of its own order is not the same in all versions. */
function inOrder(question: Question, stanzas: readonly Stanza[]): Stanza[] {
  const hasRival = stanzas.some(({ order, name }) => order === KUBERNETES_ORDER && name !== '');
  const isFirst = hasRival && isPerhaps(question, 'NetworkPolicy comes first among policies of its order');
  const rank = ({ name }: Stanza) => (name === '' && !isFirst ? 1 : 0);
  return [...stanzas].sort(
    (a, b) => compare(a.order, b.order) || rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** Both may be infinite. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// ---------------------------------------------------------------- tiers

interface Tier {
  readonly name: string;
  readonly order: number;
  readonly exists: boolean;
  readonly end: 'deny' | 'pass';
}

const KUBERNETES_ORDER = 1000;
/** Calico makes these itself. */
const BUILT_IN: readonly Tier[] = [
  { name: 'kube-admin', order: 1000, exists: true, end: 'pass' },
  { name: 'default', order: 1_000_000, exists: true, end: 'deny' },
  { name: 'kube-baseline', order: 10_000_000, exists: true, end: 'pass' },
];

/** By order, those without one after those that have one, then by name. A tier that no object defines comes after all. */
function tiersOf({ snapshot }: Question, stanzas: readonly Stanza[]): Tier[] {
  const tiers = new Map(BUILT_IN.map((tier) => [tier.name, tier]));
  for (const { name, order, defaultAction } of snapshot.calicoTiers) {
    const builtIn = tiers.get(name);
    const last = Number.POSITIVE_INFINITY;
    tiers.set(name, { name, order: order ?? builtIn?.order ?? last, exists: true, end: builtIn?.end ?? defaultAction });
  }
  for (const { tier } of stanzas) {
    if (!tiers.has(tier)) tiers.set(tier, { name: tier, order: 0, exists: false, end: 'deny' });
  }
  return [...tiers.values()].sort(
    (a, b) => Number(b.exists) - Number(a.exists) || compare(a.order, b.order) || (a.name < b.name ? -1 : 1),
  );
}

// ---------------------------------------------------------------- policies

const NAMES: Readonly<Record<CalicoPolicyKind, PolicyKindName | undefined>> = {
  NetworkPolicy: 'NetworkPolicy.projectcalico.org',
  GlobalNetworkPolicy: 'GlobalNetworkPolicy',
  StagedNetworkPolicy: undefined,
  StagedGlobalNetworkPolicy: undefined,
  StagedKubernetesNetworkPolicy: undefined,
};

/** What is staged is not enforced; what is for untracked or not yet translated traffic is no part of the tiers. */
function calicoStanzas(question: Question, subject: Subject, direction: Direction): Stanza[] {
  const { snapshot, profile } = question;
  const enforced = snapshot.calicoPolicies.filter(({ kind, preDnat, doNotTrack }) => {
    const name = NAMES[kind];
    return name !== undefined && profile.enforces.includes(name) && !preDnat && !doNotTrack;
  });
  return enforced
    .filter((policy) => governs(question, { policy, subject, direction }))
    .map((policy) => ({
      tier: policy.tier,
      order: policy.order ?? Number.POSITIVE_INFINITY,
      name: `${policy.name}/${policy.namespace}/${policy.kind}`,
      outcome: () => rulesOutcome(question, policy, direction),
    }));
}

interface Governing {
  readonly policy: CalicoPolicy;
  readonly subject: Subject;
  readonly direction: Direction;
}

function governs(question: Question, { policy, subject, direction }: Governing): boolean {
  if (policy.gaps.length > 0) {
    const isNear = policy.namespace === '' || policy.namespace === subject.pod?.namespace;
    return isNear && isPerhaps(question, `${nameOf(policy)} governs ${direction}`);
  }
  return policy.types.includes(direction) && isSubject(policy, subject.labelOf);
}

/** Log is no answer. */
function rulesOutcome(question: Question, policy: CalicoPolicy, direction: Direction): Outcome {
  const { namespace } = policy;
  for (const rule of policy[direction]) {
    if (rule.action === 'log') continue;
    if (ruleMatches(question, { rule, namespace, policy: nameOf(policy) })) return rule.action;
  }
  return 'none';
}

function nameOf({ kind, namespace, name }: CalicoPolicy): string {
  return `${kind} ${namespace}/${name}`;
}

/** NetworkPolicy of Kubernetes: policies of the default tier that only allow. */
function kubernetesStanzas(question: Question, { pod }: Subject, direction: Direction): Stanza[] {
  if (pod === undefined || !question.profile.enforces.includes('NetworkPolicy')) return [];
  return question.snapshot.networkPolicies
    .filter((policy) => isolates(question, policy, direction))
    .map((policy) => ({
      tier: 'default',
      order: KUBERNETES_ORDER,
      name: '',
      outcome: () => (admits(question, policy, direction) ? 'allow' : 'none'),
    }));
}
