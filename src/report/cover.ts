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
  const members = new Map<string, string[]>();
  for (const id of names.endpoints.keys()) {
    const group = names.groupOf(id);
    const list = members.get(group);
    if (list === undefined) members.set(group, [id]);
    else list.push(id);
  }
  return (ids, peer) => {
    const filled: string[] = [];
    let possible = 0;
    const peerGroup = names.endpoints.has(peer) ? names.groupOf(peer) : undefined;
    for (const [group, list] of members) {
      if (group === OUTSIDE && peerGroup === OUTSIDE) continue;
      const others = list.length - (group === peerGroup ? 1 : 0);
      possible += others;
      if (others > 1 && others === countIn(list, ids)) filled.push(group);
    }
    if (possible > 2 && ids.size === possible) return { everything: true, groups: [], single: [] };
    return { everything: false, groups: filled, single: [...ids].filter((id) => !filled.includes(names.groupOf(id))) };
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

function countIn(list: readonly string[], ids: ReadonlySet<string>): number {
  let total = 0;
  for (const id of list) if (ids.has(id)) total++;
  return total;
}
