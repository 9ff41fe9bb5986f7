import { endpointsOf } from '#analysis/endpoints.ts';
import { linksOf } from '#analysis/map/connections.ts';
import { type Bits, bitsOf, countBits, hasBit, intersection } from '#base/bits.ts';
import { allPairs as sentByAll } from '#engine/all-pairs.ts';
import { changedPairs, editPolicy } from '#engine/edit.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import { type Answer, connsOf } from './answers.ts';

/** All that the benchmarks know of the engine. Nothing else in this folder imports it. */
export interface Compiled {
  readonly snapshot: Snapshot;
  readonly engine: Engine;
  /** A point of each workload, by `namespace/name`. */
  readonly points: ReadonlyMap<string, number>;
  /** How many workloads stand on each point. */
  readonly weights: Int32Array;
  /** Points of exactly one workload. */
  readonly single: Bits;
}

export interface AllPairs {
  /** Ordered pairs of distinct endpoints of the cluster with something allowed. */
  readonly pairs: number;
  readonly endpoints: number;
}

export interface EditDiff {
  readonly opened: number;
  readonly closed: number;
  /** The world after the edit, so that edits can follow each other. */
  readonly next: Compiled;
}

/** `from` and `to` are `namespace/name` of workloads; `traffic` is a point of the traffic axis. */
export interface PointQuery {
  readonly from: string;
  readonly to: string;
  readonly traffic: number;
}

/** A profile that leaves nothing open, so that answers are `allowed` or `denied`, as the naive evaluator's and the peer's. */
const PROFILE: ProfileId = 'azure-npm-linux';

/** From a snapshot to what questions are asked of. */
export function compile(snapshot: Snapshot, profile = PROFILE): Compiled {
  return compiledOf(buildEngine(snapshot, { profile: PROFILES[profile] }));
}

function compiledOf(engine: Engine): Compiled {
  const { owners, pointsOfOwner, size } = engine.world;
  const points = new Map<string, number>();
  const weights = new Int32Array(size);
  for (const [index, { namespace, name }] of owners.entries()) {
    points.set(`${namespace}/${name}`, pointsOfOwner[index]![0]!);
    for (const point of pointsOfOwner[index]!) weights[point]!++;
  }
  const single = bitsOf(
    size,
    weights.keys().filter((point) => weights[point] === 1),
  );
  return { snapshot: engine.snapshot, engine, points, weights, single };
}

/** Who can reach whom, symbolically; only counted, not enumerated. */
export function allPairs({ engine, weights, single }: Compiled): AllPairs {
  const several = weights
    .keys()
    .filter((point) => weights[point]! > 1)
    .toArray();
  let pairs = 0;
  for (const { from, to } of sentByAll(engine.reach)) {
    const own = weights[from]!;
    if (own === 0) continue;
    for (const { peers } of to) {
      let reached = countBits(intersection(peers, single));
      for (const point of several) if (hasBit(peers, point)) reached += weights[point]!;
      pairs += own * reached - (hasBit(peers, from) ? own : 0);
    }
  }
  return { pairs, endpoints: engine.world.owners.length };
}

/** The same pairs written out, to be compared with other evaluators. */
export function* answersOf({ engine }: Compiled): Generator<Answer> {
  const endpoints = endpointsOf(engine);
  const nameOf = (index: number) => `${endpoints[index]!.entry.namespace}/${endpoints[index]!.entry.name}`;
  for (const { from, to, allowed } of linksOf(engine, endpoints)) {
    if (endpoints[from]!.entry.kind !== 'workload' || endpoints[to]!.entry.kind !== 'workload') continue;
    const conns = connsOf(allowed);
    if (conns !== '') yield { from: nameOf(from), to: nameOf(to), conns };
  }
}

/** Puts one policy in the place of the one of its namespace and name. */
export function edit(compiled: Compiled, policy: NetworkPolicy): EditDiff {
  const { engine } = compiled;
  const remove = engine.snapshot.networkPolicies.find(
    ({ namespace, name }) => namespace === policy.namespace && name === policy.name,
  );
  const edited = editPolicy(engine, remove === undefined ? { add: policy } : { remove, add: policy });
  let opened = 0;
  let closed = 0;
  for (const { before, after } of edited.changed === undefined
    ? []
    : changedPairs(engine.reach, edited.engine.reach, edited.changed)) {
    if (after.allowed.length > before.allowed.length) opened++;
    else closed++;
  }
  const next =
    edited.changed === undefined
      ? compiledOf(edited.engine)
      : { ...compiled, snapshot: edited.engine.snapshot, engine: edited.engine };
  return { opened, closed, next };
}

export function point({ engine, points }: Compiled, { from, to, traffic }: PointQuery): Verdict {
  return verdictBetween(engine.reach, points.get(from)!, points.get(to)!, traffic);
}
