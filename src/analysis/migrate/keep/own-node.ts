import { isEmpty } from '#base/bits.ts';
import { ciliumBeside, type Keeper, notKept, unchanged } from './keep.ts';

/** The promise that a pod reaches its own node: an entity under Cilium, nothing that a policy can say elsewhere. */
export const keepOwnNode: Keeper = ({ from, to }, policy) => {
  const before = from.options.profile.podToOwnNode;
  if (before === to.podToOwnNode || isEmpty(from.world.hosts) || !policy.policyTypes.includes('egress'))
    return unchanged(policy);
  if (before === 'policed') {
    const why = `under ${to.title} pods always reach their own node, whatever policy says`;
    return { ...unchanged(policy), not: [notKept('own-node', policy, { why, help: 'nothing that a policy can say' })] };
  }
  if (to.model === 'cilium') {
    const rules = [{ entities: ['host'] }];
    return {
      ...unchanged(policy),
      beside: [ciliumBeside(policy, { direction: 'egress', suffix: 'own-node', cause: 'own-node', rules })],
    };
  }
  const why = `no policy of ${to.title} can name the node that a pod runs on`;
  const help = 'allow the addresses of the nodes for what pods ask of them, which is every node and not only their own';
  return { ...unchanged(policy), not: [notKept('own-node', policy, { why, help })] };
};
