import {
  type Bits,
  copyBits,
  difference,
  hasBit,
  intersection,
  intersects,
  isEmpty,
  removeAll,
  union,
} from '#base/bits.ts';
import { includes, meet, subtract, unite } from '#base/intervals.ts';
import type { Direction } from '#model/resource.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { PointSpan, Rewrite, Span } from './form.ts';
import type { Grant, GrantTable } from './grants.ts';
import { grantIn, type Row } from './rows.ts';
import type { World } from './world.ts';

/** What passes of some traffic. */
type Passing = Span<TrafficSet>;

/** The other half of a leg: a point on the way, and what it grants in the other direction before any rewrite. */
export interface FarEnd {
  readonly point: number;
  readonly row: Row;
}

/** For each rewrite that leads over points on the way, what these grant. */
export type FarEnds = ReadonlyMap<Rewrite, readonly FarEnd[]>;

export interface RewriteAt {
  readonly direction: Direction;
  readonly subject: number;
  readonly world: World;
  readonly grants: GrantTable;
  readonly far: FarEnds;
}

/** Which rewrites may be for a subject, as text: equal for subjects whose equal rows are rewritten alike. */
export function rewritesKey(rewrites: readonly Rewrite[], at: RewriteAt): string {
  let text = '';
  for (const rewrite of rewrites) {
    const certainty = certaintyOf(ends(rewrite, at.direction).subject, at.subject);
    text += certainty;
    if (rewrite.via === undefined || certainty === '.') continue;
    const granted = farEnds(rewrite, at).map(({ point, row }) => `${point}:${grantIn(row, at.subject, at.grants).id}`);
    text += `${granted.join()};`;
  }
  return text;
}

/** The row of a layer as the ends of a connection see it: what is carried in other traffic passes where that does. */
export function rewriteRow(row: Row, rewrites: readonly Rewrite[], at: RewriteAt): Row {
  let out = rewrites.some(({ via }) => via !== undefined) ? withRest(row, at.world.everything, at.grants) : row;
  // What an earlier rewrite is for is taken from later ones.
  for (const rewrite of rewrites.toReversed()) {
    const { subject, peers } = ends(rewrite, at.direction);
    const certainty = certaintyOf(subject, at.subject);
    if (certainty === '.') continue;
    const leg = rewrite.via === undefined ? undefined : legOf(rewrite, row, at);
    out = rewriteEntries(out, { rewrite, peers, certain: certainty === '!', leg }, at);
  }
  return out === row ? row : out.filter(({ grant }) => grant !== at.grants.none);
}

/** The rewrites that a connection may be under, in order; none after one that it is under for certain. */
export function rewritesOf(
  rewrites: readonly Rewrite[],
  { from, to, traffic }: { readonly from: number; readonly to: number; readonly traffic: number },
): readonly { readonly rewrite: Rewrite; readonly certain: boolean }[] {
  const out: { readonly rewrite: Rewrite; readonly certain: boolean }[] = [];
  for (const rewrite of rewrites) {
    if (!includes(rewrite.traffic, traffic) || !hasBit(rewrite.from.may, from) || !hasBit(rewrite.to.may, to)) continue;
    const certain = hasBit(rewrite.from.must, from) && hasBit(rewrite.to.must, to);
    out.push({ rewrite, certain });
    if (certain) break;
  }
  return out;
}

function ends({ from, to }: Rewrite, direction: Direction): { subject: PointSpan; peers: PointSpan } {
  return direction === 'egress' ? { subject: from, peers: to } : { subject: to, peers: from };
}

function certaintyOf(span: PointSpan, point: number): '!' | '?' | '.' {
  if (!hasBit(span.may, point)) return '.';
  return hasBit(span.must, point) ? '!' : '?';
}

// ---------------------------------------------------------------- legs

/** Points on the way that have an address family in common with the subject. */
function farEnds(rewrite: Rewrite, { far, world, subject }: RewriteAt): readonly FarEnd[] {
  const { families } = world.points[subject]!;
  return (far.get(rewrite) ?? []).filter(({ point }) => (world.points[point]!.families & families) !== 0);
}

