import type { CiliumPolicy, CiliumSpec } from '#model/cilium.ts';
import type { Direction } from '#model/resource.ts';
import { isNetworkedPod, isNodeTraffic, isPerhaps, type Question, type Side } from '../party.ts';
import { selects } from '../selector.ts';
import { nodeLabels } from '../where.ts';
import { isSelected, keyOf } from './identity.ts';

interface PlacedSpec {
  readonly policy: CiliumPolicy;
  readonly spec: CiliumSpec;
  readonly direction: Direction;
}

/** Pods by an endpoint selector, of the policy's own namespace where it is in one; nodes by a node selector. */
export function isSpecSubject(question: Question, { policy, spec, direction }: PlacedSpec): boolean {
  const side: Side = direction === 'ingress' ? 'to' : 'from';
  const party = question.connection[side];
  const { endpointSelector, nodeSelector, gaps } = spec;
  if (isNodeTraffic(party)) {
    if (nodeSelector === undefined || policy.kind === 'CiliumNetworkPolicy') return false;
    if (gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} ${spec.path} governs ${direction}`);
    const labelOf = nodeLabels(question, side);
    return selects(nodeSelector, (key) => labelOf(keyOf(key).key));
  }
  if (!isNetworkedPod(party) || endpointSelector === undefined) return false;
  if (policy.namespace !== '' && policy.namespace !== party.namespace) return false;
  if (gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} ${spec.path} governs ${direction}`);
  return isSelected(question, side, endpointSelector);
}

export function nameOf({ kind, namespace, name }: CiliumPolicy): string {
  return `${kind} ${namespace}/${name}`;
}
