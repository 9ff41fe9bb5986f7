import { escapeControl } from '#base/escape.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import type { Disagreement, EgressAnswer, RequiredEndpoint } from '#model/egress.ts';
import {
  DISAGREEMENT_WORDS,
  egressSummary,
  evidenceText,
  FACT_VERDICTS,
  listText,
  needText,
  portText,
  proofText,
  writtenSummary,
} from '../egress-words.ts';
import type { Tone } from '../paint.ts';
import { count, MARKS, originText, reasonTexts, trafficText, VERDICT_TONES } from '../words.ts';
import { dim, footerLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines } from './layout.ts';

/** Section by section; with rules to write only these, and the rest is in `egressNotes`. */
export function* egressText(answer: EgressAnswer, options: TextOptions): Generator<string> {
  if (answer.written !== undefined) {
    yield answer.written.text === '' ? '# nothing to write\n' : linesOf(answer.written.text);
    return;
  }
  yield `${paragraphLines({ text: egressSummary(answer), tone: 'strong' }, 0, options).join('\n')}\n`;
  yield* requiredText(answer, options);
  yield* factsText('rules that are wider than needed', answer.wide, options);
  yield* disagreementsText(answer, options);
  yield* unneededText(answer, options);
  yield* factsText('past the rules', answer.bypasses, options);
  yield* factsText('what the cluster itself needs', answer.flows, options);
  yield* factsText('address plan', answer.addressPlan, options);
  yield* factsText('retirements', answer.retirements, options);
  yield `${footerLines(answer, options).join('\n')}\n`;
}

/** Beside the rules that were written: how they were proven, and what no rule was written for. */
export function egressNotes({ written, flows }: EgressAnswer, options: TextOptions): string[] {
  if (written === undefined) return [];
  const broken = flows.filter(({ state }) => state === 'FAIL').length;
  return [
    options.paint.strong(writtenSummary(written)),
    ...paragraphLines(proofText(written), 2, options),
    ...written.left.flatMap(({ from, to, traffic, why }) => [
      ...tableLines(
        [[{ text: '✕', tone: 'bad' }, `${listText(from)} → ${listText(to)}  ${trafficText(traffic)}`]],
        { indent: 0 },
        options,
      ),
      ...paragraphLines(escapeControl(why), 4, options),
    ]),
    ...(broken > 0
      ? paragraphLines(
          `${count(broken, 'connection')} that the cluster itself needs may be broken: ask without --write`,
          0,
          options,
        )
      : []),
  ];
}

const DISAGREEMENT_TONES: Readonly<Record<Disagreement['state'], Tone>> = {
  'policy-allows': 'bad',
  'azure-allows': 'unsure',
  unknown: 'unsure',
};

function* requiredText({ required }: EgressAnswer, options: TextOptions): Generator<string> {
  if (required.length === 0) return;
  yield `\n${options.paint.strong('required endpoints')}\n`;
  const rows = required.map((each): Cell[] => [
    { text: MARKS[each.verdict], tone: VERDICT_TONES[each.verdict] },
    escapeControl(each.destination),
    portText(each),
    dim(needText(each)),
    dim(requiredDetail(each)),
  ]);
  yield `${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}

/** What is wrong where something is, else what it is for. */
function requiredDetail({ verdict, by, reasons, use, from }: RequiredEndpoint): string {
  if (verdict === 'allowed') return escapeControl(use);
  const why = verdict === 'unknown' ? reasonTexts(reasons) : by.map(evidenceText);
  return [...why, ...(from.length > 0 ? [`from ${listText(from)}`] : [])].join('; ');
}

function* factsText(title: string, facts: readonly AzureFact[], options: TextOptions): Generator<string> {
  if (facts.length === 0) return;
  yield `\n${options.paint.strong(title)}\n`;
  for (const { state, severity, message, evidence } of facts) {
    const mark: Cell = { text: MARKS[FACT_VERDICTS[state]], tone: VERDICT_TONES[FACT_VERDICTS[state]] };
    yield `${tableLines([[mark, state === 'PASS' ? dim('ok') : severity, escapeControl(message)]], { indent: 2 }, options).join('\n')}\n`;
    if (state === 'PASS' && options.verbose !== true) continue;
    for (const each of evidence)
      yield `${tableLines([[dim(evidenceText(each))]], { indent: 6 }, options).join('\n')}\n`;
  }
}

function* disagreementsText({ disagreements, unlimited }: EgressAnswer, options: TextOptions): Generator<string> {
  if (disagreements.length + unlimited.length === 0) return;
  yield `\n${options.paint.strong('where policy and Azure differ')}\n`;
  for (const { state, from, to, traffic, layers, reasons, by } of disagreements) {
    const words =
      layers.length === 0 ? DISAGREEMENT_WORDS[state] : `${DISAGREEMENT_WORDS[state]} (${listText(layers)})`;
    yield `${tableLines([[{ text: words, tone: DISAGREEMENT_TONES[state] }]], { indent: 2 }, options).join('\n')}\n`;
    yield `${paragraphLines(`${listText(from)} → ${listText(to)}  ${trafficText(traffic)}`, 4, options).join('\n')}\n`;
    for (const line of [...reasonTexts(reasons), ...by.map(evidenceText)])
      yield `${tableLines([[dim(line)]], { indent: 6 }, options).join('\n')}\n`;
  }
  if (unlimited.length > 0)
    yield `${paragraphLines(dim(`no policy limits what these send: ${listText(unlimited)}`), 2, options).join('\n')}\n`;
}

function* unneededText({ unneeded }: EgressAnswer, options: TextOptions): Generator<string> {
  if (unneeded.length === 0) return;
  yield `\n${options.paint.strong('rules that nobody needs')}\n`;
  const rows = unneeded.map(({ kind, name, rule, evidence }): Cell[] => [
    escapeControl(`${kind} ${name}`),
    escapeControl(rule),
    { text: originText(evidence.origin), tone: 'accent' },
  ]);
  yield `${tableLines(rows, { indent: 2 }, options).join('\n')}\n`;
}

/** What goes to a file or a shell is as it was written, but for characters that a terminal acts on. */
function linesOf(text: string): string {
  return `${text.trimEnd().split('\n').map(escapeControl).join('\n')}\n`;
}
