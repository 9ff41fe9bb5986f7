/** IPv4 and IPv6 addresses as numbers on a line of their family. Parsing is strict; `parseCidr` says what it forgave. */
export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** The addresses `lo … hi` of one family, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly lo: bigint;
  readonly hi: bigint;
}

export interface Cidr extends AddressRange {
  readonly length: number;
}

/** What a lenient reading of a CIDR had to forgive. */
export type CidrOddity = 'host-bits' | 'leading-zeros';

export interface CidrReading {
  readonly cidr: Cidr;
  readonly oddities: readonly CidrOddity[];
}

/** The highest address of each family. */
export const HIGHEST: Readonly<Record<Family, bigint>> = { 4: 0xffffffffn, 6: (1n << 128n) - 1n };
const WIDTH: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

/** Every address of a family. */
export function wholeFamily(family: Family): AddressRange {
  return { family, lo: 0n, hi: HIGHEST[family] };
}

/**
 * An address as written in canonical text, or undefined. Leading zeros in IPv4 are refused, as Go's `netip` does since
 * 1.17, because readers disagree whether they are octal. IPv4-mapped IPv6 (`::ffff:1.2.3.4`) is its IPv4 address.
 */
export function parseAddress(text: string): Address | undefined {
  return readAddress(text, false)?.address;
}

/**
 * A CIDR. Host bits are masked and leading zeros in IPv4 octets read as decimal, as stored Kubernetes objects may carry
 * both (KEP-4858 tightens new objects only); `oddities` names what was forgiven so that a caller can refuse it.
 */
export function parseCidr(text: string): CidrReading | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return undefined;
  const read = readAddress(text.slice(0, slash), true);
  const lengthText = text.slice(slash + 1);
  if (read === undefined || !/^(0|[1-9]\d{0,2})$/.test(lengthText)) return undefined;
  const { family, value } = read.address;
  const length = Number(lengthText) - (read.mapped ? 96 : 0);
  if (length < 0 || length > WIDTH[family]) return undefined;
  const cidr = cidrOf({ family, value }, length);
  const oddities: CidrOddity[] = [];
  if (cidr.lo !== value) oddities.push('host-bits');
  if (read.leadingZeros) oddities.push('leading-zeros');
  return { cidr, oddities };
}

/** The CIDR of a given prefix length around an address. */
export function cidrOf(address: Address, length: number): Cidr {
  const hostBits = BigInt(WIDTH[address.family] - length);
  const lo = (address.value >> hostBits) << hostBits;
  return { family: address.family, length, lo, hi: lo + (1n << hostBits) - 1n };
}

export function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && inner.lo >= outer.lo && inner.hi <= outer.hi;
}

export function isInRange(address: Address, range: AddressRange): boolean {
  return address.family === range.family && address.value >= range.lo && address.value <= range.hi;
}

export function formatAddress(address: Address): string {
  return address.family === 4 ? formatV4(address.value) : formatV6(address.value);
}

/** The fewest CIDRs that cover exactly this range, lowest first, as text. */
export function formatRange(range: AddressRange): string[] {
  const out: string[] = [];
  const width = WIDTH[range.family];
  let lo = range.lo;
  while (lo <= range.hi) {
    let hostBits = lo === 0n ? width : trailingZeroBits(lo, width);
    while (lo + (1n << BigInt(hostBits)) - 1n > range.hi) hostBits--;
    out.push(`${formatAddress({ family: range.family, value: lo })}/${width - hostBits}`);
    lo += 1n << BigInt(hostBits);
  }
  return out;
}

/** Ranges in any order, of both families, as disjoint sorted ranges; adjacent ones are joined. IPv4 first. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort(compareRanges);
  const out: AddressRange[] = [];
  for (const range of sorted) {
    const last = out.at(-1);
    if (last !== undefined && last.family === range.family && range.lo <= last.hi + 1n) {
      if (range.hi > last.hi) out[out.length - 1] = { family: last.family, lo: last.lo, hi: range.hi };
    } else {
      out.push(range);
    }
  }
  return out;
}

/** The addresses of `range` that are in none of `holes`, which must be disjoint and sorted (see `mergeRanges`). */
export function subtractRanges(range: AddressRange, holes: readonly AddressRange[]): AddressRange[] {
  const out: AddressRange[] = [];
  let lo = range.lo;
  for (const hole of holes) {
    if (hole.family !== range.family || hole.hi < lo || hole.lo > range.hi) continue;
    if (hole.lo > lo) out.push({ family: range.family, lo, hi: hole.lo - 1n });
    lo = hole.hi + 1n;
  }
  if (lo <= range.hi) out.push({ family: range.family, lo, hi: range.hi });
  return out;
}

export function compareRanges(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.lo !== b.lo) return a.lo < b.lo ? -1 : 1;
  return a.hi < b.hi ? -1 : a.hi > b.hi ? 1 : 0;
}

interface ReadAddress {
  readonly address: Address;
  readonly leadingZeros: boolean;
  readonly mapped: boolean;
}

function readAddress(text: string, lenient: boolean): ReadAddress | undefined {
  if (!text.includes(':')) {
    const v4 = readV4(text, lenient);
    return v4 && { address: { family: 4, value: v4.value }, leadingZeros: v4.leadingZeros, mapped: false };
  }
  const value = readV6(text);
  if (value === undefined) return undefined;
  // IPv4-mapped addresses are the IPv4 address they carry (RFC 4291 §2.5.5.2; Go's net.ParseIP does the same).
  if (value >> 32n === 0xffffn) {
    return { address: { family: 4, value: value & 0xffffffffn }, leadingZeros: false, mapped: true };
  }
  return { address: { family: 6, value }, leadingZeros: false, mapped: false };
}

function readV4(text: string, lenient: boolean): { value: bigint; leadingZeros: boolean } | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  let leadingZeros = false;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    if (part.length > 1 && part.startsWith('0')) leadingZeros = true;
    value = value * 256 + Number(part);
  }
  if (leadingZeros && !lenient) return undefined;
  return { value: BigInt(value), leadingZeros };
}

function readV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const group of [...head, ...new Array<number>(missing).fill(0), ...tail]) value = (value << 16n) | BigInt(group);
  return value;
}

function readGroups(text: string, mayEndInV4: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const out: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (mayEndInV4 && index === parts.length - 1 && part.includes('.')) {
      const v4 = readV4(part, false);
      if (v4 === undefined) return undefined;
      out.push(Number(v4.value >> 16n), Number(v4.value & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      out.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return out;
}

function formatV4(value: bigint): string {
  const n = Number(value);
  return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
}

/** RFC 5952: lower case, no leading zeros, the longest (leftmost) run of two or more zero groups as `::`. */
function formatV6(value: bigint): string {
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (i < groups.length && groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}

function trailingZeroBits(value: bigint, width: number): number {
  let count = 0;
  while (count < width && ((value >> BigInt(count)) & 1n) === 0n) count++;
  return count;
}
