import { entriesAt, listAt, numberAt, plainAt, textAt } from '#model/plain.ts';
import type { PodCheck } from './pod-check.ts';
import { breach, fieldOf, isSet, type PodParts, shown } from './pod-parts.ts';
import type { Breach } from './violation.ts';

// Kubernetes 1.38, k8s.io/pod-security-admission/policy: checks of baseline with the versions from which each holds. Two were
// changed without a new version and so hold for all: the AppArmor field (1.30), and volumes of images (1.33).

export const BASELINE_CHECKS: readonly PodCheck[] = [
  { id: 'hostNamespaces', versions: [{ from: 0, run: hostNamespaces }] },
  { id: 'privileged', versions: [{ from: 0, run: privileged }] },
  { id: 'capabilities_baseline', versions: [{ from: 0, run: capabilities }] },
  { id: 'hostPathVolumes', versions: [{ from: 0, run: hostPathVolumes }] },
  { id: 'hostPorts', versions: [{ from: 0, run: hostPorts }] },
  { id: 'appArmorProfile', versions: [{ from: 0, run: appArmor }] },
  {
    id: 'seLinuxOptions',
    versions: [
      { from: 0, run: (pod) => seLinux(pod, SELINUX_TYPES) },
      { from: 31, run: (pod) => seLinux(pod, [...SELINUX_TYPES, 'container_engine_t']) },
    ],
  },
  {
    id: 'procMount',
    versions: [
      { from: 0, run: procMount },
      { from: 35, run: (pod) => (pod.hasOwnUsers ? [] : procMount(pod)) },
    ],
  },
  {
    id: 'seccompProfile_baseline',
    versions: [
      { from: 0, run: seccompAnnotations },
      { from: 19, run: seccompFields },
    ],
  },
  { id: 'sysctls', versions: [0, 27, 29, 32, 37].map((from) => ({ from, run: (pod) => sysctls(pod, from) })) },
  { id: 'windowsHostProcess', versions: [{ from: 0, run: hostProcess }] },
  { id: 'hostProbesAndHostLifecycle', versions: [{ from: 34, run: probeHosts }] },
  { id: 'ulimits', versions: [{ from: 37, run: ulimits }] },
];

const HOST_NAMESPACES = [
  ['hostNetwork', 'network'],
  ['hostPID', 'processes'],
  ['hostIPC', 'memory between processes'],
] as const;

function hostNamespaces({ spec }: PodParts): readonly Breach[] {
  return HOST_NAMESPACES.flatMap(([field, what]) =>
    plainAt(spec, field) === true ? [breach(['spec', field], true, `the pod shares the ${what} of its node`)] : [],
  );
}

function privileged({ containers }: PodParts): readonly Breach[] {
  return [...fieldOf(containers, 'privileged')].flatMap(({ owner, at, value }) =>
    value === true ? [breach(at, value, `${owner.title} is privileged`)] : [],
  );
}

/** What container runtimes give by default, without `NET_RAW`. */
const DEFAULT_CAPABILITIES: ReadonlySet<unknown> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

function capabilities({ containers }: PodParts): readonly Breach[] {
  return containers.flatMap(({ title, path, context }) =>
    listAt(context, 'capabilities', 'add').flatMap((value, index) =>
      DEFAULT_CAPABILITIES.has(value)
        ? []
        : [breach([...path, 'capabilities', 'add', index], value, `${title} adds the capability ${shown(value)}`)],
    ),
  );
}

function hostPathVolumes({ spec }: PodParts): readonly Breach[] {
  return listAt(spec, 'volumes').flatMap((volume, index) => {
    const value = plainAt(volume, 'hostPath');
    if (!isSet(value)) return [];
    const name = shown(textAt(volume, 'name') ?? '');
    return [breach(['spec', 'volumes', index, 'hostPath'], value, `volume ${name} is a path of the node`)];
  });
}

