import { bitsOf, isSubset } from '#base/bits.ts';
import { unite } from '#base/intervals.ts';
import { atomsWithin } from '#engine/atoms.ts';
import type { Engine } from '#engine/engine.ts';
import type { HopEntry, PathBranch } from '#model/answers.ts';
import { NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import { type Analysis, withWorld } from '../analysis.ts';
import { internetPoints } from '../outside.ts';
import type { Resolved } from '../path/named.ts';
import { type AskedTraffic, askedText } from '../path/port.ts';
import { inboundOf, inboundWorld } from './inbound.ts';
import { walksOf } from './walk.ts';
import type { WayIn } from './way-in.ts';
import { waysIn } from './ways-in.ts';

/** The analysis in a world where ways in can be told; the one given where there is no Azure network, or nothing to add. */
export function preparedForInbound(analysis: Analysis): Analysis {
  const { cuts, domains } = inboundWorld(analysis.snapshot);
  const { world, options } = analysis.engine;
  const isCut = cuts.every((range) => atomsWithin(world.atoms[range.family], range) !== undefined);
  if (isCut && domains.every((domain) => world.domains.has(domain))) return analysis;
  const wider = {
    ...analysis.options.world,
    cuts: [...(options.cuts ?? []), ...cuts],
    domains: [...new Set([...(options.domains ?? []), ...domains])],
  };
  return withWorld({ ...analysis, options: { ...analysis.options, world: wider } }, wider);
}

export interface InboundAsked {
  readonly from: Resolved;
  readonly to: Resolved;
  readonly traffic: AskedTraffic | undefined;
}

export interface InboundBranches {
  readonly branches: readonly PathBranch[];
  /** Of questions without a port: what entrances let in, by the port that is asked there. */
  readonly allowed: TrafficSet;
  /** Whether there is no other way: the sender is on the internet. */
  readonly isOnly: boolean;
  /** Where there is no way at all: why. */
  readonly stop?: HopEntry;
}

/**
 * From outside to pods with an Azure network between: a branch for each way in. Undefined where the question is another.
 * The port is the one that is asked at the entrance, or the pod's own; every branch says which.
 */
export function inboundBranches(engine: Engine, asked: InboundAsked): InboundBranches | undefined {
  const { from, to, traffic } = asked;
  const points = from.ends.flatMap((end) => end.points);
  const targets = new Set(to.ends.flatMap((end) => end.points));
  const { world } = engine;
  const isOutside = points.length > 0 && points.every((point) => world.points[point]!.kind === 'external');
  if (!isOutside || targets.size === 0 || ![...targets].every((point) => world.points[point]!.kind === 'pod'))
    return undefined;
  const inbound = inboundOf(engine);
  if (inbound === undefined) return undefined;
  const isOnly = isSubset(bitsOf(world.size, points), internetPoints(world));
  const leading = waysIn(inbound).filter(
    (way) => (way.scope === 'internet') === isOnly && leadsTo(way, { to, targets }),
  );
  const fitting = leading.filter((way) => traffic === undefined || isAsked(way, traffic));
  let allowed: TrafficSet = NO_TRAFFIC;
  const branches = fitting.flatMap((way) =>
    walksOf(inbound, way, { id: from.label, points }).map((walk): PathBranch => {
      if (walk.verdict === 'allowed') allowed = unite(allowed, portTraffic(way.protocol, way.port));
      return {
        from: walk.from,
        to: `${way.to.to} through ${way.through}`,
        family: 'any',
        protocol: way.protocol,
        port: way.port,
        verdict: walk.verdict,
        hops: walk.hops,
        nearMisses: [],
      };
    }),
  );
  return { branches, allowed, isOnly, ...(branches.length === 0 && { stop: noWay(asked, leading) }) };
}

interface Wanted {
  readonly to: Resolved;
  readonly targets: ReadonlySet<number>;
}

/** Of a Service whose pods are not in the input it is not known whom it leads to: perhaps to what is in its namespace. */
function leadsTo({ to, service }: WayIn, { to: asked, targets }: Wanted): boolean {
  if (asked.service !== undefined && asked.service !== service) return false;
  if (to.kind === 'unseen') return asked.ends.some(({ id }) => id.startsWith(`${service?.namespace}/`));
  return to.points.some((point) => targets.has(point));
}

function isAsked(way: WayIn, { protocol, port }: AskedTraffic): boolean {
  return way.protocol === protocol && (way.port === port || way.to.port === port);
}

function noWay({ from, to, traffic }: InboundAsked, others: readonly WayIn[]): HopEntry {
  const on = traffic === undefined ? '' : ` on ${askedText(traffic)}`;
  const entries = [...new Set(others.map(({ through, protocol, port }) => `${through} on ${protocol} ${port}`))];
  const known = entries.length === 0 ? '' : `; it is entered by ${entries.join(', ')}`;
  const why = `nothing in the input leads from ${from.label} to ${to.label}${on}, and there is no public way to a private address${known}`;
  return { layer: 'address', at: to.label, verdict: 'denied', rules: [], why, reasons: [] };
}
