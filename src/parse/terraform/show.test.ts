import { describe, expect, test } from 'vitest';
import { bodies, plain, read, shortId } from './terraform.test-support.ts';

interface Planned {
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values: object;
  readonly unknown?: object;
  readonly sensitive?: object;
  readonly expressions?: object;
}

function addressOf({ type, name, index }: Planned, path = ''): string {
  return `${path}${type}.${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`;
}

function resourcesOf(planned: readonly Planned[], path = ''): object[] {
  return planned.map((each) => ({
    address: addressOf(each, path),
    mode: 'managed',
    type: each.type,
    name: each.name,
    values: each.values,
    sensitive_values: each.sensitive ?? {},
  }));
}

function changesOf(planned: readonly Planned[], path = ''): object[] {
  return planned.map((each) => ({
    address: addressOf(each, path),
    change: { actions: ['create'], after_unknown: { id: true, ...each.unknown } },
  }));
}

function configOf(planned: readonly Planned[]): object[] {
  return planned.map(({ type, name, expressions }) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    provider_config_key: 'azurerm',
    expressions: expressions ?? {},
  }));
}

/** A plan of the root module and of one module `net`. */
function plan(
  root: readonly Planned[],
  inner: readonly Planned[] = [],
  call: object = {},
  outputs: object = {},
): string {
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.9.0',
    variables: { sub: { value: 'sub-1' } },
    planned_values: {
      root_module: {
        resources: resourcesOf(root),
        child_modules: [{ address: 'module.net', resources: resourcesOf(inner, 'module.net.') }],
      },
    },
    resource_changes: [...changesOf(root), ...changesOf(inner, 'module.net.')],
    configuration: {
      provider_config: { azurerm: { name: 'azurerm', expressions: { subscription_id: { references: ['var.sub'] } } } },
      root_module: {
        resources: configOf(root),
        module_calls: { net: { source: './net', expressions: call, module: { resources: configOf(inner), outputs } } },
      },
    },
  });
}

const group = (values: object, expressions: object, unknown: object = {}): Planned => ({
  type: 'azurerm_subnet_network_security_group_association',
  name: 'a',
  values,
  expressions,
  unknown,
});

const SUBNET: Planned = {
  type: 'azurerm_subnet',
  name: 's',
  values: { name: 's', virtual_network_name: 'v', resource_group_name: 'rg', address_prefixes: ['10.0.0.0/24'] },
};
const NSG: Planned = {
  type: 'azurerm_network_security_group',
  name: 'n',
  values: { name: 'n', resource_group_name: 'rg' },
};

