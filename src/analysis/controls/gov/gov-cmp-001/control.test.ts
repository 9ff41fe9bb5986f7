import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { govCmp001 } from './control.ts';

const report = (status: string) => `
apiVersion: aquasecurity.github.io/v1alpha1
kind: ClusterComplianceReport
metadata: { name: k8s-cis }
spec: { cron: "0 2 * * *" }
${status}`;

describe('reports against a standard', () => {
  test.each<[string, string, string]>([
    ['of a pipeline', 'on: push\njobs: { scan: { steps: [{ run: ringfence scan . -o sarif }] } }\n', 'PASS'],
    ['of the cluster', report('status: { summaryReport: { controlCheck: [{ id: "1" }] } }'), 'PASS'],
    ['of the cluster, before the first', report(''), 'PASS'],
    ['of the cluster, empty', report('status: {}'), 'FAIL'],
    ['none', '', 'MANUAL'],
  ])('%s', (_, manifests, state) => expect(stateOf(govCmp001, { manifests })).toBe(state));

  test('of Azure', () => {
    const policyDefinitionId =
      '/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8';
    const id = '/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/mcsb';
    const type = 'Microsoft.Authorization/policyAssignments';
    expect(stateOf(govCmp001, { azure: [{ id, name: 'mcsb', type, properties: { policyDefinitionId } }] })).toBe(
      'PASS',
    );
  });

  test('by the word of a person', () => {
    const answers = new Map([['GOV-CMP-001', { answer: 'yes', by: 'jo', on: '2026-10-01' } as const]]);
    expect(stateOf(govCmp001, { settings: { answers } })).toBe('PASS');
  });
});
