import { describe, expect, test } from 'vitest';
import { parseCidr } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { DnsRecord, Peering, PrivateEndpoint, SecurityGroup } from '#model/azure/network.ts';
import type { PlatformService } from '#model/azure/services.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import {
  cluster,
  entity,
  estate,
  firewall,
  firewallPolicy,
  items,
  network,
  ports,
  routeTable,
  subnet,
  UNSETTLED,
} from './azure.test-support.ts';
import { ask } from './layer.test-support.ts';

// ---------------------------------------------------------------- peerings

function peering(from: string, to: string, more: Partial<Peering> = {}): Peering {
  return {
    ...entity('peerings', `${from}-to-${to}`),
    network: `/networks/${from}`,
    remote: `/networks/${to}`,
    remotePrefixes: [],
    allowAccess: true,
    allowForwarded: true,
    allowGatewayTransit: false,
    useRemoteGateways: false,
    ...more,
  };
}

const PLAIN = {
  routeTables: [routeTable('udr', {})],
  subnets: [subnet('vnet', 'aks', '10.224.0.0/16'), subnet('hub', 'vms', '10.0.2.0/24')],
} as const;

const [OUT, BACK] = [peering('vnet', 'hub'), peering('hub', 'vnet')];

describe('what a peering carries', () => {
  test.each<readonly [string, readonly Peering[], string]>([
    ['nothing without a peering', [], 'denied'],
    ['all with both halves', [OUT, BACK], 'allowed'],
    ['nothing with one half only', [OUT], 'denied'],
    ['nothing with the other half only', [BACK], 'denied'],
    ['all where Azure calls it connected', [{ ...OUT, state: 'Connected' }], 'allowed'],
    ['nothing where Azure waits for the other half', [{ ...OUT, state: 'Initiated' }, BACK], 'denied'],
    ['nothing where the other half is cut', [OUT, { ...BACK, state: 'Disconnected' }], 'denied'],
    ['perhaps where the state is not known', [{ ...OUT, state: UNSETTLED }, BACK], 'unknown: cloud-expression'],
    ['perhaps where one half may not be there', [OUT, { ...BACK, condition: UNSETTLED }], 'unknown: cloud-expression'],
    [
      'perhaps where what the other half leads to is not known',
      [OUT, { ...BACK, remote: UNSETTLED }],
      'unknown: cloud-expression',
    ],
  ])('%s', (_name, peerings, expected) => {
    expect(ask({ azure: estate({ ...PLAIN, peerings }), to: '10.0.2.9', layer: 'route' })).toBe(expected);
  });

  test('perhaps where the other network is not in the input', () => {
    const networks = [network('vnet', '10.224.0.0/12')];
    const half = peering('vnet', 'hub', { remotePrefixes: items('10.0.0.0/16') });
    const azure = estate({ ...PLAIN, networks, peerings: [half] });
    expect(ask({ azure, to: '10.0.2.9', layer: 'route' })).toBe('unknown: cloud-resource-missing');
  });
});

// ---------------------------------------------------------------- private endpoints

const VAULT: PlatformService = {
  ...entity('vaults', 'kv'),
  service: 'key-vault',
  publicAccess: 'Enabled',
  defaultAction: 'allow',
  addresses: [],
  subnets: [],
  trustedServices: false,
  hosts: new Map([['vault', ['kv.vault.azure.net']]]),
};

const ZONE = '/zones/privatelink.vaultcore.azure.net';
const PRIVATE_ZONE = {
  ...entity('zones', 'privatelink.vaultcore.azure.net'),
  domain: 'privatelink.vaultcore.azure.net',
};
const LINK = {
  ...entity('links', 'vnet'),
  zone: ZONE,
  network: '/networks/vnet',
  registration: false,
  fallsBack: false,
};
const HUB_LINK = { ...LINK, ...entity('links', 'hub'), network: '/networks/hub' };

function endpointIn(networkName: string, address: string, more: Partial<PrivateEndpoint> = {}): PrivateEndpoint {
  return {
    ...entity('privateEndpoints', 'pe-kv'),
    subnet: `/networks/${networkName}/subnets/pe`,
    connections: [{ target: VAULT.key, groups: ['vault'], isManual: false }],
    addresses: items(address),
    interfaces: [],
    zones: [],
    ...more,
  };
}

function record(name: string, ...texts: readonly string[]): DnsRecord {
  const addresses = texts.map((text) => parseCidr(text)!.cidr);
  return { ...entity('records', name), zone: ZONE, addresses };
}

