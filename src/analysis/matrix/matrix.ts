import { meet } from '#base/intervals.ts';
import type { Engine } from '#engine/engine.ts';
import { type Grant, verdictOf } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import type { EndpointEntry } from '#model/answers.ts';
import type { Cell, Stretch } from '#model/matrix.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import { endpointsOf, type Placed } from '../endpoints.ts';
import { isGoverned, together } from '../map/connections.ts';
import { type AskedTraffic, pointOf } from '../path/port.ts';
import { PORT_SCOPE } from '../scope.ts';

const CODE: Readonly<Record<Cell, number>> = {
  denied: 0,
  some: 1,
  all: 2,
  unknown: 3,
  open: 4,
  mixed: 5,
  itself: 6,
  ungoverned: 7,
};

/** Everything that the matrix has a row and a column for, in their order. */
export interface Matrix {
  readonly engine: Engine;
  readonly endpoints: readonly Placed[];
}

/** Outside first, then nodes, then workloads by namespace and name: the order stays when one workload is added. */
export function matrixOf(engine: Engine): Matrix {
  const endpoints = [...endpointsOf(engine)].sort(({ entry: a }, { entry: b }) => compareEntries(a, b));
  return { engine, endpoints };
}

/** One byte for each cell, row by row: who sends is the row. Cost follows the cells that are asked for, nothing else. */
export function tileOf(
  matrix: Matrix,
  rows: Stretch,
  { columns, asked }: { readonly columns: Stretch; readonly asked?: AskedTraffic | undefined },
): Uint8Array {
  return cellsOf(matrix, placesIn(rows), { columns: placesIn(columns), asked });
}

/** The same of rows and columns by their places, which need not stand together. */
export function cellsOf(
  { engine, endpoints }: Matrix,
  rows: readonly number[],
  { columns, asked }: { readonly columns: readonly number[]; readonly asked?: AskedTraffic | undefined },
): Uint8Array {
  const codes = asked === undefined ? codesOfAll() : codesOfOne(asked);
  const tile = new Uint8Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) {
    const from = endpoints[row]!;
    for (const column of columns)
      tile[at++] = row === column ? CODE.itself : cellOf(engine, { from, to: endpoints[column]! }, codes);
  }
  return tile;
}

export function placesIn({ first, end }: Stretch): readonly number[] {
  return Array.from({ length: end - first }, (_, at) => first + at);
}

/** The cell of several grants, one for each pair of points. */
interface Codes {
  readonly one: (grant: Grant, family: 4 | 6) => number;
  readonly several: (grants: readonly { readonly grant: Grant; readonly family: 4 | 6 }[]) => number;
}

function cellOf({ world, reach }: Engine, { from, to }: { from: Placed; to: Placed }, codes: Codes): number {
  if (!isGoverned(from) && !isGoverned(to)) return CODE.ungoverned;
  const grants: { readonly grant: Grant; readonly family: 4 | 6 }[] = [];
  for (const a of from.points) {
    for (const b of to.points) {
      const shared = world.points[a]!.families & world.points[b]!.families;
      if (shared !== 0) grants.push({ grant: grantBetween(reach, a, b), family: (shared & 1) !== 0 ? 4 : 6 });
    }
  }
  const [first] = grants;
  if (first === undefined) return CODE.denied;
  return grants.length === 1 ? codes.one(first.grant, first.family) : codes.several(grants);
}

/** Grants are few and pairs are many: each grant is looked at once. */
function codesOfAll(): Codes {
  const known = new Map<Grant, number>();
  const codeOf = (grants: readonly Grant[]) => {
    const { allowed, mixed, unknown } = together(grants);
    const within = (set: TrafficSet) => meet(set, PORT_SCOPE.traffic);
    return allCode(within(allowed), { isMixed: within(mixed).length > 0, isOpen: within(unknown).length > 0 });
  };
  return {
    one: (grant) => {
      const code = known.get(grant) ?? codeOf([grant]);
      known.set(grant, code);
      return code;
    },
    several: (grants) => codeOf(grants.map(({ grant }) => grant)),
  };
}

function allCode(allowed: TrafficSet, { isMixed, isOpen }: { readonly isMixed: boolean; readonly isOpen: boolean }) {
  if (allowed.length === 0 && !isMixed) return isOpen ? CODE.unknown : CODE.denied;
  if (isOpen) return CODE.open;
  if (isMixed) return CODE.mixed;
  const isAll = meet(allowed, PORT_SCOPE.traffic).join() === PORT_SCOPE.traffic.join();
  return isAll ? CODE.all : CODE.some;
}

function codesOfOne(asked: AskedTraffic): Codes {
  const verdict = (grant: Grant, family: 4 | 6): Verdict => verdictOf(grant, pointOf(asked, family));
  const codeOf = (said: Verdict) => (said === 'allowed' ? CODE.all : CODE[said]);
  return {
    one: (grant, family) => codeOf(verdict(grant, family)),
    several: (grants) => {
      const said = new Set(grants.map(({ grant, family }) => verdict(grant, family)));
      if (said.size === 1) return codeOf([...said][0]!);
      if (!said.has('allowed')) return CODE.unknown;
      return said.has('unknown') ? CODE.open : CODE.mixed;
    },
  };
}

const KIND_ORDER = ['external', 'node', 'domain', 'namespace', 'potential', 'workload'];

function compareEntries(a: EndpointEntry, b: EndpointEntry): number {
  return (
    KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
    compareText(a.namespace ?? '', b.namespace ?? '') ||
    compareText(a.name ?? '', b.name ?? '') ||
    (a.kind === 'workload' ? compareText(a.id, b.id) : 0)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
