import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasBit, nextBit } from '#base/bits.ts';
import { compilingOf } from '#engine/compile/context.ts';
import { compileLayers } from '#engine/compile/layer.ts';
import type { Engine } from '#engine/engine.ts';
import { grantBetween, type Reach, reachOf } from '#engine/reach.ts';
import type { PolicyEntry } from '#model/answers.ts';
import { PROFILE_IDS, PROFILES, type ProfileId } from '#model/profile.ts';
import type { ClusterPolicy, NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { oracleOf } from '#oracle/connection.ts';
import { allConnections, describeConnection } from '../../../test/property/connections.ts';
import { snapshots } from '../../../test/property/generate.ts';
import { analyseSnapshot } from '../analysis.ts';
import { existingPoints } from './ground.ts';
import { policiesOf } from './policies.ts';

const RUNS = Number(process.env['RINGFENCE_PROPERTY_RUNS'] ?? 60);
/** Long runs are asked for by hand. */
const TIMEOUT = 600_000;
const IDLE = new Set(['dead', 'redundant', 'shadowed']);

/** The verdicts of every pair in the same world, after policies have changed. */
function reachWith({ world, options }: Engine, snapshot: Snapshot): Reach {
  return reachOf(world, compileLayers(compilingOf(world, options.profile), snapshot));
}

/** The first pair of existing points whose grant differs, as text. */
function firstDifference(engine: Engine, other: Reach): string | undefined {
  const exists = existingPoints(engine.world);
  for (let from = nextBit(exists, 0); from >= 0; from = nextBit(exists, from + 1)) {
    for (let to = 0; to < engine.world.size; to++) {
      const involved = engine.world.points[from]!.units.length + engine.world.points[to]!.units.length > 0;
      if (!hasBit(exists, to) || !involved) continue;
      const a = grantBetween(engine.reach, from, to);
      const b = grantBetween(other, from, to);
      const same = a.allowed.join() === b.allowed.join() && a.possible.join() === b.possible.join();
      if (!same) return `${from} -> ${to}`;
    }
  }
  return undefined;
}

type AnyPolicy = NetworkPolicy | ClusterPolicy;

function replacePolicy(snapshot: Snapshot, old: AnyPolicy, changed: AnyPolicy | undefined): Snapshot {
  const swap = <T extends AnyPolicy>(list: readonly T[]): T[] =>
    list.flatMap((each) => (each === old ? (changed === undefined ? [] : [changed as T]) : [each]));
  return {
    ...snapshot,
    networkPolicies: swap(snapshot.networkPolicies),
    clusterPolicies: swap(snapshot.clusterPolicies),
  };
}

function withoutPath(policy: AnyPolicy, path: string): AnyPolicy {
  const keep = (rule: { readonly path: string }) => rule.path !== path;
  return policy.kind === 'NetworkPolicy'
    ? { ...policy, ingress: policy.ingress.filter(keep), egress: policy.egress.filter(keep) }
    : { ...policy, ingress: policy.ingress.filter(keep), egress: policy.egress.filter(keep) };
}

function isOutsideTypes(policy: AnyPolicy, path: string): boolean {
  const direction = path.startsWith('spec.ingress') ? 'ingress' : 'egress';
  return policy.kind === 'NetworkPolicy' && !policy.policyTypes.includes(direction);
}

interface Counts {
  [problem: string]: number;
}

function checkPolicy(
  engine: Engine,
  policy: AnyPolicy,
  { entry, counts }: { entry: PolicyEntry; counts: Counts },
): string[] {
  const wrong: string[] = [];
  const kinds = (path: string) => entry.problems.filter((each) => each.rule === path).map((each) => each.problem);
  const whole = kinds('');
  for (const kind of whole) counts[`whole ${kind}`] = (counts[`whole ${kind}`] ?? 0) + 1;
  if (whole.length > 0 && !whole.includes('inert')) {
    const difference = firstDifference(engine, reachWith(engine, replacePolicy(engine.snapshot, policy, undefined)));
    if (difference !== undefined) wrong.push(`${policy.name} is ${whole} and matters: ${difference}`);
  }
  const { model } = engine.compiling.profile;
  for (const rule of entry.rules) {
    // There the presence of such a rule isolates, whatever it says, and nothing is said of it.
    if (model === 'cilium' && isOutsideTypes(policy, rule.rule)) continue;
    const told = kinds(rule.rule);
    for (const kind of told) counts[kind] = (counts[kind] ?? 0) + 1;
    const changed = withoutPath(policy, rule.rule);
    const difference = firstDifference(engine, reachWith(engine, replacePolicy(engine.snapshot, policy, changed)));
    const idle = told.some((kind) => IDLE.has(kind));
    // The engine leaves open whom a selector means in a namespace of unknown labels, also where no labels can meet it.
    const impossible = entry.problems.some((each) => each.rule === rule.rule && each.why.startsWith('can never match'));
    if (idle && !impossible && difference !== undefined)
      wrong.push(`${policy.name} ${rule.rule} is ${told} and matters: ${difference}`);
    // A rule of a policy that as a whole changes nothing is not reported again.
    // An input without pods says nothing about rules; of one that is about somebody only perhaps, little can be said.
    const open = [...entry.selects, ...rule.peers].some((name) => name.startsWith('perhaps '));
    const silent =
      !open && told.every((kind) => kind === 'unsupported') && whole.length === 0 && engine.world.units.length > 0;
    if (silent && difference === undefined)
      wrong.push(`${policy.name} ${rule.rule} is not reported and changes nothing`);
    if (silent) counts['fine'] = (counts['fine'] ?? 0) + 1;
  }
  return wrong;
}

function check(snapshot: Snapshot, profile: ProfileId, counts: Counts): string[] {
  const analysis = analyseSnapshot(snapshot, { engine: profile });
  const { policies } = policiesOf(analysis);
  const all = [...snapshot.networkPolicies, ...snapshot.clusterPolicies];
  return all.flatMap((policy, index) => checkPolicy(analysis.engine, policy, { entry: policies[index]!, counts }));
}

const TOTAL: Counts = {};

describe('what is said of rules is exact', () => {
  test.each(PROFILE_IDS)(
    '%s: a rule is reported as idle exactly when taking it away changes nothing',
    { timeout: TIMEOUT },
    (profile) => {
      const wrong: string[] = [];
      for (const [index, snapshot] of fc.sample(snapshots(), { numRuns: RUNS, seed: 7 }).entries()) {
        wrong.push(...check(snapshot, profile, TOTAL).map((line) => `case ${index}: ${line}`));
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each(['dead', 'redundant', 'shadowed', 'contradictory', 'fine', 'whole redundant', 'whole selects-nothing'])(
    'the sample has: %s',
    (kind) => {
      expect(TOTAL[kind] ?? 0).toBeGreaterThan(0);
    },
  );

  test('the oracle agrees that idle rules change nothing', { timeout: TIMEOUT }, () => {
    const wrong: string[] = [];
    for (const snapshot of fc.sample(snapshots({ policies: 2, pods: 3 }), {
      numRuns: Math.ceil(RUNS / 3),
      seed: 8,
    })) {
      wrong.push(...idleByOracle(snapshot));
    }
    expect(wrong).toEqual([]);
  });
});

/** Rules that are reported as idle, and connections for which the oracle says otherwise. */
function idleByOracle(snapshot: Snapshot): string[] {
  const profile = PROFILES['kube-network-policies'];
  const { policies } = policiesOf(analyseSnapshot(snapshot, { engine: profile.id }));
  const connections = [...allConnections(snapshot)];
  const before = oracleOf({ snapshot, profile });
  const wrong: string[] = [];
  for (const [index, policy] of [...snapshot.networkPolicies, ...snapshot.clusterPolicies].entries()) {
    for (const { problem, rule, why } of policies[index]!.problems) {
      if (!IDLE.has(problem) || rule === '') continue;
      const after = oracleOf({ snapshot: replacePolicy(snapshot, policy, withoutPath(policy, rule)), profile });
      const bad = connections.find((connection) => differs(before(connection), after(connection)));
      if (bad !== undefined)
        wrong.push(`${policy.name} ${rule} is ${problem} (${why}): ${describeConnection(snapshot, bad)}`);
    }
  }
  return wrong;
}

function differs(a: ReturnType<ReturnType<typeof oracleOf>>, b: typeof a): boolean {
  return a.complete && b.complete && a.verdict !== b.verdict;
}
