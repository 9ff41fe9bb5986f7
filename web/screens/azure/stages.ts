import type { HopEntry, RuleEntry } from '#model/answers.ts';
import type { Verdict } from '#model/verdict.ts';
import { MARKS, objectText, originText } from '#report/words.ts';
import type { AzurePathAnswer } from '../../api/workload-answers.ts';
import { csvLines } from '../../parts/csv.ts';

/** One list of rules on the way of a connection. Security groups and admin rules are lists of their own. */
export interface Stage {
  readonly title: string;
  /** Whose rules they are: `nsg-apps`. */
  readonly of: string;
  /** Undefined: it is one of several lists, and no rule of it was asked any more, or none fits. */
  readonly verdict: Verdict | undefined;
  readonly hop: HopEntry;
  readonly rules: readonly RuleEntry[];
}

const TITLES: Readonly<Record<string, string>> = {
  translation: 'Address',
  entrance: 'Entrance',
  waf: 'Web application firewall',
  'network-security-egress': 'Security groups',
  'network-security-ingress': 'Security groups',
  'route-egress': 'Routes',
  'firewall-egress': 'Firewall',
  'firewall-ingress': 'Firewall',
  'service-ingress': 'Front door',
};

/** In the order in which the connection meets them. */
export function stagesOf(layers: readonly HopEntry[]): readonly Stage[] {
  return layers.flatMap((hop) => {
    const lists = [...Map.groupBy(hop.rules, ({ stage = '' }) => stage)];
    if (lists.length < 2) return [stageOf(hop, hop.rules, hop.verdict)];
    return lists.map(([, rules]) => stageOf(hop, rules, verdictIn(rules)));
  });
}

function stageOf(hop: HopEntry, rules: readonly RuleEntry[], verdict: Stage['verdict']): Stage {
  const stage = rules[0]?.stage;
  const title = stage === undefined ? (TITLES[hop.layer] ?? hop.layer) : sentenceCase(stage);
  return { title, of: [...new Set(rules.map(({ name }) => name))].join(', '), verdict, hop, rules };
}

/** What one of several lists says by itself; the layer says what comes of all. */
function verdictIn(rules: readonly RuleEntry[]): Stage['verdict'] {
  const deciding = rules.filter(({ decides }) => decides);
  if (deciding.length === 0) return undefined;
  const denying = deciding.filter(({ action }) => action === 'deny');
  if (denying.length === 0) return 'allowed';
  return denying.length === deciding.length && denying.some(({ matches }) => matches === 'yes') ? 'denied' : 'unknown';
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function verdictWord({ verdict }: Stage): string {
  return verdict ?? 'does not decide';
}

export function verdictMark({ verdict }: Stage): string {
  return verdict === undefined ? '·' : MARKS[verdict];
}

/** `rc-names/partners`, or what the object does as a whole. */
export function ruleText({ rule }: RuleEntry): string {
  return rule === '' ? 'as a whole' : rule;
}

export function csvOf(stages: readonly Stage[]): string {
  const head = ['layer', 'verdict', 'rules of', 'rule', 'action', 'matches', 'decides', 'why', 'source'];
  const rows = stages.flatMap((stage) => {
    const { title, hop, rules } = stage;
    const verdict = verdictWord(stage);
    return rules.length === 0
      ? [[title, verdict, '', '', '', '', '', hop.why, '']]
      : rules.map((rule) => [
          title,
          verdict,
          objectText(rule),
          rule.rule,
          rule.action,
          rule.matches,
          rule.decides ? 'yes' : 'no',
          rule.why,
          originText(rule.origin),
        ]);
  });
  return csvLines([head, ...rows]);
}

/** For a ticket: a line for each list of rules, with what decides in it. */
export function markdownOf({ from, to, verdict }: AzurePathAnswer, stages: readonly Stage[]): string {
  const lines = stages.map((stage, at) => {
    const by = stage.rules
      .filter(({ decides }) => decides)
      .map((rule) => `${objectText(rule)} \`${ruleText(rule)}\` (${originText(rule.origin)})`);
    const why = by.length === 0 ? stage.hop.why : by.join('; ');
    return `${at + 1}. ${verdictMark(stage)} ${stage.title}: **${verdictWord(stage)}**${why === '' ? '' : `, ${why}`}`;
  });
  return [`**${verdict}**: \`${from}\` → \`${to}\`, through Azure`, '', ...lines, ''].join('\n');
}
