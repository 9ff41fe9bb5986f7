import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import { assess, type ControlInput, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { AKS_NODE, POD } from '../control-plane.test-support.ts';
import { cpTls003 } from './control.ts';

const KUBELET = `
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: { enabled: false }
  x509: { clientCAFile: /etc/kubernetes/pki/ca.crt }
authorization: { mode: Webhook }
rotateCertificates: true
serverTLSBootstrap: true
tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
`;

const CONFIGZ = JSON.stringify({
  kubeletconfig: {
    authentication: { anonymous: { enabled: true }, x509: { clientCAFile: '/a.crt' } },
    authorization: { mode: 'AlwaysAllow' },
    readOnlyPort: 10255,
    streamingConnectionIdleTimeout: '0s',
    makeIPTablesUtilChains: false,
    rotateCertificates: false,
  },
});

const COLLECTED = (role: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'NodeInfo',
    type: role,
    info: { kubeletAnonymousAuthArgumentSet: { values: ['true'] }, kubeletReadOnlyPortArgumentSet: { values: [] } },
  });

const MAPPED = `
apiVersion: v1
kind: ConfigMap
metadata: { name: kubelet-config, namespace: kube-system }
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    readOnlyPort: 10255
`;

const CASES: readonly (readonly [string, ControlInput, ControlState])[] = [
  ['as it is to be', { manifests: KUBELET }, 'PASS'],
  ['open to everybody', { manifests: CONFIGZ }, 'PARTIAL'],
  ['its own certificate', { manifests: KUBELET.replace('serverTLSBootstrap: true', '') }, 'WARN'],
  ['nothing of kubelets', { manifests: POD }, 'UNKNOWN'],
  ['nothing of kubelets of AKS', { manifests: AKS_NODE }, 'UNKNOWN'],
  ['one of two nodes', { manifests: `${AKS_NODE}---${AKS_NODE.replace('-1', '-2')}---\n${CONFIGZ}` }, 'PARTIAL'],
];

describe('CP-TLS-003', () => {
  test.each(CASES)('%s', (_, input, state) => {
    expect(stateOf(cpTls003, input)).toBe(state);
  });

  test('what a kubelet answers is judged item by item', () => {
    const failing = placesOf(assess(cpTls003, { manifests: CONFIGZ })).filter((place) => place.startsWith('FAIL'));
    expect(failing).toEqual([
      'FAIL kubelet input.yaml CIS 4.2.1 (AKS 3.2.1)',
      'FAIL kubelet input.yaml CIS 4.2.2 (AKS 3.2.2)',
      'FAIL kubelet input.yaml CIS 4.2.4 (AKS 3.2.4)',
      'FAIL kubelet input.yaml CIS 4.2.5 (AKS 3.2.5)',
      'FAIL kubelet input.yaml CIS 4.2.6 (AKS 3.2.6)',
      'FAIL kubelet input.yaml CIS 4.2.10 (AKS 3.2.8)',
    ]);
  });

  test('two kubelets of one file are told apart', () => {
    const places = assess(cpTls003, { manifests: `${CONFIGZ}\n---\n${CONFIGZ}` }).places;
    expect(new Set(places.map(({ where }) => where.id))).toEqual(
      new Set(['kubelet/input.yaml', 'kubelet/input.yaml#2']),
    );
  });

  test('the ConfigMap of kubeadm is read where kubelets do not answer', () => {
    const place = 'FAIL ConfigMap kube-system/kubelet-config CIS 4.2.4 (AKS 3.2.4)';
    expect(placesOf(assess(cpTls003, { manifests: MAPPED }))).toContain(place);
    expect(placesOf(assess(cpTls003, { manifests: `${MAPPED}---${KUBELET}` }))).not.toContain(place);
  });

  test('a collector is believed on nodes that run no API server, and only in what it found', () => {
    const places = placesOf(assess(cpTls003, { manifests: COLLECTED('worker') }));
    expect(places).toContain('FAIL NodeInfo input.yaml CIS 4.2.1 (AKS 3.2.1)');
    expect(places).toContain('UNKNOWN NodeInfo input.yaml CIS 4.2.4 (AKS 3.2.4)');
    expect(stateOf(cpTls003, { manifests: COLLECTED('master') })).toBe('UNKNOWN');
  });

  test('flags that kubeadm gives are judged, and nothing is said of others', () => {
    const join = `
apiVersion: kubeadm.k8s.io/v1beta3
kind: JoinConfiguration
nodeRegistration: { kubeletExtraArgs: { anonymous-auth: "true" } }
`;
    const places = placesOf(assess(cpTls003, { manifests: join })).filter(
      (place) => !place.startsWith('UNKNOWN cluster'),
    );
    expect(places).toEqual(['FAIL JoinConfiguration input.yaml CIS 4.2.1 (AKS 3.2.1)']);
  });

  test('a fix edits the file of the kubelet', () => {
    const context = contextOf({ manifests: KUBELET.replace('rotateCertificates: true', 'rotateCertificates: false') });
    const place = cpTls003.assess(context).places.find(({ state }) => state === 'FAIL');
    const fix = place === undefined ? undefined : cpTls003.fix?.(context, place);
    expect(fix).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ op: 'set', path: ['rotateCertificates'], value: true }] }],
    });
  });
});
