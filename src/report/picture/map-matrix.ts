import type { Connection, DiffAnswer, MapAnswer } from '#model/answers.ts';
import { partsOf } from '../map-view.ts';
import { NAMESPACES, type Names, NODES, namesOf, OUTSIDE } from '../names.ts';
import { diffSummary } from '../text/diff.ts';
import { mapSummary } from '../text/map.ts';
import { count, isNothing, trafficText } from '../words.ts';
import { changedNames } from './diff-scene.ts';
import { type CellState, cellKey, type Matrix, type MatrixCell, type MatrixEnd } from './matrix.ts';

/** Rows that still make a picture one can look at; beyond it, namespaces are folded, and the picture says so. */
const MOST_ENDS = 300;

export function mapMatrix(answer: MapAnswer): Matrix {
  const names = namesOf(answer.endpoints);
  const folding = foldingOf(names);
  const cells = folding.folded ? foldedCells(answer, folding) : new Map<string, MatrixCell>();
  if (!folding.folded) {
    for (const connection of answer.connections) cells.set(cellKey(connection.from, connection.to), cellOf(connection));
  }
  return {
    title: 'Who can reach whom',
    desc: `${mapSummary(answer)}. A row is who connects, a column who is reached; an empty cell is denied${answer.unfiltered === undefined ? '' : ', or left out by the filter'}.`,
    note: folding.note,
    ends: folding.ends,
    cells,
    legend: [
      { state: 'full', text: 'everything' },
      { state: 'part', text: 'some of it' },
      { state: 'unknown', text: 'unknown' },
    ],
  };
}

export function diffMatrix(answer: DiffAnswer): Matrix {
  const folding = foldingOf(changedNames(answer));
  const cells = new Map<string, MatrixCell>();
  for (const { from, to, ...lists } of answer.changes) {
    for (const change of ['opened', 'closed', 'unsettled'] as const) {
      if (isNothing(lists[change])) continue;
      const text = folding.folded ? change : `${change} ${trafficText(lists[change])}`;
      addCell(cells, cellKey(folding.foldOf(from), folding.foldOf(to)), { state: change, text });
    }
  }
  return {
    title: 'What changed in who can reach whom',
    desc: `${diffSummary(answer)}. A row is who connects, a column who is reached; an empty cell did not change${answer.unfiltered === undefined ? '' : ', or is left out by the filter'}.`,
    note: folding.note,
    ends: folding.ends,
    cells,
    legend: [
      { state: 'opened', text: 'opened' },
      { state: 'closed', text: 'closed' },
      { state: 'unsettled', text: 'now unknown, or no longer' },
    ],
  };
}

interface Folding {
  readonly folded: boolean;
  readonly ends: readonly MatrixEnd[];
  readonly foldOf: (id: string) => string;
  /** Endpoints that stand behind one end. */
  readonly sizeOf: (end: string) => number;
  readonly note: string;
}

function foldingOf(names: Names): Folding {
  const ids = [...names.endpoints.keys()].sort((a, b) => compareEnds(a, b, names));
  const total = count(ids.length, 'endpoint');
  if (ids.length <= MOST_ENDS) {
    const ends = ids.map((id) => ({ id, label: names.nameOf(id), group: names.groupOf(id) }));
    return { folded: false, ends, foldOf: (id) => id, sizeOf: () => 1, note: total };
  }
  const sizes = new Map<string, number>();
  for (const id of ids) sizes.set(names.groupOf(id), (sizes.get(names.groupOf(id)) ?? 0) + 1);
  const groups = [...sizes.keys()];
  const note = `${total} folded to ${count(groups.length, 'group')}: a full square is every pair of the two, a triangle some; -o csv has every pair`;
  const ends = groups.map((group) => ({ id: group, label: group, group }));
  return { folded: true, ends, foldOf: names.groupOf, sizeOf: (end) => sizes.get(end) ?? 0, note };
}

/** Outside first, then nodes, then namespaces by name. */
function compareEnds(a: string, b: string, names: Names): number {
  const [left, right] = [names.groupOf(a), names.groupOf(b)];
  if (left !== right) return rankOf(left) - rankOf(right) || (left < right ? -1 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}

function rankOf(group: string): number {
  const rank = [OUTSIDE, NODES, NAMESPACES].indexOf(group);
  return rank < 0 ? 3 : rank;
}

/** A group reaches another fully only if each of its endpoints reaches each of the other's with everything. */
function foldedCells(answer: MapAnswer, { foldOf, sizeOf }: Folding): Map<string, MatrixCell> {
  const tallies = new Map<string, { from: string; to: string; full: number; known: number; unknown: number }>();
  for (const connection of answer.connections) {
    const [from, to] = [foldOf(connection.from), foldOf(connection.to)];
    const key = cellKey(from, to);
    const tally = tallies.get(key) ?? { from, to, full: 0, known: 0, unknown: 0 };
    tallies.set(key, tally);
    const { state } = cellOf(connection);
    if (state === 'full') tally.full++;
    if (state === 'unknown') tally.unknown++;
    else tally.known++;
  }
  const cells = new Map<string, MatrixCell>();
  for (const [key, { from, to, full, known, unknown }] of tallies) {
    const pairs = sizeOf(from) * (sizeOf(to) - (from === to ? 1 : 0));
    const state: CellState = full === pairs ? 'full' : known > 0 ? 'part' : 'unknown';
    const rest = unknown > 0 ? `, ${unknown} unknown` : '';
    cells.set(key, { state, text: `${known} of ${count(pairs, 'pair')} allowed in full or in part${rest}` });
  }
  return cells;
}

function cellOf(connection: Connection): MatrixCell {
  const parts = partsOf(connection);
  const known = parts.some((part) => part.state !== 'unknown');
  const state: CellState = connection.allowed === 'all' ? 'full' : known ? 'part' : 'unknown';
  return { state, text: parts.map((part) => `${part.traffic} ${part.state}`).join('; ') };
}

const RANK: readonly CellState[] = ['unsettled', 'unknown', 'closed', 'part', 'full', 'opened'];

/** Of several in one cell the weightiest is drawn, and all are in its title. */
function addCell(cells: Map<string, MatrixCell>, key: string, cell: MatrixCell): void {
  const before = cells.get(key);
  if (before === undefined) {
    cells.set(key, cell);
    return;
  }
  const state = RANK.indexOf(cell.state) > RANK.indexOf(before.state) ? cell.state : before.state;
  const text = before.text.includes(cell.text) ? before.text : `${before.text}; ${cell.text}`;
  cells.set(key, { state, text });
}
