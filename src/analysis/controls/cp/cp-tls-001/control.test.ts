import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import { assess, type ControlInput, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { AKS_NODE, API_SERVER_TLS, POD, staticPod } from '../control-plane.test-support.ts';
import { cpTls001 } from './control.ts';

const KUBEADM = `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
apiServer:
  extraArgs:
    - { name: kubelet-certificate-authority, value: /etc/kubernetes/pki/ca.crt }
    - { name: tls-cipher-suites, value: "TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" }
`;

const CASES: readonly (readonly [string, ControlInput, ControlState])[] = [
  ['all flags are set', { manifests: staticPod('kube-apiserver', API_SERVER_TLS) }, 'PASS'],
  ['as kubeadm was told', { manifests: KUBEADM }, 'PASS'],
  [
    'kubelets are not checked',
    {
      manifests: staticPod(
        'kube-apiserver',
        API_SERVER_TLS.filter((flag) => !flag.startsWith('kubelet-certificate')),
      ),
    },
    'PARTIAL',
  ],
  [
    'suites are the default ones',
    {
      manifests: staticPod(
        'kube-apiserver',
        API_SERVER_TLS.filter((flag) => !flag.startsWith('tls-min')),
      ),
    },
    'WARN',
  ],
  ['no API server', { manifests: POD }, 'UNKNOWN'],
  ['AKS runs it', { manifests: AKS_NODE }, 'NA-PROVIDER'],
  [
    'EKS runs it',
    { manifests: 'apiVersion: v1\nkind: Node\nmetadata: { name: a, labels: { eks.amazonaws.com/nodegroup: a } }' },
    'NA-PROVIDER',
  ],
];

describe('CP-TLS-001', () => {
  test.each(CASES)('%s', (_, input, state) => {
    expect(stateOf(cpTls001, input)).toBe(state);
  });

  test('each item is a place, with the flag and its line', () => {
    const flags = API_SERVER_TLS.filter((flag) => !flag.startsWith('client-ca'));
    const found = assess(cpTls001, { manifests: staticPod('kube-apiserver', flags) });
    expect(placesOf(found)).toContain('FAIL Pod kube-system/kube-apiserver CIS 1.2.25');
    const failed = found.places.find(({ state }) => state === 'FAIL');
    expect(failed?.message).toBe('`--client-ca-file` of kube-apiserver is not set (CIS 1.2.25)');
    const passed = found.places.find(({ detail }) => detail === 'CIS 1.2.5');
    expect(passed?.evidence[0]).toMatchObject({
      field: 'spec.containers[0].command[4]',
      origin: { file: 'input.yaml', line: 18 },
    });
  });

  test('a file that the input does not have may say what no flag says', () => {
    const flags = [
      ...API_SERVER_TLS.filter((flag) => !flag.startsWith('client-ca')),
      'authentication-config=/etc/a.yaml',
    ];
    expect(placesOf(assess(cpTls001, { manifests: staticPod('kube-apiserver', flags) }))).toContain(
      'UNKNOWN Pod kube-system/kube-apiserver CIS 1.2.25',
    );
  });

  test('a fix names what is to be set', () => {
    const context = contextOf({ manifests: staticPod('kube-apiserver', []) });
    const place = cpTls001.assess(context).places.find(({ detail }) => detail === 'CIS 1.2.24');
    const fix = place === undefined ? undefined : cpTls001.fix?.(context, place);
    expect(fix).toMatchObject({ automatic: false, changes: [] });
    expect(fix?.summary).toContain('`--tls-cert-file` and `--tls-private-key-file`');
  });
});
