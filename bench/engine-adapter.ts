import type { NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Answer } from './answers.ts';
import { NotMeasured } from './process.ts';

/** All that the benchmarks know of the engine. Nothing else in this folder imports it. */
export interface Compiled {
  readonly snapshot: Snapshot;
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

/** From a snapshot to what questions are asked of. */
export function compile(_snapshot: Snapshot): Compiled {
  return notWired();
}

/** Who can reach whom, symbolically; only counted, not enumerated. */
export function allPairs(_compiled: Compiled): AllPairs {
  return notWired();
}

/** The same pairs written out, to be compared with other evaluators. */
export function answersOf(_compiled: Compiled): Iterable<Answer> {
  return notWired();
}

/** Puts one policy in the place of the one of its namespace and name. */
export function edit(_compiled: Compiled, _policy: NetworkPolicy): EditDiff {
  return notWired();
}

export function point(_compiled: Compiled, _query: PointQuery): Verdict {
  return notWired();
}

function notWired(): never {
  throw new NotMeasured('not wired');
}
