import { describe, expect, test } from 'vitest';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import {
  evaluatePodSecurity,
  type PodSecurityLevel,
  type PodSecurityVersion,
  parsePodSecurityVersion,
  podSecurityLevelOf,
} from './pod-security.ts';

/** The least that restricted lets in. */
const GOOD = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

function restrictedPod(context: PlainObject = {}, spec: PlainObject = {}, container: PlainObject = {}): PlainObject {
  return {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ name: 'web', securityContext: { ...GOOD, ...context }, ...container }],
    ...spec,
  };
}

function pod(context: PlainObject, spec: PlainObject = {}, container: PlainObject = {}): PlainObject {
  return { containers: [{ name: 'web', securityContext: context, ...container }], ...spec };
}

interface Asked {
  readonly level?: PodSecurityLevel;
  readonly version?: PodSecurityVersion;
  readonly metadata?: PlainObject;
}

function checksOf(spec: PlainObject, { level = 'baseline', version = 'latest', metadata = {} }: Asked = {}) {
  return [...new Set(evaluatePodSecurity(metadata, spec, { level, version }).map(({ check }) => check))];
}

const annotated = (key: string, value: string) => ({ annotations: { [key]: value } });
const VOLUME = (source: PlainObject): PlainObject => ({ volumes: [{ name: 'v', ...source }] });

