import { NO_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { type Box, exactly, type Policy, type Tier } from '../../form.ts';
import { compileOwnNode } from '../own-node.ts';
import type { Calico } from './context.ts';

/**
 * A pod's traffic to its own node: after the pod's egress policy comes `defaultEndpointToHostAction`. Felix alone drops
 * it; manifests and the operator, AKS included, install it with Accept, so that is assumed where nothing says otherwise.
 * `Return` leaves it to rules of the node that are not in the input.
 */
export function ownHostTier({ compiling, world, snapshot }: Calico): Tier | undefined {
  const settings = snapshot.calicoSettings.find(({ name }) => name === 'default') ?? snapshot.calicoSettings[0];
  const action = settings?.endpointToHostAction ?? 'Accept';
  if (action === 'Accept' || settings === undefined) return undefined;
  const ref: PolicyRef = { kind: settings.kind, namespace: '', name: settings.name, origin: settings.origin };
  const pods: Policy = { ref, subject: exactly(world.pods), isolates: false, rules: [] };
  const toOwnNode = compileOwnNode(compiling, [pods]);
  if (toOwnNode === undefined) return undefined;
  const boxes = toOwnNode.rules.flatMap((rule) => rule.boxes).map((box) => (action === 'Drop' ? box : doubtful(box)));
  const rule = { action: 'deny' as const, boxes, path: 'spec.defaultEndpointToHostAction', origin: ref.origin };
  return { name: 'own node', levels: [[{ ...pods, rules: [rule] }]], onEnd: 'pass' };
}

function doubtful({ traffic, ...box }: Box): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: traffic.may }, trafficDoubt: 'host-forwarding' };
}
