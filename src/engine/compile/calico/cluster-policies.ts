import type { CalicoEntity, CalicoSelector, CalicoSelectorNode } from '#model/calico.ts';
import type { ClusterPeer, ClusterPolicy, ClusterPolicyRule, Direction, LabelSelector } from '#model/resource.ts';
import { ALL_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import { exactly, exactTraffic, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { uniteAll } from '../boxes.ts';
import { compileClusterPolicy } from '../cluster-policy.ts';
import type { Calico } from './context.ts';
import { partsOfEntity, pointsOf } from './entity.ts';
import { A_KUBERNETES_POD, allOf, expressionOfLabels } from './expressions.ts';
import { unread } from './rule.ts';

/**
 * A cluster-wide policy as Calico converts it (libcalico-go k8s/conversion/clusternetworkpolicy.go). Undefined where it
 * has no rule in this direction.
 */
export function compileConverted(calico: Calico, policy: ClusterPolicy, direction: Direction): Policy | undefined {
  const compiled = compileClusterPolicy(calico.compiling, policy, direction);
  if (compiled === undefined || policy.gaps.length > 0) return compiled;
  return { ...compiled, rules: policy[direction].flatMap((rule) => converted(calico, rule)) };
}

/**
 * What names domains, nodes or ports by name cannot be converted: an Accept is dropped, a Deny or Pass becomes a denial
 * of everything.
 */
function converted(calico: Calico, rule: ClusterPolicyRule): Rule[] {
  const { action, path, origin } = rule;
  const everyone = exactly(calico.world.everything);
  if (!isTaken(rule)) {
    const boxes = [{ peers: everyone, traffic: exactTraffic(ALL_TRAFFIC) }];
    return action === 'allow' ? [] : [{ action: 'deny', boxes, path, origin }];
  }
  const gap = rule.gaps[0];
  if (gap !== undefined) return [{ action, boxes: [unread(calico, gap.reason)], path, origin }];
  const spans = rule.peers.flatMap((peer) => peerOf(calico, peer));
  const peers = spans.length === 0 ? exactly(calico.world.nothing) : unionOf(spans);
  return [{ action, boxes: [{ peers, traffic: exactTraffic(trafficOf(rule)) }], path, origin }];
}

function isTaken({ peers, protocols }: ClusterPolicyRule): boolean {
  return (
    peers.every(({ kind }) => kind === 'pods' || kind === 'networks') && protocols.every(({ kind }) => kind === 'range')
  );
}

function trafficOf({ protocols }: ClusterPolicyRule): TrafficSet {
  if (protocols.length === 0) return ALL_TRAFFIC;
  return uniteAll(
    protocols.flatMap((entry) => (entry.kind === 'range' ? [portTraffic(entry.protocol, entry.from, entry.to)] : [])),
  );
}

/** A peer of namespaces also means their network sets, and what is in no namespace where it only asks what is absent. */
function peerOf(calico: Calico, peer: ClusterPeer): PointSpan[] {
  const entity = entityOf(peer);
  const span = entity === undefined ? undefined : pointsOf(calico, partsOfEntity(calico, entity, ''));
  return span === undefined ? [] : [span];
}

const ANYBODY: CalicoEntity = { nets: [], notNets: [], ports: [], notPorts: [] };

function entityOf(peer: ClusterPeer): CalicoEntity | undefined {
  if (peer.kind === 'networks') return { ...ANYBODY, nets: peer.cidrs };
  if (peer.kind !== 'pods') return undefined;
  const { namespaceSelector, podSelector } = peer;
  return {
    ...ANYBODY,
    namespaceSelector: selectorOf(expressionOfLabels(namespaceSelector) ?? { kind: 'all' }, namespaceSelector),
    ...(podSelector !== undefined && { selector: selectorOf(podExpression(podSelector), podSelector) }),
  };
}

function podExpression(selector: LabelSelector): CalicoSelectorNode {
  const expression = expressionOfLabels(selector);
  return expression === undefined ? A_KUBERNETES_POD : allOf([A_KUBERNETES_POD, expression]);
}

function selectorOf(node: CalicoSelectorNode, { origin }: LabelSelector): CalicoSelector {
  return { text: '', node, origin };
}
