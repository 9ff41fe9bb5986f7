import { describe, expect, test } from 'vitest';
import { refusalsOf } from '../../choices/refusals.ts';
import { choicesOf, rowsOfPairs } from '../../combinations.test-support.ts';
import { designOf } from '../../plan/design.ts';
import { blueprintEstate } from '../estate.ts';
import type { Draft } from '../value.ts';
import { publishedTypes, strayIn } from './types.test-support.ts';

const PAIRS = rowsOfPairs().map(choicesOf);
/** Pairs have no agents that talk over Private Link: what these change is drafted of each cluster of one's own. */
const BY_LINK = PAIRS.map((choices) => ({ ...choices, privateAgents: true })).filter(
  (choices) => choices.platform === 'arc' && refusalsOf(choices).length === 0,
);
const DRAFTS = [...PAIRS, ...BY_LINK].flatMap((choices) => blueprintEstate(designOf(choices)).drafts);
const BY_TYPE = Map.groupBy(DRAFTS, ({ type, apiVersion }: Draft) => `${type}@${apiVersion}`);
const TYPES = publishedTypes();

describe('what is drafted, in every pair of choices, is as the types are published', () => {
  test.each([...BY_TYPE].filter(([type]) => TYPES.has(type)))('%s', (type, drafts) => {
    const stray = drafts.flatMap(({ body }) => strayIn(body, TYPES.get(type)!, ''));
    expect([...new Set(stray)]).toEqual([]);
  });

  test('every type that is drafted is noted', () => {
    expect([...BY_TYPE.keys()].filter((type) => !TYPES.has(type))).toEqual([]);
  });

  test('no type is noted that nothing drafts', () => {
    expect([...TYPES.keys()].filter((type) => !BY_TYPE.has(type))).toEqual([]);
  });
});
