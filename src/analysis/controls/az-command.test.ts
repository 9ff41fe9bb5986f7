import { expect, test } from 'vitest';
import { azGroup, azTarget, azWord } from './az-command.ts';

test.each([
  ['nsg-apps', 'nsg-apps'],
  ['a b', "'a b'"],
  ["x'; rm -rf ~ #", "'x'\\''; rm -rf ~ #'"],
  ['$(id)', "'$(id)'"],
  ['-x', "'-x'"],
  ['a\nb', "'a\\u{a}b'"],
])('%j is pasted as %s', (text, word) => {
  expect(azWord(text)).toBe(word);
});

test('a resource as az takes it, its group left open where the input leaves it', () => {
  expect(azTarget('/subscriptions/s/resourceGroups/rg/providers/A.B/c/d')).toBe('--resource-group rg --name d');
  expect(azGroup('/subscriptions/s/resourceGroups/this-resource-group/providers/A.B/c/d')).toBe('RESOURCE_GROUP');
});
