import type { Family } from '#base/address.ts';
import { type Bits, difference, intersection, isEmpty } from '#base/bits.ts';
import { meet as meetTraffic } from '#base/intervals.ts';
import type { CalicoEntity, CalicoPolicy, CalicoRule } from '#model/calico.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC, NO_TRAFFIC } from '#model/traffic.ts';
import { type Box, exactly, type PointSpan, type Rule, type Span } from '../../form.ts';
import { perhaps, unionOf } from '../../spans.ts';
import { meetSpans } from '../span-sets.ts';
import type { Calico } from './context.ts';
import { backendsBehind, partsOfEntity, pointsOf } from './entity.ts';
import { familiesOf } from './families.ts';
import { type Part, partsByPort } from './port-parts.ts';
import { protocolsOf, sourcePorts } from './rule-traffic.ts';

export interface RulePlace {
  readonly policy: Pick<CalicoPolicy, 'namespace'>;
  readonly direction: Direction;
}

export function compileRule(calico: Calico, rule: CalicoRule, place: RulePlace): Rule {
  return { action: rule.action, boxes: boxesOf(calico, rule, place), path: rule.path, origin: rule.origin };
}

/** All fields of a rule must hold; entries of one field are alternatives (felix/rules, "rule rendering"). */
function boxesOf(calico: Calico, rule: CalicoRule, { policy, direction }: RulePlace): Box[] {
  const gap = rule.gaps[0];
  if (gap !== undefined) return [unread(calico, gap.reason)];
  const families = familiesOf(rule);
  const fromPorts = sourcePorts(rule);
  if (families.length === 0 || fromPorts === 'never') return [];
  const senders = sendersOf(calico, rule.source, policy.namespace);
  return partsOf(calico, rule, policy.namespace).flatMap((part): Box[] => {
    if (part.traffic.may.length === 0) return [];
    const [local, remote] = direction === 'ingress' ? [part.destination, senders] : [senders, part.destination];
    const peers = ofFamilies(calico, remote ?? exactly(calico.world.everything), families);
    const box: Box = { ...trafficOf(part, fromPorts), peers, ...(local !== undefined && { on: local }) };
    return [box];
  });
}

function trafficOf({ traffic, doubt }: Part, fromPorts: 'any' | 'some'): Pick<Box, 'traffic' | 'trafficDoubt'> {
  if (fromPorts === 'some') return { traffic: { must: NO_TRAFFIC, may: traffic.may }, trafficDoubt: 'source-port' };
  return { traffic, ...(doubt !== undefined && { trafficDoubt: doubt }) };
}

/** A rule of which nothing is certain. */
export function unread({ world }: Pick<Calico, 'world'>, reason: ReasonCode): Box {
  return { peers: perhaps(world.everything, reason), traffic: ANY_PERHAPS, trafficDoubt: reason };
}

const ANY_PERHAPS: Span<typeof ALL_TRAFFIC> = { must: NO_TRAFFIC, may: ALL_TRAFFIC };

function sendersOf(calico: Calico, source: CalicoEntity, namespace: string): PointSpan | undefined {
  const named = pointsOf(calico, partsOfEntity(calico, source, namespace));
  if (source.service === undefined) return named;
  const backends = backendsBehind(calico, source.service);
  const behind =
    backends === undefined
      ? perhaps(calico.world.everything, 'backends-unknown')
      : unionOf([exactly(calico.world.nothing), ...backends.map(({ points }) => points)]);
  return named === undefined ? behind : meetSpans(named, behind);
}

function partsOf(calico: Calico, rule: CalicoRule, namespace: string): Part[] {
  const base = protocolsOf(rule);
  const { service } = rule.destination;
  if (service === undefined) return partsByPort(calico, rule, partsOfEntity(calico, rule.destination, namespace));
  const backends = backendsBehind(calico, service);
  if (backends === undefined) {
    const destination = perhaps(calico.world.everything, 'backends-unknown');
    return [{ destination, traffic: { must: NO_TRAFFIC, may: base }, doubt: 'backends-unknown' }];
  }
  return backends.map(({ points, traffic }) => {
    const both = meetTraffic(traffic, base);
    return { destination: points, traffic: { must: both, may: both } };
  });
}

/** A rule for one family matches packets of it: peers that cannot speak it are out, those that may be of it perhaps in. */
function ofFamilies({ world }: Calico, peers: PointSpan, families: readonly Family[]): PointSpan {
  const [family, other] = families;
  if (family === undefined || other !== undefined) return peers;
  const inside = meetSpans(peers, exactly(world.speaks[family]));
  // One point for both families stands for IPv4 among pods: see `facetsOf` of the world.
  if (family === 4) return inside;
  const ambiguous: Bits = intersection(inside.must, world.speaks[4]);
  if (isEmpty(ambiguous)) return inside;
  const doubts = [...inside.doubts, { reason: 'pod-address-unknown' as const, points: ambiguous }];
  return { must: difference(inside.must, ambiguous), may: inside.may, doubts };
}
