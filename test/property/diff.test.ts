import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Analysis, analyseSnapshot } from '#analysis/analysis.ts';
import { diffOf } from '#analysis/diff/diff.ts';
import { endpointsOf } from '#analysis/endpoints.ts';
import { type AddressRange, isInRange, parseCidr } from '#base/address.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { mentionsOf } from '#engine/compile/layer.ts';
import { grantBetween } from '#engine/reach.ts';
import type { DiffAnswer, TrafficList } from '#model/answers.ts';
import { PROFILE_IDS, type ProfileId } from '#model/profile.ts';
import type { Workload } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ALL_PORTS, isPortProtocol, NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import { resource, shape } from '#oracle/build.test-support.ts';
import { describeCluster } from '../../bench/cluster.ts';
import { clusterSnapshot } from '../../bench/cluster-snapshot.ts';
import { editsOf } from '../../bench/edit.ts';
import { outsideOf } from './connections.ts';
import { snapshots } from './generate.ts';

const PATIENCE = 120_000;
const profiles = fc.constantFrom<ProfileId>(...PROFILE_IDS);
const pairs = fc.tuple(snapshots(), snapshots(), profiles);
const SORTS = ['opened', 'closed', 'unsettled'] as const;
type Sort = (typeof SORTS)[number];

test(
  'an input does not differ from itself',
  () => {
    const property = fc.property(snapshots(), profiles, (snapshot, engine) => {
      const answer = diffOf(analyseSnapshot(snapshot, { engine }), analyseSnapshot({ ...snapshot }, { engine }));
      expect([answer.changes, answer.groups, answer.endpoints, answer.policies]).toEqual([
        [],
        [],
        { added: [], removed: [] },
        { added: [], removed: [], changed: [] },
      ]);
    });
    fc.assert(property, { numRuns: 30, seed: 41 });
  },
  PATIENCE,
);

test(
  'what opened one way closed the other way',
  () => {
    const property = fc.property(pairs, ([a, b, engine]) => {
      const [one, other] = [analyseSnapshot(a, { engine }), analyseSnapshot(b, { engine })];
      const there = diffOf(one, other);
      const back = diffOf(other, one);
      const mirrored = back.changes.map(({ opened, closed, ...rest }) => ({ ...rest, opened: closed, closed: opened }));
      expect(there.changes.map(lineOf).sort()).toEqual(mirrored.map(lineOf).sort());
      expect(there.endpoints).toEqual({ added: back.endpoints.removed, removed: back.endpoints.added });
    });
    fc.assert(property, { numRuns: 60, seed: 42 });
  },
  PATIENCE,
);

test(
  'where only policies changed, the answer is what every pair of points shows, and nothing else',
  () => {
    const property = fc.property(pairs, ([a, b, engine]) => {
      const { base, head } = policiesOnly(a, b, engine);
      expect(flat(diffOf(base, head), samplesOf(a, b))).toEqual(shownByPoints(base, head, samplesOf(a, b)));
    });
    fc.assert(property, { numRuns: 120, seed: 43 });
  },
  PATIENCE,
);

test(
  'a newcomer elsewhere does not change what is said about the others: the fast way and the slow one agree',
  () => {
    const property = fc.property(pairs, ([a, b, engine]) => {
      const { base, head } = policiesOnly(a, b, engine);
      const grown = analyseSnapshot(
        { ...head.snapshot, workloads: [newcomer(), ...head.snapshot.workloads] },
        { engine },
      );
      const slow = flat(diffOf(base, grown), samplesOf(a, b));
      const others = [...slow].filter(([key]) => !key.includes(NEWCOMER));
      expect(new Map(others)).toEqual(flat(diffOf(base, head), samplesOf(a, b)));
    });
    fc.assert(property, { numRuns: 60, seed: 44 });
  },
  PATIENCE,
);

