import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import { assess, type ControlInput, placesOf, stateOf } from '../../controls.test-support.ts';
import { AKS_NODE, ETCD_TLS, POD, staticPod } from '../control-plane.test-support.ts';
import { cpTls002 } from './control.ts';

const CASES: readonly (readonly [string, ControlInput, ControlState])[] = [
  ['mutual TLS, own host', { manifests: staticPod('etcd', ETCD_TLS) }, 'PASS'],
  ['no client certificates', { manifests: staticPod('etcd', changed('client-cert-auth=false')) }, 'PARTIAL'],
  ['certificates of its own making', { manifests: staticPod('etcd', [...ETCD_TLS, 'auto-tls']) }, 'PARTIAL'],
  ['a file of its own', { manifests: staticPod('etcd', ['config-file=/etc/etcd.yaml']) }, 'UNKNOWN'],
  ['as kubeadm makes it', { manifests: 'apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration' }, 'PASS'],
  ['no etcd', { manifests: POD }, 'UNKNOWN'],
  ['AKS runs it', { manifests: AKS_NODE }, 'NA-PROVIDER'],
];

function changed(flag: string): readonly string[] {
  const name = `${flag.split('=')[0]}=`;
  return [...ETCD_TLS.filter((each) => !each.startsWith(name)), flag];
}

describe('CP-TLS-002', () => {
  test.each(CASES)('%s', (_, input, state) => {
    expect(stateOf(cpTls002, input)).toBe(state);
  });

  test('pods that reach its ports are held back by certificates alone', () => {
    const etcd = staticPod('etcd', changed('listen-client-urls=https://127.0.0.1:2379,https://10.0.0.4:2379'));
    expect(placesOf(assess(cpTls002, { manifests: `${etcd}---${POD}` }))).toContain('WARN Pod kube-system/etcd ports');
  });

  test('without pods, nobody is known to reach it', () => {
    const etcd = staticPod('etcd', changed('listen-client-urls=https://10.0.0.4:2379'));
    expect(placesOf(assess(cpTls002, { manifests: etcd }))).toContain('UNKNOWN Pod kube-system/etcd ports');
  });

  test('one CA for the cluster and for etcd opens it to every user', () => {
    const server = staticPod('kube-apiserver', ['client-ca-file=/etc/kubernetes/pki/etcd/ca.crt']);
    const etcd = staticPod('etcd', ETCD_TLS);
    expect(placesOf(assess(cpTls002, { manifests: `${etcd}---${server}` }))).toContain(
      'FAIL Pod kube-system/etcd CIS 2.7 own CA',
    );
  });

  test('settings by variables count, and the etcd of an application is none of ours', () => {
    const variables = `
apiVersion: v1
kind: Pod
metadata: { name: etcd-a, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.6.0
      command: [etcd, --cert-file=/a.crt]
      env: [{ name: ETCD_KEY_FILE, value: /a.key }]
`;
    expect(placesOf(assess(cpTls002, { manifests: variables }))).toContain('PASS Pod kube-system/etcd-a CIS 2.1');
    expect(stateOf(cpTls002, { manifests: variables.replace('kube-system', 'shop') })).toBe('UNKNOWN');
  });
});
