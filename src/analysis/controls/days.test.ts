import { expect, test } from 'vitest';
import { daysBetween } from './days.ts';

test.each([
  ['2026-11-21', '2026-11-21', 0],
  ['2026-11-21', '2026-12-21', 30],
  ['2024-02-28', '2024-03-01', 2],
  ['2023-02-28', '2023-03-01', 1],
  ['2026-01-01', '2025-12-31', -1],
  ['1970-01-01', '2026-11-21', 20_778],
])('from %s to %s: %i', (from, to, days) => {
  expect(daysBetween(from, to)).toBe(days);
});

test('what is no date is no number', () => {
  expect(daysBetween('2026-11-21', 'soon')).toBeNaN();
});
