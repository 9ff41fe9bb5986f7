import { describe, expect, test } from 'vitest';
import { bodies, read } from '../terraform.test-support.ts';
import { majorVersion } from './old-defaults.ts';

describe('the version of the provider', () => {
  test.each([
    ['~> 3.0', 3],
    ['~> 3.117.0', 3],
    ['= 3.5.1', 3],
    ['3.5.1', 3],
    ['>= 3.0, < 4.0', 3],
    ['>= 3.0, < 4.2.0', 4],
    ['>= 3.0', undefined],
    ['~> 3', undefined],
    ['nonsense', undefined],
  ])('%s', (constraint, major) => {
    expect(majorVersion(constraint)).toBe(major);
  });

  const subnet =
    'resource "azurerm_subnet" "s" {\n  name = "s"\n  virtual_network_name = "v"\n  resource_group_name = "rg"\n}\n';
  const required = (version: string) =>
    `terraform {\n  required_providers {\n    azurerm = { source = "hashicorp/azurerm", version = "${version}" }\n  }\n}\n`;

  test.each([
    ['the newest', subnet, 'Disabled'],
    ['version 3', required('~> 3.0') + subnet, 'Enabled'],
    ['version 4', required('~> 4.0') + subnet, 'Disabled'],
    [
      'version 3, and said',
      required('~> 3.0') + subnet.replace('{\n', '{\n  private_endpoint_network_policies_enabled = false\n'),
      'Disabled',
    ],
  ])('defaults of %s', (_name, text, policies) => {
    expect(bodies(read(text))['virtualNetworks/v/subnets/s']).toMatchObject({
      properties: { privateEndpointNetworkPolicies: policies },
    });
  });

  test('that a root module asks for holds in modules', () => {
    const files = {
      'main.tf': `${required('~> 3.0')}module "m" { source = "./m" }\n`,
      'm/main.tf': required('>= 3.0') + subnet,
    };
    expect(bodies(read(files))['virtualNetworks/v/subnets/s']).toMatchObject({
      properties: { privateEndpointNetworkPolicies: 'Enabled' },
    });
  });
});
