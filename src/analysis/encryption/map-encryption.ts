import { meet, subtract, unite } from '#base/intervals.ts';
import type { Engine } from '#engine/engine.ts';
import { grantBetween } from '#engine/reach.ts';
import type { Connection, EncryptionEntry, HoleEntry, MapAnswer } from '#model/answers.ts';
import type { EncryptionFact } from '#model/encryption.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { Analysis } from '../analysis.ts';
import { endpointsOf, type Placed } from '../endpoints.ts';
import type { Scope } from '../scope.ts';
import { trafficEntries, trafficList } from '../traffic-list.ts';
import { type EncryptionBook, encryptionOf, type Protected, weakest } from './book.ts';

/** So many connections of a hole are named. */
const EXAMPLES = 3;

/** A map with how each allowed connection is protected, and what would close each hole. Not for folded maps. */
export function withEncryption(analysis: Analysis, map: MapAnswer, scope: Scope): MapAnswer {
  const { engine } = analysis;
  const book = encryptionOf(engine);
  const placed = new Map(endpointsOf(engine).map((each) => [each.entry.id, each]));
  const holes = new Map<string, Hole>();
  const connections = map.connections.map((connection) => {
    const ends = { from: placed.get(connection.from)!, to: placed.get(connection.to)! };
    const parts = partsBetween({ engine, book }, ends, scope);
    for (const part of parts) addHole(holes, { connection, part, scope });
    return parts.length === 0 ? connection : { ...connection, encryption: parts.flatMap(entriesOf) };
  });
  return { ...map, connections, holes: [...holes.values()].sort(byWeight).map(({ entry }) => entry) };
}

interface Asking {
  readonly engine: Engine;
  readonly book: EncryptionBook;
}

interface Ends {
  readonly from: Placed;
  readonly to: Placed;
}

/** What is allowed between any of their points. Where points differ the weakest protection is told. */
function partsBetween({ engine, book }: Asking, { from, to }: Ends, scope: Scope): Protected[] {
  let parts: Protected[] = [];
  for (const a of from.points) {
    for (const b of to.points) {
      const allowed = meet(grantBetween(engine.reach, a, b).allowed, scope.traffic);
      if (allowed.length > 0) parts = together(parts, book.partsOf({ from: a, to: b }, allowed));
    }
  }
  return parts;
}

/** Overlaps take the weaker of the two; equal facts are one part. */
function together(before: readonly Protected[], more: readonly Protected[]): Protected[] {
  if (before.length === 0) return [...more];
  const out = new Map<string, Protected>();
  let known: TrafficSet = NO_TRAFFIC;
  let fresh: TrafficSet = NO_TRAFFIC;
  for (const { traffic } of before) known = unite(known, traffic);
  for (const { traffic } of more) fresh = unite(fresh, traffic);
  for (const a of before) {
    add(out, subtract(a.traffic, fresh), a.fact);
    for (const b of more) add(out, meet(a.traffic, b.traffic), weakest([a.fact, b.fact]));
  }
  for (const b of more) add(out, subtract(b.traffic, known), b.fact);
  return [...out.values()];
}

function add(parts: Map<string, Protected>, traffic: TrafficSet, fact: EncryptionFact): void {
  if (traffic.length === 0) return;
  const key = `${fact.encryption} ${fact.why}`;
  parts.set(key, { fact, traffic: unite(parts.get(key)?.traffic ?? NO_TRAFFIC, traffic) });
}

function entriesOf({ traffic, fact }: Protected): EncryptionEntry[] {
  const { encryption, why } = fact;
  return trafficEntries(traffic).map((entry) => ({ ...entry, encryption, why }));
}

interface Hole {
  entry: HoleEntry;
}

interface Found {
  readonly connection: Connection;
  readonly part: Protected;
  readonly scope: Scope;
}

function addHole(holes: Map<string, Hole>, { connection, part, scope }: Found): void {
  const { from, to } = connection;
  const { traffic, fact } = part;
  const { encryption, why, hole, origin } = fact;
  if (hole === undefined) return;
  const key = `${hole.kind} ${hole.close}`;
  const example = { from, to, traffic: trafficList(traffic, scope.traffic) };
  const known = holes.get(key);
  if (known === undefined) {
    const entry = { kind: hole.kind, encryption, why, close: hole.close, connections: 1, examples: [example] };
    holes.set(key, { entry: origin === undefined ? entry : { ...entry, origin } });
    return;
  }
  const { entry } = known;
  const examples = entry.examples.length < EXAMPLES ? [...entry.examples, example] : entry.examples;
  known.entry = { ...entry, connections: entry.connections + 1, examples };
}

function byWeight(a: Hole, b: Hole): number {
  return b.entry.connections - a.entry.connections || (a.entry.close < b.entry.close ? -1 : 1);
}
