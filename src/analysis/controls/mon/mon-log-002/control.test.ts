import { describe, expect, test } from 'vitest';
import { assess, stateOf } from '../../controls.test-support.ts';
import { CLUSTER_ID, cluster, diagnostics, workspace } from '../azure.test-support.ts';
import { monLog002 } from './control.ts';

const AAD = { aadProfile: { managed: true } };

function server(...flags: readonly string[]): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver-a', namespace: 'kube-system' },
    spec: { containers: [{ name: 'kube-apiserver', command: ['kube-apiserver', ...flags] }] },
  });
}

const POLICY = '--audit-policy-file=/etc/audit.yaml';
const LOG = '--audit-log-path=/var/log/audit.log';
const KEPT = ['--audit-log-maxage=30', '--audit-log-maxbackup=10', '--audit-log-maxsize=100'];

function policy(...rules: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
}

describe('MON-LOG-002 of a managed cluster', () => {
  test.each([
    ['changes and sign-ins', {}, ['kube-audit-admin', 'guard'], 90, 'PASS'],
    ['sign-ins by Entra ID are missing', AAD, ['kube-audit-admin'], 90, 'WARN'],
    ['no Entra ID, no guard', {}, ['kube-audit-admin'], 90, 'PASS'],
    ['every read', {}, ['kube-audit', 'guard'], 90, 'WARN'],
    ['kept too short', {}, ['kube-audit-admin', 'guard'], 30, 'WARN'],
    ['other categories', {}, ['kube-apiserver'], 90, 'FAIL'],
  ] as const)('%s', (_name, properties, categories, days, state) => {
    const azure = [cluster(properties), diagnostics(CLUSTER_ID, categories), workspace(days)];
    expect(stateOf(monLog002, { azure, azureLive: true })).toBe(state);
  });

  test('none, in Azure and in a template', () => {
    expect(stateOf(monLog002, { azure: [cluster()], azureLive: true })).toBe('FAIL');
    expect(stateOf(monLog002, { azure: [cluster()] })).toBe('UNKNOWN');
  });
});

describe('MON-LOG-002 of a control plane of its own', () => {
  test.each([
    ['written and kept', server(POLICY, LOG, ...KEPT), 'PASS'],
    ['to standard output', server(POLICY, '--audit-log-path=-'), 'PASS'],
    ['sent away', server(POLICY, '--audit-webhook-config-file=/w'), 'PASS'],
    ['kept too short', server(POLICY, LOG, '--audit-log-maxage=7'), 'WARN'],
    ['no policy', server(LOG, ...KEPT), 'FAIL'],
    ['nowhere', server(POLICY), 'FAIL'],
    ['a policy for everything', policy({ level: 'Metadata' }), 'PASS'],
    [
      'a policy that leaves Services out',
      policy({ level: 'None', resources: [{ group: '', resources: ['services'] }] }, { level: 'Metadata' }),
      'FAIL',
    ],
    [
      'a policy that leaves one user out',
      policy({ level: 'None', users: ['system:kube-proxy'] }, { level: 'Metadata' }),
      'PASS',
    ],
    ['a policy without a rule for them', policy({ level: 'Metadata', resources: [{ group: 'apps' }] }), 'FAIL'],
    ['nothing', '{}', 'UNKNOWN'],
  ] as const)('%s', (_name, manifests, state) => {
    expect(stateOf(monLog002, { manifests })).toBe(state);
  });

  test('a provider that is not Azure has to be answered for; a cluster that nothing is known of has none', () => {
    const node = '{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"spec":{"providerID":"aws:///x"}}';
    expect(stateOf(monLog002, { manifests: node })).toBe('MANUAL');
    expect(stateOf(monLog002, { manifests: '{}', kind: 'live' })).toBe('NA');
  });

  test('tells the flag', () => {
    const [place] = assess(monLog002, { manifests: server(POLICY, LOG, '--audit-log-maxage=7') }).places;
    expect(place?.message).toContain('`--audit-log-maxage` should be 30 or more');
  });
});
