import { describe, expect, test } from 'vitest';
import { type RequirementSpec, selector } from './build.test-support.ts';
import { selects } from './selector.ts';

const ABSENT = undefined;

describe('one requirement against one label', () => {
  test.each<[RequirementSpec, string | undefined, boolean]>([
    [['k', 'In', 'a', 'b'], ABSENT, false],
    [['k', 'In', 'a', 'b'], 'b', true],
    [['k', 'In', 'a', 'b'], 'c', false],
    [['k', 'In', ''], '', true],
    [['k', 'In', ''], ABSENT, false],
    [['k', 'In', 'a'], 'A', false],
    [['k', 'NotIn', 'a'], ABSENT, true],
    [['k', 'NotIn', 'a'], 'a', false],
    [['k', 'NotIn', 'a'], '', true],
    [['k', 'Exists'], ABSENT, false],
    [['k', 'Exists'], '', true],
    [['k', 'DoesNotExist'], ABSENT, true],
    [['k', 'DoesNotExist'], '', false],
  ])('%j and %j: %s', (requirement, value, expected) => {
    expect(selects(selector([requirement]), () => value)).toBe(expected);
  });
});

test('an empty selector selects everything; several requirements must all hold', () => {
  const both = selector([
    ['a', 'Exists'],
    ['b', 'DoesNotExist'],
  ]);
  expect(selects(selector({}), () => undefined)).toBe(true);
  expect(selects(both, (key) => (key === 'a' ? '' : undefined))).toBe(true);
  expect(selects(both, () => 'x')).toBe(false);
});
