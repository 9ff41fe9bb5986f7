import type { CalicoPolicy, CalicoTier } from '#model/calico.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** A tier with what stands in it, in the order in which it is asked. */
export interface OrderedTier {
  readonly name: string;
  readonly onEnd: 'deny' | 'pass';
  readonly policies: readonly CalicoPolicy[];
}

/** Kubernetes policies stand here: NetworkPolicy at this order of the tier `default`. */
export const KUBERNETES_ORDER = 1000;
export const DEFAULT_TIER = 'default';
export const ADMIN_TIER = 'kube-admin';
export const BASELINE_TIER = 'kube-baseline';

interface TierFacts {
  readonly name: string;
  readonly order: number;
  readonly onEnd: 'deny' | 'pass';
}

/** The tiers that Calico makes by itself (3.31; `projectcalico/calico` lib/std/…/tier, felix/calc). */
const BUILT_IN: readonly TierFacts[] = [
  { name: ADMIN_TIER, order: 1000, onEnd: 'pass' },
  { name: DEFAULT_TIER, order: 1_000_000, onEnd: 'deny' },
  { name: BASELINE_TIER, order: 10_000_000, onEnd: 'pass' },
];

/**
 * Tiers by order, then name; without an order last. A policy of a tier that does not exist is enforced all the same: that
 * tier comes after all others and ends in a denial (felix/calc policy_resolver.go, policy_sorter.go).
 */
export function orderedTiers(snapshot: Snapshot, policies: readonly CalicoPolicy[]): OrderedTier[] {
  const facts = new Map(BUILT_IN.map((tier) => [tier.name, tier]));
  for (const tier of snapshot.calicoTiers) facts.set(tier.name, factsOf(tier));
  const missing = new Set(policies.map(({ tier }) => tier).filter((name) => !facts.has(name)));
  const known = [...facts.values()].sort(byOrder);
  const absent = [...missing]
    .sort()
    .map((name): TierFacts => ({ name, order: Number.POSITIVE_INFINITY, onEnd: 'deny' }));
  const byTier = Map.groupBy(policies, ({ tier }) => tier);
  return [...known, ...absent].map(({ name, onEnd }) => ({
    name,
    onEnd: name === DEFAULT_TIER ? 'deny' : onEnd,
    policies: [...(byTier.get(name) ?? [])].sort(byPrecedence),
  }));
}

function factsOf({ name, order, defaultAction }: CalicoTier): TierFacts {
  const builtIn = BUILT_IN.find((tier) => tier.name === name);
  return {
    name,
    order: order ?? builtIn?.order ?? Number.POSITIVE_INFINITY,
    onEnd: builtIn?.onEnd ?? defaultAction,
  };
}

function byOrder(a: TierFacts, b: TierFacts): number {
  return compareOrder(a.order, b.order) || compareText(a.name, b.name);
}

/** By order, without one last; equals by the text `name/namespace/kind`. */
function byPrecedence(a: CalicoPolicy, b: CalicoPolicy): number {
  return compareOrder(orderOf(a), orderOf(b)) || compareText(keyOf(a), keyOf(b));
}

export function orderOf({ order }: CalicoPolicy): number {
  return order ?? Number.POSITIVE_INFINITY;
}

/** Infinity equals itself. */
function compareOrder(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

export function keyOf({ name, namespace, kind }: CalicoPolicy): string {
  return `${name}/${namespace}/${kind}`;
}

/**
 * Sorted policies in levels. Policies of one order stand by name, and what the name is has changed: newer versions put the
 * namespace behind it, older ones put it in front (`shop/default.web` beside `default.web`). So a policy of a namespace
 * and one of the cluster that these orders tell apart stand side by side, and what lies between them too.
 */
export function precedence(sorted: readonly CalicoPolicy[]): CalicoPolicy[][] {
  const levels: CalicoPolicy[][] = [];
  for (const run of runsOf(sorted)) levels.push(...sideBySide(run));
  return levels;
}

function runsOf(sorted: readonly CalicoPolicy[]): CalicoPolicy[][] {
  const runs: CalicoPolicy[][] = [];
  for (const policy of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && orderOf(last[0]!) === orderOf(policy)) last.push(policy);
    else runs.push([policy]);
  }
  return runs;
}

function sideBySide(run: readonly CalicoPolicy[]): CalicoPolicy[][] {
  const isGlobal = run.map(({ namespace }) => namespace === '');
  const [first, last] = [isGlobal.indexOf(true), isGlobal.lastIndexOf(true)];
  if (first < 0) return run.map((policy) => [policy]);
  let [from, to] = [last, first];
  for (const [index, { namespace, tier }] of run.entries()) {
    if (isGlobal[index]) continue;
    if (compareText(`${tier}.`, `${namespace}/`) < 0) from = Math.min(from, index);
    else to = Math.max(to, index);
  }
  const isJoined = (index: number) => (index > from && index <= last) || (index > first && index <= to);
  const levels: CalicoPolicy[][] = [];
  for (const [index, policy] of run.entries()) {
    if (isJoined(index)) levels.at(-1)!.push(policy);
    else levels.push([policy]);
  }
  return levels;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is enforced: staged policies only for a preview, in which one that is to be deleted takes its namesake away. */
export function enforcedPolicies({ calicoPolicies }: Snapshot, staged: boolean): CalicoPolicy[] {
  const real = calicoPolicies.filter(({ kind }) => !kind.startsWith('Staged'));
  if (!staged) return real;
  const previews = calicoPolicies.filter(({ kind }) => kind.startsWith('Staged'));
  const replaced = new Set(previews.map((policy) => identity(policy)));
  return [
    ...real.filter((policy) => !replaced.has(identity(policy))),
    ...previews.filter(({ stagedAction, kubernetes }) => stagedAction !== 'Delete' && kubernetes === undefined),
  ];
}

/** Staged Kubernetes policies of a preview: those to be set, and the names of all of them, which they replace. */
export function stagedKubernetes({ calicoPolicies }: Snapshot, staged: boolean) {
  const previews = staged ? calicoPolicies.filter(({ kubernetes }) => kubernetes !== undefined) : [];
  return {
    replaced: new Set(previews.map(({ namespace, name }) => `${namespace}/${name}`)),
    set: previews.flatMap(({ kubernetes, stagedAction }) =>
      kubernetes === undefined || stagedAction === 'Delete' ? [] : [kubernetes],
    ),
  };
}

function identity({ kind, tier, namespace, name }: CalicoPolicy): string {
  return [kind.replace(/^Staged/, ''), tier, namespace, name].join('/');
}
