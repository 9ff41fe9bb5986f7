import { type Bits, emptyBits, intersects } from '#base/bits.ts';
import { compileClusterPolicy } from '#engine/compile/cluster-policy.ts';
import { withGapsFor } from '#engine/compile/lacking.ts';
import { compileNetworkPolicy } from '#engine/compile/network-policy.ts';
import type { Engine } from '#engine/engine.ts';
import { exactly, type PointSpan, type Policy, type Rule } from '#engine/form.ts';
import { unionOf } from '#engine/spans.ts';
import type { Origin } from '#model/origin.ts';
import type { ClusterPolicy, Direction, Gap, NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Written } from './implies.ts';
import type { Wanted } from './nobody.ts';

/** One policy of the input as it is written and as it is compiled. */
export interface Sheet {
  readonly policy: NetworkPolicy | ClusterPolicy;
  readonly subject: Wanted;
  readonly enforced: boolean;
  /** Whether the engine enforces rules of directions that `policyTypes` leaves out. */
  readonly countsOutsideTypes: boolean;
  readonly rules: readonly SheetRule[];
  /** Everything in it that we cannot read. */
  readonly gaps: readonly Gap[];
  readonly compiled: Readonly<Record<Direction, Policy | undefined>>;
}

export interface SheetRule {
  readonly direction: Direction;
  readonly written: Written;
  readonly path: string;
  readonly origin: Origin;
  /** Absent where the policy has no say in the direction: `policyTypes` leaves it out. */
  readonly compiled?: Rule;
}

/** Every policy in the order of the snapshot. */
export function sheetsOf(
  engine: Engine,
  compiled: Readonly<Record<Direction, (policy: NetworkPolicy | ClusterPolicy) => Policy | undefined>>,
): Sheet[] {
  const { snapshot } = engine;
  const byDirection = (policy: NetworkPolicy | ClusterPolicy, direction: Direction) => {
    if (isEnforced(engine, policy)) return compiled[direction](policy);
    return policy.kind === 'NetworkPolicy'
      ? compileNetworkPolicy(engine.compiling, policy, direction)
      : compileClusterPolicy(engine.compiling, policy, direction);
  };
  const { lacks, model } = engine.compiling.profile;
  return policiesIn(snapshot).map((written) => {
    const policy = written.kind === 'NetworkPolicy' ? withGapsFor(lacks, written) : written;
    const both = { ingress: byDirection(policy, 'ingress'), egress: byDirection(policy, 'egress') };
    return {
      policy,
      subject: subjectOf(policy),
      enforced: isEnforced(engine, policy),
      countsOutsideTypes: model === 'cilium',
      rules: [...rulesOf(policy, 'ingress', both.ingress), ...rulesOf(policy, 'egress', both.egress)],
      gaps: gapsOf(policy),
      compiled: both,
    };
  });
}

function policiesIn(snapshot: Snapshot): (NetworkPolicy | ClusterPolicy)[] {
  return [...snapshot.networkPolicies, ...snapshot.clusterPolicies];
}

function isEnforced({ compiling }: Engine, { kind }: NetworkPolicy | ClusterPolicy): boolean {
  return compiling.profile.enforces.includes(kind);
}

function subjectOf(policy: NetworkPolicy | ClusterPolicy): Wanted {
  if (policy.kind === 'NetworkPolicy') return { namespace: policy.namespace, podSelector: policy.podSelector };
  const { namespaceSelector, podSelector } = policy.subject;
  return { namespace: '', namespaceSelector, ...(podSelector !== undefined && { podSelector }) };
}

function rulesOf(
  policy: NetworkPolicy | ClusterPolicy,
  direction: Direction,
  compiled: Policy | undefined,
): SheetRule[] {
  const written: Written[] =
    policy.kind === 'NetworkPolicy'
      ? policy[direction].map((rule) => ({ kind: 'network', policy, rule }))
      : policy[direction].map((rule) => ({ kind: 'cluster', policy, rule }));
  const byPath = new Map(compiled?.rules.map((rule) => [rule.path, rule]));
  return written.map((each) => {
    const { path, origin } = each.rule;
    const rule = byPath.get(path);
    const base = { direction, written: each, path, origin };
    return rule === undefined ? base : { ...base, compiled: rule };
  });
}

function gapsOf(policy: NetworkPolicy | ClusterPolicy): Gap[] {
  const rules = [...policy.ingress, ...policy.egress];
  const peers = rules.flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === 'unread' ? [peer.gap] : [])));
  const all = [...policy.gaps, ...rules.flatMap(({ gaps }) => gaps), ...peers];
  return [...new Map(all.map((gap) => [gap.path, gap])).values()];
}

/** Whom a policy selects, in either direction. */
export function selectedBySheet({ compiled }: Sheet, size: number): PointSpan {
  const subjects = [compiled.ingress?.subject, compiled.egress?.subject].filter((subject) => subject !== undefined);
  return subjects.length === 0 ? exactly(emptyBits(size)) : unionOf(subjects);
}

/** The peers of a rule for some subject; a named port may leave out subjects or peers that have no such port. */
export function peersOfRule(rule: Rule | undefined, subject: Bits): PointSpan {
  const boxes = rule?.boxes.filter(({ on }) => on === undefined || intersects(on.may, subject)) ?? [];
  return boxes.length === 0 ? exactly(new Uint32Array(subject.length)) : unionOf(boxes.map(({ peers }) => peers));
}