test(
  'groups say exactly what the changes say',
  () => {
    const property = fc.property(pairs, ([a, b, engine]) => {
      const answer = diffOf(analyseSnapshot(a, { engine }), analyseSnapshot(b, { engine }));
      expect(fromGroups(answer)).toEqual(fromChanges(answer));
    });
    fc.assert(property, { numRuns: 60, seed: 45 });
  },
  PATIENCE,
);

test(
  '… in a cluster whose rows are many words long',
  () => {
    const cluster = describeCluster({ workloads: 150, policies: 150, seed: 5 });
    const snapshot = clusterSnapshot(cluster, 'templates');
    const base = analyseSnapshot(snapshot);
    const [edited] = editsOf(cluster, 1);
    const networkPolicies = snapshot.networkPolicies.map((each) =>
      each.namespace === edited!.namespace && each.name === edited!.name ? edited! : each,
    );
    const head = analyseSnapshot({ ...snapshot, networkPolicies: networkPolicies.slice(3) });
    // The first of all namespaces: every other point moves by one.
    const grown = analyseSnapshot({ ...head.snapshot, workloads: [newcomer(), ...snapshot.workloads] });
    const samples = samplesOf(snapshot, head.snapshot);
    const fast = flat(diffOf(base, head), samples);
    expect(fast.size).toBeGreaterThan(30);
    expect(new Map([...flat(diffOf(base, grown), samples)].filter(([key]) => !key.includes(NEWCOMER)))).toEqual(fast);
  },
  PATIENCE,
);

const NEWCOMER = 'aa-new/Deployment/newcomer';

function newcomer(): Workload {
  return {
    ...resource('apps/v1', 'Deployment', 'aa-new/newcomer'),
    kind: 'Deployment',
    template: shape({ labels: { newcomer: 'yes' } }),
  };
}

function lineOf(change: DiffAnswer['changes'][number]): string {
  return JSON.stringify([change.from, change.to, change.opened, change.closed, change.unsettled]);
}

/** The pods and nodes of one snapshot under its own policies, and under those of another. */
function policiesOnly(a: Snapshot, b: Snapshot, engine: ProfileId): { base: Analysis; head: Analysis } {
  const { networkPolicies, clusterPolicies } = b;
  return {
    base: analyseSnapshot(a, { engine }),
    head: analyseSnapshot({ ...a, networkPolicies, clusterPolicies }, { engine }),
  };
}

function samplesOf(a: Snapshot, b: Snapshot): ReturnType<typeof outsideOf> {
  const { networkPolicies, clusterPolicies } = b;
  return [...outsideOf(a), ...outsideOf({ ...a, networkPolicies, clusterPolicies })];
}

type Flat = Map<string, TrafficSet>;

