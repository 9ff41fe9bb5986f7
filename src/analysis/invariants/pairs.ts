import { meet, subtract, unite } from '#base/intervals.ts';
import type { Engine } from '#engine/engine.ts';
import { grantBetween } from '#engine/reach.ts';
import { NO_TRAFFIC, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import type { End } from '../path/names.ts';
import type { Target } from './ends.ts';
import { type Entrances, enteredBetween } from './entrances.ts';

/** What is asked: the engine, and the entrances beside it where there are any. */
export interface Asked {
  readonly engine: Engine;
  readonly entrances: Entrances | undefined;
}

/** What all pairs of points of two endpoints say about the traffic that is asked about, each in any pair. */
export interface PairTraffic {
  readonly allowed: TrafficSet;
  readonly unknown: TrafficSet;
  readonly denied: TrafficSet;
  /** The entrance by which something of it comes, where none comes to the pods themselves. */
  readonly through?: string;
}

/** One pair with what breaks the invariant, or leaves it open. */
export interface Breach {
  readonly from: End;
  readonly to: End;
  readonly traffic: TrafficSet;
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly through?: string;
}

/** To the pods themselves, or by an entrance that leads to them. */
function trafficBetween({ engine, entrances }: Asked, from: End, to: Target): PairTraffic {
  const direct = directBetween(engine, from, to);
  if (entrances === undefined) return direct;
  const { some, perhaps, all, through } = enteredBetween(entrances, from, to);
  if (through === undefined) return direct;
  const allowed = unite(direct.allowed, some);
  return {
    allowed,
    unknown: subtract(subtract(unite(direct.unknown, perhaps), allowed), all),
    denied: subtract(direct.denied, all),
    ...(direct.allowed.length === 0 && { through }),
  };
}

function directBetween({ reach, world }: Engine, from: End, to: Target): PairTraffic {
  let [allowed, unknown, denied] = [NO_TRAFFIC, NO_TRAFFIC, NO_TRAFFIC];
  let met = false;
  for (const a of from.points) {
    for (const b of to.points) {
      const families = world.points[a]!.families & world.points[b]!.families;
      if (families === 0) continue;
      met = true;
      const asked = inFamilies(to.traffic, families);
      const grant = grantBetween(reach, a, b);
      allowed = unite(allowed, meet(grant.allowed, asked));
      unknown = unite(unknown, subtract(meet(grant.possible, asked), grant.allowed));
      denied = unite(denied, subtract(asked, grant.possible));
    }
  }
  return { allowed, unknown, denied: met ? denied : to.traffic };
}

/** ICMP is of IPv4 and ICMPv6 of IPv6 only. */
function inFamilies(traffic: TrafficSet, families: number): TrafficSet {
  if (families === 1) return subtract(traffic, protocolTraffic('ICMPv6'));
  return families === 2 ? subtract(traffic, protocolTraffic('ICMP')) : traffic;
}

/** Pairs of distinct endpoints through which something asked about may get. */
export function openPairs(asked: Asked, from: readonly End[], to: readonly Target[]): Breach[] {
  return pairsWhere(from, to, (a, b) => {
    const { allowed, unknown, through } = trafficBetween(asked, a, b);
    const pair = { from: a, to: b, ...(through !== undefined && { through }) };
    if (allowed.length > 0) return { ...pair, traffic: allowed, verdict: 'allowed' };
    return unknown.length > 0 ? { ...pair, traffic: unknown, verdict: 'unknown' } : undefined;
  });
}

/** Pairs of distinct endpoints through which something asked about may not get. */
export function closedPairs(asked: Asked, from: readonly End[], to: readonly Target[]): Breach[] {
  return pairsWhere(from, to, (a, b) => {
    const { denied, unknown } = trafficBetween(asked, a, b);
    if (denied.length > 0) return { from: a, to: b, traffic: denied, verdict: 'denied' };
    return unknown.length > 0 ? { from: a, to: b, traffic: unknown, verdict: 'unknown' } : undefined;
  });
}

function pairsWhere(
  from: readonly End[],
  to: readonly Target[],
  judge: (a: End, b: Target) => Breach | undefined,
): Breach[] {
  const out: Breach[] = [];
  for (const a of from) {
    for (const b of to) {
      const breach = a.id === b.id ? undefined : judge(a, b);
      if (breach !== undefined) out.push(breach);
    }
  }
  return out;
}
