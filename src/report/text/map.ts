import { escapeControl } from '#base/escape.ts';
import type { HoleEntry, MapAnswer } from '#model/answers.ts';
import { type MapBlock, mapBlocks, shownEndpoints } from '../map-view.ts';
import { rangesText } from '../names.ts';
import { count, filteredText, MARKS, VERDICT_TONES } from '../words.ts';
import { dim, footerLines, titleLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** Who can reach whom, by destination. Destinations that say the same are told once. */
export function* mapText(answer: MapAnswer, options: TextOptions): Generator<string> {
  yield `${titleLines('who can reach whom', mapSummary(answer), options).join('\n')}\n`;
  const blocks = mapBlocks(answer);
  for (const block of blocks) {
    if (block.ways.length > 0) yield `\n${blockLines(block, options).join('\n')}\n`;
  }
  // Where a filter left connections out, an endpoint without any may be reached all the same.
  const whole = answer.unfiltered === undefined ? blocks : [];
  const closed = whole.filter((block) => block.ways.length === 0).flatMap((block) => block.to);
  if (closed.length > 0) yield `\n${closedLines(closed, options).join('\n')}\n`;
  const outside = outsideLines(answer, options);
  if (outside.length > 0) yield `\n${outside.join('\n')}\n`;
  const holes = holeLines(answer.holes ?? [], options);
  if (holes.length > 0) yield `\n${holes.join('\n')}\n`;
  yield `${footerLines(answer, options).join('\n')}\n`;
}

/** `12 endpoints, 31 of 132 pairs connected, TCP UDP SCTP` */
export function mapSummary(answer: MapAnswer): string {
  const what = answer.folded
    ? count(answer.endpoints.length, 'folded endpoint')
    : count(answer.endpoints.length, 'endpoint');
  const unknown = answer.connections.filter((connection) => connection.unknown.length > 0).length;
  const parts = [what, connectionsText(answer)];
  if (unknown > 0) parts.push(`${unknown} with something unknown`);
  return `${parts.join(' · ')} · ${answer.protocols.map(escapeControl).join(' ')}`;
}

function connectionsText({ connections, unfiltered }: MapAnswer): string {
  if (unfiltered === undefined) return `${count(connections.length, 'connection')}, all other pairs denied`;
  return filteredText(connections.length, count(unfiltered, 'connection'));
}

function blockLines(block: MapBlock, options: TextOptions): string[] {
  const rows = block.ways.map((way): Cell[] => {
    const notes = way.notes.length === 0 ? '' : `  (${way.notes.map(escapeControl).join('; ')})`;
    return [
      { text: MARKS[way.state], tone: VERDICT_TONES[way.state] },
      { text: way.traffic, tone: way.state === 'allowed' ? 'accent' : 'unsure' },
      `${way.from.join(', ')}${notes}`,
    ];
  });
  const head = paragraphLines({ text: `to ${block.to.join(', ')}`, tone: 'strong' }, 0, options);
  return [...head, ...tableLines(rows, { indent: 2 }, options)];
}

/** What is not protected by identity, the most connections first, each with what would close it. */
function holeLines(holes: readonly HoleEntry[], options: TextOptions): string[] {
  if (holes.length === 0) return [];
  const lines = paragraphLines({ text: 'not protected by identity', tone: 'strong' }, 0, options);
  for (const hole of holes) {
    const cells: Cell[] = [
      { text: count(hole.connections, 'connection'), tone: 'unsure' },
      { text: `${hole.encryption}, ${hole.kind}`, tone: 'accent' },
      escapeControl(hole.why),
    ];
    lines.push(...tableLines([cells], { indent: 2 }, options));
    lines.push(...paragraphLines(dim(escapeControl(hole.close)), 4, options));
  }
  return lines;
}

function closedLines(closed: readonly string[], options: TextOptions): string[] {
  return tableLines([[{ text: 'reached by nothing', tone: 'strong' }, closed.join(', ')]], { indent: 0 }, options);
}

function outsideLines(answer: MapAnswer, options: TextOptions): string[] {
  const rows: Cell[][] = [];
  for (const endpoint of shownEndpoints(answer)) {
    if (endpoint.ranges === undefined) continue;
    rows.push([dim(escapeControl(endpoint.id)), dim(rangesText(endpoint.ranges, Number.POSITIVE_INFINITY))]);
  }
  return tableLines(rows, { indent: 0 }, options);
}
