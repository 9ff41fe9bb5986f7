import { describe, expect, test } from 'vitest';
import type { FrameworkId } from '#model/control.ts';
import { contextOf } from '../controls/controls.test-support.ts';
import { CONTROLS } from '../controls/controls.ts';
import { scanOf } from './scan.ts';

const OPTIONS = { version: '1', taken: '2026-11-21T00:00:00.000Z', controls: CONTROLS };

function stateIn(framework: FrameworkId, id: string, manifests: string): string | undefined {
  const { frameworks } = scanOf(contextOf({ manifests }), { ...OPTIONS, frameworks: [framework] });
  return frameworks[0]?.entries.find((entry) => entry.id === id)?.state;
}

const pod = (spec: object) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec })}\n---\n`;
const container = (more: object) => ({ containers: [{ name: 'web', image: 'web', ...more }] });
const binding = (role: string) =>
  `${JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
  })}\n---\n`;
const role = (resource: string, verb: string) =>
  `${JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'r' },
    rules: [{ apiGroups: [''], resources: [resource], verbs: [verb] }],
  })}\n---\n`;
const READS_SECRETS = role('secrets', 'get') + binding('r');
const NO_TOKEN = { automountServiceAccountToken: false };
const NOT_ROOT = { securityContext: { runAsNonRoot: true } };
const WRITTEN = `${JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'shop' }, stringData: { p: 'hunter2' } })}\n---\n`;
const API_SERVER = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kube-apiserver', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
  spec: { containers: [{ name: 'kube-apiserver', image: 'k', command: ['kube-apiserver', '--profiling=false'] }] },
});

describe('an entry is what the places about it come to', () => {
  test.each([
    ['a right that is given', READS_SECRETS, 'cis-kubernetes', '5.1.2', 'FAIL'],
    ['the same, by its number in the benchmark for AKS', READS_SECRETS, 'cis-aks', '4.1.2', 'FAIL'],
    ['another right, which it does not give', READS_SECRETS, 'cis-kubernetes', '5.1.12', 'PASS'],
    ['every right', binding('cluster-admin'), 'cis-kubernetes', '5.1.12', 'FAIL'],
    ['a token too many is no right', pod(container({})), 'cis-kubernetes', '5.1.12', 'UNKNOWN'],
    ['a token too many', pod(container({})), 'cis-kubernetes', '5.1.6', 'FAIL'],
    ['root', pod({ ...container({}), ...NO_TOKEN }), 'cis-kubernetes', '5.2.7', 'FAIL'],
    ['no seccomp profile', pod({ ...container({}), ...NOT_ROOT }), 'cis-kubernetes', '5.6.2', 'FAIL'],
    ['what kubelets do by default', pod(container({})), 'cis-kubernetes', '4.2.14', 'UNKNOWN'],
    ['how many processes a pod may have', pod(container({})), 'cis-kubernetes', '4.2.13', 'UNKNOWN'],
    ['a secret in a file says nothing of etcd', WRITTEN, 'cis-kubernetes', '1.2.27', 'UNKNOWN'],
    ['a secret in a file', WRITTEN, 'cis-kubernetes', '5.4.2', 'PARTIAL'],
    ['a flag', API_SERVER, 'cis-kubernetes', '1.2.15', 'PASS'],
    ['another flag', API_SERVER, 'cis-kubernetes', '1.2.8', 'FAIL'],
    ['a flag of what is not in the input', API_SERVER, 'cis-kubernetes', '1.4.1', 'UNKNOWN'],
    ['rotation, without a certificate in the input', pod(container({})), 'cis-kubernetes', '1.3.6', 'UNKNOWN'],
  ] as const)('%s', (_, manifests, framework, id, state) => {
    expect(stateIn(framework, id, manifests)).toBe(state);
  });
});
