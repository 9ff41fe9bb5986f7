import type { HoleEntry, MapAnswer } from '#model/answers.ts';
import { mapBlocks, partsOf, shownEndpoints } from '../map-view.ts';
import { namesOf, rangesText } from '../names.ts';
import { mapSummary } from '../text/map.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, codes, type Page, type Run } from './page.ts';

/** The map told by destination, with groups said shortly: short enough for a ticket. */
export function mapPage(answer: MapAnswer): Page {
  return {
    title: 'Who can reach whom',
    summary: [mapSummary(answer)],
    blocks: [byDestination(answer), ...endBlocks(answer)],
  };
}

/** The map with a row for each connection, to be filtered. */
export function mapRowsPage(answer: MapAnswer): Page {
  const table: Block = {
    kind: 'table',
    columns: ['from', 'to', 'verdict', 'traffic', 'notes'],
    rows: connectionRows(answer),
    filter: true,
  };
  return { title: 'Who can reach whom', summary: [mapSummary(answer)], blocks: [table, ...endBlocks(answer)] };
}

function byDestination(answer: MapAnswer): Block {
  const rows: (readonly Run[])[] = [];
  for (const block of mapBlocks(answer)) {
    for (const way of block.ways) {
      rows.push([codes(way.from), codes(block.to), [badge(way.state)], [code(way.traffic)], [way.notes.join('; ')]]);
    }
  }
  return { kind: 'table', columns: ['from', 'to', 'verdict', 'traffic', 'notes'], rows };
}

function* connectionRows(answer: MapAnswer): Generator<readonly Run[]> {
  const { nameOf } = namesOf(answer.endpoints);
  for (const connection of answer.connections) {
    for (const part of partsOf(connection)) {
      const ends: Run[] = [[code(nameOf(connection.from))], [code(nameOf(connection.to))]];
      yield [...ends, [badge(part.state)], [code(part.traffic)], [part.notes.join('; ')]];
    }
  }
}

function holeBlocks(holes: readonly HoleEntry[]): Block[] {
  if (holes.length === 0) return [];
  const rows = holes.map(({ connections, encryption, kind, why, close }): Run[] => [
    [`${connections}`],
    [code(encryption)],
    [kind],
    [why],
    [close],
  ]);
  return [
    { kind: 'heading', text: 'Not protected by identity' },
    { kind: 'table', columns: ['connections', 'protection', 'kind', 'why', 'what closes it'], rows },
  ];
}

function endBlocks(answer: MapAnswer): Block[] {
  const rows: (readonly Run[])[] = [];
  for (const { id, ranges } of shownEndpoints(answer)) {
    if (ranges !== undefined) rows.push([[code(id)], [code(rangesText(ranges, 40))]]);
  }
  const outside: Block[] =
    rows.length === 0
      ? []
      : [
          { kind: 'heading', text: 'Addresses outside' },
          { kind: 'table', columns: ['name', 'ranges'], rows },
        ];
  return [...holeBlocks(answer.holes ?? []), ...outside, ...notesOf(answer)];
}