/** In pods of the node's network every port is one of the node: the API server writes it so. */
function hostPorts({ spec, containers }: PodParts): readonly Breach[] {
  const isHostNetwork = plainAt(spec, 'hostNetwork') === true;
  return containers.flatMap(({ value, at, title, isEphemeral }) =>
    listAt(value, 'ports').flatMap((port, index) => {
      const own = numberAt(port, 'hostPort') ?? 0;
      const taken = own === 0 && isHostNetwork && !isEphemeral ? (numberAt(port, 'containerPort') ?? 0) : own;
      if (taken === 0) return [];
      return [breach([...at, 'ports', index, 'hostPort'], taken, `${title} takes port ${taken} of the node`)];
    }),
  );
}

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function appArmor({ metadata, owners }: PodParts): readonly Breach[] {
  const fields = [...fieldOf(owners, 'appArmorProfile')].flatMap(({ owner, at, value }) =>
    isConfined(plainAt(value, 'type'))
      ? []
      : [breach([...at, 'type'], plainAt(value, 'type'), `${owner.title} is not confined by AppArmor`)],
  );
  const annotations = entriesAt(metadata, 'annotations').flatMap(([key, value]) =>
    key.startsWith(APPARMOR) && typeof value === 'string' && !/^(?:$|runtime\/default$|localhost\/)/.test(value)
      ? [breach(['metadata', 'annotations', key], value, `an annotation sets the AppArmor profile ${shown(value)}`)]
      : [],
  );
  return [...fields, ...annotations];
}

/** AppArmor and seccomp name their profiles alike. */
function isConfined(type: unknown): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost';
}

const SELINUX_TYPES: readonly unknown[] = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

function seLinux({ owners }: PodParts, types: readonly unknown[]): readonly Breach[] {
  return [...fieldOf(owners, 'seLinuxOptions')].flatMap(({ owner, at, value }) => [
    ...['type', 'user', 'role'].flatMap((field) => {
      const set = plainAt(value, field);
      const isAllowed = !isSet(set) || set === '' || (field === 'type' && types.includes(set));
      return isAllowed ? [] : [breach([...at, field], set, `${owner.title} sets the SELinux ${field} ${shown(set)}`)];
    }),
  ]);
}

export function procMount({ containers }: PodParts): readonly Breach[] {
  return [...fieldOf(containers, 'procMount')].flatMap(({ owner, at, value }) =>
    value === 'Default' ? [] : [breach(at, value, `${owner.title} sees parts of /proc that are hidden by default`)],
  );
}

const SECCOMP_OF_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_OF_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';

function seccompAnnotations({ metadata, containers }: PodParts): readonly Breach[] {
  const names = containers.map(({ value }) => `${SECCOMP_OF_CONTAINER}${textAt(value, 'name') ?? ''}`);
  return [SECCOMP_OF_POD, ...names].flatMap((key) => {
    const value = textAt(metadata, 'annotations', key);
    if (value === undefined || /^(?:runtime\/default$|docker\/default$|localhost\/)/.test(value)) return [];
    return [breach(['metadata', 'annotations', key], value, `an annotation sets the seccomp profile ${shown(value)}`)];
  });
}

export function seccompFields({ owners }: PodParts): readonly Breach[] {
  return [...fieldOf(owners, 'seccompProfile')].flatMap(({ owner, at, value }) => {
    const type = plainAt(value, 'type');
    return isConfined(type) ? [] : [breach([...at, 'type'], type, `${owner.title} is not confined by seccomp`)];
  });
}

const SAFE_SYSCTLS: ReadonlyMap<unknown, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

function sysctls({ spec }: PodParts, version: number): readonly Breach[] {
  return listAt(spec, 'securityContext', 'sysctls').flatMap((sysctl, index) => {
    const name = textAt(sysctl, 'name') ?? '';
    const since = SAFE_SYSCTLS.get(name);
    if (since !== undefined && since <= version) return [];
    const path = ['spec', 'securityContext', 'sysctls', index, 'name'];
    return [breach(path, name, `the pod sets the kernel parameter ${shown(name)}`)];
  });
}

function hostProcess({ owners }: PodParts): readonly Breach[] {
  return [...fieldOf(owners, 'windowsOptions', 'hostProcess')].flatMap(({ owner, at, value }) =>
    value === true ? [breach(at, value, `${owner.title} runs as a process of the Windows node`)] : [],
  );
}

const HANDLERS = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const;

function probeHosts({ containers }: PodParts): readonly Breach[] {
  return containers.flatMap(({ title, at, value }) =>
    HANDLERS.flatMap((handler) =>
      ['httpGet', 'tcpSocket'].flatMap((action) => {
        const host = textAt(value, ...handler, action, 'host') ?? '';
        if (host === '') return [];
        const message = `${title} lets the node ask ${shown(host)} instead of the pod`;
        return [breach([...at, ...handler, action, 'host'], host, message)];
      }),
    ),
  );
}

function ulimits({ containers }: PodParts): readonly Breach[] {
  return [...fieldOf(containers, 'ulimits')].map(({ owner, at, value }) =>
    breach(at, value, `${owner.title} sets its own ulimits`),
  );
}
