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
  const cells = new Map<string, MatrixCell>();
  for (const connection of answer.connections) {
    if (folding.foldOf(connection.from) === folding.foldOf(connection.to) && folding.folded) continue;
    addCell(
      cells,
      cellKey(folding.foldOf(connection.from), folding.foldOf(connection.to)),
      cellOf(connection, folding.folded),
    );
  }
  return {
    title: 'Who can reach whom',
    desc: `${mapSummary(answer)}. A row is who connects, a column who is reached; an empty cell is denied.`,
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
    desc: `${diffSummary(answer)}. A row is who connects, a column who is reached; an empty cell did not change.`,
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
  readonly note: string;
}

function foldingOf(names: Names): Folding {
  const ids = [...names.endpoints.keys()].sort((a, b) => compareEnds(a, b, names));
  const total = count(ids.length, 'endpoint');
  if (ids.length <= MOST_ENDS) {
    const ends = ids.map((id) => ({ id, label: names.nameOf(id), group: names.groupOf(id) }));
    return { folded: false, ends, foldOf: (id) => id, note: total };
  }
  const groups = [...new Set(ids.map(names.groupOf))];
  const note = `${total} folded to ${count(groups.length, 'group')}: a cell is the most that any pair of the two has; -o csv has every pair`;
  const ends = groups.map((group) => ({ id: group, label: group, group }));
  return { folded: true, ends, foldOf: names.groupOf, note };
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

function cellOf(connection: Connection, folded: boolean): MatrixCell {
  const parts = partsOf(connection);
  const known = parts.some((part) => part.state !== 'unknown');
  const state: CellState = connection.allowed === 'all' ? 'full' : known ? 'part' : 'unknown';
  if (folded) return { state, text: state === 'unknown' ? 'something unknown' : 'something allowed' };
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
