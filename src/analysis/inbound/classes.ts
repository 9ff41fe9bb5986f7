import { members } from '#base/bits.ts';
import type { Reach } from '#engine/reach.ts';

/**
 * Which row of a subject each peer is in: peers of one row get the same of it. Thousands of ways are walked for thousands of
 * clients, and only one of each row has to be.
 */
export function rowIn(reach: Reach, subject: number, peer: number): number {
  let rows = KNOWN.get(reach);
  if (rows === undefined) {
    rows = new Map();
    KNOWN.set(reach, rows);
  }
  let row = rows.get(subject);
  if (row === undefined) {
    row = rowsOf(reach, subject);
    rows.set(subject, row);
  }
  return row[peer]!;
}

const KNOWN = new WeakMap<Reach, Map<number, Int32Array>>();

/** The first row that a peer is in counts; -1: none. */
function rowsOf({ world, ingress }: Reach, subject: number): Int32Array {
  const out = new Int32Array(world.size).fill(-1);
  for (const [index, { peers }] of ingress.rows[subject]!.entries())
    for (const peer of members(peers)) if (out[peer] === -1) out[peer] = index;
  return out;
}
