import { describe, expect, test } from 'vitest';
import { NO_ORIGIN } from '#model/origin.ts';
import type { LabelSelector, SelectorOperator } from '#model/resource.ts';
import { implies } from './implies.ts';
import { editDistance, nearestOf } from './nearest.ts';

type Requirement = readonly [key: string, operator: SelectorOperator, ...values: string[]];

function selector(...requirements: Requirement[]): LabelSelector {
  return {
    requirements: requirements.map(([key, operator, ...values]) => ({ key, operator, values })),
    origin: NO_ORIGIN,
  };
}

describe('one selector implies another', () => {
  test.each<[Requirement[], Requirement[], boolean]>([
    [[], [], true],
    [[['a', 'In', 'x']], [], true],
    [[], [['a', 'Exists']], false],
    [[['a', 'In', 'x']], [['a', 'In', 'x', 'y']], true],
    [[['a', 'In', 'x', 'y']], [['a', 'In', 'x']], false],
    [[['a', 'In', 'x']], [['a', 'Exists']], true],
    [[['a', 'NotIn', 'x']], [['a', 'Exists']], false],
    [[['a', 'In', 'x']], [['a', 'NotIn', 'y']], true],
    [[['a', 'In', 'x', 'y']], [['a', 'NotIn', 'y']], false],
    [[['a', 'NotIn', 'x', 'y']], [['a', 'NotIn', 'y']], true],
    [[['a', 'DoesNotExist']], [['a', 'NotIn', 'y']], true],
    [[['a', 'Exists']], [['a', 'NotIn', 'y']], false],
    [[['a', 'DoesNotExist']], [['a', 'DoesNotExist']], true],
    [[['b', 'In', 'x']], [['a', 'In', 'x']], false],
  ])('%j -> %j: %s', (a, b, expected) => {
    expect(implies(selector(...a), selector(...b))).toBe(expected);
  });
});

describe('near words', () => {
  test.each([
    ['redis', 'redis', 0],
    ['rediss', 'redis', 1],
    ['redsi', 'redis', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s %s: %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test.each([
    ['rediss', ['postgres', 'redis'], 'redis'],
    ['a', ['b'], undefined],
    ['web', ['api', 'database'], undefined],
    ['fronted', ['frontend', 'front'], 'frontend'],
  ])('%s of %j: %s', (wanted, candidates, expected) => {
    expect(nearestOf(wanted, candidates)).toBe(expected);
  });
});
