import { isWhole, powersOf } from '../../../rbac/powers.ts';
import type { Subject } from '../../../rbac/subject.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { accessIn } from '../accounts.ts';

const STRONG = onceKey<ReadonlyMap<string, readonly string[]>>('service accounts with rights in the whole cluster');

/**
 * A service account of a namespace with rights in the whole cluster that lead to more, other than the subjects themselves:
 * who may start pods there has those rights too.
 */
export function strongerAccountIn(
  context: ControlContext,
  namespace: string,
  subjects: readonly Subject[],
): string | undefined {
  const own = new Set(subjects.map((subject) => `${subject.namespace}/${subject.name}`));
  return strongAccounts(context)
    .get(namespace)
    ?.find((name) => !own.has(name));
}

function strongAccounts(context: ControlContext): ReadonlyMap<string, readonly string[]> {
  return context.once(STRONG, () => {
    const found = new Map<string, string[]>();
    for (const { scope, role, subjects } of accessIn(context).grants) {
      if (scope !== '' || role === undefined || (!isWhole(role) && powersOf(role, '').length === 0)) continue;
      for (const { kind, namespace, name } of subjects) {
        if (kind !== 'service-account') continue;
        const list = found.get(namespace) ?? [];
        list.push(`${namespace}/${name}`);
        found.set(namespace, list);
      }
    }
    return found;
  });
}
