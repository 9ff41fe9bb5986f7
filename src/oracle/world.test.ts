import { describe, expect, test } from 'vitest';
import { outcomesOf } from './world.ts';

const BOTH = [false, true];

describe('outcomesOf', () => {
  test('one world where nothing is asked', () => {
    expect(outcomesOf(() => 7, 9)).toEqual({ values: new Set([7]), complete: true });
  });

  test('every combination of independent facts', () => {
    const { values } = outcomesOf((world) => `${world.choose('a', [1, 2, 3])}${world.choose('b', ['x', 'y'])}`, 99);
    expect([...values]).toEqual(['1x', '1y', '2x', '2y', '3x', '3y']);
  });

  test('a fact asked twice has one answer', () => {
    const { values } = outcomesOf((world) => [1, 2].map(() => world.choose('a', BOTH)).join(), 9);
    expect([...values]).toEqual(['false,false', 'true,true']);
  });

  test('facts that only some worlds ask about', () => {
    const { values } = outcomesOf((world) => (world.choose('a', BOTH) ? world.choose('b', [1, 2]) : 0), 99);
    expect([...values]).toEqual([0, 1, 2]);
  });

  test('stops at enough outcomes, and says when there were too many worlds', () => {
    expect(outcomesOf((world) => world.choose('a', [1, 2, 3]), 2).values.size).toBe(2);
    const facts = [...'abcdefghijklmnop'];
    const { complete } = outcomesOf((world) => facts.every((fact) => world.choose(fact, BOTH) || true), 2);
    expect(complete).toBe(false);
  });
});
