import { subtract, unite } from '#base/intervals.ts';
import type { Connection, EndpointEntry, MapAnswer } from '#model/answers.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { meet } from '#base/intervals.ts';
import type { Placed } from '../endpoints.ts';
import type { Scope } from '../scope.ts';
import { trafficEntries, trafficList } from '../traffic-list.ts';
import type { Link } from './connections.ts';

interface Sum {
  readonly from: number;
  readonly to: number;
  pairs: number;
  allowedByAll: TrafficSet;
  allowedBySome: TrafficSet;
  unknown: TrafficSet;
}

/**
 * Namespaces in place of their workloads. Allowed is what every pair of members may send; what only some may is mixed.
 * Nodes fold into one endpoint; outside ranges stay.
 */
export function foldByNamespace(all: readonly Placed[], links: Iterable<Link>, scope: Scope): Pick<MapAnswer, 'endpoints' | 'connections'> {
  const groups = new Map<string, { readonly entry: EndpointEntry; readonly index: number; members: number }>();
  const groupOf = all.map(({ entry }) => {
    const folded = foldedEntry(entry);
    const group = groups.get(folded.id) ?? { entry: folded, index: groups.size, members: 0 };
    groups.set(folded.id, group);
    group.members++;
    return group;
  });
  const list = [...groups.values()];
  const sums = new Map<number, Sum>();
  for (const link of links) add(sums, link, { from: groupOf[link.from]!.index, to: groupOf[link.to]!.index, count: list.length });
  const endpoints = list.map(({ entry, members }) => (entry.kind === 'namespace' ? { ...entry, members } : entry));
  const connections = [...sums.values()]
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .map((sum) => connectionOf(sum, { from: list[sum.from]!, to: list[sum.to]!, scope }));
  return { endpoints, connections };
}

function foldedEntry(entry: EndpointEntry): EndpointEntry {
  if (entry.kind === 'workload') return { id: `ns:${entry.namespace}`, kind: 'namespace', name: entry.namespace ?? '' };
  if (entry.kind === 'node') return { id: 'nodes', kind: 'node', name: 'all nodes' };
  return entry;
}

interface Where {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function add(sums: Map<number, Sum>, link: Link, { from, to, count }: Where): void {
  const key = from * count + to;
  const sum = sums.get(key);
  if (sum === undefined) {
    const { allowed, unknown } = link;
    sums.set(key, { from, to, pairs: 1, allowedByAll: allowed, allowedBySome: unite(allowed, link.mixed), unknown });
    return;
  }
  sum.pairs++;
  sum.allowedByAll = meet(sum.allowedByAll, link.allowed);
  sum.allowedBySome = unite(sum.allowedBySome, unite(link.allowed, link.mixed));
  sum.unknown = unite(sum.unknown, link.unknown);
}

interface Ends {
  readonly from: { readonly entry: EndpointEntry; readonly members: number };
  readonly to: { readonly entry: EndpointEntry; readonly members: number };
  readonly scope: Scope;
}

function connectionOf(sum: Sum, { from, to, scope }: Ends): Connection {
  const possible = from === to ? from.members * (from.members - 1) : from.members * to.members;
  const allowed = sum.pairs === possible ? sum.allowedByAll : NO_TRAFFIC;
  const unknown = subtract(sum.unknown, sum.allowedBySome);
  const why = `${sum.pairs} of ${possible} pairs of workloads`;
  const mixed = trafficEntries(subtract(sum.allowedBySome, allowed)).map((entry) => ({ ...entry, why }));
  const connection = {
    from: from.entry.id,
    to: to.entry.id,
    allowed: trafficList(allowed, scope.traffic),
    unknown: trafficEntries(unknown).map((entry) => ({ ...entry, reasons: [] })),
  };
  return mixed.length === 0 ? connection : { ...connection, mixed };
}
