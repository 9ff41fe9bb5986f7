import { type AddressRange, formatRange, mergeRanges } from '#base/address.ts';
import {
  addAll,
  addBit,
  type Bits,
  difference,
  emptyBits,
  intersection,
  isEmpty,
  nextBit,
  removeAll,
} from '#base/bits.ts';
import { covers, overlaps, subtract } from '#base/intervals.ts';
import { atomRange } from '#engine/atoms.ts';
import { explainEach } from '#engine/explain.ts';
import type { Grant } from '#engine/grants.ts';
import { grantBetween, type Reach } from '#engine/reach.ts';
import type { World } from '#engine/world.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { PathVerdict } from '#model/verdict.ts';

/** A verdict over several branches, with why it is unknown and what people should know about it. */
export interface Judgement {
  readonly verdict: PathVerdict;
  readonly reasons: readonly ReasonCode[];
  readonly notes: readonly string[];
}

export const ALLOWED: Judgement = { verdict: 'allowed', reasons: [], notes: [] };
export const DENIED: Judgement = { verdict: 'denied', reasons: [], notes: [] };

export function unknownBecause(reason: ReasonCode, ...notes: readonly string[]): Judgement {
  return { verdict: 'unknown', reasons: [reason], notes };
}

/** What a grant says of a set of traffic as one; undefined where it allows a part and denies a part. */
export function verdictOver({ allowed, possible }: Grant, traffic: TrafficSet): PathVerdict {
  if (covers(allowed, traffic)) return 'allowed';
  if (!overlaps(possible, traffic)) return 'denied';
  return covers(possible, traffic) && !overlaps(allowed, traffic) ? 'unknown' : 'mixed';
}

/** Branches that agree give their verdict; those that differ are mixed. No branch: nobody can come. */
export function unify(judgements: readonly Judgement[]): Judgement {
  const verdicts = new Set(judgements.map(({ verdict }) => verdict));
  const reasons = new Set(judgements.flatMap((judgement) => judgement.reasons));
  const notes = new Set(judgements.flatMap((judgement) => judgement.notes));
  const [only = 'denied'] = verdicts;
  return { verdict: verdicts.size > 1 ? 'mixed' : only, reasons: [...reasons], notes: [...notes] };
}

/** One leg after the other: each has to let the traffic through. */
export function inTurn(legs: readonly Judgement[]): Judgement {
  const { reasons, notes } = unify(legs);
  const has = (verdict: PathVerdict): boolean => legs.some((leg) => leg.verdict === verdict);
  if (has('denied')) return { verdict: 'denied', reasons: [], notes };
  if (has('mixed')) return { verdict: 'mixed', reasons, notes };
  return { verdict: has('unknown') ? 'unknown' : 'allowed', reasons, notes };
}

/** One layer's word on traffic that arrives at points of one endpoint. */
export interface Arriving {
  /** Points whose packets arrive, as the pod sees them. */
  readonly from: Bits;
  readonly to: readonly number[];
  readonly traffic: TrafficSet;
}

/**
 * Ingress alone, for sources that no policy holds back. A point is asked about sources of its own address family: the
 * family whose CIDRs see it.
 */
export function judgeIngress(reach: Reach, { from, to, traffic }: Arriving): Judgement {
  return unify(to.flatMap((point) => judgePoint(reach, { from, to: [point], traffic }, point)));
}

function judgePoint(reach: Reach, { from, traffic }: Arriving, point: number): Judgement[] {
  const { world } = reach;
  const sources = intersection(from, world.speaks[world.points[point]!.facet]);
  if (isEmpty(sources)) return [];
  const admitted = emptyBits(world.size);
  const found = new Map<PathVerdict, Judgement>();
  const rest = sources.slice();
  for (const { grant, peers } of reach.ingress.rows[point]!) {
    const hit = intersection(peers, rest);
    if (isEmpty(hit)) continue;
    removeAll(rest, hit);
    const verdict = verdictOver(grant, traffic);
    if (verdict === 'allowed') addAll(admitted, hit);
    if (!found.has(verdict))
      found.set(verdict, judgementOf(reach, verdict, { point, peer: nextBit(hit, 0), grant, traffic }));
  }
  if (!isEmpty(rest)) found.set('denied', DENIED);
  const all = unify([...found.values()]);
  return [
    all.verdict === 'mixed' && !isEmpty(admitted)
      ? { ...all, notes: [...all.notes, admittedText(world, admitted)] }
      : all,
  ];
}

