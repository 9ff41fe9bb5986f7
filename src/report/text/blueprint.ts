import { escapeControl } from '#base/escape.ts';
import { type BlueprintAnswer, brokenIn, type FileOutcome } from '#model/blueprint.ts';
import type { ControlState } from '#model/control.ts';
import { blueprintSummary } from '../page/blueprint.ts';
import { count } from '../words.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** What was written, whether it does what it says, and what is left for a person. */
export function* blueprintText(answer: BlueprintAnswer, options: TextOptions): Generator<string> {
  const { paint } = options;
  const broken = brokenIn(answer);
  const lines = [
    ...fileLines(answer, options),
    `${broken.length === 0 ? paint.good('✓') : paint.bad('✕')} ${paint.strong(blueprintSummary(answer))}`,
    ...broken.flatMap((text) => paragraphLines(`✕ ${escapeControl(text)}`, 2, options)),
    ...stateLines(answer, options),
  ];
  yield `${lines.join('\n')}\n`;
}

const TOLD: Readonly<Record<FileOutcome, string>> = {
  written: 'written',
  merged: 'merged with your changes',
  kept: 'kept as they are',
  removed: 'removed, as nothing makes them any more',
  conflict: 'left alone: you and the blueprint changed the same lines',
};

/** Counts, and each file that a person has to look at. */
function fileLines({ files = [] }: BlueprintAnswer, { paint }: TextOptions): readonly string[] {
  const groups = Map.groupBy(files, ({ outcome }) => outcome);
  return [...groups].flatMap(([outcome, own]) => [
    `${count(own.length, 'file')} ${TOLD[outcome]}`,
    ...(outcome === 'conflict' ? own.map(({ file }) => `  ${paint.bad('✕')} ${escapeControl(file)}.merge`) : []),
  ]);
}

const OPEN: readonly ControlState[] = ['MANUAL', 'UNKNOWN'];

/** What no tool can decide: for the runbook, and for whoever signs. */
function stateLines({ controls }: BlueprintAnswer, options: TextOptions): readonly string[] {
  const open = controls.filter(({ state }) => OPEN.includes(state));
  if (open.length === 0) return [];
  const rows = open.map(({ id, state, title }): Cell[] => [{ text: state, tone: 'unsure' }, id, title]);
  return [
    '',
    options.paint.strong('for people, or for the running cluster, to answer'),
    ...tableLines(rows, { indent: 2 }, options),
  ];
}
