import { describe, expect, test } from 'vitest';
import { FRAMEWORK_IDS, type FrameworkId } from '#model/control.ts';
import { FRAMEWORKS } from '../../data/frameworks/frameworks.ts';
import { CONTROLS } from './controls.ts';

const MAPPED = new Set(CONTROLS.flatMap(({ data }) => data.mappings.map(({ framework, id }) => `${framework} ${id}`)));
const IN_FULL: readonly FrameworkId[] = [
  'cis-kubernetes',
  'cis-aks',
  'nist-800-190',
  'owasp-top-ten',
  'azure-security-book',
  'azure-security-book-2024',
  'aks-network-baseline',
  'kubernetes-network-practices',
  'securing-kubernetes-in-azure',
];
/** How many there are once all are written. */
const ALL = 93;

describe('mappings of controls', () => {
  test('every one names an entry that there is', () => {
    const known = new Set(FRAMEWORK_IDS.flatMap((id) => FRAMEWORKS[id].entries.map((entry) => `${id} ${entry.id}`)));
    const wrong = CONTROLS.flatMap(({ data }) =>
      data.mappings
        .filter(({ framework, id }) => !known.has(`${framework} ${id}`))
        .map(({ framework, id }) => `${data.id}: ${framework} ${id}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no control names an entry twice', () => {
    for (const { data } of CONTROLS) {
      const ids = data.mappings.map(({ framework, id }) => `${framework} ${id}`);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });

  test.skipIf(CONTROLS.length < ALL).each(IN_FULL)('%s: every entry has a control, or says why not', (id) => {
    const gaps = FRAMEWORKS[id].entries.filter(
      (entry) => entry.assessment !== 'not-assessed' && !MAPPED.has(`${id} ${entry.id}`),
    );
    expect(gaps.map((entry) => entry.id)).toEqual([]);
  });
});
