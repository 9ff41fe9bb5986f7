import { matchesLabels } from '#engine/select.ts';
import type { ClusterObject } from '#model/object.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { entriesAt, listAt, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import type { LabelRequirement, Labels, SelectorOperator } from '#model/resource.ts';
import { AGGREGATED_DEFAULTS, DEFAULT_ROLES, DEFAULT_SYSTEM_ROLES } from '../../data/kubernetes/default-roles.ts';
import { type RbacRule, rulesWritten } from './rule.ts';

/** A Role or ClusterRole with the rules that it comes to. */
export interface RbacRole {
  readonly kind: 'Role' | 'ClusterRole';
  /** Empty for ClusterRoles. */
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly RbacRule[];
  /** Absent where Kubernetes ships it and the input does not have it. */
  readonly object?: ClusterObject;
}

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** Looks up roles: `find('ClusterRole', '', 'edit')`. Undefined: it is not in the input, and not one that we know. */
export interface Roles {
  readonly all: readonly RbacRole[];
  readonly find: (kind: string, namespace: string, name: string) => RbacRole | undefined;
}

export function rolesOf(objects: readonly ClusterObject[]): Roles {
  const written = objects.filter(
    ({ group, kind }) => group === RBAC_GROUP && (kind === 'Role' || kind === 'ClusterRole'),
  );
  const clusterRoles = written.filter(({ kind }) => kind === 'ClusterRole');
  const all = written.map((object) => roleOf(object, clusterRoles));
  const shipped = [...DEFAULT_ROLES.keys()]
    .filter((name) => !clusterRoles.some((role) => role.name === name))
    .map((name) => shippedRole(name, clusterRoles));
  const system = [...DEFAULT_SYSTEM_ROLES].map(
    (name): RbacRole => ({ kind: 'Role', namespace: 'kube-system', name, rules: [] }),
  );
  const byName = new Map(
    [...shipped, ...system, ...all].map((role) => [keyOf(role.kind, role.namespace, role.name), role]),
  );
  return {
    all,
    find: (kind, namespace, name) => byName.get(keyOf(kind, kind === 'ClusterRole' ? '' : namespace, name)),
  };
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function roleOf(object: ClusterObject, clusterRoles: readonly ClusterObject[]): RbacRole {
  const kind = object.kind === 'Role' ? 'Role' : 'ClusterRole';
  const namespace = kind === 'Role' ? object.namespace : '';
  return { kind, namespace, name: object.name, object, rules: rulesOf(object, clusterRoles, new Set()) };
}

/** A controller writes the rules of the selected roles into a role that aggregates, in place of its own. */
function rulesOf(
  object: ClusterObject,
  clusterRoles: readonly ClusterObject[],
  seen: Set<ClusterObject>,
): readonly RbacRule[] {
  const selectors = listAt(object.value, 'aggregationRule', 'clusterRoleSelectors');
  if (selectors.length === 0) return rulesWritten(object);
  seen.add(object);
  const parts = clusterRoles.filter((role) => !seen.has(role) && selectors.some((each) => selectsRole(each, role)));
  if (parts.length === 0) return rulesWritten(object);
  return parts.flatMap((part) => rulesOf(part, clusterRoles, seen));
}

/** What the input adds by label is added to what Kubernetes ships. */
function shippedRole(name: string, clusterRoles: readonly ClusterObject[]): RbacRole {
  const takes = AGGREGATED_DEFAULTS.get(name) ?? [];
  const added = clusterRoles.filter((role) =>
    takes.some((to) => labelsOf(role).get(`rbac.authorization.k8s.io/aggregate-to-${to}`) === 'true'),
  );
  const rules = (DEFAULT_ROLES.get(name) ?? []).map(
    ({ verbs, apiGroups: groups = [], resources = [], nonResourceURLs: urls = [] }): RbacRule => ({
      ...{ verbs, groups, resources, names: [], urls },
    }),
  );
  return { kind: 'ClusterRole', namespace: '', name, rules: [...rules, ...added.flatMap(rulesWritten)] };
}

// ---------------------------------------------------------------- labels

/** The labels of an object as it was written. */
export function labelsOf({ value }: ClusterObject): Labels {
  return textsOf(plainAt(value, 'metadata', 'labels'));
}

/** The texts of a mapping. */
export function textsOf(value: PlainValue | undefined): ReadonlyMap<string, string> {
  return new Map(entriesAt(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : [])));
}

function selectsRole(selector: PlainValue, role: ClusterObject): boolean {
  const exact = [...textsOf(plainAt(selector, 'matchLabels'))].map(
    ([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }),
  );
  const written = listAt(selector, 'matchExpressions').flatMap((part): LabelRequirement[] => {
    const operator = OPERATORS.find((each) => each === textAt(part, 'operator'));
    return operator === undefined
      ? []
      : [{ key: textAt(part, 'key') ?? '', operator, values: textsAt(part, 'values') }];
  });
  return matchesLabels({ requirements: [...exact, ...written], origin: NO_ORIGIN }, labelsOf(role));
}

const OPERATORS: readonly SelectorOperator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
