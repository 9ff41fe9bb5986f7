import type { Answer } from './answer.ts';
import { formatsOf } from './formats.ts';
import { type RenderOptions, render } from './render.ts';
import { hostile, SAMPLES } from './samples.test-support.ts';

/** Every sample in every format it has: name, format, answer. */
export const EVERY: readonly (readonly [name: string, format: string, answer: Answer])[] = pairsOf(SAMPLES);

/** The same with hostile names; the big one, where many names would only take time, left out. */
export const HOSTILE_EVERY: typeof EVERY = pairsOf(SAMPLES)
  .filter(([name]) => name !== 'BIG')
  .map(([name, format, answer]) => [name, format, hostile(answer)]);

/** A report as one text. */
export async function textOf(answer: Answer, format: string, options?: RenderOptions): Promise<string> {
  let text = '';
  for await (const piece of render(answer, format, options)) text += piece;
  return text;
}

function pairsOf(samples: Readonly<Record<string, Answer>>): [string, string, Answer][] {
  return Object.entries(samples).flatMap(([name, answer]) =>
    formatsOf(answer.schema).map((format): [string, string, Answer] => [name, format, answer]),
  );
}
