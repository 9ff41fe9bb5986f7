import { pathOf } from '#analysis/path/path.ts';
import { escapeControl } from '#base/escape.ts';
import type { PathAnswer } from '#model/answers.ts';
import type { Material } from './material.ts';
import { type PathAsked, Refused } from './question.ts';

/** @throws {Refused} where a name means nothing. */
export function pathAnswer({ analysis }: Material, { from, to, port, request, changes }: PathAsked): PathAnswer {
  const result = pathOf(analysis, {
    from,
    to,
    ...(port !== undefined && { port }),
    ...(request !== undefined && { request }),
    ...(changes !== undefined && { changes }),
  });
  if (result.kind === 'problem')
    throw new Refused('asked', escapeControl(result.message), result.near.map(escapeControl));
  return result.answer;
}
