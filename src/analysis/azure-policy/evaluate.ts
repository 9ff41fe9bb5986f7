import type { Evidence } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { isPlainObject, type PlainObject, plainAt } from '#model/plain.ts';
import { GATEKEEPER_BLIND_SPOTS } from '../../data/azure-policy/kubernetes.ts';
import type { BuiltInPolicy } from '../../data/azure-policy/policy.ts';
import { placeOf } from '../controls/assessment.ts';
import { fieldText } from '../controls/azure-facts.ts';
import { titleOf } from '../controls/context.ts';
import { judgeResources } from './arm-rules.ts';
import { KUBERNETES_RULES, type RuleHit, type RuleSubject } from './kubernetes-rules.ts';
import type { Judging, PolicyAnswer, PolicyContext, PolicyViolation } from './policy-answer.ts';
import { isInScope, policyScopeOf } from './policy-scope.ts';

/**
 * What a built-in definition says of the input when it is assigned with these parameters: `{ allowHostNetwork: true }`. Those
 * that are absent are as the definition has them. Pods are judged where they are made: a Deployment stands for its pods.
 */
export function evaluatePolicy(context: PolicyContext, policy: BuiltInPolicy, given: PlainObject = {}): PolicyAnswer {
  const parameters: PlainObject = { ...policy.parameters, ...given };
  const blindSpots = [...policy.blindSpots, ...(policy.mode === 'kubernetes' ? GATEKEEPER_BLIND_SPOTS : [])];
  const missing = Object.keys(policy.parameters).find((name) => parameters[name] === null && name !== 'ddosPlan');
  const trouble = missing === undefined ? troubleOf(parameters) : `the parameter \`${missing}\` is not given`;
  if (trouble !== undefined) return { state: 'unknown', why: trouble, violations: [], judged: 0, blindSpots };
  const { judged, violations, open } =
    policy.mode === 'kubernetes'
      ? judgeObjects(context, policy, parameters)
      : judgeResources(context, policy, parameters);
  if (violations.length > 0) {
    const why = `${violations.length} of ${judged} do not comply`;
    return { state: 'non-compliant', why, violations, judged, blindSpots };
  }
  if (open !== undefined) return { state: 'unknown', why: open, violations, judged, blindSpots };
  if (judged === 0)
    return { state: 'nothing', why: 'the input has nothing that it looks at', violations, judged, blindSpots };
  return { state: 'compliant', why: `${judged} comply`, violations, judged, blindSpots };
}

/** Expressions that only Azure knows, and an expression for images that JavaScript reads otherwise than Go does. */
function troubleOf(parameters: PlainObject): string | undefined {
  const open = Object.entries(parameters).find(
    ([, value]) => typeof value === 'string' && /^\[(?!\[).*\]$/s.test(value),
  );
  if (open !== undefined) return `the parameter \`${open[0]}\` is an expression`;
  const regex = parameters['allowedContainerImagesRegex'];
  if (typeof regex !== 'string') return undefined;
  try {
    new RegExp(regex);
    return undefined;
  } catch {
    return 'the expression for images is in a form that is not read here';
  }
}

interface Subject extends RuleSubject {
  readonly object: ClusterObject;
  /** Where the subject's value is in the object. */
  readonly prefix: FieldPath;
  readonly metadata: PlainObject;
}

function judgeObjects(context: PolicyContext, policy: BuiltInPolicy, parameters: PlainObject): Judging {
  const rule = KUBERNETES_RULES.get(policy.id);
  if (rule === undefined) return { judged: 0, violations: [], open: 'this definition is not judged here' };
  const scope = policyScopeOf(parameters);
  const subjects = policy.kinds.flatMap((kind) => subjectsOf(context, kind)).filter((each) => isInScope(scope, each));
  const violations = subjects.flatMap((subject) =>
    rule({ ...subject, others: subjects }, parameters, scope).map((hit) => violationOf(subject, hit)),
  );
  return { judged: subjects.length, violations };
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Ingress: ['networking.k8s.io', 'extensions'],
  Service: [''],
  ServiceAccount: [''],
  ClusterRole: ['rbac.authorization.k8s.io'],
};

function subjectsOf({ objects, podOwners }: PolicyContext, kind: string): readonly Subject[] {
  if (kind === 'Pod')
    return podOwners.map(({ object, path, metadata, spec }) =>
      subjectOf(object, { kind, prefix: path, metadata, value: { metadata, spec } }),
    );
  return (GROUPS[kind] ?? []).flatMap((group) =>
    objects.of(group, kind).map((object) => {
      const metadata = plainAt(object.value, 'metadata');
      return subjectOf(object, {
        kind,
        prefix: [],
        metadata: isPlainObject(metadata) ? metadata : {},
        value: object.value,
      });
    }),
  );
}

function subjectOf(object: ClusterObject, part: Pick<Subject, 'kind' | 'prefix' | 'metadata' | 'value'>): Subject {
  const { namespace, name } = object;
  return { object, namespace, name, others: [], ...part };
}

function violationOf({ object, prefix }: Subject, { message, path }: RuleHit): PolicyViolation {
  const full = [...prefix, ...path];
  const value = plainAt(object.value, ...full);
  const isShort = typeof value !== 'object' && value !== undefined;
  const evidence: Evidence = {
    object: titleOf(object),
    field: fieldText(full),
    ...(isShort && { value }),
    origin: object.originAt(full),
  };
  return { where: placeOf(object), message, evidence: [evidence] };
}
