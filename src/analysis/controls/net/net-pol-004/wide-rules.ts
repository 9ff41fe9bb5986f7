import { type Bits, hasBit } from '#base/bits.ts';
import { meet, sizeOf, unite } from '#base/intervals.ts';
import type { Policy, Rule } from '#engine/form.ts';
import type { Direction } from '#model/resource.ts';
import { NO_TRAFFIC, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { AZURE_LAYERS } from '../../../egress/egress-world.ts';
import { FEW_PORTS } from '../isolation.ts';
import type { NetWorld } from '../net-world.ts';

/** A rule that lets pass more than anybody can have had in mind, in whichever dialect it is written. */
export interface WideRule {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly direction: Direction;
  /** Whom it names: the widest that holds. */
  readonly peers: WidePeers;
  readonly traffic: TrafficSet;
  readonly ports: 'most' | 'many' | 'few';
}

export type WidePeers = 'anybody' | 'any pod' | 'any address of the internet' | 'whole private networks';

export function wideRules({ engine, stranger, internet, privateNetwork }: NetWorld): readonly WideRule[] {
  const layers = engine.reach.layers.filter(({ name }) => !AZURE_LAYERS.includes(name));
  const probes = { stranger, internet, privateNetwork };
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    layers
      .flatMap((layer) => layer[direction].flatMap(({ levels }) => levels.flat()))
      .filter(({ ref }) => ref.origin.file !== '')
      .flatMap((policy) => policy.rules.flatMap((rule) => wideRule(policy, rule, { direction, probes }))),
  );
}

interface Probes {
  readonly stranger: number;
  readonly internet: number;
  readonly privateNetwork: number;
}

function wideRule(
  policy: Policy,
  rule: Rule,
  { direction, probes }: { readonly direction: Direction; readonly probes: Probes },
): WideRule[] {
  if (rule.action !== 'allow' || rule.origin.file === '') return [];
  const towards = (point: number) => trafficWith(rule, point);
  const [pods, internet, inside] = [probes.stranger, probes.internet, probes.privateNetwork].map(towards);
  const base = { policy, rule, direction };
  if (pods!.length > 0 && internet!.length > 0)
    return [{ ...base, peers: 'anybody', ...measured(unite(pods!, internet!)) }];
  if (internet!.length > 0) return [{ ...base, peers: 'any address of the internet', ...measured(internet!) }];
  if (pods!.length > 0) return [{ ...base, peers: 'any pod', ...measured(pods!) }];
  return inside!.length > 0 ? [{ ...base, peers: 'whole private networks', ...measured(inside!) }] : [];
}

/** What the rule lets pass for certain, from or to somebody whom nothing tells apart. */
function trafficWith({ boxes }: Rule, point: number): TrafficSet {
  return boxes
    .filter(({ peers, request }) => request === undefined && hasBit(peers.must, point))
    .reduce((all, { traffic }) => unite(all, traffic.must), NO_TRAFFIC);
}

function measured(traffic: TrafficSet): Pick<WideRule, 'traffic' | 'ports'> {
  const tcp = protocolTraffic('TCP');
  const size = Math.max(sizeOf(meet(traffic, tcp)), sizeOf(meet(traffic, protocolTraffic('UDP'))));
  if (size > sizeOf(tcp) / 2) return { traffic, ports: 'most' };
  return { traffic, ports: size > FEW_PORTS ? 'many' : 'few' };
}

/** Workloads that a policy selects for certain, by the numbers of their owners. */
export function selectedOwners({ engine: { world } }: NetWorld, subject: Bits): readonly number[] {
  return world.pointsOfOwner.flatMap((points, owner) =>
    points.some((point) => hasBit(subject, point)) ? [owner] : [],
  );
}
