import { describe, expect, test } from 'vitest';
import { coverageOf, coverWords } from './cover.ts';
import { breadthText, namesOf, rangesText } from './names.ts';

const IDS = ['a/Deployment/x', 'a/Deployment/y', 'a/Deployment/z', 'b/Deployment/x', 'external:1', 'external:2'];

describe('coverWords', () => {
  const table: readonly (readonly [why: string, to: string, from: readonly string[], want: readonly string[]])[] = [
    ['single endpoints', 'b/Deployment/x', ['a/Deployment/x', 'a/Deployment/y'], ['a/x', 'a/y']],
    ['a whole namespace', 'b/Deployment/x', ['a/Deployment/x', 'a/Deployment/y', 'a/Deployment/z'], ['all of a']],
    [
      'a namespace without the destination itself',
      'a/Deployment/x',
      ['a/Deployment/y', 'a/Deployment/z'],
      ['all of a'],
    ],
    ['a group of one keeps its name', 'a/Deployment/x', ['b/Deployment/x'], ['b/x']],
    ['everything outside', 'a/Deployment/x', ['external:1', 'external:2'], ['everything outside']],
    ['everyone', 'b/Deployment/x', IDS.filter((id) => id !== 'b/Deployment/x'), ['everything else']],
    ['everyone but one', 'b/Deployment/x', IDS.filter((id) => !/b|external:2/.test(id)), ['all of a', 'external:1']],
    ['addresses outside have no connections among themselves', 'external:1', IDS.slice(0, 4), ['everything else']],
  ];
  test.each(table)('%s', (_why, to, from, want) => {
    const names = namesOf([], IDS);
    expect(coverWords(coverageOf(names)(new Set(from), to), names)).toEqual(want);
  });
});

describe('names', () => {
  test('two kinds of one name keep their whole ids', () => {
    const { nameOf } = namesOf([], ['a/Deployment/x', 'a/StatefulSet/x', 'a/Deployment/y#2']);
    expect(['a/Deployment/x', 'a/StatefulSet/x', 'a/Deployment/y#2'].map(nameOf)).toEqual([
      'a/Deployment/x',
      'a/StatefulSet/x',
      'a/y#2',
    ]);
  });
  test('wide sets of addresses are named by their breadth', () => {
    expect(breadthText(['128.0.0.0/1', '64.0.0.0/2'])).toBe('most of IPv4');
    expect(breadthText(['10.0.0.0/8', '::/0'])).toBe('most of IPv6');
    expect(breadthText(['10.0.0.0/8'])).toBe('');
    expect(rangesText(['10.0.0.0/8', '11.0.0.0/8', '12.0.0.0/8'], 2)).toBe('10.0.0.0/8, 11.0.0.0/8 and 1 more');
    expect(rangesText(['0.0.0.0/0'])).toBe('0.0.0.0/0');
  });
});
