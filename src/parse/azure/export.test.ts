import { describe, expect, test } from 'vitest';
import { isAzureDocument } from './document-kind.ts';
import { documentsOf, plain, readFiles } from './read.test-support.ts';

const GROUP = '/subscriptions/S/resourceGroups/g';
const NSG = `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/web`;
const RULE = {
  name: 'in',
  id: `${NSG}/securityRules/in`,
  type: 'Microsoft.Network/networkSecurityGroups/securityRules',
};

const ARM = {
  id: NSG,
  name: 'web',
  type: 'Microsoft.Network/networkSecurityGroups',
  location: 'westeurope',
  properties: { securityRules: [{ ...RULE, properties: { priority: 100, access: 'Allow' } }] },
};

/** The same as `az network nsg show` prints it. */
const FLAT = {
  id: NSG,
  name: 'web',
  type: 'Microsoft.Network/networkSecurityGroups',
  location: 'westeurope',
  resourceGroup: 'g',
  securityRules: [{ ...RULE, priority: 100, access: 'Allow', resourceGroup: 'g' }],
};

describe('every form gives the same resource', () => {
  test.each<[form: string, content: unknown, source: string]>([
    ['one resource', ARM, 'export'],
    ['a list', [ARM], 'export'],
    ['a list of lists', [[ARM]], 'export'],
    ['an answer of ARM', { value: [ARM] }, 'export'],
    ['what az prints', FLAT, 'export'],
    ['a list of what az prints', [FLAT], 'export'],
    ['one for each line', `${JSON.stringify(ARM)}\n`, 'export'],
    ['Resource Graph', { data: [ARM], count: 1, totalRecords: 1 }, 'resource-graph'],
    ['az graph query', { count: 1, data: [ARM], skip_token: null, total_records: 1 }, 'resource-graph'],
    [
      'a table of Resource Graph',
      {
        count: 1,
        data: { columns: Object.keys(ARM).map((name) => ({ name, type: 'x' })), rows: [Object.values(ARM)] },
      },
      'resource-graph',
    ],
  ])('%s', (_, content, source) => {
    const { resources, diagnostics } = readFiles({ 'a.json': content as object });
    expect(diagnostics).toEqual([]);
    expect(resources).toHaveLength(1);
    const [nsg] = resources;
    expect(nsg).toMatchObject({ id: NSG, type: 'Microsoft.Network/networkSecurityGroups', name: 'web', source });
    expect(nsg && plain(nsg.body)).toEqual(ARM);
  });
});

describe('what az flattens', () => {
  test('references keep only their id, and double names become what they are', () => {
    const pool = {
      id: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/c/agentPools/p`,
      name: 'p',
      type: 'Microsoft.ContainerService/managedClusters/agentPools',
      typePropertiesType: 'VirtualMachineScaleSets',
      resourceGroup: 'g',
      subnet: { id: `${GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`, resourceGroup: 'g' },
      upgradeSettings: { maxSurge: '10%' },
    };
    const [resource] = readFiles({ 'a.json': pool }).resources;
    expect(resource && plain(resource.body)).toEqual({
      id: pool.id,
      name: 'p',
      type: pool.type,
      properties: {
        type: 'VirtualMachineScaleSets',
        subnet: { id: pool.subnet.id },
        upgradeSettings: { maxSurge: '10%' },
      },
    });
  });
});

test('the type is in the id where the query left it out', () => {
  const { resources } = readFiles({
    'a.json': { count: 1, data: [{ id: `${NSG}/securityRules/in`, properties: {} }] },
  });
  expect(resources).toMatchObject([{ type: 'Microsoft.Network/networkSecurityGroups/securityRules', name: 'in' }]);
});

test.each([
  [{ value: [ARM], nextLink: 'https://management.azure.com/x' }],
  [{ data: [ARM], count: 1, $skipToken: 'x' }],
  [{ data: [ARM], count: 1, skip_token: 'x' }],
  [{ data: [ARM], count: 1, resultTruncated: 'true' }],
])('pages that are missing are told: %j', (content) => {
  const { resources, diagnostics } = readFiles({ 'a.json': content });
  expect(resources).toHaveLength(1);
  expect(diagnostics).toMatchObject([{ code: 'RF5105', origin: { file: 'a.json' } }]);
});

test('a broken line hides no other', () => {
  const text = `${JSON.stringify(ARM)}\n{"id" 1}\n${JSON.stringify({ ...ARM, id: `${NSG}2` })}\n`;
  expect(readFiles({ 'a.json': text }).resources.map(({ id }) => id)).toEqual([NSG, `${NSG}2`]);
});

test('secrets of exports are not kept', () => {
  const { resources } = readFiles({ 'a.json': { ...ARM, properties: { adminPassword: 'hunter2', key: 'x' } } });
  expect(resources[0] && plain(resources[0].body)).toMatchObject({
    properties: { adminPassword: { unsettled: 'secret', from: 'adminPassword' }, key: 'x' },
  });
});

test.each([
  ['Microsoft.KeyVault/vaults', 'v/secrets/s', { value: 'hunter2' }],
  ['Microsoft.Web/sites', 'w/config/appsettings', { MY_TOKEN: 'hunter2' }],
  ['Microsoft.ApiManagement/service', 'a/namedValues/n', { value: 'hunter2' }],
])('what %s %s holds is secret', (type, rest, properties) => {
  const id = `${GROUP}/providers/${type}/${rest}`;
  const { resources } = readFiles({ 'a.json': { id, properties } });
  expect(JSON.stringify(resources[0] && plain(resources[0].body))).not.toContain('hunter2');
});

describe('what documents are', () => {
  test.each<[content: unknown, kind: string | undefined]>([
    [
      { $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#' },
      'template',
    ],
    [{ $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#' }, 'parameters'],
    [{ contentVersion: '1.0.0.0', resources: [] }, 'template'],
    [{ contentVersion: '1.0.0.0', parameters: {} }, 'parameters'],
    [ARM, 'export'],
    [{ id: GROUP, name: 'g' }, 'export'],
    [[], undefined],
    [[{ id: 'x', type: 'y' }], undefined],
    [{ value: [] }, undefined],
    [{ data: [], count: 0, total_records: 0 }, 'resource-graph'],
    [{ data: [{ a: 1 }], count: 1 }, undefined],
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }, undefined],
    [{ apiVersion: 'v1', kind: 'ConfigMap', data: { id: 'x' }, metadata: { name: 'a' } }, undefined],
    [{ id: '/subscriptions/S' }, undefined],
    ['text', undefined],
    [null, undefined],
  ])('%j', (content, kind) => {
    const [document] = documentsOf({ 'a.json': JSON.stringify(content) });
    expect(document && isAzureDocument(document.root)).toBe(kind);
  });
});
