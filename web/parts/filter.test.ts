import { describe, expect, test } from 'vitest';
import { fits, parseFilter } from './filter.ts';

const ROW = { control: 'NET-POL-001', severity: 'high', namespace: 'shop', text: ['no policy isolates `web`'] };

describe('a filter', () => {
  test.each([
    ['', true],
    ['policy', true],
    ['POLICY web', true],
    ['severity:high', true],
    ['severity:low', false],
    ['control:NET-POL namespace:shop', true],
    ['-severity:high', false],
    ['-severity:low isolates', true],
    ['"isolates `web`"', true],
    ['text:"no policy"', true],
    ['nobody', false],
    ['unknown-field:x', false],
  ])('%s', (text, fitting) => {
    expect(fits(parseFilter(text), ROW)).toBe(fitting);
  });
});
