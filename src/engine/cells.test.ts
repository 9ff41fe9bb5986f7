import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { includes, meet, sizeOf, unite } from '#base/intervals.ts';
import {
  ALL_TRAFFIC,
  NO_TRAFFIC,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
  trafficPoint,
} from '#model/traffic.ts';
import { cellTable } from './cells.ts';

describe('numbers', () => {
  test('are one for equal sets, whatever object holds them', () => {
    const { numberOf } = cellTable();
    const tcp = portTraffic('TCP', 80);
    expect(numberOf(tcp)).toBe(numberOf([...tcp]));
    expect(numberOf(tcp)).toBe(numberOf(tcp));
    expect(numberOf(portTraffic('UDP', 80))).not.toBe(numberOf(tcp));
  });
});

describe('cells', () => {
  test('without sets there is one: all traffic', () => {
    expect(cellTable().cut([])).toEqual([{ traffic: ALL_TRAFFIC, within: new Set() }]);
  });

  test('two sets that overlap make four', () => {
    const table = cellTable();
    const [a, b] = [table.numberOf(portTraffic('TCP', 10, 20)), table.numberOf(portTraffic('TCP', 15, 30))];
    const cells = table
      .cut([a, b])
      .map(({ traffic, within }) => ({ within: [...within].sort(), size: sizeOf(traffic) }));
    expect(cells).toContainEqual({ within: [a], size: 5 });
    expect(cells).toContainEqual({ within: [a, b], size: 6 });
    expect(cells).toContainEqual({ within: [b], size: 10 });
    expect(cells).toContainEqual({ within: [], size: sizeOf(ALL_TRAFFIC) - 21 });
    expect(cells).toHaveLength(4);
  });

  test('a cut is remembered, in whatever order and however often its numbers come', () => {
    const table = cellTable();
    const [a, b] = [table.numberOf(portTraffic('TCP', 1)), table.numberOf(protocolTraffic('47'))];
    expect(table.cut([b, a, b])).toBe(table.cut([a, b]));
    expect(table.cut([a])).not.toBe(table.cut([a, b]));
  });

  test('cells are disjoint, cover all traffic, and no set divides one', () => {
    const some = fc
      .tuple(
        fc.constantFrom('TCP' as const, 'UDP' as const),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(([protocol, lo, hi]) => portTraffic(protocol, lo, hi));
    const sets = fc.array(
      fc.oneof(some, fc.constantFrom<TrafficSet>(ALL_TRAFFIC, NO_TRAFFIC, protocolTraffic('ICMP'))),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(sets, (drawn) => {
        const table = cellTable();
        const numbers = drawn.map((set) => table.numberOf(set));
        let all = NO_TRAFFIC;
        for (const { traffic, within } of table.cut(numbers)) {
          expect(meet(all, traffic)).toEqual(NO_TRAFFIC);
          all = unite(all, traffic);
          for (const [index, set] of drawn.entries()) {
            expect(meet(traffic, set)).toEqual(within.has(numbers[index]!) ? traffic : NO_TRAFFIC);
          }
        }
        expect(all).toEqual(ALL_TRAFFIC);
        expect(includes(all, trafficPoint('TCP', 0))).toBe(false);
      }),
    );
  });
});
