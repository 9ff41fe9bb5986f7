import type { ClusterObject } from '#model/object.ts';
import { flagAt, textAt } from '#model/plain.ts';
import { type Access, accessOf } from '../../rbac/access.ts';
import { type AccountName, isComponent, isEverybody, type Subject } from '../../rbac/subject.ts';
import { type ControlContext, onceKey } from '../context.ts';
import type { PodOwner } from '../pod-owners.ts';
import { isSystemNamespace } from '../system-namespaces.ts';

const ACCESS = onceKey<Access>('access by RBAC');

/** Who may do what, by the roles and bindings of the input. */
export function accessIn(context: ControlContext): Access {
  return context.once(ACCESS, ({ objects }) => accessOf(objects.all));
}

/** The service account that pods of a template run as. */
export function accountOf({ object, spec }: PodOwner): AccountName {
  const name = textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount') || 'default';
  return { namespace: object.namespace, name };
}

export function accountObject({ objects }: ControlContext, account: AccountName): ClusterObject | undefined {
  return objects.get({ group: '', kind: 'ServiceAccount', ...account });
}

/** Whether pods of a template get the token of their service account. The pod's own word comes before the account's. */
export function mountsToken(context: ControlContext, owner: PodOwner): boolean {
  const own = flagAt(owner.spec, 'automountServiceAccountToken');
  const account = accountObject(context, accountOf(owner));
  return own ?? flagAt(account?.value, 'automountServiceAccountToken') ?? true;
}

const OWNERS = onceKey<ReadonlyMap<string, readonly PodOwner[]>>('workloads by service account');

/** What runs as one of the subjects. Those that take in everybody are of no one in particular, and count for nothing. */
export function ownersRunningAs(context: ControlContext, subjects: readonly Subject[]): readonly PodOwner[] {
  const owners = context.once(OWNERS, ({ podOwners }) =>
    Map.groupBy(podOwners, (owner) => keyOfAccount(accountOf(owner))),
  );
  const keys = new Set(subjects.filter(({ kind }) => kind === 'service-account').map(keyOfAccount));
  return [...keys].flatMap((key) => owners.get(key) ?? []);
}

const RIGHTS = onceKey<ReadonlySet<string>>('service accounts with rights');

/** Whether a binding names the account itself. Rights that everybody has come from groups, and are nobody's own. */
export function hasOwnRights(context: ControlContext, account: AccountName): boolean {
  const named = context.once(RIGHTS, () => {
    const subjects = accessIn(context).grants.flatMap((grant) => (grant.isShipped ? [] : grant.subjects));
    return new Set(subjects.filter(({ kind }) => kind === 'service-account').map(keyOfAccount));
  });
  return named.has(keyOfAccount(account));
}

function keyOfAccount({ namespace, name }: AccountName): string {
  return `${namespace}/${name}`;
}

/**
 * Who holds a grant, the one that weighs most: `everybody` who can reach the API server or runs a pod; service `accounts`;
 * `people` (users and groups); the `platform` (components of Kubernetes, accounts of system namespaces).
 */
export type Audience = 'everybody' | 'accounts' | 'people' | 'platform';

export function audienceOf(context: ControlContext, subjects: readonly Subject[]): Audience {
  const kinds = new Set(subjects.map((subject) => audienceOfOne(context, subject)));
  return (['everybody', 'accounts', 'people'] as const).find((each) => kinds.has(each)) ?? 'platform';
}

export function audienceOfOne(context: ControlContext, subject: Subject): Audience {
  if (isEverybody(subject)) return 'everybody';
  if (isComponent(subject)) return 'platform';
  if (subject.kind !== 'service-account') return 'people';
  return isSystemNamespace(context, subject.namespace) ? 'platform' : 'accounts';
}
