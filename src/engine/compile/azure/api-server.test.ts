import { describe, expect, test } from 'vitest';
import type { ApiServerAccess } from '#model/azure/cluster.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Peering } from '#model/azure/network.ts';
import { cluster, entity, estate, items, network, UNSETTLED } from './azure.test-support.ts';
import { ask, notesFor } from './layer.test-support.ts';
import { apiServerName } from './names.ts';

function withApi(api: Partial<ApiServerAccess>, more: Partial<AzureEstate> = {}): AzureEstate {
  const own = cluster();
  return estate({ ...more, clusters: [{ ...own, api: { ...own.api, ...api } }] });
}

function asked(azure: AzureEstate, from: string) {
  return { azure, from, to: apiServerName(azure.clusters[0]!), layer: 'service' } as const;
}

const PEERING: Peering = { ...estate().peerings[0]!, state: 'Connected' };
const GATEWAY = { ...entity('gateways', 'vpn'), kind: 'vpn', subnet: '/networks/vnet/subnets/gatewaysubnet' } as const;
const PRIVATE = { privateCluster: true } as const;
const RANGES = { authorizedRanges: items('198.51.100.0/24') } as const;

describe('who gets to the API server', () => {
  test.each<readonly [string, Partial<ApiServerAccess>, Partial<AzureEstate>, string, string]>([
    ['public: any address', {}, {}, '203.0.113.7', 'allowed'],
    ['authorised ranges: one of these', RANGES, {}, '198.51.100.9', 'allowed'],
    ['authorised ranges: another one', RANGES, {}, '203.0.113.7', 'denied'],
    [
      'authorised ranges: the cluster by the address with which it leaves',
      RANGES,
      {},
      'shop/web',
      'unknown: source-translation',
    ],
    [
      'authorised ranges, in the network too: the cluster',
      { ...RANGES, vnetIntegration: true },
      {},
      'shop/web',
      'allowed',
    ],
    [
      'ranges that are not known: any address',
      { authorizedRanges: items('unsettled') },
      {},
      '203.0.113.7',
      'unknown: cloud-expression source-translation',
    ],
    ['private: the internet', PRIVATE, { peerings: [PEERING] }, '203.0.113.7', 'denied'],
    ['private: the cluster', PRIVATE, {}, 'shop/web', 'allowed'],
    ['private: a peered network', PRIVATE, { peerings: [PEERING] }, '10.0.2.9', 'allowed'],
    [
      'private: a network of which the peering is down',
      PRIVATE,
      { peerings: [{ ...PEERING, state: 'Disconnected' }] },
      '10.0.2.9',
      'denied',
    ],
    ['private: what nothing leads from', PRIVATE, { peerings: [PEERING] }, '192.168.7.7', 'denied'],
    [
      'private: what a gateway may lead from',
      PRIVATE,
      { peerings: [PEERING], gateways: [GATEWAY] },
      '192.168.7.7',
      'unknown: gateway-routes',
    ],
    [
      'private: a network behind the hub',
      PRIVATE,
      {
        peerings: [
          PEERING,
          { ...PEERING, ...entity('peerings', 'far'), network: '/networks/hub', remote: '/networks/far' },
        ],
        networks: [network('vnet', '10.224.0.0/12'), network('hub', '10.0.0.0/16'), network('far', '192.168.0.0/16')],
      },
      '192.168.7.7',
      'unknown: gateway-routes',
    ],
    ['perhaps private: any address', { privateCluster: UNSETTLED }, {}, '203.0.113.7', 'unknown: cloud-expression'],
  ])('%s', (_name, api, more, from, expected) => {
    expect(ask(asked(withApi(api, more), from))).toBe(expected);
  });
});

describe('what gets at it besides connections', () => {
  test.each<readonly [string, Partial<ApiServerAccess>, readonly string[]]>([
    ['public to everybody: nothing more', {}, []],
    ['authorised ranges: run command', RANGES, ['run command']],
    ['private: run command, and a name for everybody', PRIVATE, ['run command', 'public FQDN']],
    ['private without them', { ...PRIVATE, runCommand: false, publicFqdn: false }, []],
  ])('%s', (_name, api, expected) => {
    const notes = notesFor(asked(withApi(api), '203.0.113.7'));
    expect(notes.map((note) => note.split(':')[0])).toEqual(expected);
  });
});