interface Sample {
  readonly point: number;
  readonly peer: number;
  readonly grant: Grant;
  readonly traffic: TrafficSet;
}

function judgementOf(reach: Reach, verdict: PathVerdict, { point, peer, grant, traffic }: Sample): Judgement {
  if (verdict !== 'unknown') return { verdict, reasons: [], notes: [] };
  const unsettled = firstUnsettled(grant, traffic);
  const said = explainEach(reach, { direction: 'ingress', subject: point, peer, traffic: unsettled });
  const reasons = said.flatMap(({ trace }) => trace.reasons);
  return { verdict, reasons, notes: [] };
}

function firstUnsettled({ allowed }: Grant, traffic: TrafficSet): number {
  return subtract(traffic, allowed)[0]!;
}

const MOST_RANGES = 4;

function admittedText(world: World, points: Bits): string {
  const ranges: AddressRange[] = [];
  for (let point = nextBit(points, 0); point >= 0; point = nextBit(points, point + 1)) {
    const { kind, facet, atom } = world.points[point]!;
    if (kind === 'external' && atom !== undefined) ranges.push(atomRange(world.atoms[facet], atom));
  }
  const texts = mergeRanges(ranges).flatMap(formatRange);
  const more = texts.length > MOST_RANGES ? ` and ${texts.length - MOST_RANGES} more blocks` : '';
  return `policy admits only ${texts.slice(0, MOST_RANGES).join(', ')}${more}`;
}

/** Both sides, for connections between points of the cluster. */
export function judgeConnection(
  reach: Reach,
  from: readonly number[],
  { to, traffic }: Omit<Arriving, 'from'>,
): Judgement {
  const judgements: Judgement[] = [];
  for (const source of from) {
    for (const target of to) {
      if ((reach.world.points[source]!.families & reach.world.points[target]!.families) === 0) continue;
      judgements.push(judgePair(reach, { source, target, traffic }));
    }
  }
  return unify(judgements);
}

interface Pair {
  readonly source: number;
  readonly target: number;
  readonly traffic: TrafficSet;
}

function judgePair(reach: Reach, { source, target, traffic }: Pair): Judgement {
  const grant = grantBetween(reach, source, target);
  const verdict = verdictOver(grant, traffic);
  if (verdict !== 'unknown') return { verdict, reasons: [], notes: [] };
  const unsettled = firstUnsettled(grant, traffic);
  const sides: [Direction, number, number][] = [
    ['egress', source, target],
    ['ingress', target, source],
  ];
  const reasons = sides.flatMap(([direction, subject, peer]) =>
    explainEach(reach, { direction, subject, peer, traffic: unsettled }).flatMap(({ trace }) => trace.reasons),
  );
  return { verdict, reasons: [...new Set(reasons)], notes: [] };
}

/** What every possible source would be told: its verdict where all agree, else unknown for want of knowing who comes. */
export function judgeAnySource(reach: Reach, to: readonly number[], traffic: TrafficSet): Judgement {
  // What is asked for under a name sends nothing.
  const from = difference(reach.world.everything, bitsOfPoints(reach.world, [...reach.world.domains.values()].flat()));
  const judgement = judgeIngress(reach, { from, to, traffic });
  const settled = judgement.verdict === 'allowed' || judgement.verdict === 'denied';
  return settled ? judgement : { verdict: 'unknown', reasons: judgement.reasons, notes: [] };
}

/** The points of a list as a set. */
export function bitsOfPoints(world: World, points: Iterable<number>): Bits {
  const bits = emptyBits(world.size);
  for (const point of points) addBit(bits, point);
  return bits;
}
