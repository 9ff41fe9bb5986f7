import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { podCtx001 } from './control.ts';

const GOOD = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true };
const POD = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };

const web = (context: object, spec: object = {}, namespace = 'shop') =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web', securityContext: context }], ...spec },
      },
    },
  });

describe('templates', () => {
  test.each([
    ['restricted', web(GOOD, POD), 'PASS'],
    ['restricted, files can be written', web({ ...GOOD, readOnlyRootFilesystem: false }, POD), 'WARN'],
    ['nothing said', web({}), 'FAIL'],
    ['of the platform', web({}, {}, 'kube-system'), 'NA'],
    ['none', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(podCtx001, { manifests })).toBe(state);
  });

  test.each([
    [web({}), 'medium'],
    [web({ privileged: true }), 'high'],
    [web(GOOD, { securityContext: { runAsNonRoot: true } }), 'low'],
    [web(GOOD, { ...POD, volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'high'],
  ])('severity of %s', (manifests, severity) => {
    expect(assess(podCtx001, { manifests }).places[0]?.severity).toBe(severity);
  });

  test.each([
    ['/', 'volume `v` is the whole file system of the node, and '],
    [
      '/run/containerd/containerd.sock',
      'volume `v` is the socket of the container runtime: whoever has it has the node, and ',
    ],
    ['/var/lib', 'container `web` is privileged, and '],
  ])('what leads to the node at once comes first: %s', (path, message) => {
    const volumes = [...'abcdefgh'].map((name) => ({ name, hostPath: { path: '/etc' } }));
    const manifests = web({ privileged: true }, { volumes: [...volumes, { name: 'v', hostPath: { path } }] });
    const [place] = assess(podCtx001, { manifests }).places;
    expect(place?.message).toContain(message);
    expect(message).toContain(place?.evidence[0]?.why);
  });

  test('capabilities that are dropped in small letters are not said to be kept', () => {
    const manifests = web({ ...GOOD, capabilities: { drop: ['all'] } }, POD);
    expect(assess(podCtx001, { manifests }).places[0]?.message).toBe(
      'container `web` does not write `ALL` in capitals, which admission asks for',
    );
  });

  test('the version that runs decides', () => {
    const node = (version: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'n' },
        status: { nodeInfo: { kubeletVersion: version } },
      });
    const manifests = (version: string) =>
      `${web({ ...GOOD, runAsUser: 0, runAsNonRoot: false }, { ...POD, hostUsers: false })}\n---\n${node(version)}`;
    expect(stateOf(podCtx001, { manifests: manifests('v1.34.1') })).toBe('FAIL');
    expect(stateOf(podCtx001, { manifests: manifests('v1.35.0') })).toBe('PASS');
  });
});

test.each([
  [{ capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } }, {}],
  [{}, { securityContext: { sysctls: [{ name: 'net.ipv4.ip_forward', value: '1' }] } }],
])('powers over the network are told apart: %j %j', (context, spec) => {
  expect(placesOf(assess(podCtx001, { manifests: web(context, spec) }))).toEqual([
    'FAIL Deployment shop/web pod',
    'FAIL Deployment shop/web network',
  ]);
});

describe('fix', () => {
  test.each([
    ['not root', web({}, { securityContext: { runAsNonRoot: true } }), true],
    ['perhaps root', web({}), false],
    ['privileged', web({ privileged: true }, POD), false],
  ])('%s', (_, manifests, automatic) => {
    const context = contextOf({ manifests });
    const [place] = podCtx001.assess(context).places;
    expect(podCtx001.fix?.(context, place!)?.automatic).toBe(automatic);
  });

  test('sets what is missing, once', () => {
    const context = contextOf({ manifests: web({}) });
    const fix = podCtx001.fix?.(context, podCtx001.assess(context).places[0]!);
    const template = ['spec', 'template', 'spec'];
    const container = [...template, 'containers', 0, 'securityContext'];
    expect(fix?.changes).toMatchObject([
      {
        edits: [
          { path: [...container, 'allowPrivilegeEscalation'], value: false },
          { path: [...template, 'securityContext', 'runAsNonRoot'], value: true },
          { path: [...template, 'securityContext', 'seccompProfile'], value: { type: 'RuntimeDefault' } },
          { path: [...container, 'capabilities', 'drop'], value: ['ALL'] },
        ],
      },
    ]);
  });
});

test('what kubelets give containers that say nothing', () => {
  const kubelet = (seccompDefault: boolean) => `
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
seccompDefault: ${seccompDefault}
`;
  expect(stateOf(podCtx001, { manifests: kubelet(true) })).toBe('PASS');
  expect(stateOf(podCtx001, { manifests: kubelet(false) })).not.toBe('PASS');
});
