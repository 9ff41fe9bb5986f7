import { escapeControl } from '#base/escape.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { Disagreement, EgressAnswer, RequiredEndpoint, WrittenRules } from '#model/egress.ts';
import type { PathVerdict } from '#model/verdict.ts';
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

/** `2 rules for fw-hub, 1 connection left` */
export function writtenSummary({ rules, left, firewall }: WrittenRules): string {
  const name = firewall.split('/').at(-1) ?? '';
  const what = name === '' ? count(rules, 'rule') : `${count(rules, 'rule')} for ${escapeControl(name)}`;
  return left.length === 0 ? what : `${what}, ${count(left.length, 'connection')} left`;
}

/** What the engine says with the rules. */
export function proofText({ proof: { complete, minimal, compared } }: WrittenRules): string {
  const all = complete ? 'all that policy allows is allowed' : 'not all that policy allows is allowed';
  const more = minimal ? 'and nothing else is opened' : 'and more is opened than policy allows';
  return `with these rules ${all}, ${more}: ${count(compared, 'pair')} of workloads and destinations compared`;
}

/** `9 of 10 required endpoints are reachable; 2 disagreements; 1 rule that nobody needs` */
export function egressSummary(answer: EgressAnswer): string {
  if (answer.cluster === undefined) return 'no cluster of Azure in the input, or several: layers are not compared';
  const needed = answer.required.filter(({ need }) => need !== 'optional');
  const reachable = needed.filter(({ verdict }) => verdict === 'allowed').length;
  const parts = [`${reachable} of ${count(needed.length, 'required endpoint')} reachable`];
  const differ = answer.disagreements.filter(({ state }) => state !== 'unknown').length;
  parts.push(differ === 0 ? 'no disagreement of the layers' : count(differ, 'disagreement'));
  const open = answer.disagreements.length - differ;
  if (open > 0) parts.push(`${open} unknown`);
  if (answer.unneeded.length > 0) parts.push(`${count(answer.unneeded.length, 'rule')} that nobody needs`);
  return parts.join('; ');
}

export const DISAGREEMENT_WORDS: Readonly<Record<Disagreement['state'], string>> = {
  'policy-allows': 'policy allows, Azure denies',
  'azure-allows': 'Azure allows, policy allows nobody',
  unknown: 'policy allows, Azure unknown',
};
const DISAGREEMENT_TONES: Readonly<Record<Disagreement['state'], Tone>> = {
  'policy-allows': 'bad',
  'azure-allows': 'unsure',
  unknown: 'unsure',
};

/** State of a fact as a verdict, for its mark. */
export const FACT_VERDICTS: Readonly<Record<AzureFact['state'], PathVerdict>> = {
  PASS: 'allowed',
  FAIL: 'denied',
  UNKNOWN: 'unknown',
};

/** `TCP 443` */
export function portText({ protocol, port }: Pick<RequiredEndpoint, 'protocol' | 'port'>): string {
  return escapeControl(`${protocol} ${port}`);
}

/** `cluster (optional)` */
export function needText({ feature, need }: RequiredEndpoint): string {
  return need === 'required' ? feature : `${feature} (${need})`;
}

/** `rc-names/partners allow, firewall.tf:44`: rules by name, resources by the last part of their id. */
export function evidenceText({ resource, field, value, origin }: AzureEvidence): string {
  const name = resource.startsWith('/') ? (resource.split('/').at(-1) ?? resource) : resource;
  const what = [name, field, value]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => escapeControl(part ?? ''));
  return [what.join(' '), originText(origin)].filter((part) => part !== '').join(', ');
}

export function listText(names: readonly string[]): string {
  return names.map(escapeControl).join(', ');
}

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
