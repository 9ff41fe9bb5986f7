import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, policy, workload } from '#engine/ask.test-support.ts';
import { analyseSnapshot } from '../analysis.ts';
import { mapOf } from '../map/map.ts';
import { workloadFacts } from './workload.ts';

const ANALYSIS = analyseSnapshot(
  clusterOf(
    namespace('shop'),
    workload('shop/web'),
    workload('shop/db'),
    policy(
      'shop/db',
      'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]',
    ),
  ),
  { engine: 'calico' },
);

describe('one workload', () => {
  test('says of its connections what the map says', () => {
    const facts = workloadFacts(ANALYSIS, 'shop/Deployment/db');
    const { connections } = mapOf(ANALYSIS, { fold: 'never' });
    const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
    expect(sorted(facts?.in ?? [])).toEqual(sorted(connections.filter(({ to }) => to === 'shop/Deployment/db')));
    expect(sorted(facts?.out ?? [])).toEqual(sorted(connections.filter(({ from }) => from === 'shop/Deployment/db')));
  });

  test('the policies that select it, and what that isolates', () => {
    const facts = workloadFacts(ANALYSIS, 'shop/Deployment/db');
    expect(facts?.policies.map(({ name }) => name)).toEqual(['db']);
    expect(facts?.isolated).toEqual({ ingress: true, egress: false });
    expect(workloadFacts(ANALYSIS, 'shop/Deployment/web')?.isolated).toEqual({ ingress: false, egress: false });
  });

  test.each(['shop/Deployment/none', '', 'external:1'])('nothing is called %s', (id) => {
    expect(workloadFacts(ANALYSIS, id)).toBeUndefined();
  });
});
