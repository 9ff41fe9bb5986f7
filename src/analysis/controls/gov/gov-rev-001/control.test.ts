import { describe, expect, test } from 'vitest';
import type { ControlSettings } from '#model/control-settings.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { stateOf } from '../../controls.test-support.ts';
import { govRev001 } from './control.ts';

function answered(answer: 'yes' | 'no', on: string): Partial<ControlSettings> {
  return { answers: new Map([['GOV-REV-001', { answer, by: 'jo', on }]]) };
}

function accepted(until?: string): Partial<ControlSettings> {
  const entry = { control: 'NET-POL-001', reason: 'later', owner: 'jo', origin: NO_ORIGIN };
  return { accepted: [{ ...entry, ...(until !== undefined && { until }) }] };
}

describe('reviews', () => {
  test.each<[string, Partial<ControlSettings>, string]>([
    ['of the last months', answered('yes', '2026-09-01'), 'PASS'],
    ['of long ago', answered('yes', '2026-01-01'), 'FAIL'],
    ['of a day to come', answered('yes', '2027-01-01'), 'FAIL'],
    ['that were not', answered('no', '2026-09-01'), 'FAIL'],
    ['that nobody tells of', {}, 'MANUAL'],
    ['and an acceptance past its end', accepted('2026-11-20'), 'FAIL'],
    ['and an acceptance on its last day', { ...answered('yes', '2026-09-01'), ...accepted('2026-11-21') }, 'PASS'],
    ['and an acceptance without an end', { ...answered('yes', '2026-09-01'), ...accepted() }, 'WARN'],
  ])('%s', (_, settings, state) => expect(stateOf(govRev001, { settings, today: '2026-11-21' })).toBe(state));

  test('a check on a schedule is told', () => {
    const manifests =
      'on: { schedule: [{ cron: "0 2 * * *" }] }\njobs: { scan: { steps: [{ run: ringfence scan . }] } }\n';
    expect(stateOf(govRev001, { manifests })).toBe('MANUAL');
  });
});
