import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, pod } from '#engine/ask.test-support.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { analyseSnapshot } from '../analysis.ts';
import { worldForNames } from '../path/names.ts';
import { pathOf } from '../path/path.ts';

const GROUP = '/subscriptions/s/resourceGroups/g/providers';
const NETWORK = `${GROUP}/Microsoft.Network/virtualNetworks/spoke`;
const ZONE = `${GROUP}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
const VAULT = `${GROUP}/Microsoft.KeyVault/vaults/kv`;

type Json = Readonly<Record<string, unknown>>;

function resource(path: string, properties: Json, more: Json = {}): Json {
  const [, ...segments] = path.split('/providers/')[1]!.split('/');
  const type = `${path.split('/providers/')[1]!.split('/')[0]}/${segments.filter((_, index) => index % 2 === 0).join('/')}`;
  return { id: path, type, name: segments.at(-1), location: 'westeurope', properties, ...more };
}

const SPOKE = resource(NETWORK, {
  addressSpace: { addressPrefixes: ['10.20.0.0/16'] },
  subnets: [
    { name: 'apps', id: `${NETWORK}/subnets/apps`, properties: { addressPrefix: '10.20.0.0/22' } },
    { name: 'endpoints', id: `${NETWORK}/subnets/endpoints`, properties: { addressPrefix: '10.20.8.0/24' } },
  ],
});
const LINK = resource(`${ZONE}/virtualNetworkLinks/spoke`, { virtualNetwork: { id: NETWORK } });
const ZONE_GROUP = resource(`${GROUP}/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default`, {
  privateDnsZoneConfigs: [{ properties: { privateDnsZoneId: ZONE } }],
});
const NAT = resource(`${GROUP}/Microsoft.Network/publicIPAddresses/out`, { ipAddress: '198.51.100.9' });

function vault(properties: Json): Json {
  return resource(VAULT, properties);
}

function endpoint(state: string): Json {
  const connection = {
    privateLinkServiceId: VAULT,
    groupIds: ['vault'],
    privateLinkServiceConnectionState: { status: state },
  };
  return resource(`${GROUP}/Microsoft.Network/privateEndpoints/pe`, {
    subnet: { id: `${NETWORK}/subnets/endpoints` },
    customDnsConfigs: [{ ipAddresses: ['10.20.8.4'] }],
    privateLinkServiceConnections: [{ properties: connection }],
  });
}

function cluster(api: Json = {}, outbound: Json = {}): Json {
  return resource(`${GROUP}/Microsoft.ContainerService/managedClusters/aks`, {
    networkProfile: {
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkPolicy: 'calico',
      podCidr: '10.244.0.0/16',
      outboundType: 'loadBalancer',
      ...outbound,
    },
    apiServerAccessProfile: api,
    agentPoolProfiles: [{ name: 'apps', vnetSubnetID: `${NETWORK}/subnets/apps` }],
  });
}

const CLUSTER = cluster();
const KNOWN_EGRESS = cluster({}, { loadBalancerProfile: { effectiveOutboundIPs: [{ id: NAT['id'] }] } });
const CLOSED = vault({ publicNetworkAccess: 'Disabled' });
const BY_ADDRESS = (address: string) =>
  vault({ publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny', ipRules: [{ value: address }] } });

type Row = readonly [title: string, resources: readonly Json[], from: string, to: string, verdict: PathVerdict];

const ROWS: readonly Row[] = [
  ['nothing said: open', [CLUSTER, vault({})], 'shop/web', 'azure:kv', 'allowed'],
  ['closed to the public', [CLUSTER, CLOSED], 'shop/web', 'azure:kv', 'denied'],
  [
    'by a private endpoint with its zone linked',
    [CLUSTER, CLOSED, endpoint('Approved'), ZONE_GROUP, LINK],
    'shop/web',
    'azure:kv',
    'allowed',
  ],
  [
    '… with a zone that is not linked: the public name, and closed',
    [CLUSTER, CLOSED, endpoint('Approved'), ZONE_GROUP],
    'shop/web',
    'azure:kv',
    'denied',
  ],
  ['… without a zone group', [CLUSTER, CLOSED, endpoint('Approved'), LINK], 'shop/web', 'azure:kv', 'denied'],
  [
    '… by a record that was written by hand',
    [
      CLUSTER,
      CLOSED,
      endpoint('Approved'),
      LINK,
      resource(ZONE, {}),
      resource(`${ZONE}/A/kv`, { aRecords: [{ ipv4Address: '10.20.8.4' }] }),
    ],
    'shop/web',
    'azure:kv',
    'allowed',
  ],
  [
    '… that waits for approval',
    [CLUSTER, CLOSED, endpoint('Pending'), ZONE_GROUP, LINK],
    'shop/web',
    'azure:kv',
    'denied',
  ],
  [
    'an address rule with the address of the cluster',
    [KNOWN_EGRESS, NAT, BY_ADDRESS('198.51.100.0/24')],
    'shop/web',
    'azure:kv',
    'allowed',
  ],
  ['… with another', [KNOWN_EGRESS, NAT, BY_ADDRESS('203.0.113.0/24')], 'shop/web', 'azure:kv', 'denied'],
  ['… where the way out is not known', [CLUSTER, BY_ADDRESS('198.51.100.0/24')], 'shop/web', 'azure:kv', 'unknown'],
  ['… from outside', [CLUSTER, BY_ADDRESS('203.0.113.0/24')], '203.0.113.7', 'azure:kv', 'allowed'],
  ['… and from elsewhere', [CLUSTER, BY_ADDRESS('203.0.113.0/24')], '198.51.100.7', 'azure:kv', 'denied'],
  ['an API server that is public', [CLUSTER], '203.0.113.7', 'apiserver', 'allowed'],
  ['… with ranges', [cluster({ authorizedIPRanges: ['203.0.113.0/24'] })], '203.0.113.7', 'apiserver', 'allowed'],
  ['… from elsewhere', [cluster({ authorizedIPRanges: ['203.0.113.0/24'] })], '198.51.100.7', 'apiserver', 'denied'],
  ['a private one from outside', [cluster({ enablePrivateCluster: true })], '203.0.113.7', 'apiserver', 'denied'],
  ['… from the network', [cluster({ enablePrivateCluster: true })], '10.20.9.9', 'apiserver', 'allowed'],
  ['… from a pod', [cluster({ enablePrivateCluster: true })], 'shop/web', 'apiserver', 'allowed'],
];

describe('front doors of services and of the API server', () => {
  test.each(ROWS)('%s', (_title, resources, from, to, verdict) => {
    const { estate } = readEstate([{ file: 'estate.json', text: JSON.stringify([SPOKE, ...resources]) }]);
    const snapshot = { ...clusterOf(namespace('shop'), pod('shop/web')), azure: estate };
    const analysis = analyseSnapshot(snapshot, { world: worldForNames([from, to], estate) });
    const result = pathOf(analysis, { from, to, port: '443' });
    if (result.kind === 'problem') throw new Error(result.message);
    expect(result.answer.verdict, JSON.stringify(result.answer.hops.map(({ layer, why }) => [layer, why]))).toBe(
      verdict,
    );
  });
});
