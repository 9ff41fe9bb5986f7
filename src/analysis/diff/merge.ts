import { compareRanges } from '#base/address.ts';
import type { ChangedPair } from './changed-pairs.ts';
import { rangesText, type Twin } from './twins.ts';

/** Twins told as one where no change tells them apart, with their final ids, and what changed between them, each once. */
export interface Merged {
  readonly twins: readonly Twin[];
  readonly pairs: readonly ChangedPair[];
}

/**
 * Merges outside ranges, and parts of one workload, that changed alike towards everything: two ranges that a policy
 * elsewhere tells apart are one to a reader who asks what this change does.
 */
export function mergeAlike(twins: readonly Twin[], pairs: readonly ChangedPair[]): Merged {
  const keys = changeKeys(twins, pairs);
  const groups = new Map<string, number[]>();
  for (const [index, twin] of twins.entries()) {
    const key =
      twin.kin === '' ? `${index}` : `${twin.kin}\n${twin.presence}\n${(keys.get(index) ?? []).sort().join()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  const members = [...groups.values()];
  const merged = numbered(members.map((group) => joined(group.map((index) => twins[index]!))));
  const groupOf = new Map(members.flatMap((group, number) => group.map((index) => [index, number] as const)));
  const speakers = new Set(members.map((group) => group[0]!));
  const kept = pairs.filter(({ from, to }) => speakers.has(from) && speakers.has(to));
  return {
    twins: merged,
    pairs: kept.map(({ from, to, change }) => ({ from: groupOf.get(from)!, to: groupOf.get(to)!, change })),
  };
}

function changeKeys(twins: readonly Twin[], pairs: readonly ChangedPair[]): Map<number, string[]> {
  const keys = new Map<number, string[]>();
  for (const { from, to, change } of pairs) {
    if (twins[from]!.kin !== '') note(keys, from, `>${to}:${change.id}`);
    if (twins[to]!.kin !== '') note(keys, to, `<${from}:${change.id}`);
  }
  return keys;
}

function note(keys: Map<number, string[]>, index: number, key: string): void {
  const list = keys.get(index);
  if (list === undefined) keys.set(index, [key]);
  else list.push(key);
}

function joined(members: readonly Twin[]): Twin {
  const [first, ...rest] = members;
  if (first === undefined || rest.length === 0) return first!;
  const ranges = members.flatMap((twin) => twin.ranges);
  if (first.entry.kind === 'external') return { ...first, ranges };
  return { ...first, ranges, entry: { ...first.entry, pods: members.flatMap(({ entry }) => entry.pods ?? []).sort() } };
}

/** `external:1` by lowest address; `#1` behind a workload only where it is told in several parts. */
function numbered(twins: readonly Twin[]): Twin[] {
  const outside = twins
    .filter(({ entry }) => entry.kind === 'external')
    .sort((a, b) => compareRanges(a.ranges[0]!, b.ranges[0]!));
  const numberOf = new Map(outside.map((twin, index) => [twin, index + 1]));
  const parts = new Map<string, Twin[]>();
  for (const twin of twins)
    if (twin.kin !== '' && twin.kin !== 'external') parts.set(twin.kin, [...(parts.get(twin.kin) ?? []), twin]);
  return twins.map((twin) => {
    const number = numberOf.get(twin);
    if (number !== undefined)
      return { ...twin, entry: { ...twin.entry, id: `external:${number}`, ranges: rangesText(twin.ranges) } };
    const siblings = parts.get(twin.kin) ?? [];
    return siblings.length < 2
      ? twin
      : { ...twin, entry: { ...twin.entry, id: `${twin.entry.id}#${siblings.indexOf(twin) + 1}` } };
  });
}
