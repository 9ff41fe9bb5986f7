import { hasBit } from '#base/bits.ts';
import type { Reach, Side } from '#engine/reach.ts';
import type { Row } from '#engine/rows.ts';

/**
 * Groups points that no verdict tells apart, as subjects or as peers: same rows both ways, and in every row the same
 * entry. Returns the groups in the order of their first members.
 */
export function groupAlike(reach: Reach, points: readonly number[]): number[][] {
  const rowIds = numberRows(reach);
  let groups = groupBy([points], (point) => {
    const egress = rowIds.get(reach.egress.rows[point]!);
    return `${egress} ${rowIds.get(reach.ingress.rows[point]!)} ${reach.world.points[point]!.families}`;
  });
  for (const side of [reach.egress, reach.ingress]) groups = splitByRows(side, groups);
  return groups.sort((a, b) => a[0]! - b[0]!);
}

function numberRows(reach: Reach): ReadonlyMap<Row, number> {
  const rows = new Set([...reach.egress.rows, ...reach.ingress.rows]);
  return new Map([...rows].map((row, id) => [row, id]));
}

function splitByRows(side: Side, groups: number[][]): number[][] {
  let current = groups;
  for (const row of new Set(side.rows)) {
    for (const { peers } of row) {
      if (current.some((group) => isSplitBy(group, peers)))
        current = groupBy(current, (point) => `${hasBit(peers, point)}`);
    }
  }
  return current;
}

function isSplitBy(group: readonly number[], peers: Uint32Array): boolean {
  const first = hasBit(peers, group[0]!);
  for (let i = 1; i < group.length; i++) if (hasBit(peers, group[i]!) !== first) return true;
  return false;
}

function groupBy(groups: readonly (readonly number[])[], keyOf: (point: number) => string): number[][] {
  const out: number[][] = [];
  for (const group of groups) {
    const byKey = new Map<string, number[]>();
    for (const point of group) {
      const key = keyOf(point);
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [point]);
      else list.push(point);
    }
    out.push(...byKey.values());
  }
  return out;
}
