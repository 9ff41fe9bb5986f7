import type { ExposeAnswer, Exposure } from '#model/answers.ts';
import { exposeSummary, SCOPE_TITLES, SCOPES, targetText } from '../text/expose.ts';
import { isNothing, originText, trafficText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, type Page, place, type Run } from './page.ts';

/** From the outside in. */
export function exposePage(answer: ExposeAnswer): Page {
  const blocks: Block[] = [];
  for (const scope of SCOPES) {
    const exposures = answer.exposures.filter((exposure) => exposure.scope === scope);
    if (exposures.length === 0) continue;
    const title = SCOPE_TITLES[scope];
    const columns = ['at', 'to', 'verdict', 'through', 'notes', 'origin'];
    blocks.push({ kind: 'heading', text: title.charAt(0).toUpperCase() + title.slice(1) });
    blocks.push({ kind: 'table', columns, rows: exposures.map(exposureRow) });
  }
  blocks.push(...reachBlocks(answer), ...potentialBlocks(answer), ...notesOf(answer));
  return { title: 'What the outside can reach', summary: [exposeSummary(answer)], blocks };
}

function exposureRow(exposure: Exposure): readonly Run[] {
  return [
    [code(exposure.at), ' ', `${exposure.protocol} ${exposure.port}`],
    [code(targetText(exposure))],
    [badge(exposure.verdict)],
    [code(exposure.through)],
    [[...exposure.notes, ...exposure.reasons].join('; ')],
    place(originText(exposure.origin)),
  ];
}

function reachBlocks(answer: ExposeAnswer): Block[] {
  const rows: (readonly Run[])[] = [];
  for (const { from, to, allowed, unknown } of answer.reach) {
    if (!isNothing(allowed)) rows.push([[code(from)], [code(to)], [badge('allowed')], [code(trafficText(allowed))]]);
    if (!isNothing(unknown)) rows.push([[code(from)], [code(to)], [badge('unknown')], [code(trafficText(unknown))]]);
  }
  if (rows.length === 0) return [];
  const columns = ['from', 'to', 'verdict', 'traffic'];
  return [
    { kind: 'heading', text: 'By policy alone' },
    { kind: 'table', columns, rows, filter: true },
  ];
}

function potentialBlocks(answer: ExposeAnswer): Block[] {
  if (answer.potential.length === 0) return [];
  const rows = answer.potential.map((potential): readonly Run[] => [
    [code(potential.endpoint)],
    [potential.direction],
    [potential.peer],
    [code(trafficText(potential.allowed))],
    place(originText(potential.origin)),
  ]);
  const columns = ['endpoint', 'direction', 'peer', 'traffic', 'origin'];
  return [
    { kind: 'heading', text: 'Open to what is not there yet' },
    { kind: 'table', columns, rows, filter: true },
  ];
}
