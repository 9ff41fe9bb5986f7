import { type Bits, difference, emptyWords, intersection, union } from '#base/bits.ts';
import type { ReasonCode } from '#model/reason.ts';
import { exactly, type PointSpan } from '../form.ts';
import { within } from '../spans.ts';

/** Points in both spans. */
export function meetSpans(a: PointSpan, b: PointSpan): PointSpan {
  if (b.must === b.may) return within(a, b.must);
  if (a.must === a.may) return within(b, a.must);
  return {
    must: intersection(a.must, b.must),
    may: intersection(a.may, b.may),
    doubts: [...a.doubts, ...b.doubts],
  };
}

/** Points of a set that are not in a span. */
export function outsideOf(all: Bits, span: PointSpan): PointSpan {
  const must = difference(all, span.may);
  if (span.must === span.may) return exactly(must);
  return { must, may: difference(all, span.must), doubts: span.doubts };
}

/** Points of the first span that are not in the second. */
export function lessSpan(a: PointSpan, b: PointSpan): PointSpan {
  return meetSpans(a, outsideOf(union(a.may, b.may), b));
}

/** A span of which nothing is certain. */
export function allInDoubt(span: PointSpan, reason: ReasonCode): PointSpan {
  return { must: emptyWords(span.may.length), may: span.may, doubts: [...span.doubts, { reason, points: span.may }] };
}

/** Points that are in for certain, and points that are in perhaps beside them. */
export function spanOf(must: Bits, perhaps: Bits, reason: ReasonCode): PointSpan {
  const may = union(must, perhaps);
  const unsure = difference(may, must);
  if (unsure.every((word) => word === 0)) return exactly(must);
  return { must, may, doubts: [{ reason, points: unsure }] };
}
