import { isPlainObject, listAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import { procMount, seccompFields } from './baseline-checks.ts';
import type { PodCheck } from './pod-check.ts';
import { breach, isSet, type PodParts, shown } from './pod-parts.ts';
import type { Breach } from './violation.ts';

// Kubernetes 1.38, k8s.io/pod-security-admission/policy: what restricted adds to baseline.

export const RESTRICTED_CHECKS: readonly PodCheck[] = [
  {
    id: 'restrictedVolumes',
    replaces: ['hostPathVolumes'],
    versions: [{ from: 0, run: volumes }],
  },
  {
    id: 'allowPrivilegeEscalation',
    versions: [
      { from: 8, run: privilegeEscalation },
      { from: 25, run: onLinux(privilegeEscalation) },
    ],
  },
  {
    id: 'runAsNonRoot',
    versions: [
      { from: 0, run: runAsNonRoot },
      { from: 35, run: withNodeUsers(runAsNonRoot) },
    ],
  },
  {
    id: 'runAsUser',
    versions: [
      { from: 23, run: runAsUser },
      { from: 35, run: withNodeUsers(runAsUser) },
    ],
  },
  {
    id: 'seccompProfile_restricted',
    replaces: ['seccompProfile_baseline'],
    versions: [
      { from: 19, run: seccomp },
      { from: 25, run: onLinux(seccomp) },
    ],
  },
  {
    id: 'capabilities_restricted',
    replaces: ['capabilities_baseline'],
    versions: [
      { from: 22, run: capabilities },
      { from: 25, run: onLinux(capabilities) },
    ],
  },
  { id: 'procMount_restricted', replaces: ['procMount'], versions: [{ from: 35, run: procMount }] },
  { id: 'cgroupOptions', versions: [{ from: 38, run: cgroupOptions }] },
];

type Run = PodCheck['versions'][number]['run'];

/** Pods that say that they are for Windows have none of what the check asks for. */
function onLinux(run: Run): Run {
  return (pod) => (pod.isWindows ? [] : run(pod));
}

/** Root of a user namespace of its own is nobody on the node. */
function withNodeUsers(run: Run): Run {
  return (pod) => (pod.hasOwnUsers ? [] : run(pod));
}

const ALLOWED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const OTHER_VOLUMES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
];

/** A volume without a source is an empty directory. */
function volumes({ spec }: PodParts): readonly Breach[] {
  return listAt(spec, 'volumes').flatMap((volume, index) => {
    const has = (type: string) => isSet(plainAt(volume, type));
    const type = ALLOWED_VOLUMES.some(has) ? undefined : OTHER_VOLUMES.find(has);
    if (type === undefined) return [];
    const name = shown(textAt(volume, 'name') ?? '');
    const path = ['spec', 'volumes', index, type];
    return [breach(path, plainAt(volume, type), `volume ${name} is of the type ${type}`)];
  });
}

function privilegeEscalation({ containers }: PodParts): readonly Breach[] {
  return containers.flatMap(({ title, path, context }) => {
    const value = plainAt(context, 'allowPrivilegeEscalation');
    if (value === false) return [];
    const at = [...path, 'allowPrivilegeEscalation'];
    return [breach(at, present(value), `${title} may gain privileges that it was not started with`)];
  });
}

function runAsNonRoot({ owners, containers, spec }: PodParts): readonly Breach[] {
  const isDenied = plainAt(spec, 'securityContext', 'runAsNonRoot') === true;
  const isImplicit = (context: PlainValue | undefined) => !isDenied && !isSet(plainAt(context, 'runAsNonRoot'));
  const explicit = owners.flatMap(({ title, path, context }) =>
    plainAt(context, 'runAsNonRoot') === false
      ? [breach([...path, 'runAsNonRoot'], false, `${title} says that it may run as root`)]
      : [],
  );
  const implicit = containers.flatMap(({ title, path, context }) =>
    isImplicit(context) ? [breach([...path, 'runAsNonRoot'], undefined, `${title} may run as root`)] : [],
  );
  return [...explicit, ...implicit];
}

function runAsUser({ owners }: PodParts): readonly Breach[] {
  return owners.flatMap(({ title, path, context }) =>
    plainAt(context, 'runAsUser') === 0 ? [breach([...path, 'runAsUser'], 0, `${title} runs as root`)] : [],
  );
}

function seccomp(pod: PodParts): readonly Breach[] {
  const explicit = seccompFields(pod);
  const type = plainAt(pod.spec, 'securityContext', 'seccompProfile', 'type');
  if (type === 'RuntimeDefault' || type === 'Localhost') return explicit;
  const implicit = pod.containers.flatMap(({ title, path, context }) =>
    isSet(plainAt(context, 'seccompProfile'))
      ? []
      : [breach([...path, 'seccompProfile', 'type'], undefined, `${title} has no seccomp profile`)],
  );
  return [...explicit, ...implicit];
}

function capabilities({ containers }: PodParts): readonly Breach[] {
  return containers.flatMap(({ title, path, context }) => {
    const at = [...path, 'capabilities'];
    const drop = plainAt(context, 'capabilities', 'drop');
    const dropped = listAt(context, 'capabilities', 'drop');
    // Runtimes read the name in any case; admission compares it as it is written.
    const isAll = dropped.some((name) => typeof name === 'string' && name.toUpperCase() === 'ALL');
    const said = isAll ? 'does not write `ALL` in capitals, which admission asks for' : 'keeps capabilities';
    const kept = dropped.includes('ALL') ? [] : [breach([...at, 'drop'], present(drop), `${title} ${said}`)];
    const added = listAt(context, 'capabilities', 'add').flatMap((value, index) =>
      value === 'NET_BIND_SERVICE'
        ? []
        : [breach([...at, 'add', index], value, `${title} adds the capability ${shown(value)}`)],
    );
    return [...kept, ...added];
  });
}

function cgroupOptions({ containers }: PodParts): readonly Breach[] {
  return containers.flatMap(({ title, path, context }) => {
    const options = plainAt(context, 'cgroupOptions');
    const mode = isPlainObject(options) ? plainAt(options, 'mountMode') : undefined;
    if (!isSet(mode) || mode === 'ReadOnly') return [];
    return [breach([...path, 'cgroupOptions', 'mountMode'], mode, `${title} may write to its cgroup`)];
  });
}

function present(value: PlainValue | undefined): PlainValue | undefined {
  return isSet(value) ? value : undefined;
}
