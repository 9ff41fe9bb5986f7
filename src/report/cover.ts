import { escapeControl } from '#base/escape.ts';
import { NAMESPACES, type Names, NODES, OUTSIDE } from './names.ts';

/** A set of endpoints said with as few words as are true: everything, whole groups, and single ones for the rest. */
export interface Cover {
  readonly everything: boolean;
  readonly groups: readonly string[];
  readonly single: readonly string[];
}

/** Says sets of endpoints by the groups that they fill. */
export type Coverage = (ids: ReadonlySet<string>, peer: string) => Cover;

/**
 * `peer` is the other end: it is no part of its own peers, and addresses outside have no connections among themselves.
 * A group of one is told by the endpoint's own name. A peer that is no endpoint (a whole group) takes nobody out.
 */
export function coverageOf(names: Names): Coverage {
  const sizes = new Map<string, number>();
  for (const id of names.endpoints.keys()) bump(sizes, names.groupOf(id));
  return (ids, peer) => {
    const peerGroup = names.endpoints.has(peer) ? names.groupOf(peer) : undefined;
    const counts = new Map<string, number>();
    for (const id of ids) if (names.endpoints.has(id)) bump(counts, names.groupOf(id));
    const filled = new Set<string>();
    let everything = ids.size > 2;
    for (const [group, size] of sizes) {
      const others = size - (group === peerGroup ? 1 : 0);
      const isFull = others === (counts.get(group) ?? 0);
      if (isFull && others > 1) filled.add(group);
      if (!isFull && !(group === OUTSIDE && peerGroup === OUTSIDE)) everything = false;
    }
    if (everything) return { everything, groups: [], single: [] };
    const single = [...ids].filter((id) => !filled.has(names.groupOf(id)));
    return { everything, groups: [...filled], single };
  };
}

/** `everything else`, `all of shop, shop/web` */
export function coverWords(cover: Cover, names: Names): string[] {
  if (cover.everything) return ['everything else'];
  return [...cover.groups.map(groupWords), ...cover.single.map(names.nameOf)];
}

function groupWords(group: string): string {
  if (group === OUTSIDE) return 'everything outside';
  if (group === NODES) return 'all nodes';
  return group === NAMESPACES ? 'all namespaces' : `all of ${escapeControl(group)}`;
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
