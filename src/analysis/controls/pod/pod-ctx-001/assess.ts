import { remembered } from '#base/remembered.ts';
import type { Assessment, ControlSeverity, ControlState, Evidence, Judged } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { listAt, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import { evaluatePodSecurity, type PodSecurityViolation } from '../../../pod-security/pod-security.ts';
import { assessmentOf, placeOf, plain } from '../../assessment.ts';
import { clusterMinorOf } from '../../cluster-version.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey, titleOf } from '../../context.ts';
import { seenChecksOf } from '../../cp/components/components.ts';
import { pathText } from '../../evidence.ts';
import { objectId } from '../../objects.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';

export function assessContexts(context: ControlContext): Assessment {
  const pods = [...ownersById(context).values()].flatMap((owner) => judge(context, owner));
  const places = [...pods, ...seenChecksOf(context, 'POD-CTX-001')];
  return assessmentOf(
    places,
    plain('NA', 'the input has no workload outside of the namespaces of the platform'),
    (count, state) => `${count} ${count === 1 ? 'workload' : 'workloads'} ${SAID[state]}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'may do more than restricted allows',
  PARTIAL: 'may do more than restricted allows',
  WARN: 'may write to the files of their image',
  PASS: 'keep to restricted',
};

const JUDGED = onceKey<ReadonlyMap<string, PodOwner>>('workloads outside of the platform');

/** By their id. What the platform runs is for its maker to mend. */
export function ownersById(context: ControlContext): ReadonlyMap<string, PodOwner> {
  return context.once(JUDGED, ({ podOwners }) => {
    const own = podOwners.filter(({ object }) => !isSystemNamespace(context, object.namespace));
    return new Map(own.map((owner) => [objectId(owner.object), owner]));
  });
}

const VIOLATIONS = onceKey<Map<PodOwner, readonly PodSecurityViolation[]>>('violations of restricted');

export function restrictedViolations(context: ControlContext, owner: PodOwner): readonly PodSecurityViolation[] {
  const { metadata, spec } = owner;
  const version = clusterMinorOf(context) ?? 'latest';
  return remembered(
    context.once(VIOLATIONS, () => new Map()),
    owner,
    () => evaluatePodSecurity(metadata, spec, { level: 'restricted', version }),
  );
}

function judge(context: ControlContext, owner: PodOwner): readonly Judged[] {
  const violations = restrictedViolations(context, owner);
  const network = networkPowers(owner);
  const files = violations.length === 0 ? writableFiles(owner) : [];
  return [
    judgePod(owner, violations),
    ...(network.length === 0 ? [] : [judgeNetwork(owner, network)]),
    ...(files.length === 0 ? [] : [judgeFiles(owner, files)]),
  ];
}

/** Of what fails at one pod, the gravest. */
export const MOST_SHOWN = 8;

function judgePod(owner: PodOwner, violations: readonly PodSecurityViolation[]): Judged {
  const base = { where: placeOf(owner.object), detail: 'pod', endpoints: [owner.endpoint] };
  const ordered = violations.map(withPath).toSorted((a, b) => weight(b) - weight(a));
  const [first] = ordered;
  if (first === undefined) return { ...base, state: 'PASS', message: 'the pod keeps to restricted', evidence: [] };
  const others = new Set(violations.map(({ check }) => check)).size - 1;
  const more =
    others === 0
      ? ''
      : `, and ${others} more ${others === 1 ? 'check' : 'checks'} of restricted ${others === 1 ? 'fails' : 'fail'}`;
  return {
    ...base,
    state: 'FAIL',
    severity: severityOf(violations),
    message: `${first.message}${more}`,
    evidence: ordered.slice(0, MOST_SHOWN).map((violation) => evidenceAt(owner, violation)),
  };
}

/** What leads to the node at once; what baseline forbids; the rest. */
function severityOf(violations: readonly PodSecurityViolation[]): ControlSeverity {
  const most = violations.reduce((most, violation) => Math.max(most, weight(violation)), 0);
  return most >= ESCAPE ? 'high' : most < STRONG_WEIGHT ? 'low' : 'medium';
}

/** Paths that are the node itself are told as such. */
function withPath(violation: PodSecurityViolation): PodSecurityViolation {
  const said = takesNode(violation);
  return said === undefined ? violation : { ...violation, message: said };
}

function takesNode({ path, value, message }: PodSecurityViolation): string | undefined {
  const at = path.at(-1) === 'hostPath' ? textAt(value, 'path') : undefined;
  if (at === undefined) return undefined;
  const volume = /^volume \S+/.exec(message)?.[0] ?? 'a volume';
  if (RUNTIME_SOCKET.test(at)) return `${volume} is the socket of the container runtime: whoever has it has the node`;
  return /^\/+$/.test(at) ? `${volume} is the whole file system of the node` : undefined;
}

const RUNTIME_SOCKET = /\/(?:docker|dockershim|containerd|cri-dockerd|crio|podman)\.sock$/;

function weight(violation: PodSecurityViolation): number {
  const { check, level, path } = violation;
  if (takesNode(violation) !== undefined) return NODE;
  if (ESCAPES.has(check) || (path.includes('hostPath') && check === 'restrictedVolumes')) return ESCAPE;
  return level === 'baseline' ? BASELINE : (WEIGHTS.get(check) ?? 1);
}

const NODE = 6;
const ESCAPE = 5;
const BASELINE = 4;
const STRONG_WEIGHT = 2;
const ESCAPES = new Set(['privileged', 'hostNamespaces', 'windowsHostProcess']);
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['runAsNonRoot', 3],
  ['runAsUser', 3],
  ['allowPrivilegeEscalation', STRONG_WEIGHT],
  ['capabilities_restricted', STRONG_WEIGHT],
]);

function evidenceAt({ object, path }: PodOwner, { path: at, value, message }: PodSecurityViolation): Evidence {
  return evidenceOf({ object, path: [...path, ...at], value, why: message });
}

interface Seen {
  readonly object: PodOwner['object'];
  readonly path: FieldPath;
  readonly value: PlainValue | undefined;
  readonly why: string;
}

function evidenceOf({ object, path, value, why }: Seen): Evidence {
  return {
    object: titleOf(object),
    field: pathText(path),
    ...(value === undefined ? { absent: true } : { value }),
    why,
    origin: object.originAt(path),
  };
}

/** Not asked for by restricted: who gets in should not be able to leave a program behind. */
function judgeFiles({ object, endpoint }: PodOwner, evidence: readonly Evidence[]): Judged {
  return {
    where: placeOf(object),
    detail: 'files',
    endpoints: [endpoint],
    state: 'WARN',
    severity: 'low',
    message: 'the pod keeps to restricted, and may write to the files of its image',
    evidence,
  };
}

function writableFiles({ object, containers, spec }: PodOwner): readonly Evidence[] {
  if (plainAt(spec, 'os', 'name') === 'windows') return [];
  return containers.flatMap(({ role, path, value }) => {
    const isReadOnly = plainAt(value, 'securityContext', 'readOnlyRootFilesystem');
    if (role === 'ephemeral' || isReadOnly === true) return [];
    const at = [...path, 'securityContext', 'readOnlyRootFilesystem'];
    return [evidenceOf({ object, path: at, value: isReadOnly, why: 'files of the image may be changed' })];
  });
}

// ---------------------------------------------------------------- the network

function judgeNetwork({ object, endpoint }: PodOwner, evidence: readonly Evidence[]): Judged {
  return {
    where: placeOf(object),
    detail: 'network',
    endpoints: [endpoint],
    state: 'FAIL',
    severity: 'high',
    message: 'the pod may change or read network traffic that is not its own, past what policy decides',
    evidence,
  };
}

/** What was asked for by name. That a runtime gives `NET_RAW` by default is told with what restricted asks for. */
function networkPowers({ object, containers, path, spec }: PodOwner): readonly Evidence[] {
  const host = plainAt(spec, 'hostNetwork') === true;
  const own = host
    ? [
        evidenceOf({
          object,
          path: [...path, 'spec', 'hostNetwork'],
          value: true,
          why: 'no policy of pods holds; traffic of the node can be read',
        }),
      ]
    : [];
  const added = containers.flatMap(({ value, path: at }) =>
    textsAt(value, 'securityContext', 'capabilities', 'add').flatMap((name, index) => {
      const why = POWERS.get(name);
      if (why === undefined) return [];
      return [evidenceOf({ object, path: [...at, 'securityContext', 'capabilities', 'add', index], value: name, why })];
    }),
  );
  const sysctls = listAt(spec, 'securityContext', 'sysctls').flatMap((sysctl, index) => {
    const name = plainAt(sysctl, 'name');
    if (typeof name !== 'string' || !ROUTING.test(name)) return [];
    const at = [...path, 'spec', 'securityContext', 'sysctls', index, 'name'];
    return [evidenceOf({ object, path: at, value: name, why: 'the pod may pass on, or take, packets of others' })];
  });
  const asked = [...added, ...sysctls];
  // The network of the node alone is told with the rest of the pod, and by ING-SVC-003.
  return asked.length === 0 ? [] : [...own, ...asked];
}

const POWERS: ReadonlyMap<string, string> = new Map([
  ['ALL', 'every capability, those of the network among them'],
  ['NET_ADMIN', 'routes, addresses and packet filters of the pod may be changed'],
  ['NET_RAW', 'packets with forged addresses may be sent, and others be read'],
  ['SYS_ADMIN', 'network namespaces of others may be entered'],
  ['BPF', 'programs may be put where packets pass'],
]);

const ROUTING =
  /^net\.ipv[46]\.(?:ip_forward|conf\..+\.(?:forwarding|proxy_arp|accept_redirects|send_redirects|accept_source_route|rp_filter|route_localnet))$/;