describe('baseline', () => {
  const bad: [string, PlainObject, Asked?][] = [
    ['hostNamespaces', pod({}, { hostNetwork: true })],
    ['hostNamespaces', pod({}, { hostPID: true })],
    ['hostNamespaces', pod({}, { hostIPC: true })],
    ['privileged', pod({ privileged: true })],
    ['privileged', { initContainers: [{ name: 'a', securityContext: { privileged: true } }] }],
    ['privileged', { ephemeralContainers: [{ name: 'a', securityContext: { privileged: true } }] }],
    ['capabilities_baseline', pod({ capabilities: { add: ['CHOWN', 'NET_RAW'] } })],
    ['capabilities_baseline', pod({ capabilities: { add: ['chown'] } })],
    ['hostPathVolumes', pod({}, VOLUME({ hostPath: { path: '/' } }))],
    ['hostPorts', pod({}, {}, { ports: [{ containerPort: 80, hostPort: 80 }] })],
    ['appArmorProfile', pod({ appArmorProfile: { type: 'Unconfined' } })],
    ['appArmorProfile', pod({}, { securityContext: { appArmorProfile: { type: 'Unconfined' } } }), { version: 20 }],
    [
      'appArmorProfile',
      pod({}),
      { metadata: annotated('container.apparmor.security.beta.kubernetes.io/web', 'unconfined') },
    ],
    ['seLinuxOptions', pod({ seLinuxOptions: { type: 'spc_t' } })],
    ['seLinuxOptions', pod({ seLinuxOptions: { user: 'a' } })],
    ['seLinuxOptions', pod({}, { securityContext: { seLinuxOptions: { role: 'a' } } })],
    ['seLinuxOptions', pod({ seLinuxOptions: { type: 'container_engine_t' } }), { version: 30 }],
    ['procMount', pod({ procMount: 'Unmasked' })],
    ['procMount', pod({ procMount: 'Unmasked' }, { hostUsers: false }), { version: 34 }],
    ['seccompProfile_baseline', pod({ seccompProfile: { type: 'Unconfined' } })],
    [
      'seccompProfile_baseline',
      pod({}),
      { version: 18, metadata: annotated('seccomp.security.alpha.kubernetes.io/pod', 'unconfined') },
    ],
    [
      'seccompProfile_baseline',
      pod({}),
      { version: 18, metadata: annotated('container.seccomp.security.alpha.kubernetes.io/web', 'unconfined') },
    ],
    ['sysctls', pod({}, { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } })],
    ['sysctls', pod({}, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }] } }), { version: 31 }],
    ['windowsHostProcess', pod({ windowsOptions: { hostProcess: true } })],
    ['windowsHostProcess', pod({}, { securityContext: { windowsOptions: { hostProcess: true } } })],
    ['hostProbesAndHostLifecycle', pod({}, {}, { livenessProbe: { httpGet: { host: '169.254.169.254', port: 80 } } })],
    ['hostProbesAndHostLifecycle', pod({}, {}, { lifecycle: { preStop: { tcpSocket: { host: 'db', port: 1 } } } })],
    ['ulimits', pod({ ulimits: { core: {} } })],
  ];
  test.each(bad)('%s forbids %j', (check, spec, asked) => {
    expect(checksOf(spec, asked)).toEqual([check]);
  });

  const good: [PlainObject, Asked?][] = [
    [{}],
    [pod({})],
    [{ containers: [{ name: 'web', securityContext: null }], securityContext: null, hostNetwork: false }],
    [pod({ privileged: false, procMount: 'Default', capabilities: { add: ['CHOWN'] } })],
    [pod({ procMount: 'Unmasked' }, { hostUsers: false })],
    [pod({ seLinuxOptions: { type: 'container_engine_t', level: 's0' } }), { version: 31 }],
    [pod({ appArmorProfile: { type: 'Localhost', localhostProfile: 'a' }, seccompProfile: { type: 'Localhost' } })],
    [pod({ seccompProfile: { type: 'Unconfined' } }), { version: 18 }],
    [pod({}), { metadata: annotated('seccomp.security.alpha.kubernetes.io/pod', 'unconfined') }],
    [pod({}), { metadata: annotated('container.apparmor.security.beta.kubernetes.io/web', 'localhost/a') }],
    [pod({}, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }] } }), { version: 32 }],
    [pod({}, {}, { livenessProbe: { httpGet: { host: 'a', port: 80 } } }), { version: 33 }],
    [pod({}, {}, { ports: [{ containerPort: 80, hostPort: 0 }] })],
    [pod({}, VOLUME({ hostPath: null }))],
    [pod({ runAsUser: 0, allowPrivilegeEscalation: true }, VOLUME({ nfs: { server: 'a' } }))],
  ];
  test.each(good)('lets %j in', (spec, asked) => {
    expect(checksOf(spec, asked)).toEqual([]);
  });

  test('on the network of the node every port is one of the node', () => {
    const spec = pod({}, { hostNetwork: true }, { ports: [{ containerPort: 8080 }] });
    expect(evaluatePodSecurity({}, spec, { level: 'baseline', version: 'latest' })).toMatchObject([
      { check: 'hostNamespaces', path: ['spec', 'hostNetwork'] },
      { check: 'hostPorts', path: ['spec', 'containers', 0, 'ports', 0, 'hostPort'], value: 8080 },
    ]);
  });
});

