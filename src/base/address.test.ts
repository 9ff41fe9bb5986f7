import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressRange,
  cidrOf,
  compareRanges,
  type Family,
  formatAddress,
  formatRange,
  HIGHEST,
  isInRange,
  isWithin,
  mergeRanges,
  parseAddress,
  parseCidr,
  subtractRanges,
  wholeFamily,
} from './address.ts';

describe('parseAddress', () => {
  test.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['10.1.2.3', '10.1.2.3'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    // RFC 5952 §4.1: leading zeros go; §4.3: lower case
    ['2001:0DB8::0001', '2001:db8::1'],
    // §4.2.2: one zero group is not shortened
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    // §4.2.3: the longest run, and of equal runs the first
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    // RFC 4291 §2.2: the last 32 bits in dots
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    // a mapped address is the IPv4 address
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::ffff:a01:203', '10.1.2.3'],
    ['0:0:0:0:0:FFFF:10.1.2.3', '10.1.2.3'],
    // compatible addresses, and those that only look mapped, are IPv6
    ['::10.1.2.3', '::a01:203'],
    ['::ffff:0:10.1.2.3', '::ffff:0:a01:203'],
  ])('%s is %s', (text, want) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(want);
  });

  test.each([
    '',
    ' ',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '10.0.0.-1',
    '10.0.0.+1',
    '10.0.0.1 ',
    ' 10.0.0.1',
    '10.0.0.0x1',
    '10.0.0.1e1',
    '10..0.1',
    '010.0.0.1',
    '10.0.0.00',
    '١٠.0.0.1',
    '167772161',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    'g::',
    '::1%eth0',
    '[::1]',
    '::1.2.3',
    '::1.2.3.256',
    '::01.2.3.4',
    '1.2.3.4::',
    '1.2.3.4:1:2:3:4:5:6',
    '::ffff:1.2.3.4:5',
    '10.0.0.0/8',
    'localhost',
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('text and value are one another, both ways', () => {
    for (const family of [4, 6] as const) {
      fc.assert(
        fc.property(fc.bigInt(0n, HIGHEST[family]), (value) => {
          if (family === 6 && value >> 32n === 0xffffn) return;
          expect(parseAddress(formatAddress({ family, value }))).toEqual({ family, value });
        }),
      );
    }
  });

  test('says of any text what Node says, leading zeros and zones aside', () => {
    const piece = fc.constantFrom('0', '1', 'ff', ':', '::', '.', '255', '256', 'ffff', '10.0.0.1', 'g', '00');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        expect(parseAddress(text) !== undefined).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseCidr', () => {
  test.each<[text: string, want: string, oddities: string[]]>([
    ['10.0.0.0/8', '10.0.0.0/8', []],
    ['0.0.0.0/0', '0.0.0.0/0', []],
    ['10.1.2.3/32', '10.1.2.3/32', []],
    ['::/0', '::/0', []],
    ['2001:db8::/32', '2001:db8::/32', []],
    ['2001:db8::1/128', '2001:db8::1/128', []],
    ['10.1.2.3/8', '10.0.0.0/8', ['host-bits']],
    ['10.1.2.3/0', '0.0.0.0/0', ['host-bits']],
    ['2001:db8::1/32', '2001:db8::/32', ['host-bits']],
    // decimal, not octal
    ['010.0.0.0/8', '10.0.0.0/8', ['leading-zeros']],
    ['010.000.000.010/8', '10.0.0.0/8', ['host-bits', 'leading-zeros']],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8', []],
    ['::ffff:10.1.0.0/104', '10.0.0.0/8', ['host-bits']],
    ['::ffff:0:0/96', '0.0.0.0/0', []],
  ])('%s is %s', (text, want, oddities) => {
    const reading = parseCidr(text);
    expect(reading && formatRange(reading.cidr)).toEqual([want]);
    expect(reading?.oddities).toEqual(oddities);
  });

  test.each([
    '',
    '/',
    '10.0.0.0',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/08',
    '10.0.0.0/8.0',
    '10.0.0.0/ 8',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '::/129',
    '::/1000',
    '::ffff:10.0.0.0/95',
    '10.0.0/8',
    '10.0.0.0 /8',
  ])('%j is none', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

const SMALL = 63n;
const range = fc
  .tuple(fc.constantFrom<Family>(4, 6), fc.bigInt(0n, SMALL), fc.bigInt(0n, SMALL))
  .map(([family, a, b]): AddressRange => (a <= b ? { family, lo: a, hi: b } : { family, lo: b, hi: a }));
const ranges = fc.array(range, { maxLength: 8 });

function numbersOf(list: readonly AddressRange[]): Set<string> {
  const out = new Set<string>();
  for (const { family, lo, hi } of list) for (let value = lo; value <= hi; value++) out.add(`${family} ${value}`);
  return out;
}

describe('ranges', () => {
  test.each<[family: Family, lo: bigint, hi: bigint, want: string[]]>([
    [4, 0n, HIGHEST[4], ['0.0.0.0/0']],
    [6, 0n, HIGHEST[6], ['::/0']],
    [4, 1n, 1n, ['0.0.0.1/32']],
    [4, 1n, 4n, ['0.0.0.1/32', '0.0.0.2/31', '0.0.0.4/32']],
    [4, HIGHEST[4], HIGHEST[4], ['255.255.255.255/32']],
    [4, 0n, HIGHEST[4] - 1n, Array.from({ length: 32 }, (_, i) => formatRange(blockBelowTop(i))[0]!)],
    [6, HIGHEST[6] - 1n, HIGHEST[6], ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127']],
  ])('IPv%s %s … %s in CIDRs', (family, lo, hi, want) => {
    expect(formatRange({ family, lo, hi })).toEqual(want);
  });

  test('CIDRs cover exactly their range, in order, and no two could be one', () => {
    fc.assert(
      fc.property(range, (drawn) => {
        const cidrs = formatRange(drawn).map((text) => parseCidr(text)!.cidr);
        expect(numbersOf(cidrs)).toEqual(numbersOf([drawn]));
        expect(mergeRanges(cidrs)).toMatchObject([drawn]);
        for (let i = 1; i < cidrs.length; i++) {
          const [before, after] = [cidrs[i - 1]!, cidrs[i]!];
          const parent = cidrOf({ family: before.family, value: before.lo }, Math.max(before.length - 1, 0));
          expect(before.lo < after.lo && !(before.length === after.length && isWithin(after, parent))).toBe(true);
        }
      }),
    );
  });

  test('merged ranges hold the same addresses, are sorted, and have gaps between them', () => {
    fc.assert(
      fc.property(ranges, (drawn) => {
        const merged = mergeRanges(drawn);
        expect(numbersOf(merged)).toEqual(numbersOf(drawn));
        for (let i = 1; i < merged.length; i++) {
          expect(compareRanges(merged[i - 1]!, merged[i]!)).toBeLessThan(0);
          if (merged[i - 1]!.family === merged[i]!.family) expect(merged[i]!.lo > merged[i - 1]!.hi + 1n).toBe(true);
        }
      }),
    );
  });

  test('what is left after holes is what is in none of them', () => {
    fc.assert(
      fc.property(range, ranges, (drawn, holes) => {
        const left = subtractRanges(drawn, mergeRanges(holes));
        expect(numbersOf(left)).toEqual(without(numbersOf([drawn]), numbersOf(holes)));
        expect(mergeRanges(left)).toEqual(left);
      }),
    );
  });

  test('a hole at the very top or bottom leaves the rest', () => {
    const all = wholeFamily(4);
    expect(subtractRanges(all, [{ family: 4, lo: 0n, hi: 9n }])).toEqual([{ family: 4, lo: 10n, hi: HIGHEST[4] }]);
    expect(subtractRanges(all, [{ family: 4, lo: 10n, hi: HIGHEST[4] }])).toEqual([{ family: 4, lo: 0n, hi: 9n }]);
    expect(subtractRanges(all, [all])).toEqual([]);
  });

  test('families never mix', () => {
    const [v4, v6] = [wholeFamily(4), wholeFamily(6)];
    expect(isWithin(v4, v6)).toBe(false);
    expect(isInRange({ family: 4, value: 1n }, v6)).toBe(false);
    expect(subtractRanges(v4, [v6])).toEqual([v4]);
    expect(mergeRanges([v6, v4])).toEqual([v4, v6]);
    expect(compareRanges(v4, v6)).toBeLessThan(0);
  });

  test.each([
    ['10.0.0.0/9', '10.0.0.0/8', true],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.0.0.0/8', '10.0.0.0/9', false],
    ['11.0.0.0/8', '10.0.0.0/8', false],
  ])('%s within %s: %s', (inner, outer, want) => {
    expect(isWithin(parseCidr(inner)!.cidr, parseCidr(outer)!.cidr)).toBe(want);
  });

  test('both ends of a range are in it', () => {
    const { cidr } = parseCidr('10.0.0.0/30')!;
    const found = ['9.255.255.255', '10.0.0.0', '10.0.0.3', '10.0.0.4'].map((text) =>
      isInRange(parseAddress(text)!, cidr),
    );
    expect(found).toEqual([false, true, true, false]);
  });
});

/** The block number `i` of those that make up all of IPv4 but the highest address: halves of what is left. */
function blockBelowTop(i: number): AddressRange {
  const lo = i === 0 ? 0n : HIGHEST[4] + 1n - (1n << BigInt(32 - i));
  return { family: 4, lo, hi: lo + (1n << BigInt(31 - i)) - 1n };
}

function without<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a].filter((member) => !b.has(member)));
}
