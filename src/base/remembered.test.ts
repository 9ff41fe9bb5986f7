import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

test('a value is made once for each key', () => {
  const made: string[] = [];
  const map = new Map<string, { key: string }>();
  const ask = (key: string) =>
    remembered(map, key, () => {
      made.push(key);
      return { key };
    });
  expect([ask('a'), ask('b'), ask('a')]).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'a' }]);
  expect(ask('a')).toBe(ask('a'));
  expect(made).toEqual(['a', 'b']);
});
