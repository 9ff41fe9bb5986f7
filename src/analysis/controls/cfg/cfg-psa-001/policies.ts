import type { ClusterObject } from '#model/object.ts';
import { listAt, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import { parsePodSecurityVersion } from '../../../pod-security/pod-security.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type Enforcement, levelNamed } from './enforcement.ts';

// ---------------------------------------------------------------- Kyverno

/** Rules of Kyverno that check a level, and those that check fields of their own. */
export function kyvernoEnforcements({ objects }: ControlContext, namespace: string): readonly Enforcement[] {
  const policies = [
    ...objects.of('kyverno.io', 'ClusterPolicy'),
    ...objects.of('kyverno.io', 'Policy').filter((policy) => policy.namespace === namespace),
  ];
  return policies.flatMap((policy) =>
    listAt(policy.value, 'spec', 'rules').flatMap((rule, index) => kyvernoRule({ policy, rule, index, namespace })),
  );
}

interface Rule {
  readonly policy: ClusterObject;
  readonly rule: PlainValue;
  readonly index: number;
  readonly namespace: string;
}

function kyvernoRule({ policy, rule, index, namespace }: Rule): readonly Enforcement[] {
  const validate = plainAt(rule, 'validate');
  if (validate === undefined || !concernsPods(rule) || !isFor(rule, namespace)) return [];
  const action =
    textAt(validate, 'failureAction') ?? textAt(policy.value, 'spec', 'validationFailureAction') ?? 'Audit';
  const level = levelNamed(textAt(validate, 'podSecurity', 'level') ?? '');
  const enforces = action.toLowerCase() === 'enforce';
  const isWhole = level !== undefined && listAt(validate, 'podSecurity', 'exclude').length === 0;
  if (level === undefined && !SECURITY.test(JSON.stringify(validate))) return [];
  return [
    {
      mode: enforces ? (isWhole ? 'enforce' : 'some') : 'tell',
      level: level ?? 'baseline',
      version: parsePodSecurityVersion(textAt(validate, 'podSecurity', 'version') ?? 'latest') ?? 'latest',
      by: `policy \`${policy.name}\` of Kyverno`,
      evidence: seenAt(policy, ['spec', 'rules', index, 'name']),
    },
  ];
}

/** Fields that the Pod Security Standards are about. */
const SECURITY =
  /privileged|hostNetwork|hostPID|hostIPC|hostPath|hostPort|runAsNonRoot|runAsUser|allowPrivilegeEscalation|capabilities|seccompProfile|appArmor|seLinuxOptions|procMount|sysctls|hostProcess/;

function filtersOf(rule: PlainValue, field: 'match' | 'exclude'): readonly PlainValue[] {
  const all = [...listAt(rule, field, 'any'), ...listAt(rule, field, 'all')];
  const own = plainAt(rule, field, 'resources');
  return [...all.map((each) => plainAt(each, 'resources') ?? null), ...(own === undefined ? [] : [own])];
}

function concernsPods(rule: PlainValue): boolean {
  return filtersOf(rule, 'match').some((filter) =>
    textsAt(filter, 'kinds').some((kind) => /(?:^|\/)(?:Pod|\*)$/.test(kind)),
  );
}

function isFor(rule: PlainValue, namespace: string): boolean {
  const names = (filter: PlainValue) => textsAt(filter, 'namespaces');
  const matched = filtersOf(rule, 'match').some(
    (filter) =>
      plainAt(filter, 'selector') === undefined && (names(filter).length === 0 || isNamed(names(filter), namespace)),
  );
  return matched && !filtersOf(rule, 'exclude').some((filter) => isNamed(names(filter), namespace));
}

/** Names with `*` for any part. */
function isNamed(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*');
    const first = parts[0]!;
    const last = parts.at(-1)!;
    if (parts.length === 1) return pattern === name;
    return name.startsWith(first) && name.endsWith(last) && name.length >= first.length + last.length;
  });
}

// ---------------------------------------------------------------- Gatekeeper

/** Constraints of Gatekeeper's library of which all together are baseline. */
const BASELINE_KINDS = [
  'K8sPSPPrivilegedContainer',
  'K8sPSPHostNamespace',
  'K8sPSPHostFilesystem',
  'K8sPSPHostNetworkingPorts',
  'K8sPSPCapabilities',
  'K8sPSPProcMount',
  'K8sPSPForbiddenSysctls',
  'K8sPSPSeccomp',
  'K8sPSPAppArmor',
  'K8sPSPSELinuxV2',
];

const CONSTRAINTS = onceKey<readonly ClusterObject[]>('constraints on the security of pods');

export function gatekeeperEnforcements(context: ControlContext, namespace: string): readonly Enforcement[] {
  const all = context.once(CONSTRAINTS, ({ objects }) =>
    objects.all.filter(
      ({ group, kind }) => group === 'constraints.gatekeeper.sh' && /^K8sPSP|PodSecurity|Privileged/.test(kind),
    ),
  );
  const constraints = all.filter(({ value }) => isConstrained(value, namespace));
  const [first] = constraints;
  if (first === undefined) return [];
  const isDenied = ({ value }: ClusterObject) => (textAt(value, 'spec', 'enforcementAction') ?? 'deny') === 'deny';
  const denied = new Set(constraints.filter(isDenied).map(({ kind }) => kind));
  const isWhole = BASELINE_KINDS.every((kind) => denied.has(kind));
  return [
    {
      mode: denied.size === 0 ? 'tell' : isWhole ? 'enforce' : 'some',
      level: 'baseline',
      version: 'latest',
      by: `${denied.size || constraints.length} constraints of Gatekeeper`,
      evidence: seenAt(first, ['spec', 'match']),
    },
  ];
}

function isConstrained(value: PlainValue, namespace: string): boolean {
  const only = textsAt(value, 'spec', 'match', 'namespaces');
  const without = textsAt(value, 'spec', 'match', 'excludedNamespaces');
  return (only.length === 0 || isNamed(only, namespace)) && !isNamed(without, namespace);
}

// ---------------------------------------------------------------- ValidatingAdmissionPolicy

/** Policies in CEL that are bound, look at pods and at fields of their security. What they make of them is not decided. */
export function policyEnforcements(context: ControlContext): readonly Enforcement[] {
  return context.once(BOUND, boundPolicies);
}

const BOUND = onceKey<readonly Enforcement[]>('admission policies that are bound');

function boundPolicies({ objects }: ControlContext): readonly Enforcement[] {
  const group = 'admissionregistration.k8s.io';
  return objects.of(group, 'ValidatingAdmissionPolicyBinding').flatMap((binding) => {
    const name = textAt(binding.value, 'spec', 'policyName');
    const policy = objects.of(group, 'ValidatingAdmissionPolicy').find((each) => each.name === name);
    if (policy === undefined || !SECURITY.test(JSON.stringify(listAt(policy.value, 'spec', 'validations')))) return [];
    const resources = listAt(policy.value, 'spec', 'matchConstraints', 'resourceRules').flatMap((rule) =>
      textsAt(rule, 'resources'),
    );
    if (!resources.some((resource) => resource === 'pods' || resource === '*')) return [];
    const denies = textsAt(binding.value, 'spec', 'validationActions').includes('Deny');
    return [
      {
        mode: denies ? ('some' as const) : ('tell' as const),
        level: 'baseline' as const,
        version: 'latest' as const,
        by: `the admission policy \`${policy.name}\``,
        evidence: seenAt(binding, ['spec', 'validationActions']),
      },
    ];
  });
}