/** By `opened from -> to`: parts of a workload together, outside ranges as the sample addresses in them. */
function flat(answer: DiffAnswer, samples: ReturnType<typeof outsideOf>): Flat {
  const out: Flat = new Map();
  const namesOf = (id: string): string[] => {
    const entry = answer.about?.find((each) => each.id === id);
    if (entry?.kind !== 'external') return [id.replace(/#\d+$/, '')];
    const ranges = (entry.ranges ?? []).map((text): AddressRange => parseCidr(text)!.cidr);
    return samples
      .filter(({ address }) => ranges.some((range) => isInRange(address, range)))
      .map(({ address }) => addressName(address));
  };
  for (const change of answer.changes) {
    for (const from of namesOf(change.from)) {
      for (const to of namesOf(change.to))
        for (const sort of SORTS) addFlat(out, { sort, from, to, traffic: trafficOf(change[sort]) });
    }
  }
  return out;
}

interface Line {
  readonly sort: Sort;
  readonly from: string;
  readonly to: string;
  readonly traffic: TrafficSet;
}

function addFlat(out: Flat, { sort, from, to, traffic }: Line): void {
  if (traffic.length === 0 || from === to) return;
  const key = `${sort} ${from} -> ${to}`;
  out.set(key, unite(out.get(key) ?? NO_TRAFFIC, traffic));
}

function addressName({ family, value }: { family: number; value: bigint }): string {
  return `${family}:${value}`;
}

function trafficOf(list: TrafficList): TrafficSet {
  if (list === 'all') return ALL_PORTS;
  let out = NO_TRAFFIC;
  for (const { protocol, ports = '' } of list) {
    if (!isPortProtocol(protocol)) throw new Error(`no ports: ${protocol}`);
    for (const part of ports.split(',')) {
      const [lo, hi] = part.split('-').map(Number);
      out = unite(out, portTraffic(protocol, lo!, hi ?? lo!));
    }
  }
  return out;
}

/** The same, the long way: both engines cut alike by hand, every pair of points compared. */
function shownByPoints(base: Analysis, head: Analysis, samples: ReturnType<typeof outsideOf>): Flat {
  const cuts = [...mentionsOf(base.snapshot).ranges, ...mentionsOf(head.snapshot).ranges];
  const [before, after] = [base, head].map(
    ({ snapshot, profile }) => analyseSnapshot(snapshot, { engine: profile.id, world: { cuts } }).engine,
  );
  const { world } = before!;
  const out: Flat = new Map();
  const named = world.points.map((): string[] => []);
  for (const { entry, points } of endpointsOf(before!)) {
    if (entry.kind !== 'external') for (const point of points) named[point]!.push(entry.id.replace(/#\d+$/, ''));
  }
  for (const { address } of samples) {
    const starts = world.atoms[address.family].starts;
    named[world.firstExternal[address.family] + starts.findLastIndex((start) => start <= address.value)]!.push(
      addressName(address),
    );
  }
  for (const [a, froms] of named.entries()) {
    for (const [b, tos] of named.entries()) {
      const [was, is] = [grantBetween(before!.reach, a, b), grantBetween(after!.reach, a, b)];
      const unsure = [was, is].map((grant) => subtract(grant.possible, grant.allowed));
      const traffic = {
        opened: subtract(is.allowed, was.possible),
        closed: subtract(was.allowed, is.possible),
        unsettled: unite(subtract(unsure[0]!, unsure[1]!), subtract(unsure[1]!, unsure[0]!)),
      };
      for (const sort of SORTS) {
        for (const from of froms)
          for (const to of tos) addFlat(out, { sort, from, to, traffic: meet(traffic[sort], ALL_PORTS) });
      }
    }
  }
  return out;
}

function fromChanges({ changes }: DiffAnswer): string[] {
  const lines = changes.flatMap((change) =>
    SORTS.filter((sort) => change[sort].length > 0).map(
      (sort) => `${sort} ${change.from} -> ${change.to} ${JSON.stringify(change[sort])}`,
    ),
  );
  return lines.sort();
}

/** Namespaces written out: as the endpoints that the changes name, which a group that says `ns:` must all mean. */
function fromGroups(answer: DiffAnswer): string[] {
  const known = answer.about ?? [];
  const idsOf = (name: string): string[] => {
    if (name === 'nodes') return known.filter(({ kind }) => kind === 'node').map(({ id }) => id);
    if (!name.startsWith('ns:')) return [name];
    return known.filter(({ namespace }) => namespace === name.slice(3)).map(({ id }) => id);
  };
  const there = (sort: Sort, id: string) =>
    !(sort === 'opened' ? answer.endpoints.removed : sort === 'closed' ? answer.endpoints.added : []).includes(
      id.replace(/#\d+$/, ''),
    );
  const lines = answer.groups.flatMap(({ change, from, to, traffic }) =>
    from.flatMap(idsOf).flatMap((a) =>
      to
        .flatMap(idsOf)
        .filter((b) => a !== b && there(change, a) && there(change, b))
        .map((b) => `${change} ${a} -> ${b} ${JSON.stringify(traffic)}`),
    ),
  );
  return lines.sort();
}
