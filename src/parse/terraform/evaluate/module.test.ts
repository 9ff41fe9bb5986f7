// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of HCL look like those of JavaScript
import { describe, expect, test } from 'vitest';
import { bodies, plain, read, valueOf } from '../terraform.test-support.ts';

const NETWORK = (name: string, rest = '') =>
  `resource "azurerm_virtual_network" "${name}" {\n  name = "${name}"\n  resource_group_name = "rg"\n${rest}\n}\n`;

function ids(files: string | Record<string, string>): string[] {
  return read(files).resources.map(({ id }) => id);
}

describe('variables', () => {
  test.each([
    ['a default', 'variable "a" { default = 1 }', {}, 1],
    ['no value', 'variable "a" {}', {}, '?not-given: var.a'],
    ['terraform.tfvars', 'variable "a" {}', { 'terraform.tfvars': 'a = 2' }, 2],
    [
      'later files win',
      'variable "a" {}',
      { 'terraform.tfvars': 'a = 2', 'z.auto.tfvars': 'a = 4', 'b.auto.tfvars': 'a = 3' },
      4,
    ],
    ['JSON values', 'variable "a" {}', { 'terraform.tfvars.json': '{"a": ["${x}"]}' }, ['${x}']],
    ['other files are not read', 'variable "a" {}', { 'prod.tfvars': 'a = 2' }, '?not-given: var.a'],
    ['a sensitive one', 'variable "a" {\n  sensitive = true\n  default = "x"\n}', {}, '?secret: var.a'],
    ['a type', 'variable "a" {\n  type = list(number)\n  default = ["1", 2]\n}', {}, [1, 2]],
    ['a set', 'variable "a" {\n  type = set(string)\n  default = ["b", "a", "b"]\n}', {}, ['a', 'b']],
    [
      'optional attributes',
      'variable "a" {\n  type = map(object({ x = string, y = optional(number, 5), z = optional(bool) }))\n  default = { k = { x = 1, other = 2 } }\n}',
      {},
      { k: { x: '1', y: 5, z: null } },
    ],
    [
      'null where that is not allowed',
      'variable "a" {\n  nullable = false\n  default = 7\n}',
      { 'terraform.tfvars': 'a = null' },
      7,
    ],
  ])('%s', (_name, declared, files, expected) => {
    expect(valueOf('var.a', { 'variables.tf': declared, ...(files as Record<string, string>) })).toEqual(expected);
  });

  test('files given by hand come last', () => {
    const files = {
      'main.tf': `variable "a" {}\n${NETWORK('v').replace('name = "v"', 'name = var.a')}`,
      'terraform.tfvars': 'a = "one"',
      'env/prod.tfvars': 'a = "two"',
    };
    expect(read(files).resources[0]?.name).toBe('one');
    expect(read(files, { variableFiles: ['env/prod.tfvars'] }).resources[0]?.name).toBe('two');
    expect(read(files, { variableFiles: ['no.tfvars'] }).diagnostics.map(({ code }) => code)).toEqual(['RF5201']);
  });
});

describe('copies', () => {
  test.each([
    ['count', 'count = 2', ['v-0', 'v-1'], 'v-${count.index}'],
    ['no copies', 'count = 0', [], 'v'],
    ['for_each of a set', 'for_each = toset(["b", "a"])', ['a', 'b'], '${each.key}'],
    ['for_each of a map', 'for_each = { x = { n = "one" } }', ['one'], '${each.value.n}'],
  ])('%s', (_name, how, names, name) => {
    const text = NETWORK('v').replace('name = "v"', `name = "${name}"\n  ${how}`);
    expect(read(text).resources.map((resource) => resource.name)).toEqual(names);
  });

  test('one that may not be there says on what that depends', () => {
    const [network] = read(`variable "on" {}\n${NETWORK('v', '  count = var.on ? 1 : 0')}`).resources;
    expect(network?.condition).toMatchObject({ why: 'not-given', expression: 'var.on ? 1 : 0' });
  });

  test('references to copies', () => {
    const around = `${NETWORK('v', '  count = 2').replace('"v"\n', '"v-${count.index}"\n')}${NETWORK('m').replace(
      'name = "m"',
      'for_each = toset(["a"])\n  name = each.key',
    )}`;
    const id = (name: string) =>
      `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/${name}`;
    expect(valueOf('azurerm_virtual_network.v[1].id', around)).toBe(id('v-1'));
    expect(valueOf('azurerm_virtual_network.v[*].id', around)).toEqual([id('v-0'), id('v-1')]);
    expect(valueOf('azurerm_virtual_network.m["a"].id', around)).toBe(id('a'));
    expect(valueOf('{ for k, v in azurerm_virtual_network.m : k => v.name }', around)).toEqual({ a: 'a' });
    expect(valueOf('length(azurerm_virtual_network.v)', around)).toBe(2);
    expect(valueOf('azurerm_virtual_network.m["b"].id', around)).toMatch(/^\?not-readable/);
  });

  test.each([
    'count = 1000000000',
    'for_each = toset([for i in range(1000) : "${i}"])\n  count = 3e9',
    'count = "x"',
    'count = -1',
  ])('%s makes no more than one', (how) => {
    const { resources } = read(NETWORK('v', `  ${how}`));
    expect(resources).toHaveLength(1);
    expect(resources[0]?.condition).toBeDefined();
  });
});

