import { describe, expect, test } from 'vitest';
import type { Assessment, Judged } from '#model/control.ts';
import type { ControlEntry, Finding } from '#model/scan.ts';
import { CONTROLS } from '../controls/controls.ts';
import { baselinesOf, scopeOfPlace } from './baselines.ts';

const CONTROL = CONTROLS.find(({ data }) => data.id === 'NET-POL-001')!;
const MAPPING = CONTROL.data.mappings.find(({ framework }) => framework === 'nsa-cisa')!;

function judged(namespace: string, state: Judged['state']): Judged {
  return {
    where: { kind: 'Namespace', namespace: '', name: namespace, id: `Namespace ${namespace}` },
    state,
    message: 'm',
    evidence: [],
  };
}

function told(places: readonly Judged[], accepted: readonly string[] = [], whole: Assessment['state'] = 'UNKNOWN') {
  const entry: ControlEntry = {
    id: CONTROL.data.id,
    title: 't',
    severity: 'high',
    state: whole,
    why: '',
    rationale: '',
    remedy: '',
    frameworks: CONTROL.data.mappings,
    counts: {},
    evidence: [],
  };
  const findings = accepted.map((namespace): Finding => {
    const { where } = judged(namespace, 'FAIL');
    return {
      control: entry.id,
      title: '',
      state: 'FAIL',
      severity: 'high',
      priority: 1,
      fingerprint: namespace,
      where,
      message: '',
      evidence: [],
      suppressed: { reason: 'r', owner: 'o', from: 'configuration' },
    };
  });
  const assessments = new Map([[entry.id, { state: whole, why: '', places, evidence: [] }]]);
  return baselinesOf({ controls: [CONTROL], entries: [entry], assessments, findings });
}

function stateIn(baselines: ReturnType<typeof told>, scope: string) {
  return baselines.entriesOf('nsa-cisa', scope).find(({ id }) => id === MAPPING.id)?.state;
}

describe('an entry', () => {
  const both = [judged('a', 'FAIL'), judged('b', 'PASS')];

  test('is judged in a scope by the places in it alone', () => {
    const baselines = told(both);
    expect(['all', 'namespace:a', 'namespace:b', 'cluster'].map((scope) => stateIn(baselines, scope))).toEqual([
      'PARTIAL',
      'FAIL',
      'PASS',
      undefined,
    ]);
  });

  test('that fails and is accepted is no failure, and no pass', () => {
    const baselines = told(both, ['a']);
    expect(['namespace:a', 'namespace:b'].map((scope) => stateIn(baselines, scope))).toEqual(['ACCEPTED', 'PASS']);
    expect(stateIn(told([...both, judged('c', 'FAIL')], ['a']), 'all')).toBe('PARTIAL');
  });

  test('that was judged without a place is one of the cluster', () => {
    const baselines = told([]);
    expect(baselines.scopes.map(({ id }) => id)).toEqual(['all', 'cluster']);
    expect([stateIn(baselines, 'all'), stateIn(baselines, 'cluster')]).toEqual(['UNKNOWN', 'UNKNOWN']);
  });

  test('that no control assesses is told once, with why', () => {
    const entries = told(both).entriesOf('nsa-cisa', 'all');
    expect(entries.find(({ id }) => id !== MAPPING.id && id !== '')?.state).toBe('NONE');
    expect(told(both).entriesOf('nsa-cisa', 'namespace:a')).toHaveLength(1);
  });
});

test('scopes come with most that fails first', () => {
  expect(told([judged('a', 'PASS'), judged('b', 'FAIL')]).scopes.map(({ id }) => id)).toEqual([
    'all',
    'cluster',
    'namespace:b',
    'namespace:a',
  ]);
});

test.each([
  ['Namespace', '', 'shop', 'namespace:shop'],
  ['Deployment', 'shop', 'web', 'namespace:shop'],
  ['Node', '', 'n1', 'cluster'],
  ['Microsoft.Network/networkSecurityGroups', '', 'nsg', 'azure'],
])('%s %s/%s is in %s', (kind, namespace, name, id) => {
  expect(scopeOfPlace({ kind, namespace, name }).id).toBe(id);
});
