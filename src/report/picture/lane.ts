import type { HopEntry, NearMiss, PathAnswer, PathBranch, RuleEntry } from '#model/answers.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { askedText, layerText, MARKS, objectText, originText, reasonTexts, requestTexts } from '../words.ts';
import { breakText, CLOSE_SVG, openSvg, px, rectAt, textAt } from './svg.ts';

const WIDTH = 860;
const LEFT = 64;
const RAIL = 36;
const LINE = 17;
/** Characters of prose, and of fixed-width text, that fit in a box. */
const PROSE = 112;
const FIXED = 98;

/** The path as a lane: from the source down to the destination, one station for each hop. */
export function* laneSvg(answer: PathAnswer): Generator<string> {
  const lanes = answer.branches.length > 0 ? answer.branches : [{ ...answer, family: 'any' as const }];
  const drawn: string[] = [];
  let y = 96;
  for (const lane of lanes) {
    const { text, bottom } = laneText(lane, y);
    drawn.push(text);
    y = bottom + 36;
  }
  const advice = adviceText(answer, y - 4);
  drawn.push(advice.text);
  y = advice.bottom;
  const title = `Can ${answer.from} reach ${answer.to}?`;
  yield openSvg({
    title,
    desc: `${askedText(answer)}: ${answer.verdict}. ${describe(lanes)}`,
    width: WIDTH,
    height: y - 12,
  });
  yield `${textAt(shorten(title, 84), { x: 20, y: 34, class: 't' })}\n`;
  const asked = answer.allowed === undefined ? askedText(answer) : 'any port';
  yield `${textAt(`${MARKS[answer.verdict]} ${answer.verdict}`, { x: 20, y: 60, class: `g f-${answer.verdict}` })}`;
  yield `${textAt(asked, { x: 110, y: 60, class: 'm' })}\n`;
  yield* drawn;
  yield CLOSE_SVG;
}

type Lane = Pick<PathBranch, 'from' | 'to' | 'hops' | 'family' | 'protocol' | 'port'> & {
  readonly verdict: PathVerdict;
};

function describe(lanes: readonly Lane[]): string {
  const hops = lanes.flatMap((lane) => lane.hops);
  return hops.map((hop, i) => `${i + 1}: ${layerText(hop.layer, hop.at)} ${hop.verdict}, ${hop.why}`).join('. ');
}

function laneText(lane: Lane, top: number): { text: string; bottom: number } {
  const out: string[] = [];
  const family = lane.family === 'any' ? '' : `  ${lane.family}`;
  out.push(endText(`${lane.from}${family}`, top));
  let y = top + 40;
  let stopped = false;
  for (const hop of lane.hops) {
    const box = hopBox(hop, y);
    out.push(railText({ from: y - 26, to: y + 22, stopped }), box.text, markText(hop.verdict, y + 22));
    stopped ||= hop.verdict === 'denied';
    out.push(railText({ from: y + 34, to: box.bottom + 14, stopped }));
    y = box.bottom + 14;
  }
  out.push(endText(lane.to, y + 14));
  return { text: `${out.join('\n')}\n`, bottom: y + 26 };
}

/** What came close, and what would change the verdict, under the lanes. */
function adviceText(answer: PathAnswer, top: number): { text: string; bottom: number } {
  const misses = [...answer.nearMisses, ...answer.branches.flatMap((branch) => branch.nearMisses)];
  const lines: BoxLine[] = [];
  const near = new Set(misses.map(missText));
  for (const miss of near) lines.push(...proseLines(miss, 'q'));
  for (const { summary, origin } of answer.changes) {
    lines.push(...proseLines(`smallest change: ${summary} ${originText(origin)}`.trimEnd(), 'p'));
  }
  const drawn = lines.map((line, index) => textAt(line.text, { x: LEFT, y: top + index * LINE, class: line.class }));
  return { text: `${drawn.join('\n')}\n`, bottom: top + lines.length * LINE + 8 };
}

function missText(miss: NearMiss): string {
  const where = originText(miss.origin);
  return `near miss: ${miss.rule}${where === '' ? '' : ` ${where}`}: ${miss.why}`;
}

function endText(name: string, y: number): string {
  return `<circle cx="${RAIL}" cy="${px(y)}" r="7" class="island"/>${textAt(shorten(name, FIXED), { x: LEFT, y: y + 5, class: 'n' })}`;
}

/** After a denial the way is only dashed: nothing passes there, but the hops beyond still say what they would. */
function railText(rail: { readonly from: number; readonly to: number; readonly stopped: boolean }): string {
  const look = rail.stopped ? 's-denied dash' : 'rule';
  return `<path d="M${RAIL} ${px(rail.from + 6)}V${px(rail.to - 6)}" class="e ${look}"/>`;
}

function markText(verdict: PathVerdict, y: number): string {
  return (
    `<circle cx="${RAIL}" cy="${px(y)}" r="12" class="ground"/><circle cx="${RAIL}" cy="${px(y)}" r="12" class="e s-${verdict}"/>` +
    `<text x="${RAIL}" y="${px(y + 5)}" text-anchor="middle" class="g f-${verdict}">${MARKS[verdict]}</text>`
  );
}

interface BoxLine {
  readonly text: string;
  readonly class: string;
}

function hopBox(hop: HopEntry, top: number): { text: string; bottom: number } {
  const lines = hopLines(hop);
  const height = 44 + lines.length * LINE;
  const out = [rectAt({ x: LEFT, y: top, width: WIDTH - LEFT - 20, height }, 'box', 10)];
  out.push(textAt(shorten(layerText(hop.layer, hop.at), 80), { x: LEFT + 16, y: top + 26, class: 'g' }));
  out.push(
    `<text x="${WIDTH - 36}" y="${px(top + 26)}" text-anchor="end" class="g f-${hop.verdict}">${hop.verdict}</text>`,
  );
  for (const [index, line] of lines.entries()) {
    out.push(textAt(line.text, { x: LEFT + 16, y: top + 46 + index * LINE, class: line.class }));
  }
  return { text: out.join(''), bottom: top + height };
}

function hopLines(hop: HopEntry): BoxLine[] {
  const deciding = hop.rules.filter((rule) => rule.decides || rule.matches === 'perhaps');
  const lines: BoxLine[] = [];
  if (!deciding.some((rule) => rule.why === hop.why)) lines.push(...proseLines(hop.why, 'p'));
  for (const text of requestTexts(hop)) lines.push(...proseLines(text, 'p'));
  for (const reason of reasonTexts(hop.reasons)) lines.push(...proseLines(reason, 'f-unknown'));
  for (const rule of deciding) lines.push(...ruleLines(rule));
  return lines;
}

function ruleLines(rule: RuleEntry): BoxLine[] {
  const where = originText(rule.origin);
  const text = `${rule.action}  ${objectText(rule)} ${rule.rule}`.trimEnd() + (where === '' ? '' : `  ${where}`);
  const fixed = breakText(text, FIXED).map((line) => ({ text: line, class: 'm' }));
  return [...fixed, ...proseLines(rule.why, 'q')];
}

function proseLines(text: string, kind: string): BoxLine[] {
  return breakText(text, PROSE).map((line) => ({ text: line, class: kind }));
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
