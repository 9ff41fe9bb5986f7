import { describe, expect, test } from 'vitest';
import { CIS_AKS } from './cis-aks.ts';
import { nameOfCheck } from './cis-check.ts';
import { CIS_CHECKS } from './cis-checks.ts';
import { CIS_KUBERNETES } from './cis-kubernetes.ts';

const KUBERNETES = CIS_CHECKS.flatMap(({ kubernetes }) => (kubernetes === undefined ? [] : [kubernetes]));
const AKS = CIS_CHECKS.flatMap(({ aks }) => (aks === undefined ? [] : [aks]));

describe('checks of components', () => {
  test('each is an item of a benchmark, and each item is checked once', () => {
    expect(KUBERNETES.filter((id) => !CIS_KUBERNETES.entries.some((entry) => entry.id === id))).toEqual([]);
    expect(AKS.filter((id) => !CIS_AKS.entries.some((entry) => entry.id === id))).toEqual([]);
    const names = CIS_CHECKS.map(nameOfCheck);
    expect(new Set(names).size).toBe(names.length);
  });

  // 1.2.28 is about an object; 3.1 and 3.2.2 are about what people do, and what an audit policy says.
  test('every item about components, files and nodes is checked', () => {
    const sections = CIS_KUBERNETES.entries.filter(({ id }) => /^[1-4]\./.test(id)).map(({ id }) => id);
    expect(sections.filter((id) => !KUBERNETES.includes(id))).toEqual(['1.2.28', '3.1.1', '3.1.2', '3.1.3', '3.2.2']);
    const nodes = CIS_AKS.entries.filter(({ id }) => id.startsWith('3.')).map(({ id }) => id);
    expect(nodes.filter((id) => !AKS.includes(id))).toEqual([]);
  });

  test('a safe change meets what it is for', () => {
    for (const { test: asked, safe } of CIS_CHECKS) {
      if (safe === undefined || asked.kind === 'file') continue;
      expect(asked.anyOf[0]?.map(({ flag }) => flag)).toEqual([safe.flag]);
    }
  });
});
