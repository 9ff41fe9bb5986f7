import type { Direction } from '#model/resource.ts';
import type { Verdict } from '#model/verdict.ts';
import { cellTable } from './cells.ts';
import type { Layer } from './form.ts';
import { type Grant, type GrantTable, grantTable, verdictOf } from './grants.ts';
import type { Program } from './program.ts';
import { grantIn, type Row, type RowTable, rowTable } from './rows.ts';
import { assemble, listPolicies, type PolicyList, selectedBy, signatureOf } from './signatures.ts';
import type { World } from './world.ts';

/**
 * The verdicts of all pairs of points under one layer, held symbolically: a row for each signature and direction.
 * Nothing is enumerated until somebody asks.
 */
export interface Reach {
  readonly world: World;
  readonly layer: Layer;
  readonly grants: GrantTable;
  readonly egress: Side;
  readonly ingress: Side;
}

/** One direction. */
export interface Side {
  readonly direction: Direction;
  readonly policies: PolicyList;
  /** Per point: what selects it. */
  readonly selected: readonly (readonly number[])[];
  /** Per point; points of one signature share the object. */
  readonly rows: readonly Row[];
  readonly table: RowTable;
}

/** Computes every row once. Cost: signatures × their own rules × (points / 32). */
export function reachOf(world: World, layer: Layer): Reach {
  const grants = grantTable();
  return {
    world,
    layer,
    grants,
    egress: sideOf({ world, layer, grants }, 'egress'),
    ingress: sideOf({ world, layer, grants }, 'ingress'),
  };
}

/** What `from` may send `to`, by both sides; nothing where they have no address family in common. */
export function grantBetween(reach: Reach, from: number, to: number): Grant {
  const { world, grants } = reach;
  if ((world.points[from]!.families & world.points[to]!.families) === 0) return grants.none;
  const egress = grantIn(reach.egress.rows[from]!, to, grants);
  if (egress === grants.none) return egress;
  return grants.meet(egress, grantIn(reach.ingress.rows[to]!, from, grants));
}

/** One point verdict. `traffic` is a point of the traffic axis. */
// biome-ignore lint/complexity/useMaxParams: the hottest question there is, asked by the million
export function verdictBetween(reach: Reach, from: number, to: number, traffic: number): Verdict {
  return verdictOf(grantBetween(reach, from, to), traffic);
}

/** What decides about a point in one direction. */
export function programAt(side: Side, point: number): Program {
  return assemble(side.policies, side.selected[point]!, point);
}

interface Parts {
  readonly world: World;
  readonly layer: Layer;
  readonly grants: GrantTable;
}

function sideOf({ world, layer, grants }: Parts, direction: Direction): Side {
  const cells = cellTable();
  const policies = listPolicies(layer[direction], cells);
  const selected = selectedBy(policies, world.size);
  const table = rowTable(world.everything, grants, cells);
  const bySignature = new Map<string, Row>();
  const rows = selected.map((codes, point) => {
    const signature = signatureOf(policies, codes, point);
    let row = bySignature.get(signature);
    if (row === undefined) {
      row = table.rowOf(assemble(policies, codes, point));
      bySignature.set(signature, row);
    }
    return row;
  });
  return { direction, policies, selected, rows, table };
}
