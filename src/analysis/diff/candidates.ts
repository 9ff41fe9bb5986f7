import { nextBit } from '#base/bits.ts';
import type { RowChanges } from './row-changes.ts';
import type { Seats } from './seats.ts';
import type { Twin } from './twins.ts';

/** An ordered pair of twins, by index, whose connection may have changed. */
export interface Candidate {
  readonly from: number;
  readonly to: number;
}

export interface Rows {
  readonly egress: RowChanges;
  readonly ingress: RowChanges;
}

/**
 * Pairs of which one end's rows changed towards the other: no other connection can have changed. Each once; pairs of
 * outside addresses left out, which no policy governs.
 */
export function* candidatesOf(seats: Seats, twins: readonly Twin[], { egress, ingress }: Rows): Generator<Candidate> {
  const seen = new Set<number>();
  for (const [seat, change] of egress.entries()) {
    if (change === undefined) continue;
    for (let peer = nextBit(change.touched, 0); peer >= 0; peer = nextBit(change.touched, peer + 1))
      yield* pairsOn(seat, peer);
  }
  for (const [seat, change] of ingress.entries()) {
    if (change === undefined) continue;
    for (let peer = nextBit(change.touched, 0); peer >= 0; peer = nextBit(change.touched, peer + 1)) {
      const told = egress[peer];
      if (told === undefined || nextBit(told.touched, seat) !== seat) yield* pairsOn(peer, seat);
    }
  }

  function* pairsOn(source: number, target: number): Generator<Candidate> {
    for (const from of seats.twins[source]!) {
      for (const to of seats.twins[target]!) if (isNew(from, to)) yield { from, to };
    }
  }

  /** Twins with several seats are met several times. */
  function isNew(from: number, to: number): boolean {
    const [a, b] = [twins[from]!, twins[to]!];
    if (from === to || (a.entry.kind === 'external' && b.entry.kind === 'external')) return false;
    if (isSimple(a) && isSimple(b)) return true;
    const key = from * twins.length + to;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  }
}

function isSimple({ facets }: Twin): boolean {
  return facets.length === 1 && facets[0]!.base.length <= 1 && facets[0]!.head.length <= 1;
}
