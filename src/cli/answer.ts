import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import type { Answer, AnswerSchema } from '#report/answer.ts';
import { formatsOf } from '#report/formats.ts';
import type { Rendering } from '#report/render.ts';
import { engineText } from '#report/words.ts';
import type { CliContext } from './context.ts';
import type { LookFlags } from './flags.ts';
import { type Attention, sayDiagnostics, sayHidden } from './look.ts';
import type { Progress } from './progress.ts';
import { didYouMean, Refusal } from './refusal.ts';

export interface Asked {
  readonly context: CliContext;
  readonly flags: LookFlags;
  /** See `RenderOptions`. */
  readonly everything?: boolean;
}

/** The format to print in, known to exist: asked before anything is read, so that a slip costs no time. */
export function formatOf(schema: AnswerSchema, flags: Pick<LookFlags, 'output'>): string {
  const formats = formatsOf(schema);
  const format = flags.output ?? formats[0]!;
  if (formats.includes(format) || format === 'md') return format;
  const near = didYouMean(nearest(format, formats));
  throw new Refusal(
    `no output format \`${escapeControl(format)}\` here`,
    `${near === '' ? '' : `${near} `}the formats are ${formats.join(', ')}`,
  );
}

/** Prints the diagnostics on standard error and then the answer on standard output. */
export async function printAnswer(
  { context, flags, everything = false }: Asked,
  answer: Answer,
  attention: Attention = 'everything',
): Promise<void> {
  const { render } = await import('#report/render.ts');
  const { out, err, environment } = context.surroundings;
  context.progress.end();
  if ('diagnostics' in answer) sayDiagnostics({ context, flags }, answer.diagnostics, attention);
  const format = flags.output ?? 'text';
  if (!SAYS_ENGINE.has(format) && flags.quiet !== true) for (const line of engineLines(answer)) err.say(`${line}\n`);
  const paint = out.paint(flags.color ?? 'auto', environment);
  const pieces = render(answer, format, { paint, width: out.width, verbose: flags.verbose === true, everything });
  await out.write(out.isFile ? counted(pieces, context.progress) : pieces);
  context.progress.end();
  if ('diagnostics' in answer) sayHidden({ context, flags }, answer.diagnostics, attention);
}

/** Only where the answer goes into a file: through a pipe it may well end on the same terminal. */
async function* counted(pieces: Rendering, progress: Progress): AsyncGenerator<string> {
  let count = 0;
  for await (const piece of pieces) {
    count++;
    progress.show(`writing: ${count} rows`);
    yield piece;
  }
}

/** Formats in which the answer itself says which engine profile it is about. */
const SAYS_ENGINE: ReadonlySet<string> = new Set(['text', 'json', 'markdown', 'md', 'html']);

function engineLines(answer: Answer): string[] {
  if (!('engine' in answer)) return [];
  const { engine } = answer;
  if ('profile' in engine) return [`engine: ${engineText(engine)}`];
  if ('from' in engine) return [`engine from: ${engineText(engine.from)}`, `engine to: ${engineText(engine.to)}`];
  return [`engine of base: ${engineText(engine.base)}`, `engine of head: ${engineText(engine.head)}`];
}
