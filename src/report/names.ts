import { parseCidr } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import type { ChangeGroup, EndpointEntry } from '#model/answers.ts';

/** Short names for people, and the group that an endpoint is drawn in. Every name is safe to print. */
export interface Names {
  /** `shop/web` where no other kind in the answer has that name, else the whole id. */
  readonly nameOf: (id: string) => string;
  /** `shop` for workloads, `outside` for addresses and domains, `nodes` for nodes. */
  readonly groupOf: (id: string) => string;
  readonly endpoints: ReadonlyMap<string, EndpointEntry>;
}

/** Group names that no namespace can have: a namespace has no space. */
export const OUTSIDE = 'outside the cluster';
export const NODES = 'cluster nodes';
export const NAMESPACES = 'all namespaces';

/** Names for the given endpoints; an id that is not among them is read from its form. */
export function namesOf(endpoints: Iterable<EndpointEntry>, ids: Iterable<string> = []): Names {
  const known = new Map<string, EndpointEntry>();
  for (const endpoint of endpoints) known.set(endpoint.id, endpoint);
  for (const id of ids) if (!known.has(id)) known.set(id, entryOf(id));
  const uses = new Map<string, number>();
  for (const id of known.keys()) uses.set(shortOf(id), (uses.get(shortOf(id)) ?? 0) + 1);
  return {
    nameOf: (id) => escapeControl(uses.get(shortOf(id)) === 1 ? shortOf(id) : id),
    groupOf: (id) => groupOf(known.get(id) ?? entryOf(id)),
    endpoints: known,
  };
}

/** `10.0.0.0/8, fd00::/8 and 3 more`; a set too wide to picture is first named by its breadth. */
export function rangesText(ranges: readonly string[], most = 4): string {
  const shown = ranges.slice(0, most).map(escapeControl).join(', ');
  const list = ranges.length > most ? `${shown} and ${ranges.length - most} more` : shown;
  const breadth = breadthText(ranges);
  return breadth === '' || ranges.length === 1 ? list : `${breadth}: ${list}`;
}

/** Groups with addresses in place of the numbers by which an answer lists sets of addresses. */
export function withAddresses(groups: readonly ChangeGroup[], about: readonly EndpointEntry[] = []): ChangeGroup[] {
  const known = new Map(about.map(({ id, ranges }) => [id, ranges === undefined ? id : rangesText(ranges)]));
  const told = (ids: readonly string[]) => ids.map((id) => known.get(id) ?? id);
  return groups.map((group) => ({ ...group, from: told(group.from), to: told(group.to) }));
}

/** `most of IPv4 and IPv6`, or nothing where less than half of either is covered. */
export function breadthText(ranges: readonly string[]): string {
  const share = { 4: 0, 6: 0 };
  for (const text of ranges) {
    const cidr = parseCidr(text)?.cidr;
    if (cidr !== undefined) share[cidr.family] += 0.5 ** cidr.length;
  }
  const wide = ([4, 6] as const).filter((family) => share[family] > 0.5).map((family) => `IPv${family}`);
  return wide.length === 0 ? '' : `most of ${wide.join(' and ')}`;
}

/** What the form of an id says when the answer has no entry for it (contract: naming an endpoint). */
function entryOf(id: string): EndpointEntry {
  const [namespace, workload, name] = id.split('/');
  if (id.startsWith('external:')) return { id, kind: 'external' };
  if (id.startsWith('node:')) return { id, kind: 'node', name: id.slice(5) };
  if (id.startsWith('dns:')) return { id, kind: 'domain', name: id.slice(4) };
  if (id.startsWith('ns:')) return { id, kind: 'namespace', name: id.slice(3) };
  if (namespace !== undefined && workload !== undefined && name !== undefined) {
    return { id, kind: 'workload', namespace, workload, name };
  }
  return { id, kind: 'external' };
}

function groupOf(endpoint: EndpointEntry): string {
  switch (endpoint.kind) {
    case 'workload':
    case 'potential':
      return endpoint.namespace ?? OUTSIDE;
    case 'node':
      return NODES;
    case 'external':
    case 'domain':
      return OUTSIDE;
    case 'namespace':
      return NAMESPACES;
  }
}

/** `shop/Deployment/web#2` is `shop/web#2`; other ids are short already. */
function shortOf(id: string): string {
  const parts = id.split('/');
  return parts.length === 3 && !/^[\d.a-f:]+$/.test(id) ? `${parts[0]}/${parts[2]}` : id;
}
