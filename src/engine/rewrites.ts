import { type Bits, difference, hasBit, intersection, isEmpty } from '#base/bits.ts';
import { includes, meet, subtract, unite } from '#base/intervals.ts';
import type { Direction } from '#model/resource.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { PointSpan, Rewrite } from './form.ts';
import type { Grant, GrantTable } from './grants.ts';
import type { Row, RowEntry } from './rows.ts';

/** Which rewrites may be for a subject, as text: equal for subjects whose rows are rewritten alike. */
export function rewritesKey(rewrites: readonly Rewrite[], direction: Direction, subject: number): string {
  return rewrites.map((rewrite) => certaintyOf(ends(rewrite, direction).subject, subject)).join('');
}

/** The row of a layer as the ends of a connection see it: what is carried in other traffic passes where that does. */
export function rewriteRow(row: Row, rewrites: readonly Rewrite[], at: RewriteAt): Row {
  let out = row;
  for (const rewrite of rewrites) {
    const { subject, peers } = ends(rewrite, at.direction);
    const certainty = certaintyOf(subject, at.subject);
    if (certainty !== '.') out = rewriteEntries(out, { rewrite, peers, certain: certainty === '!' }, at);
  }
  return out;
}

export interface RewriteAt {
  readonly direction: Direction;
  readonly subject: number;
  readonly everyone: Bits;
  readonly grants: GrantTable;
}

/** The rewrite that a connection may be under, and whether it is for certain. */
export function rewriteOf(
  rewrites: readonly Rewrite[],
  { from, to, traffic }: { readonly from: number; readonly to: number; readonly traffic: number },
): { readonly rewrite: Rewrite; readonly certain: boolean } | undefined {
  for (const rewrite of rewrites) {
    if (!includes(rewrite.traffic, traffic) || !hasBit(rewrite.from.may, from) || !hasBit(rewrite.to.may, to)) continue;
    return { rewrite, certain: hasBit(rewrite.from.must, from) && hasBit(rewrite.to.must, to) };
  }
  return undefined;
}

function ends({ from, to }: Rewrite, direction: Direction): { subject: PointSpan; peers: PointSpan } {
  return direction === 'egress' ? { subject: from, peers: to } : { subject: to, peers: from };
}

function certaintyOf(span: PointSpan, point: number): '!' | '?' | '.' {
  if (!hasBit(span.may, point)) return '.';
  return hasBit(span.must, point) ? '!' : '?';
}

interface Applied {
  readonly rewrite: Rewrite;
  readonly peers: PointSpan;
  readonly certain: boolean;
}

function rewriteEntries(row: Row, { rewrite, peers, certain }: Applied, { everyone, grants }: RewriteAt): Row {
  const must = certain ? peers.must : difference(peers.must, peers.must);
  const regions = [
    { members: must, change: (grant: Grant) => carried(grant, rewrite, grants) },
    { members: difference(peers.may, must), change: (grant: Grant) => carriedPerhaps(grant, rewrite, grants) },
    { members: difference(everyone, peers.may), change: (grant: Grant) => grant },
  ];
  const out: RowEntry[] = [];
  // A peer in no entry has nothing, and nothing carries nothing: it need not be looked at.
  for (const { members, change } of regions) {
    if (isEmpty(members)) continue;
    for (const entry of row) {
      const inside = intersection(entry.peers, members);
      const grant = change(entry.grant);
      if (!isEmpty(inside) && grant !== grants.none) out.push({ grant, peers: inside });
    }
  }
  return out;
}

function carried(grant: Grant, rewrite: Rewrite, grants: GrantTable): Grant {
  return grants.of(carriedIn(grant.allowed, rewrite), carriedIn(grant.possible, rewrite));
}

function carriedPerhaps(grant: Grant, rewrite: Rewrite, grants: GrantTable): Grant {
  return grants.of(
    meet(grant.allowed, carriedIn(grant.allowed, rewrite)),
    unite(grant.possible, carriedIn(grant.possible, rewrite)),
  );
}

function carriedIn(traffic: TrafficSet, { traffic: inner, as }: Rewrite): TrafficSet {
  return unite(subtract(traffic, inner), includes(traffic, as) ? inner : NO_TRAFFIC);
}
