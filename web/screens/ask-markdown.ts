import type { PathAnswer } from '#model/answers.ts';
import { askedText, layerText, objectText, originText } from '#report/words.ts';

/** For a ticket: the verdict, each hop, and what decided there. */
export function markdownOf(answer: PathAnswer): string {
  const head = `**${answer.verdict}**: \`${answer.from}\` → \`${answer.to}\` ${askedText(answer)}`;
  const hops = answer.hops.map((hop, at) => {
    const rule = hop.rules.find(({ decides }) => decides);
    const by = rule === undefined ? hop.why : `${objectText(rule)} \`${rule.rule}\` (${originText(rule.origin)})`;
    return `${at + 1}. ${layerText(hop.layer, hop.at)}: **${hop.verdict}**${by === '' ? '' : `, ${by}`}`;
  });
  return [head, '', ...hops, ''].join('\n');
}