const WITH_ENDPOINTS = [
  subnet('vnet', 'aks', '10.224.0.0/16', { routeTable: '/routetables/udr' }),
  subnet('vnet', 'pe', '10.225.0.0/24'),
  subnet('hub', 'pe', '10.0.3.0/24'),
  subnet('apart', 'pe', '10.9.0.0/24'),
];
const THREE = [network('vnet', '10.224.0.0/12'), network('hub', '10.0.0.0/16'), network('apart', '10.9.0.0/16')];

describe('the route of a private endpoint', () => {
  test.each([
    ['is in its own network', 'vnet', '10.225.0.5', 'allowed'],
    ['is in a network that is peered with it', 'hub', '10.0.3.5', 'allowed'],
    ['is in no other network', 'apart', '10.9.0.5', 'denied'],
  ])('%s', (_name, home, address, expected) => {
    const azure = estate({
      networks: THREE,
      subnets: WITH_ENDPOINTS,
      peerings: [OUT, BACK],
      routeTables: [routeTable('udr', {})],
      privateEndpoints: [endpointIn(home, address)],
    });
    expect(ask({ azure, to: address, layer: 'route' })).toBe(expected);
  });
});

// ---------------------------------------------------------------- names

const NOWHERE = { nextHop: 'none' as const };

function blocked(prefix: string): Partial<AzureEstate> {
  const table = routeTable('udr', { '0.0.0.0/0': '10.0.1.4', [prefix]: '10.0.1.4' });
  const routes = table.routes.map((route, index) => (index === 1 ? { ...route, ...NOWHERE } : route));
  return { routeTables: [{ ...table, routes }], peerings: [OUT, BACK] };
}

describe('what routes do with a name', () => {
  test.each<readonly [string, Partial<AzureEstate>, string, string]>([
    ['one way for every public address', { peerings: [OUT, BACK] }, 'api.partner.com', 'allowed'],
    ['a part of these goes elsewhere', blocked('52.0.0.0/24'), 'api.partner.com', 'unknown: domain-name'],
    ['a private part goes elsewhere', blocked('10.77.0.0/16'), 'api.partner.com', 'allowed'],
  ])('%s', (_name, more, name, expected) => {
    expect(ask({ azure: estate(more), to: name, layer: 'route' })).toBe(expected);
  });

  test.each([
    [
      'a service that the input lacks may be among those of the endpoint',
      'other.vault.azure.net',
      'unknown: service-tag',
    ],
    ['other names are not', 'api.partner.com', 'denied'],
    ['nor are services of another sort', 'other.azurecr.io', 'denied'],
  ])('beside a service endpoint: %s', (_name, to, expected) => {
    const subnets = [
      subnet('vnet', 'aks', '10.224.0.0/16', {
        routeTable: '/routetables/udr',
        serviceEndpoints: ['Microsoft.KeyVault'],
      }),
    ];
    const table = routeTable('udr', { '0.0.0.0/0': '10.0.1.4' });
    const routeTables = [{ ...table, routes: table.routes.map((route) => ({ ...route, ...NOWHERE })) }];
    const azure = estate({ subnets });
    for (const serviceTags of [new Map(), new Map([['azurekeyvault', [parseCidr('52.0.0.0/24')!.cidr]]])])
      expect(ask({ azure: { ...azure, routeTables, serviceTags }, to, layer: 'route' })).toBe(expected);
  });
});

/** The firewall of the hub is the DNS server of the cluster's network. */
function answering(policy: Parameters<typeof firewallPolicy>[1] = {}): Partial<AzureEstate> {
  return {
    networks: [network('vnet', '10.224.0.0/12', { dnsServers: ['10.0.1.4'] }), ...THREE.slice(1)],
    firewalls: [firewall()],
    firewallPolicies: [firewallPolicy('policy', { dnsProxy: true, ...policy })],
  };
}

