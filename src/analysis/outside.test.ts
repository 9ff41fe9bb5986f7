import { describe, expect, test } from 'vitest';
import { parseAddress } from '#base/address.ts';
import { hasBit } from '#base/bits.ts';
import { buildEngine } from '#engine/engine.ts';
import { externalPoint } from '#engine/world.ts';
import { PROFILES } from '#model/profile.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { INTERNET_CUTS, internetPoints, isInternetAddress, privatePoints } from './outside.ts';

const { world } = buildEngine(snapshotOf([]), { profile: PROFILES.upstream, cuts: INTERNET_CUTS });

describe('what an address is', () => {
  const cases: [string, 'internet' | 'private' | 'neither'][] = [
    ['8.8.8.8', 'internet'],
    ['9.255.255.255', 'internet'],
    ['10.0.0.0', 'private'],
    ['11.0.0.0', 'internet'],
    ['100.64.0.1', 'private'],
    ['127.0.0.1', 'neither'],
    ['169.254.169.254', 'neither'],
    ['168.63.129.16', 'neither'],
    ['168.63.129.17', 'internet'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'internet'],
    ['192.168.1.1', 'private'],
    ['203.0.113.7', 'internet'],
    ['224.0.0.1', 'neither'],
    ['255.255.255.255', 'neither'],
    ['::1', 'neither'],
    ['2001:db8::1', 'internet'],
    ['fd00::1', 'private'],
    ['fe80::1', 'neither'],
    ['ff02::1', 'neither'],
  ];
  test.each(cases)('%s is %s', (text, expected) => {
    const address = parseAddress(text)!;
    const point = externalPoint(world, address);
    const found = hasBit(internetPoints(world), point)
      ? 'internet'
      : hasBit(privatePoints(world), point)
        ? 'private'
        : 'neither';
    expect(found).toBe(expected);
    expect(isInternetAddress(address)).toBe(expected === 'internet');
  });

  test('a point that is partly both counts as both', () => {
    const { world: whole } = buildEngine(snapshotOf([]), { profile: PROFILES.upstream });
    const point = externalPoint(whole, parseAddress('10.0.0.1')!);
    expect([hasBit(internetPoints(whole), point), hasBit(privatePoints(whole), point)]).toEqual([true, true]);
  });
});