describe('references', () => {
  const group = 'resource "azurerm_resource_group" "g" {\n  name = "rg-x"\n  location = "West Europe"\n}\n';

  test.each([
    ['azurerm_resource_group.g.id', '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-x'],
    ['azurerm_resource_group.g.location', 'West Europe'],
    ['azurerm_resource_group.g.tags', '?made-by-azure: azurerm_resource_group.g.tags'],
    ['azurerm_resource_group.other.id', '?not-readable: azurerm_resource_group'],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression, group)).toBe(expected);
  });

  test('data sources have the id that their arguments tell', () => {
    const around = `
data "azurerm_subnet" "s" {
  name = "aks"
  virtual_network_name = "hub"
  resource_group_name = "net"
}
data "azurerm_private_dns_zone" "z" { name = "privatelink.x" }
data "azurerm_client_config" "c" {}
data "terraform_remote_state" "r" { backend = "local" }
provider "azurerm" { subscription_id = "s-1" }
`;
    expect(valueOf('data.azurerm_subnet.s.id', around)).toBe(
      '/subscriptions/s-1/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks',
    );
    expect(valueOf('data.azurerm_subnet.s.address_prefixes', around)).toMatch(/^\?made-by-azure/);
    expect(valueOf('data.azurerm_private_dns_zone.z.id', around)).toMatch(/^\?made-by-azure/);
    expect(valueOf('data.azurerm_client_config.c.subscription_id', around)).toBe('s-1');
    expect(valueOf('data.azurerm_client_config.c.tenant_id', around)).toMatch(/^\?made-by-azure/);
    expect(valueOf('try(data.terraform_remote_state.r.outputs.x, "no")', around)).toMatch(/^\?not-readable/);
  });

  test('a name that is not known is the same wherever it is used', () => {
    const text = `
resource "random_string" "s" {}
resource "azurerm_virtual_network" "v" {
  for_each = toset(["a", "b"])
  name = "v-\${random_string.s.result}"
  resource_group_name = "rg"
}
resource "azurerm_subnet" "s" {
  name = "s"
  virtual_network_name = azurerm_virtual_network.v["b"].name
  resource_group_name = "rg"
}
`;
    const [a, b, subnet] = ids(text);
    expect(subnet).toBe(`${b}/subnets/s`);
    expect(a).not.toBe(b);
  });

  test('subscriptions come from providers', () => {
    const text = `
provider "azurerm" { subscription_id = "spoke" }
provider "azurerm" {
  alias = "hub"
  subscription_id = "hub"
}
${NETWORK('one')}${NETWORK('two', '  provider = azurerm.hub')}`;
    expect(ids(text).map((id) => id.split('/')[2])).toEqual(['spoke', 'hub']);
  });
});

describe('dynamic blocks', () => {
  const routes = (each: string, iterator = '') => `
variable "open" {}
resource "azurerm_route_table" "t" {
  name = "t"
  resource_group_name = "rg"
  dynamic "route" {
    for_each = ${each}
    ${iterator}
    content {
      name = ${iterator === '' ? 'route' : 'r'}.key
      address_prefix = ${iterator === '' ? 'route' : 'r'}.value
    }
  }
}
`;
  test.each([
    ['a map', '{ b = "10.0.0.0/8", a = "0.0.0.0/0" }', '', ['a', 'b']],
    ['a list', '["10.0.0.0/8"]', '', [0]],
    ['a set', 'toset(["10.0.0.0/8"])', '', ['10.0.0.0/8']],
    ['an iterator', '{ x = "10.0.0.0/8" }', 'iterator = r', ['x']],
  ])('%s', (_name, each, iterator, names) => {
    const body = bodies(read(routes(each, iterator)))['routeTables/t'] as {
      properties: { routes: { name: unknown }[] };
    };
    expect(body.properties.routes.map(({ name }) => name)).toEqual(names);
  });

  test('of something unknown leave the whole list open', () => {
    expect(bodies(read(routes('var.open')))).toEqual({
      'routeTables/t': { properties: { routes: '?not-given: var.open' } },
    });
  });
});

