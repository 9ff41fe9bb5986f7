import { expect, test } from 'vitest';
import { readEstate } from '../read-estate.ts';

const ROOT = '/subscriptions/s/resourceGroups/rg/providers';

function estateOf(...resources: readonly object[]) {
  return readEstate([{ file: 'estate.json', text: JSON.stringify(resources) }]).estate;
}

function resource(type: string, name: string, properties: object, more: object = {}): object {
  return { id: `${ROOT}/${type}/${name}`, type, name, properties, ...more };
}

const GATEWAY = 'Microsoft.Network/applicationGateways';

test('an Application Gateway: listeners with their ports, paths with their pools, its own firewall', () => {
  const part = (segment: string, name: string) => ({ id: `${ROOT}/${GATEWAY}/agw/${segment}/${name}` });
  const { applicationGateways } = estateOf(
    resource(GATEWAY, 'agw', {
      sku: { tier: 'WAF_v2' },
      frontendPorts: [{ name: 'p', properties: { port: 8443 } }],
      httpListeners: [
        {
          name: 'l',
          properties: { frontendPort: part('frontendPorts', 'p'), protocol: 'Https', hostName: 'a.example' },
        },
      ],
      backendAddressPools: [
        { name: 'b', properties: { backendAddresses: [{ ipAddress: '10.1.0.9' }, { fqdn: 'b.example' }] } },
      ],
      urlPathMaps: [
        {
          name: 'm',
          properties: {
            defaultBackendAddressPool: part('backendAddressPools', 'b'),
            pathRules: [
              { name: 'r', properties: { paths: ['/api/*'], backendAddressPool: part('backendAddressPools', 'b') } },
            ],
          },
        },
      ],
      requestRoutingRules: [
        { name: 'r', properties: { httpListener: part('httpListeners', 'l'), urlPathMap: part('urlPathMaps', 'm') } },
      ],
      webApplicationFirewallConfiguration: { enabled: true, firewallMode: 'Detection' },
    }),
  );
  const [gateway] = applicationGateways;
  expect(gateway).toMatchObject({ tier: 'WAF_v2', ownFirewall: { isOn: true, mode: 'detection', checksBody: true } });
  expect(gateway!.listeners[0]).toMatchObject({ port: 8443, isTls: true, hosts: ['a.example'] });
  expect(gateway!.rules[0]!.targets.map(({ paths }) => paths)).toEqual([['/api/*'], undefined]);
  expect(gateway!.pools[0]).toMatchObject({ names: ['b.example'], addresses: [{ text: '10.1.0.9' }] });
});

test.each([
  [
    'ApplicationGatewayWebApplicationFirewallPolicies',
    { state: 'Enabled', mode: 'Prevention', requestBodyCheck: false },
    { of: 'application-gateway', isOn: true, mode: 'prevention', checksBody: false },
  ],
  ['ApplicationGatewayWebApplicationFirewallPolicies', {}, { isOn: false, mode: 'detection' }],
  [
    'FrontDoorWebApplicationFirewallPolicies',
    { enabledState: 'Disabled', mode: 'Detection' },
    { of: 'front-door', isOn: false, mode: 'detection' },
  ],
  ['FrontDoorWebApplicationFirewallPolicies', { requestBodyCheck: 'Disabled' }, { isOn: true, checksBody: false }],
])('%s %j', (type, policySettings, expected) => {
  expect(estateOf(resource(`Microsoft.Network/${type}`, 'waf', { policySettings })).wafPolicies[0]).toMatchObject(
    expected,
  );
});

test('API Management, Bastion, scale sets', () => {
  const subnet = { id: `${ROOT}/Microsoft.Network/virtualNetworks/v/subnets/s` };
  const { apiGateways, bastions, scaleSets } = estateOf(
    resource(
      'Microsoft.ApiManagement/service',
      'apim',
      { virtualNetworkType: 'Internal', virtualNetworkConfiguration: { subnetResourceId: subnet.id } },
      { sku: { name: 'Premium' } },
    ),
    resource('Microsoft.Network/bastionHosts', 'b', {
      ipConfigurations: [{ properties: { subnet, publicIPAddress: { id: '/pip' } } }],
    }),
    resource('Microsoft.Compute/virtualMachineScaleSets', 'aks-main', {
      virtualMachineProfile: {
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              properties: {
                networkSecurityGroup: { id: '/nsg' },
                ipConfigurations: [{ properties: { subnet, publicIPAddressConfiguration: { name: 'p' } } }],
              },
            },
          ],
        },
      },
    }),
  );
  expect(apiGateways[0]).toMatchObject({ mode: 'Internal', sku: 'Premium', subnet: subnet.id.toLowerCase() });
  expect(bastions[0]).toMatchObject({ publicIps: ['/pip'], subnet: subnet.id.toLowerCase() });
  expect(scaleSets[0]!.interfaces).toEqual([
    { securityGroup: '/nsg', subnets: [subnet.id.toLowerCase()], publicIps: true, groups: [] },
  ]);
});

test('a profile of the content network that is no Front Door is none', () => {
  expect(
    estateOf(resource('Microsoft.Cdn/profiles', 'cdn', {}, { sku: { name: 'Standard_Microsoft' } })).frontDoors,
  ).toEqual([]);
});
