import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bodies, plain, read, shortId } from '../terraform.test-support.ts';
import { MAPPINGS } from './registry.ts';

const FAMILIES = ['network', 'firewall', 'services', 'kubernetes', 'edge'];

describe('golden', () => {
  test.each(FAMILIES)('%s', async (family) => {
    const result = read(readFileSync(new URL(`fixtures/${family}.tf`, import.meta.url), 'utf8'));
    expect(result.diagnostics).toEqual([]);
    const written = result.resources.map(({ id, type, apiVersion, body }) => ({
      id: shortId(id),
      type,
      ...(apiVersion === undefined ? {} : { apiVersion }),
      body: plain(body),
    }));
    const text = `${JSON.stringify(written, null, 2)}\n`;
    expect(text).not.toContain('not-to-be-kept');
    await expect(text).toMatchFileSnapshot(`goldens/${family}.json`);
  });
});

describe('every type', () => {
  test.each([...MAPPINGS.keys()])('%s is read with nothing in it', (type) => {
    const { diagnostics } = read(`resource "${type}" "x" {}\n`);
    expect(diagnostics.filter(({ code }) => code === 'RF9001')).toEqual([]);
  });

  test.each([...MAPPINGS.keys()])('%s is read with everything unknown', (type) => {
    const names = [
      'name',
      'resource_group_name',
      'subnet_id',
      'rule',
      'ip_configuration',
      'security_rule',
      'identity',
      'tags',
    ];
    const attributes = names.map((name) => `  ${name} = var.open`).join('\n');
    const { resources } = read(`variable "open" {}\nresource "${type}" "x" {\n${attributes}\n}\n`);
    for (const { id } of resources) expect(id).not.toContain('undefined');
  });
});

describe('associations', () => {
  const SUBNETS = `
resource "azurerm_subnet" "a" {
  name = "a"
  virtual_network_name = "v"
  resource_group_name = "rg"
}
resource "azurerm_subnet" "b" {
  name = "b"
  virtual_network_name = "v"
  resource_group_name = "rg"
}
variable "open" {}
`;
  const tie = (name: string, rest: string) =>
    `resource "azurerm_subnet_network_security_group_association" "${name}" {\n${rest}\n}\n`;

  function groups(text: string): unknown[] {
    const found = bodies(read(SUBNETS + text));
    return ['a', 'b'].map((name) => {
      const body = found[`virtualNetworks/v/subnets/${name}`] as { properties: Record<string, unknown> };
      return body.properties['networkSecurityGroup'];
    });
  }

  test('with a subnet that is not known leave all others open', () => {
    const text =
      tie('a', '  subnet_id = azurerm_subnet.a.id\n  network_security_group_id = "/nsg"') +
      tie('x', '  subnet_id = var.open\n  network_security_group_id = "/nsg"');
    expect(groups(text)).toEqual([{ id: '/nsg' }, '?not-given: azurerm_subnet_network_security_group_association.x']);
    expect(read(SUBNETS + text).diagnostics.map(({ code }) => code)).toEqual(['RF5204']);
  });

  test('that may not exist leave it open', () => {
    const text = tie(
      'a',
      '  count = var.open ? 1 : 0\n  subnet_id = azurerm_subnet.a.id\n  network_security_group_id = "/nsg"',
    );
    expect(groups(text)).toEqual(['?not-given: azurerm_subnet_network_security_group_association.a[0]', undefined]);
  });

  test('with a group that is not known', () => {
    const text = tie('a', '  subnet_id = azurerm_subnet.a.id\n  network_security_group_id = var.open');
    expect(groups(text)).toEqual(['?not-given: var.open', undefined]);
  });

  test('with a subnet that is not in the input are said', () => {
    const text = tie(
      'a',
      '  subnet_id = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/x"\n  network_security_group_id = "/nsg"',
    );
    const [diagnostic] = read(text).diagnostics;
    expect(diagnostic).toMatchObject({ code: 'RF5204', origin: { line: 1 } });
  });

  test('of another configuration do not reach into this one', () => {
    const files = {
      'one/main.tf': SUBNETS,
      'two/main.tf': tie('x', '  subnet_id = var.missing\n  network_security_group_id = "/nsg"'),
    };
    const { resources } = read(files);
    for (const { body } of resources) expect(JSON.stringify(plain(body))).not.toContain('networkSecurityGroup');
  });
});

describe('what is unknown inside', () => {
  test('a rule of which one value is open keeps the others', () => {
    const text = `variable "open" {}
resource "azurerm_network_security_rule" "r" {
  name = "r"
  resource_group_name = "rg"
  network_security_group_name = "n"
  priority = 100
  source_address_prefix = var.open
}`;
    expect(bodies(read(text))).toEqual({
      'networkSecurityGroups/n/securityRules/r': {
        properties: { priority: 100, sourceAddressPrefix: '?not-given: var.open' },
      },
    });
  });

  test('types that are not read are kept and counted once', () => {
    const { resources, diagnostics } = read(
      'resource "azurerm_x" "a" { name = "a" }\nresource "azurerm_x" "b" { name = "b" }\nresource "aws_vpc" "c" {}\n',
    );
    expect(resources.map(({ type }) => type)).toEqual(['terraform/azurerm_x', 'terraform/azurerm_x']);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'RF5202 2 resources are of a type that is not read: `azurerm_x` (2)',
    ]);
  });
});