describe('where the name of a service leads', () => {
  const base: Partial<AzureEstate> = {
    networks: THREE,
    subnets: WITH_ENDPOINTS,
    peerings: [OUT, BACK],
    services: [{ ...VAULT, publicAccess: 'Disabled' }],
    privateEndpoints: [endpointIn('vnet', '10.225.0.5')],
    dnsZones: [PRIVATE_ZONE],
    dnsLinks: [LINK],
  };
  const named = { dnsRecords: [record('kv', '10.225.0.5/32')] };
  test.each<readonly [string, Partial<AzureEstate>, string]>([
    ['to its endpoint by a record', named, 'allowed'],
    [
      'to its endpoint by a zone group',
      { privateEndpoints: [endpointIn('vnet', '10.225.0.5', { zones: [ZONE] })] },
      'allowed',
    ],
    ['to its public door where the zone is not linked', { ...named, dnsLinks: [] }, 'denied'],
    [
      'to its public door where the zone is linked elsewhere',
      { ...named, dnsLinks: [{ ...LINK, network: '/networks/hub' }] },
      'denied',
    ],
    ['nowhere that is known where the zone has no record', {}, 'unknown: dns-record-missing'],
    [
      'nowhere that is known where the record is of another address',
      { dnsRecords: [record('kv', '10.225.0.77/32')] },
      'unknown: domain-name',
    ],
    ['to its public door where it has no endpoint', { privateEndpoints: [] }, 'denied'],
    [
      'perhaps to its endpoint where the link may not be there',
      { ...named, dnsLinks: [{ ...LINK, condition: UNSETTLED }] },
      'unknown: domain-name',
    ],
    [
      'perhaps to its endpoint where the network has a resolver of its own',
      { ...named, networks: [network('vnet', '10.224.0.0/12', { dnsServers: ['10.0.0.10'] }), ...THREE.slice(1)] },
      'unknown: domain-name',
    ],
    [
      'to its endpoint where the firewall answers, whose network the zone is linked to',
      { ...named, ...answering(), dnsLinks: [HUB_LINK] },
      'allowed',
    ],
    [
      'to its public door where the zone is linked to another network than that of the firewall',
      { ...named, ...answering() },
      'denied',
    ],
    [
      'perhaps to its endpoint where the firewall asks a server of its own',
      { ...named, ...answering({ dnsServers: ['10.0.0.10'] }), dnsLinks: [HUB_LINK] },
      'unknown: domain-name',
    ],
    [
      'perhaps to its endpoint where the firewall does not answer',
      { ...named, ...answering({ dnsProxy: false }), dnsLinks: [HUB_LINK] },
      'unknown: domain-name',
    ],
    [
      "to its endpoint where the resolver is Azure's own",
      { ...named, networks: [network('vnet', '10.224.0.0/12', { dnsServers: ['168.63.129.16'] }), ...THREE.slice(1)] },
      'allowed',
    ],
  ])('%s', (_name, more, expected) => {
    expect(ask({ azure: estate({ ...base, ...more }), to: 'kv.vault.azure.net', layer: 'service' })).toBe(expected);
  });

  test.each([
    ['by the record of the zone', [record('other', '10.225.0.9/32')], 'allowed'],
    ['nowhere that is known without one', [], 'unknown: dns-record-missing'],
  ])('a service that the input lacks: %s', (_name, dnsRecords, expected) => {
    const azure = estate({ ...base, ...blocked('52.0.0.0/24'), dnsRecords });
    expect(ask({ azure, to: 'other.vault.azure.net', layer: 'route' })).toBe(expected);
  });
});

// ---------------------------------------------------------------- the address that is shown

/** Pods have addresses of the subnet, and only theirs are let out. */
function ownAddressesOnly(): SecurityGroup {
  const rule = (name: string, priority: number, access: 'allow' | 'deny', from: string) => ({
    name,
    id: name,
    direction: 'egress' as const,
    access,
    priority,
    protocol: 'any' as const,
    sources: items(from),
    sourcePorts: ports('*'),
    destinations: items('*'),
    destinationPorts: ports('*'),
    path: name,
    origin: NO_ORIGIN,
  });
  return {
    ...entity('networkSecurityGroups', 'nsg'),
    rules: [rule('pods', 100, 'allow', '10.244.0.0/16'), rule('rest', 200, 'deny', '*')],
  };
}

describe('the address with which a pod in the subnet of nodes asks for a name', () => {
  test.each([
    ['its own for a private endpoint in the network', 'kv.vault.azure.net', '10.225.0.5', 'allowed'],
    ["its node's for a private endpoint in another network", 'kv.vault.azure.net', '10.0.3.5', 'denied'],
    ["its node's for a public name", 'api.partner.com', '10.225.0.5', 'denied'],
  ])('%s', (_name, to, address, expected) => {
    const azure = estate({
      networks: [network('vnet', '10.224.0.0/11'), network('hub', '10.0.0.0/16')],
      subnets: [
        subnet('vnet', 'aks', '10.224.0.0/16', { securityGroup: '/networksecuritygroups/nsg' }),
        ...WITH_ENDPOINTS.slice(1, 3),
      ],
      securityGroups: [ownAddressesOnly()],
      clusters: [cluster({ pluginMode: undefined, podCidrs: [] } as object)],
      services: [VAULT],
      privateEndpoints: [endpointIn(address.startsWith('10.0.') ? 'hub' : 'vnet', address, { zones: [ZONE] })],
      dnsZones: [PRIVATE_ZONE],
      dnsLinks: [LINK],
    });
    expect(ask({ azure, to, layer: 'network-security' })).toBe(expected);
  });
});
