import { describe, expect, test } from 'vitest';
import { defaultRoute, ROOT, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, azureContext, judgedBy } from '../../azure.test-support.ts';
import { aznRt001 } from './control.ts';

const to = (name: string, addressPrefix: string, nextHopType: string) => ({
  name,
  properties: { addressPrefix, nextHopType },
});
const routes = (...more: object[]): AzureInput => ({ estate: { routes: [defaultRoute(), ...more] as never } });
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: LoadBalancer, ports: [{port: 443}]}\n';
const GATEWAY = resource('Microsoft.Network/virtualNetworkGateways', 'gw', {
  gatewayType: 'Vpn',
  ipConfigurations: [
    { properties: { subnet: { id: `${ROOT}/Microsoft.Network/virtualNetworks/spoke/subnets/GatewaySubnet` } } },
  ],
});

describe('AZN-RT-001', () => {
  test.each([
    ['a default route alone', {}, ['PASS']],
    [
      'a route past the firewall',
      routes(to('partner', '203.0.113.0/24', 'Internet')),
      ['FAIL', 'FAIL routes partner past firewall'],
    ],
    [
      'a route between nodes',
      routes(to('gone', '10.20.0.0/24', 'None')),
      ['FAIL', 'FAIL routes gone route-inside-cluster'],
    ],
    [
      'a service endpoint',
      { estate: { subnet: { serviceEndpoints: [{ service: 'Microsoft.Storage' }] } } },
      ['FAIL', 'FAIL subnets nodes service-endpoint-passes-firewall properties.serviceEndpoints Microsoft.Storage'],
    ],
    ['learned routes', { estate: { more: [GATEWAY] } }, ['WARN', 'WARN routeTables rt learned routes']],
    [
      'a public Service',
      { manifests: SERVICE },
      ['FAIL', 'FAIL routes default load-balancer-answers-through-firewall'],
    ],
    [
      'a table that is not there',
      { estate: { subnet: { routeTable: { id: `${ROOT}/Microsoft.Network/routeTables/gone` } } } },
      ['UNKNOWN', 'UNKNOWN subnets nodes'],
    ],
    [
      'kubenet without routes for pods',
      { estate: { profile: { networkPlugin: 'kubenet', networkPluginMode: null } } },
      ['FAIL', 'FAIL subnets nodes kubenet'],
    ],
    ['no table', { estate: { subnet: { routeTable: null } } }, ['NA']],
    ['no Azure', { estate: 'none' }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznRt001, input)).toEqual(expected);
  });

  test('a route past the firewall is taken away', () => {
    const context = azureContext(routes(to('partner', '203.0.113.0/24', 'Internet')));
    const fix = aznRt001.fix?.(context, aznRt001.assess(context).places[0]!);
    expect(fix?.changes).toMatchObject([{ edits: [{ op: 'remove', path: ['properties', 'routes', 1] }] }]);
  });
});