describe('a plan', () => {
  test('gives resources in ARM shape, with ids that it does not know yet', () => {
    const { resources, diagnostics } = read({ 'plan.json': plan([SUBNET, NSG]) });
    expect(diagnostics).toEqual([]);
    expect(resources.map(({ id, source }) => [id, source])).toEqual([
      [
        '/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s',
        'terraform-plan',
      ],
      ['/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/n', 'terraform-plan'],
    ]);
    expect(resources[0]?.origin).toMatchObject({ file: 'plan.json', line: 1 });
  });

  test('ids that are known after apply follow the only reference', () => {
    const tie = group(
      {},
      {
        subnet_id: { references: ['azurerm_subnet.s.id', 'azurerm_subnet.s'] },
        network_security_group_id: {
          references: ['azurerm_network_security_group.n.id', 'azurerm_network_security_group.n'],
        },
      },
      { subnet_id: true, network_security_group_id: true },
    );
    const found = bodies(read({ 'plan.json': plan([SUBNET, NSG, tie]) }));
    expect(found['virtualNetworks/v/subnets/s']).toMatchObject({
      properties: { networkSecurityGroup: { id: expect.stringMatching(/networkSecurityGroups\/n$/) } },
    });
  });

  test.each([
    ['two references', ['azurerm_subnet.s.id', 'azurerm_subnet.s', 'azurerm_subnet.t.id', 'azurerm_subnet.t']],
    ['a copy by a key', ['azurerm_subnet.s', 'each.key']],
    ['a local', ['local.subnet']],
    ['something made elsewhere', ['azurerm_other.x.id', 'azurerm_other.x']],
  ])('%s stays open', (_name, references) => {
    const tie = group({ network_security_group_id: '/nsg' }, { subnet_id: { references } }, { subnet_id: true });
    const result = read({ 'plan.json': plan([SUBNET, tie]) });
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RF5204']);
    expect(bodies(result)['virtualNetworks/v/subnets/s']).toMatchObject({
      properties: { networkSecurityGroup: expect.stringMatching(/^\?made-by-azure/) },
    });
  });

  test('references go through variables and outputs of modules', () => {
    const tie = group(
      { network_security_group_id: '/nsg' },
      { subnet_id: { references: ['var.subnet'] } },
      { subnet_id: true },
    );
    const down = plan([SUBNET], [tie], { subnet: { references: ['azurerm_subnet.s.id', 'azurerm_subnet.s'] } });
    expect(bodies(read({ 'plan.json': down }))['virtualNetworks/v/subnets/s']).toMatchObject({
      properties: { networkSecurityGroup: { id: '/nsg' } },
    });
    const up = plan(
      [
        group(
          { network_security_group_id: '/nsg' },
          { subnet_id: { references: ['module.net.id', 'module.net'] } },
          { subnet_id: true },
        ),
      ],
      [SUBNET],
      {},
      { id: { expression: { references: ['azurerm_subnet.s.id', 'azurerm_subnet.s'] } } },
    );
    expect(bodies(read({ 'plan.json': up }))['virtualNetworks/v/subnets/s']).toMatchObject({
      properties: { networkSecurityGroup: { id: '/nsg' } },
    });
  });

  test('unknown values in blocks', () => {
    const nic: Planned = {
      type: 'azurerm_network_interface',
      name: 'x',
      values: { name: 'x', resource_group_name: 'rg', ip_configuration: [{ name: 'one', public_ip_address_id: null }] },
      unknown: { ip_configuration: [{ subnet_id: true, private_ip_address: true }] },
      expressions: {
        ip_configuration: [
          { name: { constant_value: 'one' }, subnet_id: { references: ['azurerm_subnet.s.id', 'azurerm_subnet.s'] } },
        ],
      },
    };
    expect(bodies(read({ 'plan.json': plan([SUBNET, nic]) }))['networkInterfaces/x']).toMatchObject({
      properties: {
        ipConfigurations: [
          {
            name: 'one',
            properties: {
              subnet: { id: expect.stringMatching(/subnets\/s$/) },
              privateIPAddress: '?made-by-azure: azurerm_network_interface.x.ip_configuration.private_ip_address',
            },
          },
        ],
      },
    });
  });

  test('lists that the provider computes are open unless their parts are resources', () => {
    const open = { ...NSG, unknown: { security_rule: true } };
    expect(bodies(read({ 'plan.json': plan([open]) }))['networkSecurityGroups/n']).toMatchObject({
      properties: { securityRules: expect.stringMatching(/^\?made-by-azure/) },
    });
    const rule: Planned = {
      type: 'azurerm_network_security_rule',
      name: 'r',
      values: { name: 'r', network_security_group_name: 'n', resource_group_name: 'rg' },
    };
    expect(bodies(read({ 'plan.json': plan([open, rule]) }))['networkSecurityGroups/n']).toEqual({});
  });

  test('a name that is not known yet', () => {
    const network: Planned = {
      type: 'azurerm_virtual_network',
      name: 'v',
      values: { resource_group_name: 'rg' },
      unknown: { name: true },
      expressions: { name: { references: ['random_string.s.result', 'random_string.s'] } },
    };
    const [only] = read({ 'plan.json': plan([network]) }).resources;
    expect(shortId(only?.id ?? '')).toBe('virtualNetworks/{azurerm_virtual_network.v.name}');
  });

  test('what is sensitive is not kept', () => {
    const any: Planned = {
      type: 'azurerm_any',
      name: 'x',
      values: { a: 'one', b: ['two'], admin_password: 'three' },
      sensitive: { a: true, b: [true] },
    };
    const [only] = read({ 'plan.json': plan([any]) }).resources;
    expect(plain(only?.body)).toMatchObject({
      a: '?secret: (sensitive)',
      b: ['?secret: (sensitive)'],
      admin_password: '?secret: admin_password',
    });
  });
});

describe('a state', () => {
  const state = (resources: object[]) =>
    JSON.stringify({ format_version: '1.0', values: { root_module: { resources, child_modules: [] } } });

  test('has the ids that Azure gave', () => {
    const id = '/subscriptions/real/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/v';
    const values = { id, name: 'v', resource_group_name: 'RG', address_space: ['10.0.0.0/16'], subnet: [], tags: null };
    const resource = {
      address: 'azurerm_virtual_network.v',
      mode: 'managed',
      type: 'azurerm_virtual_network',
      name: 'v',
      values,
    };
    const { resources } = read({ 'state.json': state([resource, { ...resource, mode: 'data' }]) });
    expect(resources).toHaveLength(1);
    expect(resources[0]).toMatchObject({ id, source: 'terraform-state', name: 'v' });
    expect(plain(resources[0]?.body)).toEqual({ properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } });
  });

  test.each([
    '{',
    '[]',
    '{"format_version": 1}',
    '{"format_version": "1.0", "values": {"root_module": 5}}',
    '{"format_version":"1.0","planned_values":{"root_module":{"resources":[5,{}]}}}',
  ])('%s is nothing to read', (text) => {
    expect(read({ 'state.json': text }).resources).toEqual([]);
  });

  test('values that refer to one another end', () => {
    const unknown = { subnet_id: true };
    const loop = group(
      {},
      { subnet_id: { references: ['azurerm_subnet_network_security_group_association.a.subnet_id'] } },
      unknown,
    );
    expect(read({ 'plan.json': plan([loop]) }).resources).toEqual([]);
  });
});
