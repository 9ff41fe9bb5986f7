import {
  type Address,
  type AddressRange,
  isInRange,
  mergeRanges,
  parseCidr,
  subtractRanges,
  wholeFamily,
} from '#base/address.ts';
import { addBit, type Bits, emptyBits } from '#base/bits.ts';
import { atomRange } from '#engine/atoms.ts';
import type { World } from '#engine/world.ts';

/** RFC 1918, RFC 6598, RFC 4193: addresses that belong to networks and that the internet does not route. */
const PRIVATE_TEXT = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * IPv4 addresses that nobody on the internet can have (the IANA special-purpose registry), besides the private ones.
 * The documentation blocks of RFC 5737 are left out on purpose: examples use them to mean the internet.
 */
const SPECIAL_TEXT = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's virtual public address of the host: a public number that leads nowhere else.
  '168.63.129.16/32',
];

/** Addresses of the instance metadata endpoint (RFC 3927; all big clouds) and of Azure's WireServer. */
export const METADATA_ADDRESSES: readonly string[] = ['169.254.169.254', '168.63.129.16'];

const PRIVATE: readonly AddressRange[] = PRIVATE_TEXT.map(rangeOf);
/** RFC 4291 §2.4 and the IANA registry: of IPv6, 2000::/3 is what is given out as global unicast. */
const GLOBAL_V6 = rangeOf('2000::/3');
const NOT_INTERNET_V4 = mergeRanges([...PRIVATE, ...SPECIAL_TEXT.map(rangeOf)].filter((range) => range.family === 4));
const INTERNET: readonly AddressRange[] = [...subtractRanges(wholeFamily(4), NOT_INTERNET_V4), GLOBAL_V6];

/**
 * What a World must be cut by (`WorldOptions.cuts`) so that every outside point is either on the internet or not, and
 * either private or not, and so that the metadata addresses are points of their own.
 */
export const INTERNET_CUTS: readonly AddressRange[] = [
  ...INTERNET,
  ...PRIVATE,
  ...METADATA_ADDRESSES.map((text) => rangeOf(`${text}/32`)),
];

/** Outside points with addresses on the internet. A point that is partly on it counts. */
export function internetPoints(world: World): Bits {
  return pointsWithin(world, INTERNET);
}

/** Outside points with private addresses: networks that are connected to the cluster's own. */
export function privatePoints(world: World): Bits {
  return pointsWithin(world, PRIVATE);
}

/** Outside points that hold an address of any of these ranges. */
export function pointsWithin(world: World, ranges: readonly AddressRange[]): Bits {
  const bits = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'external' || point.atom === undefined) continue;
    const own = atomRange(world.atoms[point.facet], point.atom);
    if (ranges.some((range) => overlaps(range, own))) addBit(bits, index);
  }
  return bits;
}

/** Whether the internet routes an address. */
export function isInternetAddress(address: Address): boolean {
  return INTERNET.some((range) => isInRange(address, range));
}

/** Whether any address of a range is on the internet. */
export function touchesInternet(range: AddressRange): boolean {
  return INTERNET.some((other) => overlaps(other, range));
}

function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.lo <= b.hi && b.lo <= a.hi;
}

function rangeOf(text: string): AddressRange {
  const reading = parseCidr(text);
  if (reading === undefined) throw new Error(`not a CIDR: ${text}`);
  return reading.cidr;
}
