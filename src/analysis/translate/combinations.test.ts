import { describe, expect, test } from 'vitest';
import { NO_ORIGIN } from '#model/origin.ts';
import type { LabelRequirement } from '#model/resource.ts';
import { combinationsOf } from './combinations.ts';

const keys = (entries: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(entries).map(([key, values]) => [key, new Set(values)]));
const need = (key: string, operator: LabelRequirement['operator'], values: readonly string[] = []) => ({
  key,
  operator,
  values,
  origin: NO_ORIGIN,
});
const texts = (list: readonly ReadonlyMap<string, string>[]) =>
  list.map((labels) =>
    [...labels]
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(' '),
  );

describe('combinations of labels', () => {
  test('nothing mentioned is one pod without labels', () => {
    expect(combinationsOf(new Map(), [], 10)).toEqual({ tried: [new Map()], all: 1 });
  });

  test('each key is absent, has each value, or another one', () => {
    const { tried, all } = combinationsOf(keys({ app: ['a', 'b'] }), [], 10);
    expect(all).toBe(4);
    expect(texts(tried).sort()).toEqual(['', 'app=a', 'app=b', 'app=other-value']);
  });

  test('another value is never one that is mentioned', () => {
    const { tried } = combinationsOf(keys({ app: ['other-value'] }), [], 10);
    expect(new Set(texts(tried)).size).toBe(3);
  });

  test('all combinations where there is room', () => {
    const { tried, all } = combinationsOf(keys({ app: ['a'], tier: ['x', 'y'] }), [], 100);
    expect(all).toBe(12);
    expect(new Set(texts(tried)).size).toBe(12);
  });

  test('where there is not, what meets each selector comes first, and what differs from it in one key', () => {
    const many = keys({ app: ['a', 'b', 'c'], tier: ['x', 'y', 'z'], team: ['k', 'l'], zone: ['1', '2', '3'] });
    const selection = [need('app', 'In', ['b']), need('tier', 'Exists'), need('team', 'NotIn', ['k'])];
    const { tried, all } = combinationsOf(many, [selection], 20);
    expect(all).toBe(500);
    expect(tried).toHaveLength(20);
    expect(texts(tried)).toContain('app=b team=other-value tier=other-value');
    expect(texts(tried)).toContain('app=a team=other-value tier=other-value');
    expect(texts(tried)).toContain('app=b team=k tier=other-value');
    expect(new Set(texts(tried)).size).toBe(20);
  });

  test('the same twice', () => {
    const many = keys(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, ['a', 'b']])));
    expect(texts(combinationsOf(many, [], 50).tried)).toEqual(texts(combinationsOf(many, [], 50).tried));
  });
});
