import { addBit, type Bits, emptyBits } from '#base/bits.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { type Box, exactTraffic, type PointSpan, type Policy } from '../form.ts';
import { unionOf } from '../spans.ts';
import type { Point, World } from '../world.ts';
import type { Compiling } from './context.ts';

const OWN_NODE: PolicyRef = { kind: 'Node', namespace: '', name: 'own node', origin: NO_ORIGIN };

export function isOwnNode({ ref }: Policy): boolean {
  return ref === OWN_NODE;
}

/**
 * "Traffic to and from the node where a pod is running is always allowed" (Kubernetes documentation, the two sorts of
 * pod isolation): kubelet probes never depend on NetworkPolicy. It is an exemption from that API's isolation, so its
 * subjects are those that `policies` isolate; cluster-wide kinds come before and after it as for any other traffic.
 * Undefined where it exempts nobody.
 *
 * Points hold pods of many nodes; where some of them share a node with the peer and others do not, the rule matches
 * perhaps, for the reason `own-node`.
 */
export function compileOwnNode({ world, hasHosts }: Compiling, policies: readonly Policy[]): Policy | undefined {
  if (!hasHosts || policies.length === 0) return undefined;
  return {
    ref: OWN_NODE,
    subject: unionOf(policies.map((policy) => policy.subject)),
    isolates: false,
    rules: [{ action: 'allow', boxes: boxesOf(world), path: 'own node', origin: NO_ORIGIN }],
  };
}

/** Host points that stand on the same nodes share a box. */
function boxesOf(world: World): Box[] {
  const groups = new Map<string, { readonly sample: Point; readonly peers: Bits }>();
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'node' && !point.hostNetwork) continue;
    const key = `${point.placed} ${[...point.nodeNames].sort().join(' ')}`;
    const group = groups.get(key) ?? { sample: point, peers: emptyBits(world.size) };
    groups.set(key, group);
    addBit(group.peers, index);
  }
  return [...groups.values()].map(({ sample, peers }) => ({
    on: subjectsBeside(world, sample),
    peers: { must: peers, may: peers, doubts: [] },
    traffic: exactTraffic(ALL_TRAFFIC),
  }));
}

function subjectsBeside(world: World, host: Point): PointSpan {
  const must = emptyBits(world.size);
  const may = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'pod') continue;
    const beside = standsBeside(point, host);
    if (beside === 'no') continue;
    addBit(may, index);
    if (beside === 'yes') addBit(must, index);
  }
  return { must, may, doubts: [{ reason: 'own-node' }] };
}

/** Whether every pod of a point is on the node of every member of a host point. */
export function standsBeside(pod: Point, host: Point): 'yes' | 'no' | 'perhaps' {
  if (!pod.placed || !host.placed) return 'perhaps';
  const shared = [...pod.nodeNames].some((name) => host.nodeNames.has(name));
  if (!shared) return 'no';
  return pod.nodeNames.size === 1 && host.nodeNames.size === 1 ? 'yes' : 'perhaps';
}
