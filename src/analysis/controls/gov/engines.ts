import type { Evidence } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import { fieldText } from '../azure-facts.ts';
import { type ControlContext, titleOf } from '../context.ts';

/** What decides at admission which objects may be, other than Azure Policy. */
export interface PolicyEngines {
  /** Policies that refuse pods, or what makes them. */
  readonly refusing: readonly Evidence[];
  /** Policies that refuse other things only. */
  readonly narrow: readonly Evidence[];
  /** Policies that only tell. */
  readonly telling: readonly Evidence[];
}

/** Constraints of Gatekeeper, policies of Kyverno and Kubewarden, and the API server's own. */
export function policyEnginesOf({ objects }: ControlContext): PolicyEngines {
  const refusing: Evidence[] = [];
  const narrow: Evidence[] = [];
  const telling: Evidence[] = [];
  for (const object of objects.all) {
    const found = actionOf(object);
    if (found === undefined) continue;
    const list = !found.refuses ? telling : judgesPods(object) ? refusing : narrow;
    list.push(evidenceOf(object, found.path));
  }
  return { refusing, narrow, telling };
}

/** Where it does not say what it judges, that is everything. */
function judgesPods({ group, value }: ClusterObject): boolean {
  const kinds =
    group === 'kyverno.io'
      ? listAt(value, 'spec', 'rules').flatMap(kindsOfRule)
      : group === 'constraints.gatekeeper.sh'
        ? listAt(value, 'spec', 'match', 'kinds').flatMap((each) => textsAt(each, 'kinds'))
        : listAt(value, 'spec', 'rules').flatMap((rule) => textsAt(rule, 'resources'));
  return kinds.length === 0 || kinds.some((kind) => POD_KINDS.test(kind));
}

function kindsOfRule(rule: PlainValue): readonly string[] {
  const filters = [plainAt(rule, 'match') ?? null, ...listAt(rule, 'match', 'any'), ...listAt(rule, 'match', 'all')];
  return filters.flatMap((filter) => textsAt(filter, 'resources', 'kinds'));
}

/** `Pod`, `apps/v1/Deployment`, `pods`, `*`; not `Pod/exec`, which is a request to a pod that is there. */
const POD_KINDS =
  /^(?:[\w.*-]+\/){0,2}(?:\*|pods?|deployments?|replicasets?|replicationcontrollers?|statefulsets?|daemonsets?|jobs?|cronjobs?)$/i;

interface Action {
  readonly refuses: boolean;
  readonly path: FieldPath;
}

function actionOf(object: ClusterObject): Action | undefined {
  const { group, kind, value } = object;
  if (group === 'constraints.gatekeeper.sh')
    return isOfAzure(object)
      ? undefined
      : action(['spec', 'enforcementAction'], value, (word) => word === 'deny', 'deny');
  if (group === 'admissionregistration.k8s.io' && kind === 'ValidatingAdmissionPolicyBinding')
    return {
      refuses: textsAt(value, 'spec', 'validationActions').includes('Deny'),
      path: ['spec', 'validationActions'],
    };
  if (group === 'kyverno.io' && (kind === 'ClusterPolicy' || kind === 'Policy')) return kyvernoAction(value);
  if (group === 'policies.kyverno.io' && kind.endsWith('ValidatingPolicy'))
    return {
      refuses: textsAt(value, 'spec', 'validationActions').includes('Deny'),
      path: ['spec', 'validationActions'],
    };
  if (group === 'policies.kubewarden.io')
    return action(['spec', 'mode'], value, (word) => word === 'protect', 'protect');
  return undefined;
}

/** The add-on's own constraints show that Azure Policy works, and nothing else. */
export function isOfAzure({ value }: ClusterObject): boolean {
  return textAt(value, 'metadata', 'labels', 'managed-by') === 'azure-policy-addon';
}

// biome-ignore lint/complexity/useMaxParams: a field, and what it means
function action(path: FieldPath, value: PlainValue, refuses: (word: string) => boolean, otherwise: string): Action {
  return { path, refuses: refuses((textAt(value, ...path) ?? otherwise).toLowerCase()) };
}

/** The action stands at the policy, or since 1.13 at each rule; without one it tells. */
function kyvernoAction(value: PlainValue): Action {
  const rules = listAt(value, 'spec', 'rules');
  const index = rules.findIndex((rule) => /^enforce$/i.test(textAt(rule, 'validate', 'failureAction') ?? ''));
  if (index >= 0) return { refuses: true, path: ['spec', 'rules', index, 'validate', 'failureAction'] };
  const path = ['spec', 'validationFailureAction'];
  return { refuses: /^enforce$/i.test(textAt(value, ...path) ?? ''), path };
}

function evidenceOf(object: ClusterObject, path: FieldPath): Evidence {
  const value = plainAt(object.value, ...path);
  return {
    object: titleOf(object),
    field: fieldText(path),
    ...(value === undefined ? { absent: true } : { value }),
    origin: object.originAt(path),
  };
}
