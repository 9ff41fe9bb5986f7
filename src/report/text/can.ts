import { escapeControl } from '#base/escape.ts';
import type { HopEntry, NearMiss, PathAnswer, PathBranch, RuleEntry, SmallestChange } from '#model/answers.ts';
import {
  askedText,
  count,
  layerText,
  MARKS,
  objectText,
  originText,
  reasonTexts,
  requestTexts,
  trafficText,
  VERDICT_TONES,
} from '../words.ts';
import { dim, footerLines } from './footer.ts';
import { type Cell, paragraphLines, type TextOptions, tableLines, verbatimLines } from './layout.ts';

/** May FROM reach TO: the verdict first, then hop by hop the rules that decide, then what would change it. */
export function* canText(answer: PathAnswer, options: TextOptions): Generator<string> {
  const lines = [headline(answer, options), ...askedLines(answer, options)];
  if (answer.branches.length > 1) {
    for (const branch of answer.branches) lines.push(...branchLines(branch, options));
  } else {
    for (const branch of answer.branches) lines.push(...protectionLines(branch, options));
    lines.push(...hopsLines(answer.hops, options), ...missLines(answer.nearMisses, options));
  }
  lines.push(...changeLines(answer.changes, options), ...footerLines(answer, options));
  yield `${lines.join('\n')}\n`;
}

/** `DENIED  shop/web → shop/db  TCP 5432` */
function headline(answer: PathAnswer, { paint }: TextOptions): string {
  const tone = VERDICT_TONES[answer.verdict];
  const verdict = paint.strong(paint[tone](`${MARKS[answer.verdict]} ${answer.verdict.toUpperCase()}`));
  const asked = answer.allowed === undefined ? askedText(answer) : 'any port';
  const ends = `${escapeControl(answer.from)} → ${escapeControl(answer.to)}`;
  const request = answer.request === undefined ? '' : `  ${paint.accent(escapeControl(answer.request))}`;
  return `${verdict}  ${paint.strong(ends)}  ${paint.accent(asked)}${request}`;
}

function askedLines(answer: PathAnswer, options: TextOptions): string[] {
  const out: string[] = [];
  if (answer.allowed !== undefined) {
    out.push(...paragraphLines(`allowed: ${trafficText(answer.allowed) || 'nothing'}`, 2, options));
  }
  for (const text of requestTexts(answer)) out.push(...paragraphLines({ text, tone: 'unsure' }, 2, options));
  for (const text of reasonTexts(answer.reasons)) out.push(...paragraphLines({ text, tone: 'unsure' }, 2, options));
  return out;
}

/** `mtls-required: …`, with what would close the hole. */
function protectionLines({ encryption }: PathBranch, options: TextOptions): string[] {
  if (encryption === undefined) return [];
  const { encryption: state, why, close } = encryption;
  const tone = state === 'unknown' || state === 'plaintext' ? 'unsure' : 'good';
  const lines = paragraphLines({ text: `${state}: ${escapeControl(why)}`, tone }, 2, options);
  return close === undefined ? lines : [...lines, ...paragraphLines(dim(escapeControl(close)), 4, options)];
}

function branchLines(branch: PathBranch, options: TextOptions): string[] {
  const family = branch.family === 'any' ? '' : `  ${branch.family}`;
  const mark = options.paint[VERDICT_TONES[branch.verdict]](`${MARKS[branch.verdict]} ${branch.verdict}`);
  const ends = `${escapeControl(branch.from)} → ${escapeControl(branch.to)}`;
  return [
    '',
    `${mark}  ${options.paint.strong(ends)}  ${askedText(branch)}${family}`,
    ...protectionLines(branch, options),
    ...hopsLines(branch.hops, options).slice(1),
    ...missLines(branch.nearMisses, options),
  ];
}

function hopsLines(hops: readonly HopEntry[], options: TextOptions): string[] {
  const width = Math.max(0, ...hops.map((hop) => layerText(hop.layer, hop.at).length));
  const out: string[] = [''];
  for (const [index, hop] of hops.entries()) {
    const { paint } = options;
    const verdict = paint[VERDICT_TONES[hop.verdict]](`${MARKS[hop.verdict]} ${hop.verdict}`);
    out.push(`  ${paint.dim(`${index + 1}`)}  ${paint.strong(layerText(hop.layer, hop.at).padEnd(width))}  ${verdict}`);
    out.push(...hopLines(hop, options));
  }
  return out;
}

/** Up to so many rules that do not match are told without being asked for. */
const TOLD_UNASKED = 12;

