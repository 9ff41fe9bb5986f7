import { escapeControl } from '#base/escape.ts';
import type { Assessment, ControlState, Evidence, Judged, Place } from '#model/control.ts';
import { textAt } from '#model/plain.ts';
import {
  evaluatePodSecurity,
  POD_SECURITY_LEVELS,
  type PodSecurityLevel,
  type PodSecurityVersion,
  type PodSecurityViolation,
} from '../../../pod-security/pod-security.ts';
import { assessmentOf, placeOf, plain } from '../../assessment.ts';
import { clusterMinorOf } from '../../cluster-version.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey, titleOf } from '../../context.ts';
import { pathText, seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { type Enforcement, LABEL, levelNamed } from './enforcement.ts';
import { type AskedNamespace, enforcementsOf } from './enforcements.ts';

export function assessAdmission(context: ControlContext): Assessment {
  const places = [
    ...namespacesIn(context).map((namespace) => judgeNamespace(context, namespace)),
    ...leftovers(context),
  ];
  return assessmentOf(
    places,
    plain('NA', 'the input has no workload outside of the namespaces of the platform'),
    (count, state) => `${SAID[state]} ${count} ${count === 1 ? 'namespace' : 'namespaces'}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'no pod is refused in',
  PARTIAL: 'no pod is refused in',
  WARN: 'pods are held to a level in part in',
  PASS: 'pods beyond a level are refused in',
  UNKNOWN: 'the input does not show what is refused in',
};

/** A namespace with the workloads that the input has of it. */
export interface WorkloadNamespace extends AskedNamespace {
  readonly owners: readonly PodOwner[];
}

const SPACES = onceKey<readonly WorkloadNamespace[]>('namespaces that admission is asked about');

export function namespacesIn(context: ControlContext): readonly WorkloadNamespace[] {
  return context.once(SPACES, spacesOf);
}

function spacesOf(context: ControlContext): readonly WorkloadNamespace[] {
  const byNamespace = Map.groupBy(context.podOwners, ({ object }) => object.namespace);
  return [...byNamespace]
    .filter(([name]) => !isSystemNamespace(context, name))
    .map(([name, owners]) => ({
      name,
      owners,
      object: context.objects.get({ group: '', kind: 'Namespace', namespace: '', name }),
    }));
}

function judgeNamespace(context: ControlContext, namespace: WorkloadNamespace): Judged {
  const where = placeOfNamespace(namespace);
  const found = enforcementsOf(context, namespace).filter(({ level }) => level !== 'privileged');
  const enforced = strictest(found.filter(({ mode }) => mode === 'enforce'));
  if (enforced !== undefined) return judgeEnforced(context, namespace, enforced);
  const evidence = found.map((each) => each.evidence);
  const some = found.find(({ mode }) => mode === 'some');
  if (some !== undefined)
    return {
      where,
      state: 'WARN',
      message: `${some.by} ${/constraints/.test(some.by) ? 'hold' : 'holds'} pods to some limits, and nothing to a whole level`,
      evidence,
    };
  const told = strictest(found);
  if (told !== undefined)
    return {
      where,
      state: 'WARN',
      message: `${told.by} only tells of pods beyond ${told.level}: they are let in`,
      evidence,
    };
  return judgeOpen(context, namespace);
}

function judgeOpen(context: ControlContext, { name, object, owners }: WorkloadNamespace): Judged {
  const where = placeOfNamespace({ name, object });
  if (object === undefined && context.kind !== 'live')
    return {
      where,
      state: 'UNKNOWN',
      message: `the namespace itself is not in the input, and its labels say what pods may do`,
      evidence: [{ object: `Namespace ${name}`, field: `metadata.labels["${LABEL}/enforce"]` }],
    };
  const label = textAt(object?.value, 'metadata', 'labels', `${LABEL}/enforce`);
  const worst = owners.flatMap((owner) => violationsOf(owner, 'baseline', 'latest')).length;
  const message =
    label === undefined
      ? 'nothing in the input keeps privileged pods out'
      : levelNamed(label) === undefined
        ? `\`${escapeControl(label)}\` is no level of the Pod Security Standards`
        : 'the level privileged keeps nothing out';
  const evidence: Evidence[] =
    object === undefined
      ? []
      : [seenAt(object, ['metadata', 'labels', `${LABEL}/enforce`], 'no other mechanism is in the input')];
  return { where, state: 'FAIL', message, evidence, ...(worst === 0 && { severity: 'medium' as const }) };
}

/** Whether what runs would still be let in: what is not does not come back when it is moved or restarted. */
function judgeEnforced(context: ControlContext, namespace: WorkloadNamespace, by: Enforcement): Judged {
  const where = placeOfNamespace(namespace);
  const version = effectiveVersion(context, by.version);
  const refused = namespace.owners.flatMap((owner) => {
    const violations = violationsOf(owner, by.level, version);
    return violations.length === 0 ? [] : [{ owner, violations }];
  });
  const said = `${by.by} enforces ${by.level}`;
  if (refused.length === 0) return { where, state: 'PASS', message: said, evidence: [by.evidence] };
  return {
    where,
    state: 'WARN',
    message: `${said}, and ${refused.length} of its ${namespace.owners.length} workloads would not be let in again`,
    evidence: [
      by.evidence,
      ...refused.slice(0, SHOWN).map(({ owner, violations }) => evidenceOfViolation(owner, violations[0]!)),
    ],
  };
}

const SHOWN = 5;

export function evidenceOfViolation(
  { object, path }: PodOwner,
  { path: at, value, message }: PodSecurityViolation,
): Evidence {
  const whole = [...path, ...at];
  return {
    object: titleOf(object),
    field: pathText(whole),
    ...(value === undefined ? { absent: true } : { value }),
    why: message,
    origin: object.originAt(whole),
  };
}

export function violationsOf(
  { metadata, spec }: PodOwner,
  level: PodSecurityLevel,
  version: PodSecurityVersion,
): readonly PodSecurityViolation[] {
  return evaluatePodSecurity(metadata, spec, { level, version });
}

/** `latest` is the version of the API server, where it is known. */
export function effectiveVersion(context: ControlContext, version: PodSecurityVersion): PodSecurityVersion {
  const minor = clusterMinorOf(context);
  if (minor === undefined) return version;
  return version === 'latest' ? minor : Math.min(version, minor);
}

function strictest(found: readonly Enforcement[]): Enforcement | undefined {
  return found.toSorted((a, b) => rank(b.level) - rank(a.level))[0];
}

function rank(level: PodSecurityLevel): number {
  return POD_SECURITY_LEVELS.indexOf(level);
}

function placeOfNamespace({ name, object }: AskedNamespace): Place {
  if (object !== undefined) return placeOf(object);
  return { kind: 'Namespace', namespace: '', name, id: `/Namespace//${name}` };
}

/** What Kubernetes did away with in 1.25 holds nobody back. */
function leftovers(context: ControlContext): readonly Judged[] {
  const policies = context.objects.all.filter(({ kind }) => kind === 'PodSecurityPolicy');
  return policies.map((policy) => ({
    where: placeOf(policy),
    state: 'FAIL',
    message: 'Kubernetes 1.25 and later have no PodSecurityPolicy: it limits nothing',
    evidence: [seenAt(policy, ['apiVersion'])],
  }));
}
