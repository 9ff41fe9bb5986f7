import type { Family } from '#base/address.ts';
import { atomAt } from '#engine/atoms.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import { explainEach, type Question } from '#engine/explain.ts';
import { grantBetween, type Reach, verdictBetween } from '#engine/reach.ts';
import { externalPoint } from '#engine/world.ts';
import type { MeshConfig } from '#model/istio.ts';
import type { Profile } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Connection, Party } from '#oracle/connection.ts';
import { oracleOf } from '#oracle/connection.ts';
import type { LinkerdValues } from '#parse/linkerd/mesh-values.ts';
import { allConnections, describeConnection } from './connections.ts';

/** What one cluster showed: `wrong` must stay empty; `vague` counts known verdicts that the engine calls unknown. */
export interface Comparison {
  readonly asked: number;
  readonly vague: readonly string[];
  readonly wrong: readonly string[];
}

export interface Asked {
  /** Instead of every question that pod policy gives rise to. */
  readonly connections?: Iterable<Connection>;
  readonly mesh?: MeshConfig;
  readonly linkerd?: LinkerdValues;
  readonly request?: AskedRequest;
}

/** Asks engine and oracle about every connection of a snapshot, and the engine in each of its ways of answering. */
export function compare(snapshot: Snapshot, profile: Profile, asking: Asked = {}): Comparison {
  const { connections = allConnections(snapshot), request, ...rest } = asking;
  const shared = { profile, ...(request !== undefined && { request }) };
  const engine = buildEngine(snapshot, { ...shared, focus: everyOwner(snapshot) });
  const oracle = oracleOf({ snapshot, ...shared, ...rest });
  const vague: string[] = [];
  const wrong: string[] = [];
  let asked = 0;
  for (const connection of connections) {
    const from = pointOf(engine, connection.from);
    const to = pointOf(engine, connection.to);
    if (from === undefined || to === undefined) continue;
    asked++;
    const told = tell(engine.reach, from, to, connection.traffic);
    const truth = oracle(connection);
    const line = () =>
      `${describeConnection(snapshot, connection)}: engine ${JSON.stringify(told)}, oracle ${JSON.stringify(truth)}`;
    if (told.explained !== told.verdict) wrong.push(`explanation differs: ${line()}`);
    if (told.verdict === truth.verdict || !truth.complete) continue;
    if (told.verdict === 'unknown') vague.push(line());
    else wrong.push(line());
  }
  return { asked, vague, wrong };
}

interface Told {
  readonly verdict: Verdict;
  readonly explained: Verdict;
  readonly egress: Verdict;
  readonly ingress: Verdict;
}

function tell(reach: Reach, from: number, to: number, traffic: number): Told {
  const egress = explained(reach, { direction: 'egress', subject: from, peer: to, traffic });
  const ingress = explained(reach, { direction: 'ingress', subject: to, peer: from, traffic });
  const both = together([egress, ingress]);
  const told = grantBetween(reach, from, to) === reach.grants.none ? 'denied' : both;
  return { verdict: verdictBetween(reach, from, to, traffic), explained: told, egress, ingress };
}

function explained(reach: Reach, question: Question): Verdict {
  return together(explainEach(reach, question).map(({ trace }) => trace.verdict));
}

function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('denied')) return 'denied';
  return verdicts.includes('unknown') ? 'unknown' : 'allowed';
}

export function everyOwner(snapshot: Snapshot): Set<string> {
  return new Set(
    [...snapshot.pods, ...snapshot.workloads].map(({ namespace, kind, name }) => `${namespace}/${kind}/${name}`),
  );
}

/** The engine's point for a party; undefined where the engine does not ask about the party in that family. */
export function pointOf({ world }: Engine, party: Party): number | undefined {
  if (party.kind === 'address') return externalPoint(world, party.address);
  const family: Family = party.family;
  const speaks = (index: number) => (world.points[index]!.families & (family === 4 ? 1 : 2)) !== 0;
  const holds = (index: number) => {
    const point = world.points[index]!;
    if (!speaks(index)) return false;
    // Where nothing shows that pods speak IPv6, the engine answers for a pod of unknown address as for an IPv4 one.
    if (point.families === 3 && point.atom === undefined && family !== point.facet) return false;
    if (party.address === undefined || point.families === 3) return true;
    return point.atom === atomAt(world.atoms[family], party.address.value);
  };
  if (party.kind === 'node') {
    const node = world.nodes.findIndex(({ name }) => name === party.name);
    return world.pointsOfNode[node]!.find(holds);
  }
  const unit = world.units.findIndex((each) => each.shape === party.shape && each.namespace === party.namespace);
  return [...world.points.keys()].find((index) => world.points[index]!.units.includes(unit) && holds(index));
}
