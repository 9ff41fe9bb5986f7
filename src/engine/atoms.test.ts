import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AddressRange, HIGHEST, isInRange, parseAddress, parseCidr, wholeFamily } from '#base/address.ts';
import { atomAt, atomRange, atomsWithin, cutAtoms } from './atoms.ts';

const cidr = (text: string): AddressRange => parseCidr(text)!.cidr;
const value = (text: string) => parseAddress(text)!.value;

describe('atoms', () => {
  test('without ranges there is one', () => {
    const atoms = cutAtoms(4, []);
    expect(atoms.starts).toEqual([0n]);
    expect(atomRange(atoms, 0)).toEqual(wholeFamily(4));
  });

  test.each<[ranges: string[], starts: string[]]>([
    [['10.0.0.0/8'], ['0.0.0.0', '10.0.0.0', '11.0.0.0']],
    [
      ['10.0.0.0/8', '10.0.0.0/8'],
      ['0.0.0.0', '10.0.0.0', '11.0.0.0'],
    ],
    [
      ['10.0.0.0/8', '10.1.0.0/16'],
      ['0.0.0.0', '10.0.0.0', '10.1.0.0', '10.2.0.0', '11.0.0.0'],
    ],
    [['0.0.0.0/0'], ['0.0.0.0']],
    [['0.0.0.0/1'], ['0.0.0.0', '128.0.0.0']],
    [['255.255.255.255/32'], ['0.0.0.0', '255.255.255.255']],
    [['fd00::/8'], ['0.0.0.0']],
  ])('%j start at %j', (ranges, starts) => {
    expect(cutAtoms(4, ranges.map(cidr)).starts).toEqual(starts.map(value));
  });

  test.each([
    ['0.0.0.0', 0],
    ['9.255.255.255', 0],
    ['10.0.0.0', 1],
    ['10.255.255.255', 1],
    ['11.0.0.0', 2],
    ['255.255.255.255', 2],
  ])('%s is in atom %s', (text, want) => {
    expect(atomAt(cutAtoms(4, [cidr('10.0.0.0/8')]), value(text))).toBe(want);
  });

  test('a range is the atoms within it, and undefined where it was not cut', () => {
    const atoms = cutAtoms(4, [cidr('10.0.0.0/8'), cidr('10.1.0.0/16')]);
    expect(atomsWithin(atoms, cidr('10.0.0.0/8'))).toEqual([1, 4]);
    expect(atomsWithin(atoms, cidr('10.1.0.0/16'))).toEqual([2, 3]);
    expect(atomsWithin(atoms, wholeFamily(4))).toEqual([0, 5]);
    expect(atomsWithin(atoms, cidr('10.0.0.0/9'))).toBeUndefined();
    expect(atomsWithin(atoms, cidr('10.0.0.0/16'))).toEqual([1, 2]);
    expect(atomsWithin(atoms, cidr('10.0.0.0/17'))).toBeUndefined();
  });

  test('no range tells two addresses of one atom apart, and atoms cover the line', () => {
    const range = fc
      .tuple(fc.nat(200), fc.nat(200))
      .map(([a, b]): AddressRange => ({ family: 4, lo: BigInt(Math.min(a, b)), hi: BigInt(Math.max(a, b)) }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), (ranges) => {
        const atoms = cutAtoms(4, ranges);
        let next = 0n;
        for (const index of atoms.starts.keys()) {
          const { lo, hi } = atomRange(atoms, index);
          expect(lo).toBe(next);
          next = hi + 1n;
          expect([atomAt(atoms, lo), atomAt(atoms, hi)]).toEqual([index, index]);
          for (const each of ranges)
            expect(isInRange({ family: 4, value: lo }, each)).toBe(isInRange({ family: 4, value: hi }, each));
        }
        expect(next).toBe(HIGHEST[4] + 1n);
        for (const each of ranges) expect(atomsWithin(atoms, each)).toBeDefined();
      }),
    );
  });
});
