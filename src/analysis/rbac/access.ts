import type { ClusterObject } from '#model/object.ts';
import { plainAt, textAt } from '#model/plain.ts';
import { labelsOf, RBAC_GROUP, type RbacRole, type Roles, rolesOf } from './roles.ts';
import { type Ask, allows, allowsUrl, type RbacRule } from './rule.ts';
import { type AccountName, isEverybody, namesAccount, type Subject, subjectsOf } from './subject.ts';

/** What a binding gives, and to whom. */
export interface Grant {
  readonly binding: ClusterObject;
  readonly subjects: readonly Subject[];
  /** The namespace that it is for; empty: the whole cluster. */
  readonly scope: string;
  readonly roleName: { readonly kind: string; readonly name: string };
  /** Undefined: its role is not in the input, and not one that Kubernetes ships. */
  readonly role: RbacRole | undefined;
  /** Whether Kubernetes, AKS or an add-on of AKS ships the binding. */
  readonly isShipped: boolean;
}

/** One way in which somebody may do what was asked. */
export interface Holder {
  readonly grant: Grant;
  readonly rule: RbacRule;
  readonly how: 'all' | 'named';
}

export interface Access {
  readonly roles: Roles;
  readonly grants: readonly Grant[];
  /** Who may do it in a namespace; without one, in every namespace, or to what is in none. */
  readonly whoCan: (ask: Ask, namespace?: string) => readonly Holder[];
  readonly grantsOf: (account: AccountName) => readonly Grant[];
}

/** Effective permissions of what the input's roles and bindings say. RBAC only adds: nothing takes away. */
export function accessOf(objects: readonly ClusterObject[]): Access {
  const roles = rolesOf(objects);
  const grants = objects.flatMap((object) => {
    if (object.group !== RBAC_GROUP || !/^(?:Cluster)?RoleBinding$/.test(object.kind)) return [];
    return [grantOf(object, roles)];
  });
  return {
    roles,
    grants,
    whoCan: (ask, namespace) => grants.flatMap((grant) => holdersIn(grant, ask, namespace)),
    grantsOf: (account) => grants.filter(({ subjects }) => subjects.some((subject) => namesAccount(subject, account))),
  };
}

function grantOf(binding: ClusterObject, roles: Roles): Grant {
  const scope = binding.kind === 'RoleBinding' ? binding.namespace : '';
  const kind = textAt(binding.value, 'roleRef', 'kind') ?? 'ClusterRole';
  const name = textAt(binding.value, 'roleRef', 'name') ?? '';
  return {
    binding,
    scope,
    subjects: subjectsOf(binding),
    roleName: { kind, name },
    role: roles.find(kind, scope, name),
    isShipped: isShipped(binding),
  };
}

function holdersIn(grant: Grant, ask: Ask, namespace: string | undefined): readonly Holder[] {
  if (grant.scope !== '' && grant.scope !== namespace) return [];
  return (grant.role?.rules ?? []).flatMap((rule) => {
    const how = allows(rule, ask);
    return how === false ? [] : [{ grant, rule, how }];
  });
}

/** Paths that are no resources are only given in the whole cluster. */
export function grantsUrl({ scope, role }: Grant, verb: string, url: string): boolean {
  return scope === '' && (role?.rules ?? []).some((rule) => allowsUrl(rule, verb, url));
}

/**
 * Whether an object of RBAC comes with Kubernetes, with AKS or with an add-on that AKS keeps as it is: nobody of the cluster
 * wrote it, and what is changed in it is changed back.
 */
export function isShipped(object: ClusterObject): boolean {
  const labels = labelsOf(object);
  return (
    labels.get('kubernetes.io/bootstrapping') === 'rbac-defaults' ||
    textAt(object.value, 'metadata', 'annotations', 'rbac.authorization.kubernetes.io/autoupdate') === 'true' ||
    plainAt(object.value, 'metadata', 'labels', 'addonmanager.kubernetes.io/mode') !== undefined ||
    labels.get('kubernetes.io/cluster-service') === 'true' ||
    labels.get('kubernetes.azure.com/managedby') === 'aks' ||
    (/^(?:system:|aks[:-])/.test(object.name) && !subjectsOf(object).some(isEverybody))
  );
}