describe('modules', () => {
  const MODULE = `
variable "name" {}
${NETWORK('this').replace('name = "this"', 'name = var.name')}
output "id" { value = azurerm_virtual_network.this.id }
output "name" { value = azurerm_virtual_network.this.name }
`;

  test('take variables and give outputs', () => {
    const main = `
module "net" {
  source   = "../modules/net"
  for_each = toset(["a", "b"])
  name     = "v-\${each.key}"
}
resource "azurerm_subnet" "s" {
  name = "s"
  virtual_network_name = module.net["b"].name
  resource_group_name = "rg"
}
resource "azurerm_any" "all" { value = [for m in module.net : m.name] }
`;
    const result = read({ 'live/main.tf': main, 'modules/net/main.tf': MODULE });
    expect(result.diagnostics.filter(({ code }) => code !== 'RF5202')).toEqual([]);
    expect(Object.keys(bodies(result)).sort()).toEqual(
      ['virtualNetworks/v-a', 'virtualNetworks/v-b', 'virtualNetworks/v-b/subnets/s']
        .concat(result.resources.filter(({ type }) => type.startsWith('terraform/')).map(({ id }) => id))
        .sort(),
    );
    const any = result.resources.find(({ type }) => type === 'terraform/azurerm_any');
    expect(plain(any?.body.entries.get('value'))).toEqual(['v-a', 'v-b']);
  });

  test.each([
    ['from a registry', 'Azure/vnet/azurerm'],
    ['from a repository', 'git::https://example.com/x.git'],
    ['from a folder that is not given', './missing'],
  ])('%s are said to be missing', (_name, source) => {
    const text = `module "net" { source = "${source}" }\nresource "azurerm_any" "x" { value = try(module.net.id, "no") }\n`;
    const { resources, diagnostics } = read(text);
    expect(diagnostics.map(({ code }) => code)).toContain('RF5201');
    expect(plain(resources[0]?.body.entries.get('value'))).toBe('?not-readable: module.net.id');
  });

  test('that call themselves end', () => {
    const { diagnostics } = read({
      'a/main.tf': 'module "b" { source = "../b" }',
      'b/main.tf': 'module "a" { source = "../a" }\n',
    });
    expect(diagnostics.map(({ code }) => code)).toContain('RF5203');
  });

  test('in great numbers end', () => {
    const files = {
      'main.tf': 'module "a" {\n  source = "./a"\n  count = 9000\n}',
      'a/main.tf': 'module "b" {\n  source = "./b"\n  count = 9000\n}',
      'a/b/main.tf': NETWORK('v'),
    };
    expect(read(files).resources.length).toBeLessThanOrEqual(50_000);
  });

  test('sensitive outputs are kept secret', () => {
    const files = {
      'main.tf': 'module "m" { source = "./m" }\nresource "azurerm_any" "x" { value = module.m.key }',
      'm/main.tf': 'output "key" {\n  value = "abc"\n  sensitive = true\n}',
    };
    expect(plain(read(files).resources[0]?.body.entries.get('value'))).toBe('?secret: output.key');
  });

  test('a module that only others call is no root', () => {
    expect(
      ids({ 'modules/net/main.tf': MODULE, 'main.tf': 'module "n" {\n  source = "./modules/net"\n  name = "x"\n}' }),
    ).toHaveLength(1);
    expect(ids({ 'modules/net/main.tf': MODULE })).toHaveLength(1);
  });
});

