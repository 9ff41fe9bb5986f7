import {
  addAll,
  type Bits,
  copyBits,
  difference,
  emptyWords,
  intersection,
  intersects,
  isEmpty,
  union,
} from '#base/bits.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Doubt, PointSpan } from './form.ts';

/** Points of a span that are also in a set. */
export function within(span: PointSpan, set: Bits): PointSpan {
  const must = intersection(span.must, set);
  if (span.must === span.may) return { must, may: must, doubts: [] };
  return { must, may: intersection(span.may, set), doubts: span.doubts };
}

export function unionOf(spans: readonly PointSpan[]): PointSpan {
  const [first, ...rest] = spans;
  if (first === undefined) throw new Error('a union of no spans has no width');
  if (rest.length === 0) return first;
  const must = copyBits(first.must);
  for (const span of rest) addAll(must, span.must);
  if (spans.every((span) => span.must === span.may)) return { must, may: must, doubts: [] };
  const may = copyBits(first.may);
  for (const span of rest) addAll(may, span.may);
  return { must, may, doubts: spans.flatMap((span) => span.doubts) };
}

/** The same span with some of its points in doubt. */
export function doubting(span: PointSpan, points: Bits, reason: ReasonCode): PointSpan {
  if (!intersects(span.may, points)) return span;
  const hit = intersection(span.must, points);
  const doubts = [...span.doubts, { reason, points }];
  if (isEmpty(hit)) return { must: span.must, may: span.may, doubts };
  return { must: difference(span.must, hit), may: span.may, doubts };
}

/** Nothing for certain, and these points perhaps. */
export function perhaps(points: Bits, reason: ReasonCode): PointSpan {
  const doubt: Doubt = { reason, points };
  return { must: emptyWords(points.length), may: points, doubts: [doubt] };
}

/** A span with more points that are in only perhaps. */
export function orPerhaps(span: PointSpan, points: Bits, reason: ReasonCode): PointSpan {
  if (isEmpty(points)) return span;
  return { must: span.must, may: union(span.may, points), doubts: [...span.doubts, { reason, points }] };
}
