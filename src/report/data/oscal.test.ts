import { describe, expect, test } from 'vitest';
import { hostile } from '../samples.test-support.ts';
import { textOf } from '../samples-all.test-support.ts';
import { SCAN, SCAN_CLEAN } from '../samples-scan.test-support.ts';

const ANSWERS = [
  ['one of everything', SCAN],
  ['nothing found', SCAN_CLEAN],
  ['hostile names', hostile(SCAN)],
] as const;

/** UUIDs as the schema of OSCAL wants them. */
const UUID = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/;

describe.each(ANSWERS)('%s', (_name, answer) => {
  test('every UUID is one, given once, and every reference leads to one', async () => {
    const found = await valuesOf(answer);
    const given = found.filter(([key]) => key === 'uuid').map(([, value]) => value);
    const named = found.filter(([key]) => key.endsWith('-uuid')).map(([, value]) => value);
    for (const uuid of [...given, ...named]) expect(uuid).toMatch(UUID);
    expect(new Set(given).size).toBe(given.length);
    for (const uuid of named) expect(given).toContain(uuid);
  });

  test('values are one line, names are tokens, and no list is empty', async () => {
    for (const [key, value] of await valuesOf(answer)) {
      if (key === 'value') expect(value).toMatch(/^\S(.*\S)?$/);
      if (key === 'name') expect(value).toMatch(/^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u);
      expect(value).not.toEqual([]);
    }
  });
});

test('only what is proven to be met is satisfied', async () => {
  const document = JSON.parse(await textOf(SCAN, 'oscal'));
  const findings: { target: { 'target-id': string; status: { state: string; reason: string } } }[] =
    document['assessment-results'].results[0].findings;
  expect(findings.map(({ target }) => [target['target-id'], target.status.state, target.status.reason])).toEqual([
    ['NET-POL-001', 'not-satisfied', 'fail'],
    ['API-NET-001', 'not-satisfied', 'fail'],
    ['CFG-SEC-001', 'not-satisfied', 'other'],
    ['MON-NW-003', 'not-satisfied', 'other'],
    ['API-NET-004', 'satisfied', 'pass'],
    ['MON-LOG-001', 'not-satisfied', 'other'],
    ['NET-POL-002', 'not-satisfied', 'other'],
  ]);
});

/** Every key with its value, at any depth. */
async function valuesOf(answer: (typeof ANSWERS)[number][1]): Promise<[string, unknown][]> {
  const out: [string, unknown][] = [];
  walk(JSON.parse(await textOf(answer, 'oscal')));
  return out;

  function walk(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      out.push([key, inner]);
      walk(inner);
    }
  }
}
