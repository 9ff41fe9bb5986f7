import { addBit, emptyBits, isEmpty } from '#base/bits.ts';
import type { CalicoPolicy } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ALL_TRAFFIC, NO_TRAFFIC } from '#model/traffic.ts';
import type { Layer, PointSpan, Stack } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { Compiling } from '../context.ts';
import { type Calico, calicoOf } from './context.ts';
import { hostSubjectOf } from './entity.ts';
import { refOf } from './policy.ts';
import { enforcedPolicies } from './tiers.ts';

/**
 * Policy of host endpoints on what a node forwards for its pods (`applyOnForward`, `preDNAT`, `doNotTrack`). Which
 * connections of a pod pass which interface, and in which tunnel, is not in the input: where such a policy may deny, the
 * answer is unknown, and the policy is named. Undefined where no such policy is for any node of the input.
 */
export function calicoHostLayer(compiling: Compiling, snapshot: Snapshot): Layer | undefined {
  const calico = calicoOf(compiling, snapshot);
  const policies = enforcedPolicies(snapshot, compiling.staged).filter(({ applyOnForward }) => applyOnForward);
  const layer: Layer = {
    name: 'host',
    ingress: stackOf(calico, policies, 'ingress'),
    egress: stackOf(calico, policies, 'egress'),
  };
  return layer.ingress.length + layer.egress.length === 0 ? undefined : layer;
}

function stackOf(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): Stack {
  const everyone = perhaps(calico.world.everything, 'host-forwarding');
  const box = {
    peers: everyone,
    traffic: { must: NO_TRAFFIC, may: ALL_TRAFFIC },
    trafficDoubt: 'host-forwarding' as const,
  };
  const level = policies
    .filter((policy) => policy.types.includes(direction) && mayDeny(policy, direction))
    .map((policy) => ({ policy, subject: podsBehind(calico, hostSubjectOf(calico, policy)) }))
    .filter(({ subject }) => !isEmpty(subject.may))
    .map(({ policy, subject }) => ({
      ref: refOf(policy),
      subject,
      isolates: false,
      rules: [{ action: 'deny' as const, boxes: [box], path: 'spec.applyOnForward', origin: policy.origin }],
    }));
  return level.length === 0 ? [] : [{ name: 'forward', levels: [level], onEnd: 'pass' }];
}

/** Before DNAT nothing is denied but by a rule that says so. */
function mayDeny({ preDnat, ...rules }: CalicoPolicy, direction: Direction): boolean {
  return !preDnat || rules[direction].some(({ action }) => action === 'deny');
}

/** Pods that run, or may run, on the nodes of these host points. */
function podsBehind({ world }: Calico, hosts: PointSpan): PointSpan {
  const names = new Set<string>();
  for (const [index, point] of world.points.entries()) {
    if ((hosts.may[index >>> 5]! & (1 << (index & 31))) !== 0) for (const name of point.nodeNames) names.add(name);
  }
  const may = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'pod' || point.hostNetwork) continue;
    if (!point.placed || [...point.nodeNames].some((name) => names.has(name))) addBit(may, index);
  }
  return {
    must: emptyBits(world.size),
    may: names.size === 0 ? emptyBits(world.size) : may,
    doubts: [{ reason: 'host-forwarding' }],
  };
}
