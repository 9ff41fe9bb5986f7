import type { CalicoPolicy } from '#model/calico.ts';
import type { LabelOf } from '../selector.ts';
import { ACCOUNT, accountLabelOf, NAMESPACE, namespaceLabelOf } from './labels.ts';
import { holds } from './selector.ts';

/** Labels of a pod or a host endpoint against the selectors of a policy, which is for its own namespace or for all. */
export function isSubject(policy: CalicoPolicy, labelOf: LabelOf): boolean {
  const { selector, namespaceSelector, serviceAccountSelector, namespace } = policy;
  const own = labelOf(NAMESPACE);
  if (namespace !== '' && own !== namespace) return false;
  const isIn = own !== undefined;
  if (namespaceSelector !== undefined) {
    const selected = { labelOf: namespaceLabelOf(labelOf), all: isIn, global: !isIn };
    if (!holds(namespaceSelector.node, selected)) return false;
  }
  if (serviceAccountSelector !== undefined) {
    const hasAccount = labelOf(ACCOUNT) !== undefined;
    const selected = { labelOf: accountLabelOf(labelOf), all: hasAccount, global: true };
    if (!holds(serviceAccountSelector.node, selected)) return false;
  }
  return holds(selector.node, { labelOf, all: selector.text.trim() === '' || meansAll(policy, labelOf), global: true });
}

/** Beside another selector `all()` is everything that can have what the other asks about. */
function meansAll(policy: CalicoPolicy, labelOf: LabelOf): boolean {
  if (policy.namespaceSelector !== undefined) return labelOf(NAMESPACE) !== undefined;
  return policy.serviceAccountSelector === undefined || labelOf(ACCOUNT) !== undefined;
}
