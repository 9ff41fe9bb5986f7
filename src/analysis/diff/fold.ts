import type { EndpointEntry } from '#model/answers.ts';
import type { ChangeCalculator } from './change.ts';
import type { ChangedPair } from './changed-pairs.ts';
import type { Merged } from './merge.ts';
import { rangesText, type Twin } from './twins.ts';

/** Namespaces in place of their workloads and one endpoint for all nodes: what changed for some pair of members. */
export function foldPairs(twins: readonly Twin[], pairs: Iterable<ChangedPair>, calculator: ChangeCalculator): Merged {
  const groups = new Map<string, { readonly twin: Twin; readonly index: number; members: number }>();
  const groupOf = twins.map((twin, index) => {
    const entry = foldedEntry(twin, index);
    const group = groups.get(entry.id) ?? {
      twin: { ...twin, entry, presence: 'both', kin: '' },
      index: groups.size,
      members: 0,
    };
    groups.set(entry.id, group);
    group.members++;
    return group.index;
  });
  const sums = new Map<number, ChangedPair>();
  for (const pair of pairs) {
    const [from, to] = [groupOf[pair.from]!, groupOf[pair.to]!];
    const key = from * groups.size + to;
    const before = sums.get(key);
    sums.set(key, {
      from,
      to,
      change: before === undefined ? pair.change : calculator.unite(before.change, pair.change),
    });
  }
  const folded = [...groups.values()].map(({ twin, members }) =>
    twin.entry.kind === 'namespace' ? { ...twin, entry: { ...twin.entry, members } } : twin,
  );
  return { twins: folded, pairs: [...sums.values()] };
}

function foldedEntry({ entry, ranges }: Twin, index: number): EndpointEntry {
  if (entry.kind === 'workload') return { id: `ns:${entry.namespace}`, kind: 'namespace', name: entry.namespace ?? '' };
  if (entry.kind === 'node') return { id: 'nodes', kind: 'node', name: 'all nodes' };
  return {
    id: entry.id === 'external' ? `external:${index + 1}` : entry.id,
    kind: 'external',
    ranges: rangesText(ranges),
  };
}
