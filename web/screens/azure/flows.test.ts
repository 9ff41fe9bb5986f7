import { expect, test } from 'vitest';
import { matchesFilter, readFilter } from '#analysis/filter.ts';
import type { RequiredEndpoint, WayOut } from '#model/egress.ts';
import { flowsOf, together } from './flows.ts';

const origin = { file: 'network.tf', line: 1, column: 1 };
const FIREWALL: WayOut = { subnet: 'snet-a', kind: 'firewall', name: 'fw "hub", 1', origin };
const NETWORK: WayOut = { subnet: 'snet-b', kind: 'network', name: 'the virtual network', origin };

function endpoint(feature: string, verdict: RequiredEndpoint['verdict'], ways: readonly WayOut[]): RequiredEndpoint {
  const asked = {
    destination: 'mcr.microsoft.com',
    protocol: 'TCP',
    port: 443,
    feature,
    use: '',
    need: 'required',
  } as const;
  return { ...asked, verdict, reasons: [], from: [], by: [], ways, source: '' };
}

test('each subnet, way and feature is one box, and a line joins those that something goes between', () => {
  const flows = flowsOf([
    endpoint('cluster', 'allowed', [FIREWALL, NETWORK]),
    endpoint('cluster', 'denied', [FIREWALL]),
    endpoint('arc', 'unknown', []),
  ]);
  expect(flows.subnets.map(({ name }) => name)).toEqual(['snet-a', 'snet-b', 'nodes']);
  expect(flows.ways.map(({ note, endpoints }) => [note, endpoints.length])).toEqual([
    ['firewall', 2],
    ['stays in the network', 1],
    ['not known', 1],
  ]);
  expect(flows.features.map(({ name, endpoints }) => [name, together(endpoints)])).toEqual([
    ['cluster', 'mixed'],
    ['arc', 'unknown'],
  ]);
  expect(flows.lines).toHaveLength(6);
});

test('what a box stands for is a filter that finds it, whatever its name', () => {
  const reading = readFilter(flowsOf([endpoint('cluster', 'allowed', [FIREWALL])]).ways[0]!.filter, ['way']);
  expect(reading.kind === 'ok' && matchesFilter(reading.filter, { fields: { way: [FIREWALL.name] }, text: '' })).toBe(
    true,
  );
});
