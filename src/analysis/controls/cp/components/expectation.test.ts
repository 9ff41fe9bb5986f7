import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../../../data/frameworks/cis-check.ts';
import { meets, wantedText } from './expectation.ts';

const CASES: readonly (readonly [Expectation, string | undefined, boolean])[] = [
  [{ be: 'set' }, '/a', true],
  [{ be: 'set' }, '', false],
  [{ be: 'set' }, undefined, false],
  [{ be: 'unset' }, undefined, true],
  [{ be: 'unset' }, 'a', false],
  [{ be: 'equal', to: 'false' }, 'False', true],
  [{ be: 'equal', to: 'false' }, undefined, false],
  [{ be: 'other-than', than: 'AlwaysAllow' }, 'Webhook', true],
  [{ be: 'other-than', than: 'AlwaysAllow' }, 'AlwaysAllow', false],
  [{ be: 'with', item: 'RBAC' }, 'Node, RBAC', true],
  [{ be: 'with', item: 'RBAC' }, 'Node,RBACish', false],
  [{ be: 'without', item: 'AlwaysAllow' }, 'Node,RBAC', true],
  [{ be: 'without', item: 'AlwaysAllow' }, 'Node,AlwaysAllow', false],
  [{ be: 'without', item: 'AlwaysAllow' }, undefined, true],
  [{ be: 'at-least', number: 30 }, '30', true],
  [{ be: 'at-least', number: 30 }, '7', false],
  [{ be: 'at-least', number: 0 }, undefined, false],
  [{ be: 'above-zero' }, '4h0m0s', true],
  [{ be: 'above-zero' }, '0s', false],
  [{ be: 'above-zero' }, '0', false],
  [{ be: 'above-zero' }, 'soon', false],
  [{ be: 'within', seconds: 300 }, '1m30s', true],
  [{ be: 'within', seconds: 300 }, '1h', false],
  [{ be: 'within', seconds: 300 }, '500ms', true],
  [{ be: 'among', items: ['A', 'B'] }, 'A,B', true],
  [{ be: 'among', items: ['A', 'B'] }, 'A,C', false],
  [{ be: 'among', items: ['A', 'B'] }, undefined, false],
  [{ be: 'at', address: '127.0.0.1' }, '127.0.0.1:10249', true],
  [{ be: 'at', address: '127.0.0.1' }, '0.0.0.0:10249', false],
];

describe('expectations', () => {
  test.each(CASES)('%j of %s: %s', (must, value, met) => {
    expect(meets(must, value)).toBe(met);
    expect(wantedText(must)).toMatch(/^is (?:not )?to be|^is (?:not )?to have/);
  });
});
