import { type AddressRange, mergeRanges, subtractRanges, wholeFamily } from '#base/address.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { PointSpan } from '../../form.ts';
import type { Compiling } from '../context.ts';

/** Addresses that are meant for certain, and at most; both merged. */
export interface RangeSpan {
  readonly must: readonly AddressRange[];
  readonly may: readonly AddressRange[];
  /** Why they differ. */
  readonly reasons: readonly ReasonCode[];
}

export const NO_RANGES: RangeSpan = { must: [], may: [], reasons: [] };
export const EVERYWHERE: RangeSpan = exactRanges([wholeFamily(4), wholeFamily(6)]);

export function exactRanges(ranges: readonly AddressRange[]): RangeSpan {
  const merged = mergeRanges(ranges);
  return { must: merged, may: merged, reasons: [] };
}

/** Perhaps these, and nothing for certain. */
export function perhapsRanges(ranges: readonly AddressRange[], reason: ReasonCode): RangeSpan {
  return { must: [], may: mergeRanges(ranges), reasons: [reason] };
}

export function uniteRanges(spans: readonly RangeSpan[]): RangeSpan {
  const [only, ...others] = spans;
  if (only !== undefined && others.length === 0) return only;
  if (spans.every(({ must, may }) => must === may)) return exactRanges(spans.flatMap(({ must }) => must));
  return {
    must: mergeRanges(spans.flatMap(({ must }) => must)),
    may: mergeRanges(spans.flatMap(({ may }) => may)),
    reasons: [...new Set(spans.flatMap(({ reasons }) => reasons))],
  };
}

/** What is in the first and in none of the others. */
export function withoutRanges(ranges: readonly AddressRange[], holes: readonly AddressRange[]): AddressRange[] {
  const merged = mergeRanges(holes);
  return mergeRanges(
    ranges.flatMap((range) =>
      subtractRanges(
        range,
        merged.filter(({ family }) => family === range.family),
      ),
    ),
  );
}

export type Cover = 'yes' | 'no' | 'perhaps';

/** Whether all, none or some of some addresses are in a span. Of no addresses nothing is known. */
export function coverOf(addresses: readonly AddressRange[], span: RangeSpan): Cover {
  if (addresses.length === 0) return span.may.length === 0 ? 'no' : 'perhaps';
  if (withoutRanges(addresses, span.must).length === 0) return 'yes';
  const left = withoutRanges(addresses, span.may);
  return sizeOf(left) === sizeOf(mergeRanges(addresses)) ? 'no' : 'perhaps';
}

function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { lo, hi }) => sum + (hi - lo + 1n), 0n);
}

/** The points whose own addresses are in a span. The world must be cut by every range in it. */
export function pointsIn({ networks }: Compiling, span: RangeSpan): PointSpan {
  const inner = networks.coveredByAny(asBlocks(span.must));
  if (span.must === span.may) return inner;
  const outer = networks.coveredByAny(asBlocks(span.may));
  const doubts = span.reasons.map((reason) => ({ reason }));
  return { must: inner.must, may: outer.may, doubts: [...outer.doubts, ...doubts] };
}

function asBlocks(ranges: readonly AddressRange[]) {
  return ranges.map((cidr) => ({ cidr, except: [] }));
}
