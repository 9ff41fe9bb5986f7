import { describe, expect, test } from 'vitest';
import { CONTROL_STATES, type Judged } from '#model/control.ts';
import { stateOf, worstOf } from './assessment.ts';

describe('what places come to together', () => {
  test.each<[Judged['state'][], string]>([
    [['FAIL', 'FAIL'], 'FAIL'],
    [['FAIL', 'UNKNOWN'], 'PARTIAL'],
    [['FAIL', 'PASS'], 'PARTIAL'],
    [['WARN', 'UNKNOWN', 'PASS'], 'UNKNOWN'],
    [['MANUAL', 'UNKNOWN'], 'UNKNOWN'],
    [['WARN', 'MANUAL'], 'MANUAL'],
    [['PASS', 'WARN'], 'WARN'],
    [['PASS', 'PASS'], 'PASS'],
  ])('%s is %s', (states, expected) => {
    const places = states.map((state) => ({ state }));
    expect(stateOf(places)).toBe(expected);
    expect(stateOf(places.toReversed())).toBe(expected);
  });
});

describe('one order of states', () => {
  test('the worst of all that are from one on is that one', () => {
    for (const [index, state] of CONTROL_STATES.entries())
      expect(worstOf(CONTROL_STATES.slice(index).toReversed())).toBe(state);
    expect(worstOf([])).toBeUndefined();
  });

  test('open before a warning, what does not apply last', () => {
    expect(CONTROL_STATES).toEqual([
      'FAIL',
      'PARTIAL',
      'UNKNOWN',
      'MANUAL',
      'WARN',
      'PASS',
      'PASS-PLATFORM',
      'NA-PROVIDER',
      'NA',
    ]);
  });
});
