import { describe, expect, test } from 'vitest';
import { ROOT, resource } from '../../../azure/estate.test-support.ts';
import { type AzureInput, azureContext, judgedBy, OPEN } from '../../azure.test-support.ts';
import { aznPe001 } from './control.ts';

const NETWORK = `${ROOT}/Microsoft.Network/virtualNetworks/spoke`;
const ZONE = `${ROOT}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
const vault = (properties: object) => resource('Microsoft.KeyVault/vaults', 'kv', { ...properties });
const ENDPOINT = resource('Microsoft.Network/privateEndpoints', 'pe', {
  subnet: { id: `${NETWORK}/subnets/endpoints` },
  privateLinkServiceConnections: [
    {
      properties: {
        privateLinkServiceId: vault({})['id'],
        groupIds: ['vault'],
        privateLinkServiceConnectionState: { status: 'Approved' },
      },
    },
  ],
});
const GROUP = resource('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', 'pe/default', {
  privateDnsZoneConfigs: [{ properties: { privateDnsZoneId: ZONE } }],
});
const LINK = resource(
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  'privatelink.vaultcore.azure.net/spoke',
  {
    virtualNetwork: { id: NETWORK },
  },
);
const CLOSED = { publicNetworkAccess: 'Disabled' };
const estate = (...more: object[]): AzureInput => ({ estate: { more: more as never } });
const USES = `apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: kv, namespace: shop}
spec: {provider: azure, parameters: {keyvaultName: kv}}
`;
const IMAGE =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: "acme.azurecr.io/web:1"}]}\n';

describe('AZN-PE-001', () => {
  test.each([
    ['private and closed', estate(vault(CLOSED), ENDPOINT, GROUP, LINK), ['PASS']],
    ['private and open too', estate(vault({}), ENDPOINT, GROUP, LINK), ['WARN', 'WARN vaults kv']],
    ['the zone is not linked', estate(vault(CLOSED), ENDPOINT, GROUP), ['WARN', 'WARN vaults kv']],
    ['used by its public door', { ...estate(vault({})), manifests: USES }, ['FAIL', 'FAIL vaults kv']],
    [
      '… that lets in listed networks',
      { ...estate(vault({ networkAcls: { defaultAction: 'Deny' } })), manifests: USES },
      ['WARN', 'WARN vaults kv'],
    ],
    ['open, and nothing uses it', estate(vault({})), ['WARN', 'WARN vaults kv']],
    [
      'an API gateway that is internal to its network',
      estate(resource('Microsoft.ApiManagement/service', 'apim', { virtualNetworkType: 'Internal' })),
      ['PASS'],
    ],
    ['an expression', estate(vault({ publicNetworkAccess: OPEN })), ['UNKNOWN', 'UNKNOWN vaults kv']],
    [
      'a registry that is not there',
      { estate: 'none', manifests: IMAGE },
      ['UNKNOWN', 'UNKNOWN service acme.azurecr.io'],
    ],
    ['no service', {}, ['NA']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznPe001, input)).toEqual(expected);
  });

  test('the public door is closed by itself where the private one is found', () => {
    const context = azureContext(estate(vault({}), ENDPOINT, GROUP, LINK));
    expect(aznPe001.fix?.(context, aznPe001.assess(context).places[0]!)).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ op: 'set', path: ['properties', 'publicNetworkAccess'], value: 'Disabled' }] }],
    });
  });
});
