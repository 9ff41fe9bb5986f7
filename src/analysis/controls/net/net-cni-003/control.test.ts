import { describe, expect, test } from 'vitest';
import { parseCidr } from '#base/address.ts';
import { assess, type ControlInput, stateOf } from '../../controls.test-support.ts';
import { aks, CILIUM } from '../azure.test-support.ts';
import { netCni003 } from './control.ts';

const RANGES = { ...CILIUM, podCidrs: ['192.168.0.0/16'], serviceCidrs: ['10.0.0.0/16'], dnsServiceIP: '10.0.0.10' };
const site = (text: string) => ({ onPremisesRanges: [parseCidr(text)!.cidr] });
const node = (name: string, range: string) => `---
apiVersion: v1
kind: Node
metadata: {name: ${name}}
spec: {podCIDR: ${range}, podCIDRs: [${range}]}
`;
const ANSWERS = new Map([['NET-CNI-003', { answer: 'yes', by: 'ada', on: '2026-11-01' } as const]]);

describe('NET-CNI-003', () => {
  test.each<[string, ControlInput, string]>([
    ['sound, sites given', { azure: aks(RANGES), settings: site('172.16.0.0/16') }, 'PASS'],
    ['sound, sites not given', { azure: aks(RANGES) }, 'MANUAL'],
    ['sound, a person answered', { azure: aks(RANGES), settings: { answers: ANSWERS } }, 'PASS'],
    ['a site overlaps', { azure: aks(RANGES), settings: site('192.168.5.0/24') }, 'PARTIAL'],
    [
      'pods overlap with the network',
      { azure: aks({ ...RANGES, podCidrs: ['10.20.0.0/16'] }), settings: site('172.16.0.0/16') },
      'PARTIAL',
    ],
    ['too small for its pools', { azure: aks(RANGES, { count: 2000 }), settings: site('172.16.0.0/16') }, 'PARTIAL'],
    ['nothing', {}, 'UNKNOWN'],
    [
      'nodes that share a range',
      { manifests: node('a', '10.1.0.0/24') + node('b', '10.1.0.0/24'), settings: site('172.16.0.0/16') },
      'FAIL',
    ],
    [
      'nodes with ranges of their own',
      { manifests: node('a', '10.1.0.0/24') + node('b', '10.1.1.0/24'), settings: site('172.16.0.0/16') },
      'PASS',
    ],
    ['a live cluster that shows no ranges', { kind: 'live' }, 'NA'],
  ])('%s', (_, input, state) => {
    expect(stateOf(netCni003, input)).toBe(state);
  });

  test('kubenet needs a route for each node', () => {
    const { places } = assess(netCni003, {
      azure: aks({ ...RANGES, networkPlugin: 'kubenet', networkPluginMode: undefined }, { count: 500 }),
    });
    expect(places.map(({ message }) => message)).toContain('kubenet needs 500 routes, and a route table holds 400');
  });
});
