import { describe, expect, test } from 'vitest';
import { unite } from '#base/intervals.ts';
import type { TrafficList } from '#model/answers.ts';
import {
  ALL_PORTS,
  ALL_TRAFFIC,
  icmpTraffic,
  NO_TRAFFIC,
  portTraffic,
  protocolTraffic,
  type TrafficSet,
} from '#model/traffic.ts';
import { PORT_SCOPE, protocolNamed, scopeOf } from './scope.ts';
import { trafficList, trafficText } from './traffic-list.ts';

const all = (...sets: readonly TrafficSet[]) => sets.reduce((sum, set) => unite(sum, set), NO_TRAFFIC);

describe('trafficList', () => {
  test.each<[why: string, traffic: TrafficSet, scope: TrafficSet, want: TrafficList, text: string]>([
    ['nothing', NO_TRAFFIC, ALL_PORTS, [], ''],
    ['all that was asked for', ALL_PORTS, ALL_PORTS, 'all', 'all'],
    ['more than was asked for', ALL_TRAFFIC, ALL_PORTS, 'all', 'all'],
    [
      'ports and ranges',
      all(portTraffic('TCP', 80), portTraffic('TCP', 443, 445), portTraffic('TCP', 9)),
      ALL_PORTS,
      [{ protocol: 'TCP', ports: '9,80,443-445' }],
      'TCP 9,80,443-445',
    ],
    [
      'several protocols',
      all(portTraffic('UDP', 53), portTraffic('TCP', 53)),
      ALL_PORTS,
      [
        { protocol: 'TCP', ports: '53' },
        { protocol: 'UDP', ports: '53' },
      ],
      'TCP 53; UDP 53',
    ],
    ['a whole protocol', protocolTraffic('TCP'), ALL_PORTS, [{ protocol: 'TCP', ports: '1-65535' }], 'TCP 1-65535'],
    [
      'only what was asked for',
      all(portTraffic('TCP', 80), icmpTraffic('ICMP', 8)),
      ALL_PORTS,
      [{ protocol: 'TCP', ports: '80' }],
      'TCP 80',
    ],
    ['whole ICMP', protocolTraffic('ICMP'), ALL_TRAFFIC, [{ protocol: 'ICMP' }], 'ICMP'],
    [
      'ICMP types',
      all(icmpTraffic('ICMP', 0), icmpTraffic('ICMP', 8), icmpTraffic('ICMP', 9)),
      ALL_TRAFFIC,
      [{ protocol: 'ICMP', ports: '0,8-9' }],
      'ICMP 0,8-9',
    ],
    ['ICMP with a code', icmpTraffic('ICMP', 3, 4), ALL_TRAFFIC, [{ protocol: 'ICMP', ports: '3/4' }], 'ICMP 3/4'],
    [
      'codes in a row',
      all(icmpTraffic('ICMP', 3, 4), icmpTraffic('ICMP', 3, 5)),
      ALL_TRAFFIC,
      [{ protocol: 'ICMP', ports: '3/4-3/5' }],
      'ICMP 3/4-3/5',
    ],
    ['a number', protocolTraffic('47'), ALL_TRAFFIC, [{ protocol: '47' }], '47'],
  ])('%s', (_why, traffic, scope, want, text) => {
    const list = trafficList(traffic, scope);
    expect(list).toEqual(want);
    expect(trafficText(list)).toBe(text);
  });
});

describe('scopeOf', () => {
  test.each<[names: string[], protocols: readonly string[] | undefined]>([
    [[], ['TCP', 'UDP', 'SCTP']],
    [['all'], ['all']],
    [
      ['tcp', 'Icmp', '47'],
      ['TCP', 'ICMP', '47'],
    ],
    [['udp', 'nonsense'], undefined],
    [['256'], undefined],
    [['047'], ['47']],
  ])('%j', (names, protocols) => {
    expect(scopeOf(names)?.protocols).toEqual(protocols);
  });

  test('holds the traffic of its protocols', () => {
    expect(scopeOf(['tcp', 'icmp'])?.traffic).toEqual(all(protocolTraffic('TCP'), protocolTraffic('ICMP')));
    expect(scopeOf([])).toBe(PORT_SCOPE);
    expect(scopeOf(['6'])?.traffic).toEqual(protocolTraffic('TCP'));
  });

  test.each(['', '-1', '1.0', 'constructor', '__proto__', '1000'])('%j is no protocol', (text) => {
    expect(protocolNamed(text)).toBeUndefined();
  });
});
