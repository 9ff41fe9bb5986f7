import { remembered } from '#base/remembered.ts';
import type { Direction } from '#model/resource.ts';
import type { Verdict } from '#model/verdict.ts';
import { type CellTable, cellTable } from './cells.ts';
import type { Layer } from './form.ts';
import { type Grant, type GrantTable, grantTable, verdictOf } from './grants.ts';
import type { Program } from './program.ts';
import { type FarEnds, rewriteRow, rewritesKey } from './rewrites.ts';
import { grantIn, meetRows, type Row, type RowTable, rowTable } from './rows.ts';
import { assemble, listPolicies, type PolicyList, selectedBy, signatureOf } from './signatures.ts';
import type { World } from './world.ts';

/**
 * The verdicts of all pairs of points under some layers, held symbolically: a row for each signature and direction.
 * Nothing is enumerated until somebody asks.
 */
export interface Reach {
  readonly world: World;
  /** The pod layer first. A connection passes when all let it. */
  readonly layers: readonly Layer[];
  readonly grants: GrantTable;
  readonly egress: Side;
  readonly ingress: Side;
}

/** One direction. */
export interface Side {
  readonly direction: Direction;
  /** One for each layer, in their order. */
  readonly parts: readonly SidePart[];
  /** Per point what all layers together grant; points of one signature share the object. */
  readonly rows: readonly Row[];
}

/** One layer in one direction. */
export interface SidePart extends SidePolicies {
  /** Per point; points of one signature share the object. */
  readonly rows: readonly Row[];
  /** What points on the way grant in the other direction. */
  readonly far: FarEnds;
}

/** The policies of one layer in one direction. */
interface SidePolicies {
  readonly layer: Layer;
  readonly policies: PolicyList;
  /** Per point: what selects it. */
  readonly selected: readonly (readonly number[])[];
  readonly table: RowTable;
}

/** Computes every row once. Cost: signatures × their own rules × (points / 32). */
export function reachOf(world: World, layers: readonly Layer[]): Reach {
  const grants = grantTable();
  const egress = layers.map((layer) => askedOf({ world, grants }, layer, 'egress'));
  const ingress = layers.map((layer) => askedOf({ world, grants }, layer, 'ingress'));
  return {
    world,
    layers,
    grants,
    egress: sideOf({ world, grants, direction: 'egress' }, egress, ingress),
    ingress: sideOf({ world, grants, direction: 'ingress' }, ingress, egress),
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

/** What decides about a point in one direction of one layer. */
export function programAt({ policies, selected }: Pick<SidePart, 'policies' | 'selected'>, point: number): Program {
  return assemble(policies, selected[point]!, point);
}

export type RowlessPart = Omit<SidePart, 'rows'>;

export interface RowAt {
  readonly world: World;
  readonly grants: GrantTable;
  readonly direction: Direction;
}

/** The row that a layer gives a point, once its program is known. */
export function rowAt(part: RowlessPart, point: number, at: RowAt): Row {
  const row = part.table.rowOf(programAt(part, point));
  const rewrites = part.layer.rewrites ?? [];
  return rewrites.length === 0 ? row : rewriteRow(row, rewrites, { ...at, subject: point, far: part.far });
}

/** What tells the row of a point from those of others. */
export function rowKey(part: RowlessPart, point: number, at: RowAt): string {
  const { policies, selected, layer, far } = part;
  const { rewrites = [] } = layer;
  return `${signatureOf(policies, selected[point]!, point)} ${rewritesKey(rewrites, { ...at, subject: point, far })}`;
}

/**
 * The rows of all layers met, point by point. Equal combinations share one row. The pod's own layer comes last, because it has
 * the most different rows: each of them is then met once.
 */
export function combineRows(parts: readonly SidePart[], grants: GrantTable): readonly Row[] {
  const [first, ...rest] = parts;
  const telling = rest.filter(({ policies, far }) => policies.places.length > 0 || far.size > 0);
  const others = telling.map((part) => part.rows);
  const [outer, ...more] = others;
  if (outer === undefined) return first!.rows;
  return meetAll(
    first!.rows,
    more.reduce((rows, each) => meetAll(rows, each, grants), outer),
    grants,
  );
}

function meetAll(rows: readonly Row[], others: readonly Row[], grants: GrantTable): readonly Row[] {
  const met = new Map<Row, Map<Row, Row>>();
  return rows.map((row, point) => meetRemembered(met, [row, others[point]!], grants));
}

function meetRemembered(met: Map<Row, Map<Row, Row>>, [a, b]: readonly [Row, Row], grants: GrantTable): Row {
  const others = met.get(a) ?? new Map<Row, Row>();
  met.set(a, others);
  let row = others.get(b);
  if (row === undefined) {
    row = meetRows(a, b, grants);
    others.set(b, row);
  }
  return row;
}

function askedOf({ world, grants }: Omit<RowAt, 'direction'>, layer: Layer, direction: Direction): SidePolicies {
  const cells: CellTable = cellTable();
  const policies = listPolicies(layer[direction], cells);
  const selected = selectedBy(policies, world.size);
  return { layer, policies, selected, table: rowTable(world.everything, grants, cells) };
}

function sideOf(at: RowAt, asked: readonly SidePolicies[], opposite: readonly SidePolicies[]): Side {
  const parts = asked.map((own, index) => partOf(at, own, opposite[index]!));
  return { direction: at.direction, parts, rows: combineRows(parts, at.grants) };
}

function partOf(at: RowAt, asked: SidePolicies, opposite: SidePolicies): SidePart {
  const bySignature = new Map<string, Row>();
  const part = { ...asked, far: farEndsOf(opposite) };
  const rows = asked.selected.map((_, point) =>
    remembered(bySignature, rowKey(part, point, at), () => rowAt(part, point, at)),
  );
  return { ...part, rows };
}

function farEndsOf(opposite: SidePolicies): FarEnds {
  const leading = (opposite.layer.rewrites ?? []).filter(({ via }) => via !== undefined);
  const rowOf = (point: number) => opposite.table.rowOf(programAt(opposite, point));
  return new Map(
    leading.map((rewrite) => [rewrite, (rewrite.via?.points ?? []).map((point) => ({ point, row: rowOf(point) }))]),
  );
}
