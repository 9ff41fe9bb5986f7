import type { ChangeGroup, EndpointEntry } from '#model/answers.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { trafficList } from '../traffic-list.ts';
import type { ChangedPair } from './changed-pairs.ts';
import type { Presence, Twin } from './twins.ts';

/** Which input an endpoint must be in for a change of this sort to be about it. */
const SIDE: Readonly<Record<ChangeGroup['change'], Presence | undefined>> = {
  opened: 'head',
  closed: 'base',
  unsettled: undefined,
};

/**
 * Changed connections that say the same, told once: everything in `from` with everything in `to`, itself excepted.
 * Connections of endpoints that came or went are apart from those of endpoints that both inputs have, because the
 * one is what the endpoint brings and the other what policies changed.
 */
export function groupsOf(twins: readonly Twin[], pairs: readonly ChangedPair[], scope: TrafficSet): ChangeGroup[] {
  const out: ChangeGroup[] = [];
  for (const change of ['opened', 'closed', 'unsettled'] as const) {
    const words = wordsOf(twins, SIDE[change]);
    for (const { traffic, edges } of alike(twins, pairs, change)) {
      const list = trafficList(traffic, scope);
      const groups = cover(edges).map(({ from, to }) => ({ change, from: words(from), to: words(to), traffic: list }));
      out.push(...groups.sort(compareGroups));
    }
  }
  return out;
}

function compareGroups(a: ChangeGroup, b: ChangeGroup): number {
  return compareText(a.from.join(), b.from.join()) || compareText(a.to.join(), b.to.join());
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Edge = readonly [from: number, to: number];

interface Alike {
  readonly key: string;
  readonly traffic: TrafficSet;
  readonly edges: Edge[];
}

/** Edges of one sort of change by their traffic, and by whether an end is in one input only. */
function alike(twins: readonly Twin[], pairs: readonly ChangedPair[], sort: ChangeGroup['change']): Alike[] {
  const found = new Map<string, Alike>();
  for (const { from, to, change } of pairs) {
    const traffic = change[sort];
    if (traffic.length === 0) continue;
    const moved = twins[from]!.presence !== 'both' || twins[to]!.presence !== 'both';
    const key = `${moved ? 1 : 0} ${traffic.join()}`;
    const group = found.get(key) ?? { key, traffic, edges: [] };
    found.set(key, group);
    group.edges.push([from, to]);
  }
  return [...found.values()].sort((a, b) => compareText(a.key, b.key));
}

interface Block {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Blocks that hold every edge once; of the two ways to gather them the one with fewer blocks. */
function cover(edges: readonly Edge[]): Block[] {
  const bySource = gather(edges);
  const byTarget = gather(edges.map(([from, to]): Edge => [to, from])).map(({ from, to }) => ({ from: to, to: from }));
  return bySource.length <= byTarget.length ? bySource : byTarget;
}

/** Gathers sources with the same targets; then those that are the same but for themselves (each of a set to all others). */
function gather(edges: readonly Edge[]): Block[] {
  const targets = new Map<number, number[]>();
  for (const [from, to] of edges) {
    const list = targets.get(from);
    if (list === undefined) targets.set(from, [to]);
    else list.push(to);
  }
  const sources = [...targets]
    .map(([from, to]): Block => ({ from: [from], to: to.sort((a, b) => a - b) }))
    .sort((a, b) => a.from[0]! - b.from[0]!);
  const exact = joinBy(sources, ({ to }) => to);
  const alone = exact.filter(({ from }) => from.length === 1);
  const together = joinBy(alone, ({ from, to }) => [...to, from[0]!].sort((a, b) => a - b));
  return [...exact.filter(({ from }) => from.length > 1), ...together];
}

/** Blocks of one key become one, with the key as its targets; a block that stays alone keeps its own. */
function joinBy(blocks: readonly Block[], keyOf: (block: Block) => readonly number[]): Block[] {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const key = keyOf(block).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [block]);
    else group.push(block);
  }
  return [...groups.values()].map((group) =>
    group.length === 1 ? group[0]! : { from: group.flatMap(({ from }) => from), to: [...new Set(keyOf(group[0]!))] },
  );
}

/** Names for a set of twins: a whole namespace, or all nodes, by one name where there is more than one in it. */
function wordsOf(twins: readonly Twin[], side: Presence | undefined): (members: readonly number[]) => string[] {
  const families = new Map<string, number[]>();
  for (const [index, { entry, presence }] of twins.entries()) {
    const name = familyOf(entry);
    if (name === undefined || (side !== undefined && presence !== 'both' && presence !== side)) continue;
    const family = families.get(name);
    if (family === undefined) families.set(name, [index]);
    else family.push(index);
  }
  return (members) => {
    const present = new Set(members);
    const out = new Set<string>();
    const whole = new Map<string, boolean>();
    for (const index of members) {
      const { entry } = twins[index]!;
      const name = familyOf(entry);
      if (name !== undefined && !whole.has(name)) whole.set(name, isWhole(families.get(name) ?? [], present));
      out.add(name !== undefined && whole.get(name) === true ? name : entry.id);
    }
    return [...out];
  };
}

function isWhole(family: readonly number[], present: ReadonlySet<number>): boolean {
  return family.length > 1 && family.every((index) => present.has(index));
}

function familyOf({ kind, namespace }: EndpointEntry): string | undefined {
  if (kind === 'workload') return `ns:${namespace}`;
  return kind === 'node' ? 'nodes' : undefined;
}
