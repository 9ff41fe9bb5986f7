import { describe, expect, test } from 'vitest';
import { EMPTY_ESTATE } from '#model/azure/estate.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { arcEndpoints, arcFacts } from './arc.ts';
import { ROOT, resource } from './estate.test-support.ts';

type Json = Readonly<Record<string, unknown>>;

const ARC = 'Microsoft.Kubernetes/connectedClusters';
const SCOPE = `${ROOT}/Microsoft.HybridCompute/privateLinkScopes/scope`;
const LINKED = { privateLinkState: 'Enabled', privateLinkScopeResourceId: SCOPE };
const ZONES = ['his.arc.azure.com', 'guestconfiguration.azure.com', 'dp.kubernetesconfiguration.azure.com'];

function estateWith(...resources: readonly Json[]) {
  return readEstate([{ file: 'export.json', text: JSON.stringify(resources) }]).estate;
}

function scope(publicNetworkAccess: string): Json {
  return resource('Microsoft.HybridCompute/privateLinkScopes', 'scope', { publicNetworkAccess });
}

function endpoint(zones: readonly string[]): readonly Json[] {
  const idOf = (zone: string) => `${ROOT}/Microsoft.Network/privateDnsZones/privatelink.${zone}`;
  const configs = zones.map((zone) => ({ name: zone, properties: { privateDnsZoneId: idOf(zone) } }));
  return [
    resource('Microsoft.Network/privateEndpoints', 'pe', {
      privateLinkServiceConnections: [
        { name: 'c', properties: { privateLinkServiceId: SCOPE, groupIds: ['hybridcompute'] } },
      ],
    }),
    resource('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', 'pe/default', {
      privateDnsZoneConfigs: configs,
    }),
    ...zones.map((zone) => resource('Microsoft.Network/privateDnsZones', `privatelink.${zone}`)),
  ];
}

describe('what connected clusters must reach', () => {
  test.each<readonly [string, Json, string, string]>([
    [
      'without gateway',
      {},
      'required westeurope.dp.kubernetesconfiguration.azure.com 443',
      'required <prefix>.gw.arc.azure.com 443',
    ],
    [
      'with a gateway',
      { gateway: { enabled: true } },
      'required <prefix>.gw.arc.azure.com 443',
      'required dl.k8s.io 443',
    ],
    [
      'with roles of Azure',
      { aadProfile: { enableAzureRBAC: true } },
      'required westeurope.obo.arc.azure.com 8084',
      '',
    ],
    ['to be connected to', {}, 'optional *.servicebus.windows.net 443', 'required *.servicebus.windows.net 443'],
  ])('%s', (_name, properties, included, excluded) => {
    const all = arcEndpoints(estateWith(resource(ARC, 'edge', properties)));
    const lines = all.map(({ need, destination, port }) => `${need} ${destination} ${port}`);
    expect(lines).toContain(included);
    expect(lines).not.toContain(excluded);
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
  });

  test('nothing without one', () => expect(arcEndpoints(EMPTY_ESTATE)).toEqual([]));
});

describe('how agents of connected clusters get to Azure', () => {
  const gateway = resource('Microsoft.HybridCompute/gateways', 'gw', { gatewayType: 'Public' });
  const on = { gateway: { enabled: true } };
  test.each<readonly [string, readonly Json[], readonly string[]]>([
    ['directly', [resource(ARC, 'edge')], []],
    ['by a gateway', [resource(ARC, 'edge', on), gateway], ['PASS arc-gateway']],
    ['by a gateway that is not in the input', [resource(ARC, 'edge', on)], ['UNKNOWN arc-gateway']],
    [
      'by a gateway where there is none',
      [resource(ARC, 'edge', on, { location: 'usgovvirginia' }), gateway],
      ['FAIL arc-gateway'],
    ],
    ['by a scope that is not in the input', [resource(ARC, 'edge', LINKED)], ['UNKNOWN arc-private-link']],
    [
      'by private endpoint only',
      [resource(ARC, 'edge', LINKED), scope('Disabled'), ...endpoint(ZONES)],
      ['PASS arc-private-link', 'PASS arc-private-link'],
    ],
    [
      'from the internet too, and without a zone',
      [resource(ARC, 'edge', LINKED), scope('Enabled'), ...endpoint(ZONES.slice(1))],
      ['FAIL arc-private-link', 'FAIL arc-private-link'],
    ],
    [
      'by an endpoint that is not in the input',
      [resource(ARC, 'edge', LINKED), scope('Disabled')],
      ['PASS arc-private-link', 'UNKNOWN arc-private-link'],
    ],
  ])('%s', (_name, resources, expected) => {
    expect(arcFacts(estateWith(...resources)).map(({ state, id }) => `${state} ${id}`)).toEqual(expected);
  });
});
