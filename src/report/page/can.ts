import type { HopEntry, NearMiss, PathAnswer, RuleEntry, SmallestChange } from '#model/answers.ts';
import { sideEffectText } from '../text/can.ts';
import { askedText, layerText, objectText, originText, reasonTexts, requestTexts, trafficText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, type Page, place, type Run } from './page.ts';

/** One question with its verdict, the rules hop by hop, near misses and the smallest change. */
export function canPage(answer: PathAnswer): Page {
  const port = answer.allowed === undefined ? askedText(answer) : 'any port';
  const asked = answer.request === undefined ? port : `${port} ${answer.request}`;
  const blocks: Block[] = [];
  if (answer.allowed !== undefined) {
    blocks.push({ kind: 'paragraph', run: ['Allowed: ', code(trafficText(answer.allowed) || 'nothing')] });
  }
  const notes = [...requestTexts(answer), ...reasonTexts(answer.reasons)];
  if (notes.length > 0) blocks.push({ kind: 'list', items: notes.map((text) => [text]) });
  if (answer.branches.length === 0) blocks.push(...hopBlocks(answer.hops), ...missBlocks(answer.nearMisses));
  for (const branch of answer.branches) {
    const family = branch.family === 'any' ? '' : `, ${branch.family}`;
    const ends = `${branch.from} → ${branch.to}, ${askedText(branch)}${family}: ${branch.verdict}`;
    blocks.push({ kind: 'heading', text: ends }, ...hopBlocks(branch.hops), ...missBlocks(branch.nearMisses));
  }
  blocks.push(...changeBlocks(answer.changes), ...notesOf(answer));
  return {
    title: `Can ${answer.from} reach ${answer.to}?`,
    summary: [badge(answer.verdict), ' ', code(answer.from), ' → ', code(answer.to), ' ', code(asked)],
    blocks,
  };
}

function hopBlocks(hops: readonly HopEntry[]): Block[] {
  const rows: (readonly Run[])[] = [];
  for (const [index, hop] of hops.entries()) {
    const reasons = reasonTexts(hop.reasons).join('; ');
    const why = [reasons === '' ? hop.why : `${hop.why} (${reasons})`, ...requestTexts(hop)].join('; ');
    rows.push([[`${index + 1}`], [layerText(hop.layer, hop.at)], [badge(hop.verdict)], [], [why], []]);
    for (const rule of hop.rules) if (rule.matches !== 'no') rows.push(ruleRow(rule));
  }
  return [{ kind: 'table', columns: ['hop', 'where', 'verdict', 'rule', 'why', 'origin'], rows }];
}

function ruleRow(rule: RuleEntry): readonly Run[] {
  const name = code(`${objectText(rule)} ${rule.rule}`.trimEnd());
  const role = rule.decides ? [{ kind: 'strong', text: `${rule.action}, decides` } as const] : [rule.action];
  return [[], [], role, [name], [rule.why], place(originText(rule.origin))];
}

function missBlocks(misses: readonly NearMiss[]): Block[] {
  if (misses.length === 0) return [];
  const rows = misses.map((miss): readonly Run[] => [[code(miss.rule)], [miss.why], place(originText(miss.origin))]);
  return [
    { kind: 'heading', text: 'Near misses' },
    { kind: 'table', columns: ['rule', 'why it does not match', 'origin'], rows },
  ];
}

function changeBlocks(changes: readonly SmallestChange[]): Block[] {
  if (changes.length === 0) return [];
  const out: Block[] = [{ kind: 'heading', text: changes.length === 1 ? 'Smallest change' : 'Smallest changes' }];
  for (const change of changes) {
    const run: Run = [change.summary, ' ', ...place(originText(change.origin)), ` (${sideEffectText(change)})`];
    out.push({ kind: 'paragraph', run });
    if (change.patch !== '') out.push({ kind: 'code', text: change.patch });
  }
  return out;
}
