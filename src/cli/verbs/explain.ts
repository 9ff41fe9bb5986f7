import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import type { ExplainAnswer, Explanation } from '#model/answers.ts';
import { CODES, type CodeEntry } from '#model/codes.ts';
import { REASONS } from '#model/reason.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { ExplainFlags } from '../commands/others.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { didYouMean, Refusal } from '../refusal.ts';

export async function runExplain(
  context: CliContext,
  flags: ExplainFlags,
  names: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/explain/v1', flags);
  if (names.length === 0 && flags.all !== true) {
    throw new Refusal('`explain` needs a CODE, as RF2008 or own-node', '`explain --all` lists every code');
  }
  const codes = flags.all === true ? [...EXPLANATIONS.values()] : names.map(explanationOf);
  const answer: ExplainAnswer = { schema: 'ringfence.dev/explain/v1', codes };
  await printAnswer({ context, flags }, answer);
  return EXIT.ok;
}

const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  ...Object.entries<CodeEntry>(CODES).map(([code, entry]): [string, Explanation] => [
    code,
    { code, kind: 'diagnostic', ...entry },
  ]),
  ...Object.entries<string>(REASONS).map(([code, title]): [string, Explanation] => [
    code,
    { code, kind: 'reason', title },
  ]),
]);

function explanationOf(name: string): Explanation {
  const found = EXPLANATIONS.get(name) ?? EXPLANATIONS.get(name.toUpperCase()) ?? EXPLANATIONS.get(name.toLowerCase());
  if (found !== undefined) return found;
  const near = didYouMean(nearest(name, EXPLANATIONS.keys()));
  throw new Refusal(
    `\`${escapeControl(name)}\` is not a code`,
    near === '' ? '`explain --all` lists every code' : near,
  );
}
