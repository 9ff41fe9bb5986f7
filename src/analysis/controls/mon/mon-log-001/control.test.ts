import { describe, expect, test } from 'vitest';
import { stateOf } from '../../controls.test-support.ts';
import { CLUSTER_ID, cluster, diagnostics, workspace } from '../azure.test-support.ts';
import { monLog001 } from './control.ts';

const server = `
apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver-a, namespace: kube-system }
spec: { containers: [{ name: kube-apiserver, command: [kube-apiserver] }] }`;

describe('MON-LOG-001', () => {
  test.each([
    ['both', [diagnostics(CLUSTER_ID, ['kube-apiserver', 'kube-controller-manager'])], 'PASS'],
    ['all logs', [diagnostics(CLUSTER_ID, [], { logs: [{ categoryGroup: 'allLogs', enabled: true }] })], 'PASS'],
    ['some', [diagnostics(CLUSTER_ID, ['kube-scheduler'])], 'WARN'],
    ['sent nowhere', [diagnostics(CLUSTER_ID, ['kube-apiserver'], { workspaceId: null })], 'FAIL'],
    ['none', [], 'FAIL'],
  ] as const)('%s', (_name, more, state) => {
    expect(stateOf(monLog001, { azure: [cluster(), workspace(90), ...more], azureLive: true })).toBe(state);
  });

  test.each([
    ['a template without settings', { azure: [cluster()] }, 'UNKNOWN'],
    ['manifests alone', { manifests: '{}' }, 'UNKNOWN'],
    ['a control plane of its own', { manifests: server }, 'MANUAL'],
    ['another cluster, live', { manifests: '{}', kind: 'live' }, 'NA'],
  ] as const)('%s', (_name, input, state) => {
    expect(stateOf(monLog001, input)).toBe(state);
  });
});
