import { describe, expect, test } from 'vitest';
import { FRAMEWORK_IDS } from '#model/control.ts';
import { FRAMEWORKS } from './frameworks.ts';

describe('frameworks', () => {
  test.each(FRAMEWORK_IDS)('%s has entries, each once, with a title', (id) => {
    const framework = FRAMEWORKS[id];
    expect(framework.id).toBe(id);
    const ids = framework.entries.map((entry) => entry.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title } of framework.entries) expect(title).toMatch(/^\S.*[^.\s]$/);
  });

  test.each([
    ['cis-kubernetes', 131],
    ['cis-aks', 51],
    ['nist-800-190', 23],
    ['owasp-top-ten', 10],
    ['pss', 18],
  ] as const)('%s has all of its %i entries', (id, count) => {
    expect(FRAMEWORKS[id].entries).toHaveLength(count);
  });

  test('entries that nothing assesses say why', () => {
    const silent = Object.values(FRAMEWORKS).flatMap(({ id, entries }) =>
      entries
        .filter(({ assessment, why }) => assessment === 'not-assessed' && why === undefined)
        .map((entry) => `${id} ${entry.id}`),
    );
    expect(silent).toEqual([]);
  });

  test('entries of a benchmark are in the order of their numbers', () => {
    const ids = FRAMEWORKS['cis-kubernetes'].entries.map(({ id }) => id);
    expect(ids.slice(8, 10)).toEqual(['1.1.9', '1.1.10']);
    expect(ids.indexOf('2.1')).toBe(ids.indexOf('1.4.2') + 1);
  });
});
