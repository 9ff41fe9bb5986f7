import { escapeControl } from '#base/escape.ts';
import type { ExposeAnswer, Exposure } from '#model/answers.ts';
import { count, filteredText, isNothing, MARKS, originText, trafficText, VERDICT_TONES } from '../words.ts';
import { dim, footerLines, titleLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

export const SCOPE_TITLES: Readonly<Record<Exposure['scope'], string>> = {
  internet: 'from the internet',
  network: 'from the virtual network',
  cluster: 'from inside the cluster',
  node: 'at the nodes',
  none: 'asked for, and leading nowhere yet',
};

/** Widest first: what everyone on the internet can use comes before what only a node can. */
export const SCOPES: readonly Exposure['scope'][] = ['internet', 'network', 'cluster', 'node', 'none'];

/** From the outside in: front doors by who stands before them, then what policy alone lets through. */
export function* exposeText(answer: ExposeAnswer, options: TextOptions): Generator<string> {
  yield `${titleLines('what the outside can reach', exposeSummary(answer), options).join('\n')}\n`;
  for (const scope of SCOPES) {
    const exposures = answer.exposures.filter((exposure) => exposure.scope === scope);
    if (exposures.length > 0) yield* scopeText(scope, exposures, options);
  }
  yield* reachText(answer, options);
  yield* potentialText(answer, options);
  yield `${footerLines(answer, options).join('\n')}\n`;
}

/** `3 from the internet, 1 at the nodes` */
export function exposeSummary(answer: ExposeAnswer): string {
  const parts: string[] = [];
  for (const scope of SCOPES) {
    const number = answer.exposures.filter((exposure) => exposure.scope === scope).length;
    if (number > 0) parts.push(`${number} ${SCOPE_TITLES[scope]}`);
  }
  const { length } = answer.exposures;
  const { unfiltered = length } = answer;
  if (unfiltered === 0) return 'no front door in the input';
  const ways =
    unfiltered === length ? `${count(length, 'way')} in` : filteredText(length, `${count(unfiltered, 'way')} in`);
  return parts.length === 0 ? ways : `${ways}: ${parts.join(', ')}`;
}

/** `shop/web:8443`: where it ends, with the pod's own port where known. */
export function targetText(exposure: Exposure): string {
  const port = exposure.targetPort === undefined ? '' : `:${exposure.targetPort}`;
  return `${escapeControl(exposure.to)}${port}`;
}

function* scopeText(scope: Exposure['scope'], exposures: readonly Exposure[], options: TextOptions): Generator<string> {
  yield `\n${options.paint.strong(SCOPE_TITLES[scope])}\n`;
  for (const exposure of exposures) yield `${exposureLines(exposure, options).join('\n')}\n`;
}

function exposureLines(exposure: Exposure, options: TextOptions): string[] {
  const { paint } = options;
  const mark = paint[VERDICT_TONES[exposure.verdict]](`${MARKS[exposure.verdict]} ${exposure.verdict.padEnd(7)}`);
  const port = `${escapeControl(exposure.protocol)} ${exposure.port}`;
  const lines = [
    `  ${mark}  ${paint.accent(escapeControl(exposure.at))}  ${port}  → ${paint.strong(targetText(exposure))}`,
  ];
  const via = `${escapeControl(exposure.through)}  ${paint.accent(originText(exposure.origin))}`;
  lines.push(...tableLines([[via]], { indent: 13 }, options));
  for (const note of [...exposure.notes, ...exposure.reasons])
    lines.push(...paragraphLines(dim(escapeControl(note)), 13, options));
  return lines;
}

function* reachText(answer: ExposeAnswer, options: TextOptions): Generator<string> {
  const rows: Cell[][] = [];
  for (const { from, to, allowed, unknown } of answer.reach) {
    const ends = [escapeControl(from), '→', escapeControl(to)];
    if (!isNothing(allowed)) rows.push([{ text: MARKS.allowed, tone: 'good' }, ...ends, trafficText(allowed)]);
    if (!isNothing(unknown)) rows.push([{ text: MARKS.unknown, tone: 'unsure' }, ...ends, trafficText(unknown)]);
  }
  if (rows.length === 0) return;
  yield `\n${options.paint.strong('by policy alone')}\n${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}

function* potentialText(answer: ExposeAnswer, options: TextOptions): Generator<string> {
  if (answer.potential.length === 0) return;
  const rows = answer.potential.map((potential): Cell[] => [
    escapeControl(potential.endpoint),
    potential.direction === 'ingress' ? 'from' : 'to',
    { text: trafficText(potential.allowed), tone: 'accent' },
    `${escapeControl(potential.peer)}  ${options.paint.dim(originText(potential.origin))}`.trimEnd(),
  ]);
  yield `\n${options.paint.strong('open to what is not there yet')}\n${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}
