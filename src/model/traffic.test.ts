import { describe, expect, test } from 'vitest';
import { covers, includes, isNothing, meet, overlaps, sizeOf, subtract, unite } from '#base/intervals.ts';
import {
  ALL_PORTS,
  ALL_TRAFFIC,
  icmpTraffic,
  isPortProtocol,
  linesOf,
  NO_TRAFFIC,
  PORTLESS_TRAFFIC,
  type Protocol,
  portTraffic,
  protocolTraffic,
  trafficPoint,
} from './traffic.ts';

const NAMED: readonly Protocol[] = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6'];

describe('the axis', () => {
  test('protocols do not touch one another, and together are all traffic', () => {
    const all = [...NAMED, ...Array.from({ length: 256 }, (_, number): Protocol => `${number}`)].map(protocolTraffic);
    expect(
      subtract(
        ALL_TRAFFIC,
        all.reduce((sum, set) => unite(sum, set), NO_TRAFFIC),
      ),
    ).toEqual(NO_TRAFFIC);
    for (const [index, name] of NAMED.entries()) {
      for (const other of NAMED.slice(index + 1))
        expect(overlaps(protocolTraffic(name), protocolTraffic(other))).toBe(false);
    }
  });

  test.each<[number: Protocol, name: Protocol]>([
    ['6', 'TCP'],
    ['17', 'UDP'],
    ['132', 'SCTP'],
    ['1', 'ICMP'],
    ['58', 'ICMPv6'],
  ])('protocol %s is %s', (number, name) => {
    expect(protocolTraffic(number)).toEqual(protocolTraffic(name));
    expect(trafficPoint(number, 7)).toBe(trafficPoint(name, 7));
  });

  test('ports and the rest make up all traffic', () => {
    expect(unite(ALL_PORTS, PORTLESS_TRAFFIC)).toEqual(ALL_TRAFFIC);
    expect(meet(ALL_PORTS, PORTLESS_TRAFFIC)).toEqual(NO_TRAFFIC);
    expect(sizeOf(ALL_PORTS)).toBe(3 * 65_535);
  });

  test.each<[protocol: Protocol, isPort: boolean]>([
    ['TCP', true],
    ['UDP', true],
    ['SCTP', true],
    ['ICMP', false],
    ['47', false],
  ])('%s has ports: %s', (protocol, isPort) => {
    expect(isPortProtocol(protocol)).toBe(isPort);
    expect(covers(ALL_PORTS, protocolTraffic(protocol))).toBe(isPort);
  });
});

describe('ports', () => {
  test('port 0 is no traffic, and ports end at 65535', () => {
    expect(includes(portTraffic('TCP', 0, 10), trafficPoint('TCP', 0))).toBe(false);
    expect(sizeOf(portTraffic('TCP', 0, 10))).toBe(10);
    expect(portTraffic('TCP', 1, 99_999)).toEqual(protocolTraffic('TCP'));
    expect(isNothing(portTraffic('TCP', 9, 8))).toBe(true);
    expect(includes(ALL_TRAFFIC, trafficPoint('UDP', 0))).toBe(false);
  });

  test('the last port of one protocol is not next to the first of another', () => {
    const touching = unite(portTraffic('TCP', 65_535), portTraffic('UDP', 1));
    expect(linesOf(touching)).toEqual([
      { protocol: 'TCP', ranges: [[65_535, 65_535]], whole: false },
      { protocol: 'UDP', ranges: [[1, 1]], whole: false },
    ]);
  });

  test.each<[protocol: Protocol, port: number, inside: boolean]>([
    ['TCP', 79, false],
    ['TCP', 80, true],
    ['TCP', 90, true],
    ['TCP', 91, false],
    ['UDP', 80, false],
  ])('80 to 90 of TCP and %s %s: %s', (protocol, port, inside) => {
    expect(includes(portTraffic('TCP', 80, 90), trafficPoint(protocol, port))).toBe(inside);
  });
});

describe('ICMP', () => {
  test.each<[type: number, code: number, ofType: boolean, ofCode: boolean]>([
    [3, 4, true, true],
    [3, 5, true, false],
    [4, 4, false, false],
  ])('type %s code %s', (type, code, ofType, ofCode) => {
    const point = trafficPoint('ICMP', type * 256 + code);
    expect(includes(icmpTraffic('ICMP', 3), point)).toBe(ofType);
    expect(includes(icmpTraffic('ICMP', 3, 4), point)).toBe(ofCode);
    expect(includes(icmpTraffic('ICMPv6', 3), point)).toBe(false);
  });
});

describe('linesOf', () => {
  test('nothing has no line', () => expect(linesOf(NO_TRAFFIC)).toEqual([]));

  test('all traffic is every protocol whole, once', () => {
    const lines = linesOf(ALL_TRAFFIC);
    expect(lines.every(({ whole }) => whole)).toBe(true);
    expect(lines.slice(0, 5).map(({ protocol }) => protocol)).toEqual(NAMED);
    expect(lines).toHaveLength(256);
  });

  test('by protocol, in order, with ranges of its own', () => {
    const set = [
      protocolTraffic('47'),
      icmpTraffic('ICMP', 8),
      portTraffic('UDP', 53),
      portTraffic('TCP', 80),
      portTraffic('TCP', 443, 445),
      protocolTraffic('SCTP'),
    ];
    expect(linesOf(set.reduce((sum, each) => unite(sum, each), NO_TRAFFIC))).toEqual([
      {
        protocol: 'TCP',
        ranges: [
          [80, 80],
          [443, 445],
        ],
        whole: false,
      },
      { protocol: 'UDP', ranges: [[53, 53]], whole: false },
      { protocol: 'SCTP', ranges: [[1, 65_535]], whole: true },
      { protocol: 'ICMP', ranges: [[2048, 2303]], whole: false },
      { protocol: '47', ranges: [], whole: true },
    ]);
  });
});
