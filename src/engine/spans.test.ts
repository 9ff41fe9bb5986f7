import { describe, expect, test } from 'vitest';
import { bitsOf, members } from '#base/bits.ts';
import { exactly, type PointSpan } from './form.ts';
import { doubting, orPerhaps, perhaps, unionOf, within } from './spans.ts';

const bits = (...list: readonly number[]) => bitsOf(8, list);
const unsure: PointSpan = { must: bits(1), may: bits(1, 2), doubts: [{ reason: 'labels-unknown', points: bits(2) }] };

function text({ must, may, doubts }: PointSpan): string {
  const sure = new Set(members(must));
  expect([...sure].every((point) => new Set(members(may)).has(point))).toBe(true);
  return `${[...members(may)].map((point) => (sure.has(point) ? `${point}` : `${point}?`)).join(' ')} ${doubts.map(({ reason }) => reason).join(' ')}`.trim();
}

describe('spans', () => {
  test.each<[why: string, span: PointSpan, want: string]>([
    ['within, exact', within(exactly(bits(1, 2)), bits(2, 3)), '2'],
    ['within, in doubt', within(unsure, bits(2, 3)), '2? labels-unknown'],
    ['the union of one', unionOf([unsure]), '1 2? labels-unknown'],
    ['the union of exact ones', unionOf([exactly(bits(1)), exactly(bits(3))]), '1 3'],
    ['a union: what is certain of one is certain', unionOf([unsure, exactly(bits(2))]), '1 2 labels-unknown'],
    ['a union: what is in doubt stays so', unionOf([exactly(bits(3)), unsure]), '1 2? 3 labels-unknown'],
    ['doubting some', doubting(exactly(bits(1, 2)), bits(2, 3), 'own-node'), '1 2? own-node'],
    ['doubting what is not in it', doubting(exactly(bits(1)), bits(3), 'own-node'), '1'],
    ['doubting what is in doubt', doubting(unsure, bits(2), 'own-node'), '1 2? labels-unknown own-node'],
    ['perhaps', perhaps(bits(4), 'own-node'), '4? own-node'],
    ['or perhaps others', orPerhaps(exactly(bits(1)), bits(4), 'own-node'), '1 4? own-node'],
    ['or perhaps what is certain', orPerhaps(exactly(bits(1)), bits(1), 'own-node'), '1 own-node'],
    ['or perhaps nobody', orPerhaps(exactly(bits(1)), bits(), 'own-node'), '1'],
  ])('%s', (_why, span, want) => {
    expect(text(span)).toBe(want);
  });

  test('exact spans hold one set twice', () => {
    for (const { must, may } of [
      within(exactly(bits(1)), bits(1)),
      unionOf([exactly(bits(1)), exactly(bits(2))]),
      orPerhaps(exactly(bits(1)), bits(), 'own-node'),
    ]) {
      expect(may).toBe(must);
    }
  });

  test('sets that were given stay as they were', () => {
    const [a, b] = [bits(1), bits(2)];
    unionOf([exactly(a), exactly(b)]);
    doubting(exactly(a), a, 'own-node');
    orPerhaps(exactly(a), b, 'own-node');
    expect([[...members(a)], [...members(b)]]).toEqual([[1], [2]]);
  });

  test('a union of none is a mistake', () => {
    expect(() => unionOf([])).toThrow();
  });
});
