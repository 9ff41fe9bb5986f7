import { NO_ORIGIN } from '#model/origin.ts';
import { NO_TRAFFIC } from '#model/traffic.ts';
import { type Box, exactly, type Policy, type Rule, type Tier } from '../../form.ts';
import { compileOwnNode } from '../own-node.ts';
import { meetSpans } from '../span-sets.ts';
import type { Calico } from './context.ts';
import { onNodes } from './hosts.ts';
import { settingOf } from './settings.ts';

/**
 * A pod's traffic to its own node: after the pod's egress policy comes `defaultEndpointToHostAction`. Felix alone drops
 * it; manifests and the operator, AKS included, install it with Accept, so that is assumed where nothing says otherwise.
 * `Return` leaves it to rules of the node that are not in the input.
 */
export function ownHostTier(calico: Calico): Tier | undefined {
  const { compiling, world, snapshot } = calico;
  if (snapshot.calicoSettings.length === 0) return undefined;
  const actionOf = (node: string) => settingOf(snapshot, node, 'endpointToHostAction');
  const pods: Policy = {
    ref: { kind: '', namespace: '', name: '', origin: NO_ORIGIN },
    subject: exactly(world.pods),
    isolates: false,
    rules: [],
  };
  const own = compileOwnNode(compiling, [pods])?.rules.flatMap((rule) => rule.boxes) ?? [];
  const levels = snapshot.calicoSettings.flatMap((settings): Policy[][] => {
    const nodes = onNodes(calico, (node) => (actionOf(node)?.by === settings ? 'all' : 'none'));
    const action = settings.endpointToHostAction;
    if (action === undefined || action === 'Accept' || nodes.may.every((word) => word === 0)) return [];
    const boxes = own.map((box): Box => {
      const here = { ...box, peers: meetSpans(box.peers, nodes) };
      return action === 'Drop' ? here : doubtful(here);
    });
    const { kind, name, origin } = settings;
    const rule: Rule = { action: 'deny', boxes, path: 'spec.defaultEndpointToHostAction', origin };
    return [[{ ...pods, ref: { kind, namespace: '', name, origin }, rules: [rule] }]];
  });
  return levels.length === 0 ? undefined : { name: 'own node', levels, onEnd: 'pass' };
}

function doubtful({ traffic, ...box }: Box): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: traffic.may }, trafficDoubt: 'host-forwarding' };
}
