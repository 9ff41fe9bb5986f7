import { hasBit } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import type { Engine } from '#engine/engine.ts';
import { NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import { type Inbound, inboundOf } from '../inbound/inbound.ts';
import { loadBalancerWays, nodeWays } from '../inbound/service-ways.ts';
import { walksOf } from '../inbound/walk.ts';
import type { WayIn } from '../inbound/way-in.ts';
import { internetPoints } from '../outside.ts';
import type { End } from '../path/names.ts';
import type { Target } from './ends.ts';

/**
 * Load balancers and ports of nodes in an Azure network. What comes by them keeps its own address, and security groups look
 * at it there: that it cannot come to the pods themselves does not stop it. Who makes a connection of his own (gateways,
 * proxies) is somebody else, and no entrance.
 */
export interface Entrances {
  readonly inbound: Inbound;
  readonly ways: readonly WayIn[];
}

/** Undefined without an Azure network: there nothing stands between that the engine does not ask anyway. */
export function entrancesOf(engine: Engine): Entrances | undefined {
  const inbound = inboundOf(engine);
  if (inbound === undefined) return undefined;
  const ways = [...loadBalancerWays(inbound), ...nodeWays(inbound)];
  return ways.length === 0 ? undefined : { inbound, ways };
}

/** What entrances let in, by the ports of the pods. */
export interface Entered {
  /** For some of the senders. */
  readonly some: TrafficSet;
  /** Perhaps. */
  readonly perhaps: TrafficSet;
  /** For all senders, to all pods. */
  readonly all: TrafficSet;
  /** The first entrance that lets something in, or may. */
  readonly through?: string;
}

const NOTHING: Entered = { some: NO_TRAFFIC, perhaps: NO_TRAFFIC, all: NO_TRAFFIC };

export function enteredBetween({ inbound, ways }: Entrances, from: End, to: Target): Entered {
  const { world } = inbound.engine;
  const isOutside = from.points.length > 0 && from.points.every((point) => world.points[point]!.kind === 'external');
  if (!isOutside) return NOTHING;
  const leading = ways.filter((way) => leadsTo(way, to));
  if (leading.length === 0) return NOTHING;
  const internet = internetPoints(world);
  const groups = [...Map.groupBy(from.points, (point) => hasBit(internet, point))];
  const entered = groups.map(([isInternet, points]) =>
    enteredBy(
      inbound,
      { from: { id: from.id, points }, to },
      leading.filter((way) => isInternet === (way.scope === 'internet')),
    ),
  );
  return entered.reduce((one, other) => together(one, other));
}

function together(one: Entered, other: Entered): Entered {
  const through = one.through ?? other.through;
  return {
    some: unite(one.some, other.some),
    perhaps: unite(one.perhaps, other.perhaps),
    all: meet(one.all, other.all),
    ...(through !== undefined && { through }),
  };
}

function enteredBy(
  inbound: Inbound,
  { from, to }: { readonly from: End; readonly to: Target },
  ways: readonly WayIn[],
): Entered {
  let [some, perhaps, all] = [NO_TRAFFIC, NO_TRAFFIC, NO_TRAFFIC];
  let through: string | undefined;
  for (const way of ways) {
    const traffic = meet(portTraffic(way.protocol, way.to.port), to.traffic);
    if (traffic.length === 0) continue;
    const isSeen = way.to.kind !== 'unseen';
    const verdicts = new Set(walksOf(inbound, way, from).map(({ verdict }) => verdict));
    const lets = isSeen && verdicts.has('allowed');
    const mayLet = verdicts.has('unknown') || (!isSeen && verdicts.has('allowed'));
    if (lets) some = unite(some, traffic);
    if (mayLet) perhaps = unite(perhaps, traffic);
    const isWhole = to.points.every((point) => way.to.points.includes(point));
    if (lets && verdicts.size === 1 && isWhole) all = unite(all, traffic);
    if (lets || mayLet) through ??= `${way.through} at ${way.at}`;
  }
  return { some, perhaps: subtract(perhaps, some), all, ...(through !== undefined && { through }) };
}

/** Of a Service whose pods are not in the input it is not known whom it leads to: perhaps to what is in its namespace. */
function leadsTo({ to: own, service }: WayIn, { id, points }: Target): boolean {
  if (own.kind === 'unseen') return id.startsWith(`${service?.namespace}/`);
  return own.points.some((point) => points.includes(point));
}