describe('restricted', () => {
  const none = { securityContext: {} };
  const bad: [readonly string[], PlainObject, PodSecurityVersion?][] = [
    [['restrictedVolumes'], restrictedPod({}, VOLUME({ nfs: { server: 'a' } }))],
    [['restrictedVolumes'], restrictedPod({}, VOLUME({ hostPath: { path: '/' } }))],
    [['allowPrivilegeEscalation'], restrictedPod({ allowPrivilegeEscalation: true })],
    [['allowPrivilegeEscalation'], restrictedPod({ allowPrivilegeEscalation: null })],
    [['runAsNonRoot'], restrictedPod({ runAsNonRoot: false })],
    [['runAsNonRoot', 'seccompProfile_restricted'], restrictedPod({}, none)],
    [
      ['runAsNonRoot'],
      restrictedPod(
        { runAsNonRoot: true, seccompProfile: { type: 'Localhost' } },
        { securityContext: { runAsNonRoot: false } },
      ),
    ],
    [['runAsUser'], restrictedPod({ runAsUser: 0 })],
    [['seccompProfile_restricted'], restrictedPod({ seccompProfile: { type: 'Unconfined' } })],
    [['capabilities_restricted'], restrictedPod({ capabilities: { drop: ['NET_RAW'] } })],
    [['capabilities_restricted'], restrictedPod({ capabilities: { drop: ['all'] } })],
    [['capabilities_restricted'], restrictedPod({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } })],
    [['procMount_restricted'], restrictedPod({ procMount: 'Unmasked' }, { hostUsers: false })],
    [['procMount'], restrictedPod({ procMount: 'Unmasked' }), 34],
    [['cgroupOptions'], restrictedPod({ cgroupOptions: { mountMode: 'Writable' } })],
    [['hostNamespaces'], restrictedPod({}, { hostPID: true })],
    [['allowPrivilegeEscalation', 'seccompProfile_restricted', 'capabilities_restricted'], windows({}), 24],
    [['runAsNonRoot'], restrictedPod({ runAsNonRoot: false }, { hostUsers: false }), 34],
    [['capabilities_baseline'], restrictedPod({ capabilities: { add: ['NET_RAW'] } }), 21],
    [
      ['allowPrivilegeEscalation', 'seccompProfile_restricted', 'capabilities_restricted'],
      { ...restrictedPod(), securityContext: { runAsNonRoot: true }, initContainers: [{ name: 'a' }] },
    ],
  ];
  test.each(bad)('%j forbid %j', (checks, spec, version) => {
    expect(checksOf(spec, { level: 'restricted', ...(version !== undefined && { version }) })).toEqual(checks);
  });

  const good: [PlainObject, PodSecurityVersion?][] = [
    [restrictedPod()],
    [restrictedPod({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })],
    [restrictedPod({}, VOLUME({ csi: { driver: 'a' } }))],
    [restrictedPod({}, VOLUME({ image: { reference: 'a' } })), 25],
    [restrictedPod({}, VOLUME({}))],
    [restrictedPod({ runAsUser: 0, runAsNonRoot: false }, { hostUsers: false })],
    [restrictedPod({ runAsUser: 0 }), 22],
    [restrictedPod({ allowPrivilegeEscalation: true }), 7],
    [windows({}), 25],
    [windows({})],
    [
      {
        containers: [
          { name: 'a', securityContext: { ...GOOD, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
        ],
      },
    ],
  ];
  test.each(good)('lets %j in', (spec, version) => {
    expect(checksOf(spec, { level: 'restricted', ...(version !== undefined && { version }) })).toEqual([]);
  });
});

function windows(context: PlainObject): PlainObject {
  return pod(context, { os: { name: 'windows' }, securityContext: { runAsNonRoot: true } });
}

test('a missing field has the path where it would stand', () => {
  const spec = restrictedPod({}, { initContainers: [{ name: 'setup', securityContext: { capabilities: {} } }] });
  const found = evaluatePodSecurity({}, spec, { level: 'restricted', version: 30 });
  expect(found.map(({ path, message }): PlainValue => [path.join('.'), message])).toEqual([
    [
      'spec.initContainers.0.securityContext.allowPrivilegeEscalation',
      'container `setup` may gain privileges that it was not started with',
    ],
    ['spec.initContainers.0.securityContext.capabilities.drop', 'container `setup` keeps capabilities'],
  ]);
});

test.each([
  [restrictedPod(), 'restricted'],
  [pod({}), 'baseline'],
  [pod({ privileged: true }), 'privileged'],
])('the level of %j is %s', (spec, level) => {
  expect(podSecurityLevelOf({}, spec, 'latest')).toBe(level);
});

test.each([
  ['v1.28', 28],
  ['latest', 'latest'],
  ['v1.0', 0],
  ['1.28', undefined],
  ['v1.028', undefined],
  ['v2.0', undefined],
])('version %s is %s', (text, version) => {
  expect(parsePodSecurityVersion(text)).toBe(version);
});
