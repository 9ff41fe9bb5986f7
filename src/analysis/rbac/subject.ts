import { escapeControl } from '#base/escape.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, type PlainValue, textAt } from '#model/plain.ts';

/** Whom a binding names. */
export interface Subject {
  readonly kind: 'user' | 'group' | 'service-account';
  /** Of service accounts; else empty. */
  readonly namespace: string;
  readonly name: string;
  /** Where the binding names it: `['subjects', 0]`. */
  readonly path: FieldPath;
}

export function subjectsOf(binding: ClusterObject): readonly Subject[] {
  return listAt(binding.value, 'subjects').flatMap((value, index) => {
    const subject = subjectOf(value, binding.namespace);
    return subject === undefined ? [] : [{ ...subject, path: ['subjects', index] }];
  });
}

/** A service account may be named as the user that it is, too. Without a namespace, it is of the binding's. */
function subjectOf(value: PlainValue, namespace: string): Omit<Subject, 'path'> | undefined {
  const name = textAt(value, 'name');
  if (name === undefined) return undefined;
  switch (textAt(value, 'kind')) {
    case 'ServiceAccount':
      return { kind: 'service-account', namespace: textAt(value, 'namespace') || namespace, name };
    case 'Group':
      return { kind: 'group', namespace: '', name };
    case 'User': {
      const [, own, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
      if (own !== undefined && account !== undefined) return { kind: 'service-account', namespace: own, name: account };
      return { kind: 'user', namespace: '', name };
    }
    default:
      return undefined;
  }
}

/** Names the user and the groups that the API server sees for a service account. */
export function namesAccount({ kind, namespace, name }: Subject, account: AccountName): boolean {
  if (kind === 'service-account') return namespace === account.namespace && name === account.name;
  if (kind === 'user') return false;
  return (
    name === 'system:authenticated' ||
    name === 'system:serviceaccounts' ||
    name === `system:serviceaccounts:${account.namespace}`
  );
}

export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

/** Whether it is a group that takes in whoever comes, or every workload: no one in particular. */
export function isEverybody({ kind, name }: Subject): boolean {
  if (kind === 'user') return name === 'system:anonymous';
  return (
    kind === 'group' &&
    (/^system:(?:unauthenticated|authenticated|serviceaccounts)$/.test(name) ||
      name.startsWith('system:serviceaccounts:'))
  );
}

/** Whether it is a component of Kubernetes itself: `system:kube-scheduler`, `system:nodes`. */
export function isComponent(subject: Subject): boolean {
  return subject.kind !== 'service-account' && subject.name.startsWith('system:') && !isEverybody(subject);
}

/** In a sentence: ``service account `shop/web` ``. */
export function subjectText({ kind, namespace, name }: Subject): string {
  const words = kind === 'service-account' ? 'service account' : kind;
  return `${words} \`${escapeControl(namespace === '' ? name : `${namespace}/${name}`)}\``;
}
