import type { ClusterObject } from '#model/object.ts';
import { listAt, textAt } from '#model/plain.ts';

/** Whether a binding names a service account. Those of groups are left out: they give little, and to everybody. */
export function bindsAccount(
  binding: ClusterObject,
  { namespace, account }: { readonly namespace: string; readonly account: string },
): boolean {
  return listAt(binding.value, 'subjects').some((subject) => {
    const space = textAt(subject, 'namespace') ?? binding.namespace;
    if (textAt(subject, 'kind') === 'ServiceAccount') return textAt(subject, 'name') === account && space === namespace;
    return textAt(subject, 'name') === `system:serviceaccount:${namespace}:${account}`;
  });
}