/** What of its traffic gets over the leg between the subject and a point on the way: the same whatever the other end. */
function legOf(rewrite: Rewrite, near: Row, at: RewriteAt): Passing {
  const far = farEnds(rewrite, at);
  if (far.length === 0) return { must: NO_TRAFFIC, may: rewrite.traffic };
  let must = rewrite.traffic;
  let may: TrafficSet = NO_TRAFFIC;
  for (const { point, row } of far) {
    const grant = at.grants.meet(grantIn(near, point, at.grants), grantIn(row, at.subject, at.grants));
    const passing = passingLeg(grant, rewrite, at.direction);
    must = meet(must, passing.must);
    may = unite(may, passing.may);
  }
  return { must, may };
}

function passingLeg(grant: Grant, { traffic, as, via }: Rewrite, direction: Direction): Passing {
  const plain = { must: meet(grant.allowed, traffic), may: meet(grant.possible, traffic) };
  const seen = direction === 'egress' ? as : via?.onward;
  if (seen === undefined) return plain;
  const tunnel = carriedIn(grant, { traffic, as: seen });
  if (direction === 'egress' || via?.onwardDoubt === undefined) return tunnel;
  return { must: meet(plain.must, tunnel.must), may: unite(plain.may, tunnel.may) };
}

// ---------------------------------------------------------------- rows

interface Applied {
  readonly rewrite: Rewrite;
  readonly peers: PointSpan;
  readonly certain: boolean;
  /** What gets through to a point on the way, where the rewrite leads over one. */
  readonly leg: Passing | undefined;
}

function rewriteEntries(row: Row, { rewrite, peers, certain, leg }: Applied, { grants }: RewriteAt): Row {
  const inner = rewrite.traffic;
  const inTunnel = (grant: Grant) => leg ?? carriedIn(grant, rewrite);
  const must = certain ? peers.must : difference(peers.must, peers.must);
  const perhaps = difference(peers.may, must);
  const out = new Map<Grant, Bits>();
  for (const entry of row) {
    if (!intersects(entry.peers, peers.may)) {
      addTo(out, entry.grant, entry.peers);
      continue;
    }
    addTo(out, entry.grant, difference(entry.peers, peers.may));
    const sure = carried(entry.grant, inner, inTunnel(entry.grant));
    addTo(out, grants.of(sure.must, sure.may), intersection(entry.peers, must));
    const unsure = carriedPerhaps(entry.grant, inner, inTunnel(entry.grant));
    addTo(out, grants.of(unsure.must, unsure.may), intersection(entry.peers, perhaps));
  }
  return [...out].map(([grant, own]) => ({ grant, peers: own }));
}

/** Peers of one grant stand together, so that a row stays short under many rewrites. */
function addTo(out: Map<Grant, Bits>, grant: Grant, peers: Bits): void {
  if (isEmpty(peers)) return;
  const known = out.get(grant);
  out.set(grant, known === undefined ? peers : union(known, peers));
}

/** A peer in no entry has nothing, and nothing carries nothing; over a point on the way it may be reached all the same. */
function withRest(row: Row, everyone: Bits, grants: GrantTable): Row {
  const rest = copyBits(everyone);
  for (const { peers } of row) removeAll(rest, peers);
  return [...row, { grant: grants.none, peers: rest }];
}

function carried(grant: Grant, inner: TrafficSet, inside: Passing): Passing {
  return {
    must: unite(subtract(grant.allowed, inner), inside.must),
    may: unite(subtract(grant.possible, inner), inside.may),
  };
}

function carriedPerhaps(grant: Grant, traffic: TrafficSet, inside: Passing): Passing {
  return {
    must: meet(grant.allowed, unite(subtract(grant.allowed, traffic), inside.must)),
    may: unite(grant.possible, inside.may),
  };
}

function carriedIn({ allowed, possible }: Grant, { traffic, as }: Pick<Rewrite, 'traffic' | 'as'>): Passing {
  return { must: includes(allowed, as) ? traffic : NO_TRAFFIC, may: includes(possible, as) ? traffic : NO_TRAFFIC };
}
