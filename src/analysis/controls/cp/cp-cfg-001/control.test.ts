import { describe, expect, test } from 'vitest';
import type { ControlState } from '#model/control.ts';
import { assess, type ControlInput, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { AKS_NODE, POD, staticPod } from '../control-plane.test-support.ts';
import { cpCfg001 } from './control.ts';

const SERVER = [
  'anonymous-auth=false',
  'authorization-mode=Node,RBAC',
  'enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs,EventRateLimit,AlwaysPullImages',
  'profiling=false',
  'service-account-key-file=/etc/kubernetes/pki/sa.pub',
  'service-account-extend-token-expiration=false',
];
const MANAGER = [
  'bind-address=127.0.0.1',
  'profiling=false',
  'root-ca-file=/etc/kubernetes/pki/ca.crt',
  'service-account-private-key-file=/etc/kubernetes/pki/sa.key',
  'use-service-account-credentials=true',
];
const SCHEDULER = ['bind-address=127.0.0.1', 'profiling=false'];
const FILES = JSON.stringify({
  apiVersion: 'v1',
  kind: 'NodeInfo',
  type: 'master',
  metadata: { name: 'server-1' },
  info: {
    kubeAPIServerSpecFilePermission: { values: [600] },
    kubeAPIServerSpecFileOwnership: { values: ['root:root'] },
    kubeControllerManagerSpecFilePermission: [644],
    etcdDataDirectoryOwnership: ['root:root'],
    kubePKIKeyFilePermissions: [600, 640],
  },
});

function plane(server: readonly string[]): string {
  return [
    staticPod('kube-apiserver', server),
    staticPod('kube-controller-manager', MANAGER),
    staticPod('kube-scheduler', SCHEDULER),
  ].join('---');
}

const CASES: readonly (readonly [string, ControlInput, ControlState])[] = [
  ['flags are as asked, files are not known', { manifests: plane(SERVER) }, 'UNKNOWN'],
  ['everything is allowed', { manifests: plane(['authorization-mode=AlwaysAllow']) }, 'PARTIAL'],
  ['no control plane', { manifests: POD }, 'UNKNOWN'],
  ['AKS runs it', { manifests: AKS_NODE }, 'NA-PROVIDER'],
];

describe('CP-CFG-001', () => {
  test.each(CASES)('%s', (_, input, state) => {
    expect(stateOf(cpCfg001, input)).toBe(state);
  });

  test('with its flags as asked, only files are open', () => {
    const open = placesOf(assess(cpCfg001, { manifests: plane(SERVER) })).filter((place) => !place.startsWith('PASS'));
    expect(open).toEqual(['UNKNOWN cluster cluster files of the control plane']);
  });

  test('defaults of components count', () => {
    const places = placesOf(assess(cpCfg001, { manifests: staticPod('kube-apiserver', []) }));
    const of = (id: string) => places.find((place) => place.endsWith(` CIS ${id}`))?.split(' ')[0];
    expect(['1.2.1', '1.2.3', '1.2.6', '1.2.10', '1.2.12', '1.2.15', '1.2.20', '1.2.21'].map(of)).toEqual([
      'WARN',
      'FAIL',
      'FAIL',
      'PASS',
      'PASS',
      'FAIL',
      'PASS',
      'PASS',
    ]);
  });

  test('modes and owners of files', () => {
    const places = placesOf(assess(cpCfg001, { manifests: FILES }));
    expect(places).toContain('PASS NodeInfo server-1 CIS 1.1.1');
    expect(places).toContain('PASS NodeInfo server-1 CIS 1.1.2');
    expect(places).toContain('FAIL NodeInfo server-1 CIS 1.1.3');
    expect(places).toContain('UNKNOWN NodeInfo server-1 CIS 1.1.5');
    expect(places).toContain('WARN NodeInfo server-1 CIS 1.1.12');
    expect(places).toContain('FAIL NodeInfo server-1 CIS 1.1.21');
  });

  test('profiling is switched off by an edit that can be proven', () => {
    const context = contextOf({ manifests: staticPod('kube-scheduler', ['profiling=true']) });
    const place = cpCfg001.assess(context).places.find(({ detail }) => detail === 'CIS 1.4.1');
    const fix = place === undefined ? undefined : cpCfg001.fix?.(context, place);
    expect(fix).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ op: 'set', path: ['spec', 'containers', 0, 'command', 1], value: '--profiling=false' }] }],
    });
  });

  test('what a variable or a file that is not here says is not known', () => {
    const of = (flag: string) =>
      placesOf(assess(cpCfg001, { manifests: staticPod('kube-scheduler', ['profiling=false', flag]) }));
    expect(of('bind-address=$(POD_IP)')).toContain('UNKNOWN Pod kube-system/kube-scheduler CIS 1.4.2');
    expect(of('config=/etc/kubernetes/scheduler.yaml')).toContain('UNKNOWN Pod kube-system/kube-scheduler CIS 1.4.2');
  });

  test('a control plane of Cluster API is judged by what it tells kubeadm', () => {
    const plane = `
apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlane
metadata: { name: shop, namespace: clusters }
spec:
  kubeadmConfigSpec:
    clusterConfiguration:
      scheduler: { extraArgs: { profiling: "false" } }
`;
    const places = placesOf(assess(cpCfg001, { manifests: plane }));
    expect(places).toContain('PASS KubeadmControlPlane clusters/shop CIS 1.4.1');
    expect(places).toContain('FAIL KubeadmControlPlane clusters/shop CIS 1.3.2');
  });

  test('a command in a shell is read', () => {
    const pod = staticPod('kube-scheduler', []).replace(
      '- "kube-scheduler"',
      '- /bin/sh\n        - -c\n        - exec /usr/local/bin/kube-scheduler --profiling=false --bind-address "127.0.0.1"',
    );
    const places = placesOf(assess(cpCfg001, { manifests: pod }));
    expect(places).toContain('PASS Pod kube-system/kube-scheduler CIS 1.4.1');
    expect(places).toContain('PASS Pod kube-system/kube-scheduler CIS 1.4.2');
  });
});
