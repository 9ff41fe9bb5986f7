import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import { assess, type ControlInput, placesOf, stateOf } from '../../controls.test-support.ts';
import { AKS_NODE, POD } from '../control-plane.test-support.ts';
import { cpCfg002 } from './control.ts';

const GOOD = {
  kubeletServiceFilePermissions: [600],
  kubeletServiceFileOwnership: ['root:root'],
  kubeconfigFileExistsPermissions: [600],
  kubeconfigFileExistsOwnership: ['root:root'],
  kubeletConfFilePermissions: [600],
  kubeletConfFileOwnership: ['root:root'],
  certificateAuthoritiesFilePermissions: [644],
  certificateAuthoritiesFileOwnership: ['root:root'],
  kubeletConfigYamlConfigurationFilePermission: [600],
  kubeletConfigYamlConfigurationFileOwnership: ['root:root'],
};

function collected(info: Readonly<Record<string, readonly (string | number)[]>>): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'NodeInfo', type: 'worker', metadata: { name: 'a' }, info })}\n`;
}

function proxy(address: string): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: { name: kube-proxy, namespace: kube-system }
data:
  config.conf: |
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    metricsBindAddress: ${JSON.stringify(address)}
`;
}

const AKS_PROXY = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: kube-proxy, namespace: kube-system }
spec:
  selector: { matchLabels: { a: b } }
  template:
    metadata: { labels: { a: b } }
    spec:
      hostNetwork: true
      containers:
        - { name: kube-proxy, image: kube-proxy, command: [kube-proxy, --metrics-bind-address=0.0.0.0:10249] }
`;

const CASES: readonly (readonly [string, ControlInput, ControlState])[] = [
  ['files are root’s, metrics are the host’s', { manifests: `${collected(GOOD)}---${proxy('')}` }, 'PASS'],
  ['metrics for everybody', { manifests: `${collected(GOOD)}---${proxy('0.0.0.0:10249')}` }, 'PARTIAL'],
  ['a file that all read', { manifests: collected({ ...GOOD, kubeletConfFilePermissions: [644] }) }, 'PARTIAL'],
  ['files are not known', { manifests: proxy('127.0.0.1:10249') }, 'UNKNOWN'],
  ['neither', { manifests: POD }, 'UNKNOWN'],
];

describe('CP-CFG-002', () => {
  test.each(CASES)('%s', (_, input, state) => {
    expect(stateOf(cpCfg002, input)).toBe(state);
  });

  test('on AKS its own benchmark is asked, and what AKS deploys is a warning', () => {
    const places = placesOf(
      assess(cpCfg002, {
        manifests: `${AKS_NODE}---\n${collected({ kubeletConfFilePermissions: [644] })}---${AKS_PROXY}`,
      }),
    );
    expect(places).toEqual([
      'PASS NodeInfo a CIS AKS 3.1.1',
      'UNKNOWN NodeInfo a CIS AKS 3.1.2',
      'UNKNOWN NodeInfo a CIS AKS 3.1.3',
      'UNKNOWN NodeInfo a CIS AKS 3.1.4',
      'WARN DaemonSet kube-system/kube-proxy CIS 4.3.1',
    ]);
  });

  test('a pod that names a file is judged by the file', () => {
    const pods = AKS_PROXY.replace('--metrics-bind-address=0.0.0.0:10249', '--config=/var/lib/kube-proxy/config.conf');
    const places = placesOf(assess(cpCfg002, { manifests: `${proxy('0.0.0.0:10249')}---${pods}` }));
    expect(places).toContain('FAIL ConfigMap kube-system/kube-proxy CIS 4.3.1');
    expect(places.filter((place) => place.includes('DaemonSet'))).toEqual([]);
  });

  test('without kube-proxy, in a cluster of which Cilium does its work, nothing is asked of it', () => {
    const places = placesOf(assess(cpCfg002, { manifests: collected(GOOD), engine: 'cilium', kind: 'live' }));
    expect(places.filter((place) => !place.startsWith('PASS'))).toEqual([]);
  });
});
