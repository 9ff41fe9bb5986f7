import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalsOf, meet, unite } from '#base/intervals.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, portTraffic, trafficPoint } from '#model/traffic.ts';
import { type Grant, type GrantTable, grantTable, uniteTraffic, verdictOf } from './grants.ts';

const HTTP = portTraffic('TCP', 80);
const WEB = portTraffic('TCP', 80, 90);
const DNS = portTraffic('UDP', 53);

describe('grants', () => {
  test('equal grants are one object, and an exact one holds one set twice', () => {
    const table = grantTable();
    const grant = table.of([...HTTP], [...HTTP]);
    expect(table.of(HTTP, HTTP)).toBe(grant);
    expect(grant.possible).toBe(grant.allowed);
    expect(table.of(HTTP, WEB)).toBe(table.of([...HTTP], [...WEB]));
    expect(table.of(HTTP, WEB)).not.toBe(table.of(WEB, WEB));
    expect(table.of(NO_TRAFFIC, NO_TRAFFIC)).toBe(table.none);
    expect(table.of(ALL_TRAFFIC, ALL_TRAFFIC)).toBe(table.all);
    expect(table.of(NO_TRAFFIC, ALL_TRAFFIC)).not.toBe(table.all);
  });

  test.each<[port: number, want: string]>([
    [80, 'allowed'],
    [85, 'unknown'],
    [91, 'denied'],
  ])('port %s is %s', (port, want) => {
    const table = grantTable();
    expect(verdictOf(table.of(HTTP, WEB), trafficPoint('TCP', port))).toBe(want);
  });

  test('an exact grant leaves nothing unknown', () => {
    const grant = grantTable().of(WEB, WEB);
    expect([80, 91].map((port) => verdictOf(grant, trafficPoint('TCP', port)))).toEqual(['allowed', 'denied']);
  });

  test('meeting with all or none', () => {
    const table = grantTable();
    const grant = table.of(HTTP, WEB);
    expect(table.meet(grant, table.all)).toBe(grant);
    expect(table.meet(table.all, grant)).toBe(grant);
    expect(table.meet(grant, table.none)).toBe(table.none);
    expect(table.meet(table.none, grant)).toBe(table.none);
    expect(table.meet(grant, grant)).toBe(grant);
  });

  test('meeting is meeting what is allowed and what is possible', () => {
    const set = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 3 })
      .map(intervalsOf);
    const table = grantTable();
    const grant = (t: GrantTable) => fc.tuple(set, set).map(([a, b]): Grant => t.of(a, unite(a, b)));
    fc.assert(
      fc.property(grant(table), grant(table), (a, b) => {
        const met = table.meet(a, b);
        expect(met).toBe(table.of(meet(a.allowed, b.allowed), meet(a.possible, b.possible)));
        expect(table.meet(b, a)).toBe(met);
      }),
    );
  });

  test('traffic united', () => {
    expect(uniteTraffic([])).toEqual(NO_TRAFFIC);
    expect(uniteTraffic([DNS, HTTP, WEB])).toEqual(unite(WEB, DNS));
  });
});
