import { describe, expect, test } from 'vitest';
import { PREFIX, plain, propertiesById, readFiles, template } from '../read.test-support.ts';

const NETWORK = 'Microsoft.Network';
const vnet = (name: string, rest: object = {}) => ({
  type: `${NETWORK}/virtualNetworks`,
  apiVersion: '2024-01-01',
  name,
  ...rest,
});

function ids(reading: ReturnType<typeof readFiles>): string[] {
  return reading.resources.map(({ id }) => id.replace(`${PREFIX}/${NETWORK}/`, ''));
}

function codes(reading: ReturnType<typeof readFiles>): string[] {
  return reading.diagnostics.map(({ code }) => code);
}

describe('resources', () => {
  test('a resource has its place, its body in the shape of Azure, and its line', () => {
    const source = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": {"prefix": {"type": "string", "defaultValue": "10.0.0.0/16"}},
  "resources": [
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2024-01-01",
      "name": "hub",
      "location": "westeurope",
      "dependsOn": ["x"],
      "metadata": {"description": "x"},
      "properties": {
        "addressSpace": {"addressPrefixes": ["[parameters('prefix')]"]},
        "note": "[[not an expression]"
      }
    }
  ]
}`;
    const { resources, diagnostics } = readFiles({ 'main.json': source });
    expect(diagnostics).toEqual([]);
    const [hub] = resources;
    expect(hub).toMatchObject({ name: 'hub', apiVersion: '2024-01-01', source: 'template', origin: { line: 5 } });
    expect(hub?.id).toBe(`${PREFIX}/Microsoft.Network/virtualNetworks/hub`);
    expect(hub && plain(hub.body)).toEqual({
      id: hub?.id,
      name: 'hub',
      type: 'Microsoft.Network/virtualNetworks',
      location: 'westeurope',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, note: '[not an expression]' },
    });
    // The value stands where it was written, and not where it is used.
    const found = hub?.body.entries.get('properties');
    const text = JSON.stringify(found, (_, value) => (value instanceof Map ? [...value] : value));
    expect(text).toContain('"value":"10.0.0.0/16","origin":{"file":"main.json","line":3');
  });

  test('the user may say where a template is deployed', () => {
    const main = template({ resources: [vnet("[concat('vnet-', resourceGroup().location)]")] });
    const target = { subscriptionId: 'S', resourceGroup: 'g', location: 'westeurope' };
    expect(readFiles({ 'main.json': main }, target).resources[0]?.id).toBe(
      '/subscriptions/S/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vnet-westeurope',
    );
  });

  test('children stand inside of their parent or beside it', () => {
    const reading = readFiles({
      'main.json': template({
        resources: [
          vnet('hub', { resources: [{ type: 'subnets', apiVersion: '1', name: 'a', properties: { x: 1 } }] }),
          { type: 'Microsoft.Network/virtualNetworks/subnets', apiVersion: '1', name: 'hub/b' },
          { type: 'Microsoft.Network/virtualNetworks/subnets', apiVersion: '1', name: 'b' },
        ],
      }),
    });
    expect(ids(reading).slice(0, 3)).toEqual([
      'virtualNetworks/hub',
      'virtualNetworks/hub/subnets/a',
      'virtualNetworks/hub/subnets/b',
    ]);
    expect(reading.resources[1]).toMatchObject({ type: 'Microsoft.Network/virtualNetworks/subnets', name: 'a' });
    expect(codes(reading)).toEqual(['RF5108']);
  });

  test('extension resources stand on another resource', () => {
    const lock = { type: 'Microsoft.Authorization/locks', apiVersion: '1', name: 'l' };
    const reading = readFiles({
      'main.json': template({
        resources: [
          { ...lock, scope: 'Microsoft.Network/virtualNetworks/hub' },
          { ...lock, scope: "[resourceId('Microsoft.Network/virtualNetworks', 'spoke')]" },
          {
            type: 'Microsoft.Network/virtualNetworks/providers/locks',
            apiVersion: '1',
            name: 'old/Microsoft.Authorization/l',
          },
          lock,
        ],
      }),
    });
    expect(reading.resources.map(({ id }) => id.replace(PREFIX, ''))).toEqual([
      '/Microsoft.Network/virtualNetworks/hub/providers/Microsoft.Authorization/locks/l',
      '/Microsoft.Network/virtualNetworks/spoke/providers/Microsoft.Authorization/locks/l',
      '/Microsoft.Network/virtualNetworks/old/providers/Microsoft.Authorization/locks/l',
      '/Microsoft.Authorization/locks/l',
    ]);
  });

  test('templates for a subscription', () => {
    const $schema = 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#';
    const main = {
      $schema,
      resources: [
        { type: 'Microsoft.Resources/resourceGroups', apiVersion: '1', name: 'rg', location: 'x' },
        {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '1',
          name: 'in',
          resourceGroup: 'rg',
          properties: {
            expressionEvaluationOptions: { scope: 'inner' },
            template: template({
              resources: [vnet('hub', { tags: { id: "[resourceId('Microsoft.Network/virtualNetworks', 'hub')]" } })],
            }),
          },
        },
      ],
    };
    const { resources } = readFiles({ 'main.json': main });
    const sub = '/subscriptions/00000000-0000-0000-0000-000000000000';
    const hub = `${sub}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub`;
    expect(resources.map(({ id }) => id)).toEqual([`${sub}/resourceGroups/rg`, hub]);
    expect(resources[1] && plain(resources[1].body)).toMatchObject({ tags: { id: hub } });
  });

  test('conditions that are known decide; others are kept with the resource', () => {
    const reading = readFiles({
      'main.json': template({
        parameters: { deploy: { type: 'bool' } },
        resources: [
          vnet('no', { condition: false }),
          vnet('yes', { condition: '[equals(1, 1)]' }),
          vnet('perhaps', {
            condition: "[parameters('deploy')]",
            resources: [{ type: 'subnets', apiVersion: '1', name: 'a' }],
          }),
        ],
      }),
    });
    expect(ids(reading)).toEqual([
      'virtualNetworks/yes',
      'virtualNetworks/perhaps',
      'virtualNetworks/perhaps/subnets/a',
    ]);
    const why = { kind: 'unsettled', why: 'not-given', expression: "parameters('deploy')" };
    expect(reading.resources.map(({ condition }) => condition)).toMatchObject([undefined, why, why]);
  });

  test('symbolic names: resources as a mapping, existing ones only referred to', () => {
    const reading = readFiles({
      'main.json': template({
        languageVersion: '2.0',
        resources: {
          hub: { existing: true, ...vnet('hub') },
          pip: {
            type: `${NETWORK}/publicIPAddresses`,
            apiVersion: '1',
            name: 'pip',
            properties: { dnsSettings: { domainNameLabel: 'x' } },
          },
          loop: {
            copy: { name: 'loop', count: 2 },
            ...vnet("[format('v{0}', copyIndex())]", { properties: { n: '[copyIndex()]' } }),
          },
          user: vnet('user', {
            properties: {
              label: "[reference('pip').dnsSettings.domainNameLabel]",
              fqdn: "[reference('pip').dnsSettings.fqdn]",
              whole: "[reference('pip', '2024-01-01', 'full').properties.ipAddress]",
              second: "[reference('loop[1]').n]",
              all: "[map(references('loop'), lambda('r', lambdaVariables('r').n))]",
              hub: "[reference('hub').addressSpace]",
            },
          }),
        },
      }),
    });
    expect(codes(reading)).toEqual([]);
    expect(ids(reading)).not.toContain('virtualNetworks/hub');
    const made = (from: string) => ({ unsettled: 'made-by-azure', from });
    expect(propertiesById(reading)[`${NETWORK}/virtualNetworks/user`]).toEqual({
      label: 'x',
      fqdn: made("reference('pip').dnsSettings.fqdn"),
      whole: made("reference('pip', '2024-01-01', 'full').properties.ipAddress"),
      second: 1,
      all: [0, 1],
      hub: made("reference('hub').addressSpace"),
    });
  });
});

describe('loops', () => {
  test('over resources, properties, variables and outputs', () => {
    const reading = readFiles({
      'main.json': template({
        parameters: { names: { type: 'array', defaultValue: ['a', 'b'] } },
        variables: {
          copy: [{ name: 'numbers', count: 2, input: "[copyIndex('numbers', 10)]" }],
          holder: { copy: [{ name: 'inside', count: 2, input: { n: "[copyIndex('inside')]" } }] },
          copyOf: 'x',
        },
        resources: [
          {
            copy: { name: 'vnets', count: "[length(parameters('names'))]", mode: 'serial' },
            ...vnet("[parameters('names')[copyIndex('vnets')]]", {
              properties: {
                numbers: "[variables('numbers')]",
                held: "[variables('holder').inside[1].n]",
                copy: [
                  {
                    name: 'subnets',
                    count: 2,
                    input: { name: "[format('{0}-{1}', copyIndex(), copyIndex('subnets', 1))]" },
                  },
                ],
              },
            }),
          },
        ],
      }),
    });
    const common = { numbers: [10, 11], held: 1 };
    expect(propertiesById(reading)).toEqual({
      'Microsoft.Network/virtualNetworks/a': { ...common, subnets: [{ name: '0-1' }, { name: '0-2' }] },
      'Microsoft.Network/virtualNetworks/b': { ...common, subnets: [{ name: '1-1' }, { name: '1-2' }] },
    });
  });

  test('of an unknown number of rounds: one stands for all, and may not be there', () => {
    const reading = readFiles({
      'main.json': template({
        parameters: { names: { type: 'array' } },
        resources: [
          {
            copy: { name: 'vnets', count: "[length(parameters('names'))]" },
            ...vnet("[parameters('names')[copyIndex()]]", {
              properties: { copy: [{ name: 'x', count: "[length(parameters('names'))]", input: 1 }] },
            }),
          },
        ],
      }),
    });
    expect(ids(reading)).toEqual(["virtualNetworks/{parameters('names')[copyindex()]}"]);
    expect(reading.resources[0]?.condition).toMatchObject({
      why: 'not-given',
      expression: "length(parameters('names'))",
    });
    expect(Object.values(propertiesById(reading))).toEqual([
      { x: { unsettled: 'not-given', from: "length(parameters('names'))" } },
    ]);
  });

  test('a property of the name `copy` that is no loop stays', () => {
    const reading = readFiles({ 'main.json': template({ resources: [vnet('a', { properties: { copy: ['x'] } })] }) });
    expect(Object.values(propertiesById(reading))).toEqual([{ copy: ['x'] }]);
  });
});

describe('templates inside of templates', () => {
  const nested = (rest: object, top: object = {}) => ({
    type: 'Microsoft.Resources/deployments',
    apiVersion: '1',
    name: 'net',
    ...top,
    properties: { mode: 'Incremental', ...rest },
  });

  test('inner scope: parameters in, outputs out', () => {
    const reading = readFiles({
      'main.json': template({
        parameters: { name: { type: 'string' } },
        resources: [
          nested({
            expressionEvaluationOptions: { scope: 'inner' },
            parameters: { vnetName: { value: "[format('vnet-{0}', parameters('name'))]" } },
            template: template({
              parameters: { vnetName: { type: 'string' } },
              resources: [vnet("[parameters('vnetName')]", { properties: { prefix: '10.0.0.0/8' } })],
              outputs: {
                id: {
                  type: 'string',
                  value: "[resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('vnetName'), 'aks')]",
                },
                prefix: {
                  type: 'string',
                  value: "[reference(resourceId('Microsoft.Network/virtualNetworks', parameters('vnetName'))).prefix]",
                },
                key: { type: 'securestring', value: 'hunter2' },
              },
            }),
          }),
          vnet('user', {
            properties: {
              id: "[reference(resourceId('Microsoft.Resources/deployments', 'net'), '2022-09-01').outputs.id.value]",
              prefix: "[reference('net').outputs.prefix.value]",
              key: "[reference('net').outputs.key.value]",
            },
          }),
        ],
      }),
    });
    expect(codes(reading)).toEqual(['RF5106']);
    expect(ids(reading)[0]).toBe("virtualNetworks/vnet-{parameters('name')}");
    expect(propertiesById(reading)['Microsoft.Network/virtualNetworks/user']).toEqual({
      id: `${PREFIX}/Microsoft.Network/virtualNetworks/vnet-{parameters('name')}/subnets/aks`,
      prefix: '10.0.0.0/8',
      key: { unsettled: 'secret', from: 'outputs.key' },
    });
  });

  test('null for a parameter with a default is nothing, and loops may make parameters', () => {
    const inner = template({
      parameters: { a: { type: 'string', defaultValue: 'a' }, list: { type: 'array' } },
      resources: [vnet("[parameters('a')]", { properties: { list: "[parameters('list')]" } })],
    });
    const parameters = {
      a: { value: null },
      list: { copy: [{ name: 'value', count: 2, input: "[copyIndex('value')]" }] },
    };
    const options = { expressionEvaluationOptions: { scope: 'inner' } };
    const reading = readFiles({
      'main.json': template({ resources: [nested({ ...options, parameters, template: inner })] }),
    });
    expect(propertiesById(reading)).toEqual({ [`${NETWORK}/virtualNetworks/a`]: { list: [0, 1] } });
  });

  test('an existing resource of another group', () => {
    const resources = {
      hub: { existing: true, resourceGroup: 'other', ...vnet('hub') },
      net: nested(
        {
          expressionEvaluationOptions: { scope: 'inner' },
          template: template({ resources: [vnet('hub', { properties: { x: 1 } })] }),
        },
        { resourceGroup: 'other' },
      ),
      user: vnet('user', { properties: { x: "[reference('hub').x]" } }),
    };
    const reading = readFiles({ 'main.json': template({ languageVersion: '2.0', resources }) });
    expect(propertiesById(reading)).toMatchObject({ [`${NETWORK}/virtualNetworks/user`]: { x: 1 } });
  });

  test('outer scope: names mean what they mean outside', () => {
    const reading = readFiles({
      'main.json': template({
        variables: { name: 'outer' },
        resources: [
          nested(
            {
              template: template({
                variables: { name: 'inner' },
                resources: [vnet("[concat(variables('name'), copyIndex())]")],
              }),
            },
            { copy: { name: 'c', count: 2 }, name: "[concat('net', copyIndex())]" },
          ),
        ],
      }),
    });
    expect(ids(reading)).toEqual(['virtualNetworks/outer0', 'virtualNetworks/outer1']);
  });

  test('other groups and subscriptions', () => {
    const inside = {
      expressionEvaluationOptions: { scope: 'inner' },
      template: template({ resources: [vnet('hub')] }),
    };
    const reading = readFiles({
      'main.json': template({
        resources: [
          nested(inside, { resourceGroup: 'other' }),
          nested(inside, { name: 'two', resourceGroup: 'other', subscriptionId: 'S' }),
          nested(inside, { name: 'three', scope: '/subscriptions/T/resourceGroups/deep' }),
        ],
      }),
    });
    expect(
      reading.resources.map(({ id }) => id.replace('/providers/Microsoft.Network/virtualNetworks/hub', '')),
    ).toEqual([
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/other',
      '/subscriptions/S/resourceGroups/other',
      '/subscriptions/T/resourceGroups/deep',
    ]);
  });

  test('a deployment that may not happen makes resources that may not be there', () => {
    const reading = readFiles({
      'main.json': template({
        parameters: { deploy: { type: 'bool' } },
        resources: [
          nested({ template: template({ resources: [vnet('hub')] }) }, { condition: "[parameters('deploy')]" }),
          nested({ template: template({ resources: [vnet('no')] }) }, { name: 'b', condition: false }),
        ],
      }),
    });
    expect(reading.resources).toMatchObject([{ name: 'hub', condition: { expression: "parameters('deploy')" } }]);
  });

  test('linked templates are found by path or by the end of an address', () => {
    const files = {
      'deploy/main.json': template({
        parameters: { base: { type: 'string' } },
        resources: [
          nested({ templateLink: { relativePath: 'nested/one.json' }, parameters: { n: { value: 'one' } } }),
          nested(
            { templateLink: { uri: "[uri(deployment().properties.templateLink.uri, 'nested/two.json')]" } },
            { name: 'two' },
          ),
          nested(
            { templateLink: { uri: "[concat(parameters('base'), '/nested/two.json', '?sv=1')]" } },
            { name: 'three' },
          ),
          nested({ templateLink: { uri: 'https://example.com/gone.json' } }, { name: 'gone' }),
          vnet('user', {
            properties: { a: "[reference('net').outputs.a.value]", b: "[reference('gone').outputs.b.value]" },
          }),
        ],
      }),
      'deploy/nested/one.json': template({
        parameters: { n: { type: 'string' } },
        resources: [vnet("[parameters('n')]")],
        outputs: { a: { type: 'string', value: "[parameters('n')]" } },
      }),
      'deploy/nested/two.json': template({ resources: [vnet('two')] }),
    };
    const reading = readFiles(files);
    // Deployed twice, by two deployments, it is one resource.
    expect(ids(reading)).toEqual(['virtualNetworks/one', 'virtualNetworks/two', 'virtualNetworks/user']);
    expect(codes(reading).sort()).toEqual(['RF5102', 'RF5103', 'RF5106']);
    expect(propertiesById(reading)[`${NETWORK}/virtualNetworks/user`]).toEqual({
      a: 'one',
      b: { unsettled: 'not-readable', from: "reference('gone').outputs.b.value" },
    });
  });

  test('a module refers to a resource of another module', () => {
    const inner = { expressionEvaluationOptions: { scope: 'inner' } };
    const pip = {
      type: `${NETWORK}/publicIPAddresses`,
      apiVersion: '1',
      name: 'pip',
      properties: { tier: 'Regional' },
    };
    const reading = readFiles({
      'main.json': template({
        resources: [
          nested({
            ...inner,
            template: template({
              resources: [
                vnet('user', {
                  properties: { t: "[reference(resourceId('Microsoft.Network/publicIPAddresses', 'pip')).tier]" },
                }),
              ],
            }),
          }),
          nested({ ...inner, template: template({ resources: [pip] }) }, { name: 'b' }),
        ],
      }),
    });
    expect(propertiesById(reading)[`${NETWORK}/virtualNetworks/user`]).toEqual({ t: 'Regional' });
  });
});

describe('parameters', () => {
  const AZD = 'a-$' + '{AZURE_ENV_NAME}';
  const main = template({
    parameters: {
      prefix: { type: 'string' },
      secret: { type: 'securestring', defaultValue: 'hunter2' },
      nothing: { type: 'string', nullable: true },
      config: { $ref: '#/definitions/config' },
    },
    definitions: {
      config: { type: 'object', properties: { pin: { type: 'secureString' }, name: { type: 'string' } } },
    },
    resources: [
      vnet('hub', {
        properties: {
          prefix: "[parameters('prefix')]",
          s: "[parameters('secret')]",
          n: "[parameters('nothing')]",
          pin: "[parameters('config').pin]",
          name: "[parameters('config').name]",
        },
      }),
    ],
  });
  const values = { parameters: { prefix: { value: '10.0.0.0/8' }, config: { value: { pin: '1234', name: 'x' } } } };

  test('are taken from the file beside the template', () => {
    const reading = readFiles({
      'a/main.json': main,
      'a/main.parameters.json': { $schema: 'deploymentParameters.json#', ...values },
    });
    expect(reading.diagnostics).toEqual([]);
    expect(Object.values(propertiesById(reading))).toEqual([
      {
        prefix: '10.0.0.0/8',
        s: { unsettled: 'secret', from: "parameters('secret')" },
        n: null,
        pin: { unsettled: 'secret', from: "parameters('pin')" },
        name: 'x',
      },
    ]);
    expect(JSON.stringify(reading, (_, value) => (value instanceof Map ? [...value] : value))).not.toMatch(
      /hunter2|1234/,
    );
  });

  test('are taken from the file that the user names', () => {
    const file = {
      $schema: 'deploymentParameters.json#',
      parameters: { prefix: { reference: { keyVault: { id: 'x' }, secretName: 's' } } },
    };
    const files = {
      'main.json': main,
      'main.parameters.json': { $schema: 'deploymentParameters.json#', ...values },
      'env/test.json': file,
    };
    const reading = readFiles(files, { parameterFiles: ['env/test.json'] });
    expect(Object.values(propertiesById(reading))).toMatchObject([
      { prefix: { unsettled: 'secret', from: "parameters('prefix')" } },
    ]);
    expect(codes(reading)).toEqual(['RF5106', 'RF5107']);
  });

  test('of the Azure Developer CLI may have variables', () => {
    const file = { $schema: 'deploymentParameters.json#', parameters: { prefix: { value: AZD } } };
    const reading = readFiles({ 'main.json': main, 'main.parameters.json': file });
    expect(Object.values(propertiesById(reading))).toMatchObject([{ prefix: { unsettled: 'not-given', from: AZD } }]);
  });

  test('of two templates of one name are not the same', () => {
    const one = template({ parameters: { name: { type: 'string' } }, resources: [vnet("[parameters('name')]")] });
    const reading = readFiles({ 'a.json': one, 'b.json': one });
    expect(ids(reading)).toEqual([
      "virtualNetworks/{parameters('name') of a.json}",
      "virtualNetworks/{parameters('name') of b.json}",
    ]);
  });
});

test('functions of the template', () => {
  const reading = readFiles({
    'main.json': template({
      functions: [
        {
          namespace: 'contoso',
          members: {
            nameOf: {
              parameters: [{ name: 'n', type: 'string' }],
              output: { type: 'string', value: "[concat('v-', toLower(parameters('n')))]" },
            },
          },
        },
      ],
      resources: [vnet("[contoso.nameof('A')]")],
    }),
  });
  expect(ids(reading)).toEqual(['virtualNetworks/v-a']);
});

describe('secrets', () => {
  test.each<[key: string, value: unknown]>([
    ['adminPassword', 'hunter2'],
    ['secret', 'hunter2'],
    ['primaryKey', 'hunter2'],
    ['protectedSettings', { commandToExecute: 'hunter2' }],
    ['setting', 'Server=x;Password=hunter2;'],
    ['setting', 'DefaultEndpointsProtocol=https;AccountKey=hunter2=='],
    ['setting', 'https://x.blob.core.windows.net/a?sv=1&sig=hunter2'],
    ['setting', 'https://user:hunter2@example.com/'],
    ['appSettings', [{ name: 'DB_PASSWORD', value: 'hunter2' }]],
    ['setting', "[concat('Password=', 'hunter2')]"],
  ])('%s: %j is not kept', (key, value) => {
    const reading = readFiles({ 'main.json': template({ resources: [vnet('a', { properties: { [key]: value } })] }) });
    const text = JSON.stringify(reading, (_, each) => (each instanceof Map ? [...each] : each));
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"why":"secret"');
  });

  test.each<[key: string, value: unknown]>([
    ['secretName', 'tls'],
    ['keyVaultSecretId', 'https://v.vault.azure.net/secrets/x'],
    ['disablePasswordAuthentication', true],
    ['password', null],
    ['enableSecretRotation', 'true'],
  ])('%s: %j is', (key, value) => {
    const reading = readFiles({ 'main.json': template({ resources: [vnet('a', { properties: { [key]: value } })] }) });
    expect(Object.values(propertiesById(reading))).toEqual([{ [key]: value }]);
  });
});
