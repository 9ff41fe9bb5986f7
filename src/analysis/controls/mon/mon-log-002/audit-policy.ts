import type { Evidence, Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import { type ControlContext, titleOf } from '../../context.ts';

/** Policies of the API server's audit log: configuration files, not objects of a cluster. */
export function auditPoliciesOf({ objects }: ControlContext): readonly ClusterObject[] {
  return objects.of('audit.k8s.io', 'Policy');
}

/** Objects that say who reaches whom. */
const WATCHED = [
  ['networking.k8s.io', 'networkpolicies'],
  ['networking.k8s.io', 'ingresses'],
  ['', 'services'],
  ['gateway.networking.k8s.io', 'gateways'],
] as const;
const VERBS = ['create', 'update', 'patch', 'delete'];

/** Whether changes of network objects are recorded, by whomever they are made. */
export function judgedPolicy(object: ClusterObject): Judged {
  const where = placeOf(object);
  const silent: string[] = [];
  const evidence: Evidence[] = [];
  for (const [group, resource] of WATCHED) {
    const left = VERBS.filter((verb) => {
      const rule = ruleFor(object.value, { group, resource, verb });
      if (rule !== undefined && rule.level !== 'None') return false;
      if (rule !== undefined) evidence.push(evidenceOfRule(object, rule));
      return true;
    });
    if (left.length > 0) silent.push(`\`${resource}\` (${left.join(', ')})`);
  }
  if (silent.length === 0)
    return {
      where,
      state: 'PASS',
      message: 'changes of network objects are recorded',
      evidence: [{ object: titleOf(object), field: 'rules', origin: object.originAt(['rules']) }],
    };
  const rules = { object: titleOf(object), field: 'rules', origin: object.originAt(['rules']) };
  return {
    where,
    state: 'FAIL',
    message: `changes of ${silent.join(', ')} are not recorded`,
    evidence: evidence.length > 0 ? evidence.slice(0, 4) : [rules],
    endpoints: [],
  };
}

interface Request {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

interface Rule {
  readonly level: string;
  readonly index: number;
}

/**
 * The first rule that a request of any user in any namespace meets (audit.k8s.io/v1 Policy: the first one that matches sets the
 * level; without one nothing is recorded). Rules for some users, namespaces or names leave the rest to later ones.
 */
function ruleFor(policy: PlainValue, request: Request): Rule | undefined {
  for (const [index, rule] of listAt(policy, 'rules').entries()) {
    if (NARROW.some((field) => listAt(rule, field).length > 0)) continue;
    const verbs = textsAt(rule, 'verbs');
    if (verbs.length > 0 && !verbs.includes(request.verb)) continue;
    if (meetsResource(rule, request)) return { level: textAt(rule, 'level') ?? 'None', index };
  }
  return undefined;
}

const NARROW = ['users', 'userGroups', 'namespaces', 'nonResourceURLs'];

function meetsResource(rule: PlainValue, { group, resource }: Request): boolean {
  const resources = listAt(rule, 'resources');
  if (resources.length === 0) return true;
  return resources.some((each) => {
    if ((textAt(each, 'group') ?? '') !== group || listAt(each, 'resourceNames').length > 0) return false;
    const names = textsAt(each, 'resources');
    return names.length === 0 || names.includes(resource) || names.includes('*');
  });
}

function evidenceOfRule(object: ClusterObject, { index }: Rule): Evidence {
  const path = ['rules', index, 'level'];
  const level = plainAt(object.value, ...path);
  return {
    object: titleOf(object),
    field: `rules[${index}].level`,
    ...(level === undefined ? { absent: true } : { value: level }),
    origin: object.originAt(path),
  };
}
