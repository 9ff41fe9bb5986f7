import type { Connection, EncryptionEntry, EndpointEntry, MapAnswer } from '#model/answers.ts';
import { type Coverage, coverageOf, coverWords } from './cover.ts';
import { type Names, namesOf } from './names.ts';
import { trafficText } from './words.ts';

export type ConnectionState = 'allowed' | 'unknown' | 'mixed';

/** One way in: everyone who may use it, said shortly. */
export interface WayIn {
  readonly state: ConnectionState;
  readonly traffic: string;
  /** Reasons, conditions and front doors. */
  readonly notes: readonly string[];
  readonly from: readonly string[];
}

/** Destinations with the same ways in, told once. */
export interface MapBlock {
  readonly to: readonly string[];
  readonly ways: readonly WayIn[];
}

/** A part of a connection that is in one state, with what is to be said about it. */
export interface ConnectionPart {
  readonly state: ConnectionState;
  readonly traffic: string;
  readonly notes: readonly string[];
}

/** The map by destination: "who can reach this" is the question that people bring. */
export function mapBlocks(answer: MapAnswer): MapBlock[] {
  const names = namesOf(answer.endpoints);
  const coverage = coverageOf(names);
  const inbound = new Map<string, Connection[]>();
  for (const connection of answer.connections) {
    const list = inbound.get(connection.to);
    if (list === undefined) inbound.set(connection.to, [connection]);
    else list.push(connection);
  }
  const blocks = new Map<string, { to: string[]; ways: readonly WayIn[] }>();
  for (const endpoint of answer.endpoints) {
    const ways = waysInto(endpoint.id, inbound.get(endpoint.id) ?? [], { names, coverage });
    const key = JSON.stringify([endpoint.kind === 'workload' ? endpoint.namespace : endpoint.kind, ways]);
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, { to: [names.nameOf(endpoint.id)], ways });
    else block.to.push(names.nameOf(endpoint.id));
  }
  return [...blocks.values()];
}

/** The endpoints that are worth a line: where a filter left connections out, those that the others name. */
export function shownEndpoints({ endpoints, connections, unfiltered }: MapAnswer): readonly EndpointEntry[] {
  if (unfiltered === undefined) return endpoints;
  const named = new Set(connections.flatMap(({ from, to }) => [from, to]));
  return endpoints.filter(({ id }) => named.has(id));
}

/** A connection as up to one part for each state and reason. */
export function partsOf(connection: Connection): ConnectionPart[] {
  const out: ConnectionPart[] = [];
  const through = (connection.through ?? []).map((door) => `through ${door}`);
  const allowed = trafficText(connection.allowed);
  if (connection.encryption !== undefined) out.push(...protectedParts(connection.encryption, through));
  else if (allowed !== '') out.push({ state: 'allowed', traffic: allowed, notes: through });
  for (const [why, entries] of Map.groupBy(connection.mixed ?? [], (entry) => entry.why)) {
    out.push({ state: 'mixed', traffic: trafficText(entries), notes: [why, ...through] });
  }
  for (const [, entries] of Map.groupBy(connection.unknown, (entry) => entry.reasons.join())) {
    out.push({ state: 'unknown', traffic: trafficText(entries), notes: entries[0]!.reasons });
  }
  return out;
}

/** With protection known, what is allowed is told apart by it. */
function protectedParts(entries: readonly EncryptionEntry[], through: readonly string[]): ConnectionPart[] {
  return [...Map.groupBy(entries, ({ encryption }) => encryption)].map(([encryption, list]) => ({
    state: 'allowed',
    traffic: trafficText(list),
    notes: [encryption, ...through],
  }));
}

function waysInto(
  to: string,
  connections: readonly Connection[],
  by: { readonly names: Names; readonly coverage: Coverage },
): WayIn[] {
  const ways = new Map<string, { part: ConnectionPart; from: Set<string> }>();
  for (const connection of connections) {
    for (const part of partsOf(connection)) {
      const key = JSON.stringify(part);
      const way = ways.get(key);
      if (way === undefined) ways.set(key, { part, from: new Set([connection.from]) });
      else way.from.add(connection.from);
    }
  }
  const out: WayIn[] = [];
  for (const { part, from } of ways.values()) out.push({ ...part, from: coverWords(by.coverage(from, to), by.names) });
  return out.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
}

const STATES: readonly ConnectionState[] = ['allowed', 'mixed', 'unknown'];
