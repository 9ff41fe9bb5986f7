import type { Evidence, FieldEdit } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { listAt, numberAt, plainAt, textAt, textsAt } from '#model/plain.ts';
import { labelsOf } from '../../../needs/book.ts';
import { meshOf } from '../../../needs/platform.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import type { OwnedContainer, PodOwner } from '../../pod-owners.ts';

/** A way in which a pod gets around policy. */
export interface Bypass {
  readonly detail: string;
  readonly state: 'FAIL' | 'WARN';
  readonly text: string;
  readonly evidence: Evidence;
  /** What takes it away; nothing where more has to be changed than the manifest. */
  readonly edits: readonly FieldEdit[];
}

export function bypassesOf(context: ControlContext, owner: PodOwner): readonly Bypass[] {
  return [
    ...hostNetwork(owner),
    ...owner.containers.flatMap((container) => [
      ...hostPorts(context, owner, container),
      ...capabilities(owner, container),
    ]),
    ...optOuts(context, owner),
  ];
}

function evidenceAt({ object }: PodOwner, path: FieldPath): Evidence {
  const value = plainAt(object.value, ...path);
  return {
    object: titleOf(object),
    field: fieldOf(path),
    ...(value === undefined ? { absent: true } : { value }),
    origin: object.originAt(path),
  };
}

function fieldOf(path: FieldPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

function hostNetwork(owner: PodOwner): Bypass[] {
  if (owner.spec.hostNetwork !== true) return [];
  const path = [...owner.path, 'spec', 'hostNetwork'];
  return [
    {
      detail: 'host network',
      state: 'FAIL',
      text: 'is on the network of its node, where policy for pods has no say',
      evidence: evidenceAt(owner, path),
      edits: [{ op: 'remove', path }],
    },
  ];
}

/** Ports of nodes; on the network of the node every port is one, and that is told above. */
function hostPorts({ settings }: ControlContext, owner: PodOwner, { name, path, value }: OwnedContainer): Bypass[] {
  if (owner.spec.hostNetwork === true) return [];
  const allowed = settings.allowedHostPorts;
  return listAt(value, 'ports').flatMap((port, index): Bypass[] => {
    const number = numberAt(port, 'hostPort');
    if (number === undefined || number === 0) return [];
    if (allowed !== undefined && number >= allowed.from && number <= allowed.to) return [];
    const at = [...path, 'ports', index, 'hostPort'];
    return [
      {
        detail: `host port ${number} of ${name}`,
        state: 'FAIL',
        text: `takes port ${number} of its node in container \`${name}\`, past Services and gateways`,
        evidence: evidenceAt(owner, at),
        edits: [{ op: 'remove', path: at }],
      },
    ];
  });
}

const DANGEROUS = /^(?:CAP_)?(?:NET_ADMIN|NET_RAW|SYS_ADMIN|ALL)$/i;
/** What prepares the network of a pod for a mesh needs it, once, before the pod starts. */
const MESH_INIT = /^(?:istio-init|istio-validation|linkerd-init|linkerd-network-validator)$/;

function capabilities(owner: PodOwner, { name, role, path, value }: OwnedContainer): Bypass[] {
  if (role === 'init' && MESH_INIT.test(name)) return [];
  const at = [...path, 'securityContext', 'capabilities', 'add'];
  const added = textsAt(value, 'securityContext', 'capabilities', 'add').filter((capability) =>
    DANGEROUS.test(capability),
  );
  if (added.length > 0) {
    const kept = textsAt(value, 'securityContext', 'capabilities', 'add').filter(
      (capability) => !DANGEROUS.test(capability),
    );
    return [
      {
        detail: `capabilities of ${name}`,
        state: 'FAIL',
        text: `may change or forge packets in container \`${name}\` (${added.join(', ')})`,
        evidence: evidenceAt(owner, at),
        edits: [{ op: 'set', path: at, value: kept }],
      },
    ];
  }
  if (plainAt(value, 'securityContext', 'privileged') !== true) return [];
  const privileged = [...path, 'securityContext', 'privileged'];
  return [
    {
      detail: `privileged ${name}`,
      state: 'FAIL',
      text: `may change rules of its node in container \`${name}\`, which is privileged`,
      evidence: evidenceAt(owner, privileged),
      edits: [{ op: 'set', path: privileged, value: false }],
    },
  ];
}

// ---------------------------------------------------------------- meshes

const ISTIO_PORTS = ['excludeInboundPorts', 'excludeOutboundPorts', 'excludeOutboundIPRanges'].map(
  (name) => `traffic.sidecar.istio.io/${name}`,
);
const LINKERD_PORTS = ['skip-inbound-ports', 'skip-outbound-ports'].map((name) => `config.linkerd.io/${name}`);

/** Traffic that is kept out of the proxy of a mesh is not seen by its rules. */
function optOuts(context: ControlContext, owner: PodOwner): Bypass[] {
  const mesh = meshOf(context, owner);
  const names = mesh === 'istio' ? ISTIO_PORTS : mesh === 'linkerd' ? LINKERD_PORTS : [];
  const ports = names.flatMap((name): Bypass[] => {
    const value = textAt(owner.metadata, 'annotations', name);
    const path = [...owner.path, 'metadata', 'annotations', name];
    if (value === undefined || value.trim() === '') return [];
    return [
      {
        detail: name,
        state: 'WARN',
        text: `keeps traffic out of the proxy of its mesh by \`${name}\``,
        evidence: evidenceAt(owner, path),
        edits: [{ op: 'remove', path }],
      },
    ];
  });
  return [...ports, ...(mesh === undefined ? leaving(context, owner) : [])];
}

/** A pod without a proxy in a namespace that gives one to every pod. */
function leaving({ objects }: ControlContext, owner: PodOwner): Bypass[] {
  const space = objects.get({ group: '', kind: 'Namespace', namespace: '', name: owner.object.namespace });
  const istio =
    textAt(space?.value, 'metadata', 'labels', 'istio-injection') === 'enabled' ||
    textAt(space?.value, 'metadata', 'labels', 'istio.io/rev') !== undefined;
  const linkerd = textAt(space?.value, 'metadata', 'annotations', 'linkerd.io/inject') === 'enabled';
  const inLabels = labelsOf(owner).get('sidecar.istio.io/inject') === 'false';
  const [field, name] = istio
    ? [inLabels ? 'labels' : 'annotations', 'sidecar.istio.io/inject']
    : ['annotations', 'linkerd.io/inject'];
  const path = [...owner.path, 'metadata', field, name];
  if ((!istio && !linkerd) || plainAt(owner.object.value, ...path) === undefined) return [];
  return [
    {
      detail: name,
      state: 'WARN',
      text: 'has no proxy in a namespace that gives one to every pod',
      evidence: evidenceAt(owner, path),
      edits: [{ op: 'remove', path }],
    },
  ];
}