describe('files', () => {
  test('in JSON syntax', () => {
    const json = {
      '//': 'made by a program',
      variable: { zone: { default: 'a${b}' } },
      locals: [{ name: 'hub' }],
      resource: {
        azurerm_route_table: {
          t: {
            name: '${local.name}-rt',
            resource_group_name: 'rg',
            route: [{ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'Internet' }],
          },
          u: {
            name: 'u',
            resource_group_name: 'rg',
            dynamic: { route: { for_each: ['10.0.0.0/8'], content: { name: 'n', address_prefix: '${route.value}' } } },
          },
        },
      },
    };
    expect(bodies(read({ 'main.tf.json': JSON.stringify(json) }))).toEqual({
      'routeTables/hub-rt': {
        properties: { routes: [{ name: 'out', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' } }] },
      },
      'routeTables/u': { properties: { routes: [{ name: 'n', properties: { addressPrefix: '10.0.0.0/8' } }] } },
    });
  });

  test('that override others', () => {
    const files = {
      'main.tf': NETWORK('v', '  address_space = ["10.0.0.0/16"]'),
      'x_override.tf': 'resource "azurerm_virtual_network" "v" {\n  address_space = ["10.1.0.0/16"]\n}',
    };
    expect(bodies(read(files))).toEqual({
      'virtualNetworks/v': { properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } } },
    });
  });

  test('that are broken hide no other', () => {
    const { resources, diagnostics } = read({
      'a.tf': 'resource "azurerm_subnet" "x" {\n  name = \n}\n',
      'b.tf': NETWORK('v'),
    });
    expect(resources).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'RF1001', origin: { file: 'a.tf', line: 2 } });
    expect(diagnostics[0]?.frame).toContain('name =');
  });

  test('values know where they were written', () => {
    const files = {
      'main.tf': `variable "p" {}\n${NETWORK('v', '  address_space = [var.p]')}`,
      'terraform.tfvars': '\np = "10.0.0.0/8"\n',
    };
    const [network] = read(files).resources;
    expect(network?.origin).toEqual({ file: 'main.tf', line: 2, column: 1 });
    const properties = network?.body.entries.get('properties');
    expect(JSON.stringify(properties?.kind === 'object' ? [...properties.entries.values()] : 0)).toBeDefined();
    expect(findOrigin(properties)).toEqual({ file: 'terraform.tfvars', line: 2, column: 5 });
  });

  function findOrigin(value: Parameters<typeof plain>[0]): unknown {
    if (value?.kind === 'object')
      return [...value.entries.values()].map(findOrigin).find((origin) => origin !== undefined);
    if (value?.kind === 'list') return findOrigin(value.items[0]);
    return value?.origin;
  }
});

describe('several root modules', () => {
  test('what each leaves open is not the same', () => {
    const text =
      'variable "g" {}\nresource "azurerm_virtual_network" "v" {\n  name = "v-${each.x}"\n  resource_group_name = var.g\n}\n';
    const [dev, prod] = ids({ 'env/dev/main.tf': text, 'env/prod/main.tf': text });
    expect(dev).toContain('/resourceGroups/{env|dev:var.g}/');
    expect(dev).toContain('/virtualNetworks/{env|dev:azurerm_virtual_network.v.name}');
    expect(prod).toContain('{env|prod:var.g}');
  });
});

describe('secrets', () => {
  test.each([
    ['admin_password = "p4ss"\n  x = [', 'x = ['],
    ['connection = "a;AccountKey=p4ss"\n  x = [', 'x = ['],
  ])('a frame does not show %j', (lines) => {
    const { diagnostics } = read(`resource "azurerm_any" "x" {\n  ${lines}\n}\n`);
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toContain('p4ss');
  });

  test.each([
    ['administrator_login_password = "p4ss"', 'administrator_login_password'],
    ['primary_connection_string = "x"', 'primary_connection_string'],
    ['app_settings = { STORAGE = "DefaultEndpointsProtocol=https;AccountKey=abc==" }', 'STORAGE'],
    ['custom_data = "IyEvYmlu"', 'custom_data'],
    ['client_secret = "x"', 'client_secret'],
    ['password = "p4ss-${var.open}"', 'password'],
    ['app_settings = merge({ password = "p4ss" }, var.open)', 'app_settings'],
    ['setting = "Server=s;Password=p4ss;${var.open}"', 'setting'],
  ])('%s is not kept', (attribute) => {
    const { resources } = read(`variable "open" {}\nresource "azurerm_any" "x" {\n  name = "x"\n  ${attribute}\n}\n`);
    const written = JSON.stringify(plain(resources[0]?.body));
    expect(written).toMatch(/\?(?:secret|not-given)/);
    expect(written).not.toMatch(/p4ss|abc==|IyEv|"x"\}/);
  });

  test('names that only look like secrets are kept', () => {
    const { resources } = read(
      'resource "azurerm_any" "x" {\n  key_vault_secret_id = "id"\n  secret_rotation_enabled = true\n  public_key = "k"\n}\n',
    );
    expect(plain(resources[0]?.body)).toEqual({
      key_vault_secret_id: 'id',
      secret_rotation_enabled: true,
      public_key: 'k',
    });
  });
});