/** The hop's own reason, then its rules; where a rule decides, it is the reason. */
function hopLines(hop: HopEntry, options: TextOptions): string[] {
  const matching = hop.rules.filter((rule) => rule.matches !== 'no');
  const others = hop.rules.filter((rule) => rule.matches === 'no');
  const out: string[] = [];
  if (!matching.some((rule) => rule.decides && rule.matches === 'yes')) {
    out.push(...paragraphLines(escapeControl(hop.why), HANG, options));
  }
  for (const text of requestTexts(hop)) out.push(...paragraphLines(dim(text), HANG, options));
  for (const text of reasonTexts(hop.reasons)) out.push(...paragraphLines({ text, tone: 'unsure' }, HANG, options));
  for (const rule of matching) out.push(...ruleLines(rule, options));
  if (options.verbose === true || others.length <= TOLD_UNASKED) return [...out, ...otherLines(others, options)];
  const more = `${count(others.length, 'rule does', 'rules do')} not match (--verbose shows them)`;
  return [...out, ...paragraphLines(dim(more), HANG, options)];
}

/** Rules that select and do not match, a line each. */
function otherLines(rules: readonly RuleEntry[], options: TextOptions): string[] {
  const { paint } = options;
  const rows = rules.map((rule): Cell[] => {
    const why = paint.dim(escapeControl(rule.why));
    return [
      dim('·'),
      dim(`${objectText(rule)} ${escapeControl(rule.rule)}`.trimEnd()),
      `${paint.accent(originText(rule.origin))}  ${why}`,
    ];
  });
  return tableLines(rows, { indent: HANG }, options);
}

const HANG = 5;

function ruleLines(rule: RuleEntry, options: TextOptions): string[] {
  const name = `${objectText(rule)} ${escapeControl(rule.rule)}`.trimEnd();
  const cells: Cell[] = [
    { text: rule.decides ? '▸' : '·', tone: rule.decides ? 'strong' : 'dim' },
    { text: escapeControl(rule.action), tone: rule.decides ? actionTone(rule.action) : 'dim' },
    rule.decides ? name : dim(name),
    { text: originText(rule.origin), tone: 'accent' },
  ];
  const note = rule.decides ? '' : `${MATCH_WORDS[rule.matches]}: `;
  return [
    ...tableLines([cells], { indent: HANG }, options),
    ...paragraphLines(dim(note + escapeControl(rule.why)), HANG + 2, options),
  ];
}

const MATCH_WORDS: Readonly<Record<RuleEntry['matches'], string>> = {
  yes: 'matches, and does not decide',
  no: 'does not match',
  perhaps: 'matches perhaps',
};

function actionTone(action: string): 'good' | 'bad' | 'strong' {
  if (action === 'allow') return 'good';
  return action === 'deny' ? 'bad' : 'strong';
}

function missLines(misses: readonly NearMiss[], options: TextOptions): string[] {
  if (misses.length === 0) return [];
  const out = ['', `  ${options.paint.strong(misses.length === 1 ? 'near miss' : 'near misses')}`];
  for (const miss of misses) {
    const cells: Cell[] = ['·', escapeControl(miss.rule), { text: originText(miss.origin), tone: 'accent' }];
    out.push(...tableLines([cells], { indent: HANG }, options));
    out.push(...paragraphLines(dim(escapeControl(miss.why)), HANG + 3, options));
  }
  return out;
}

function changeLines(changes: readonly SmallestChange[], options: TextOptions): string[] {
  if (changes.length === 0) return [];
  const told = options.verbose === true ? changes : changes.slice(0, 1);
  const out = ['', `  ${options.paint.strong(told.length === 1 ? 'smallest change' : 'smallest changes')}`];
  for (const change of told) {
    const where = originText(change.origin);
    const cells: Cell[] = [
      { text: '+', tone: 'good' },
      `${escapeControl(change.summary)}  ${options.paint.accent(where)}`,
    ];
    out.push(...tableLines([cells], { indent: HANG }, options));
    const patch = change.patch.replace(/\n$/, '').split('\n').map(escapeControl);
    if (change.patch !== '') out.push(...verbatimLines(patch, HANG + 3, options));
    out.push(...paragraphLines(dim(sideEffectText(change)), HANG + 3, options));
  }
  const more = changes.length - told.length;
  if (more > 0) out.push(...paragraphLines(dim(`${count(more, 'other change')} would do (--verbose)`), HANG, options));
  return out;
}

/** `opens no other pair`, `also opens 3 pairs and closes 1 pair` */
export function sideEffectText(change: SmallestChange): string {
  const parts: string[] = [];
  if (change.alsoOpens > 0) parts.push(`opens ${count(change.alsoOpens, 'pair')}`);
  if (change.alsoCloses > 0) parts.push(`closes ${count(change.alsoCloses, 'pair')}`);
  return parts.length === 0 ? 'changes no other pair' : `also ${parts.join(' and ')}`;
}
