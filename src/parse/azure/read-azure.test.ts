import { describe, expect, test } from 'vitest';
import { PREFIX, readFiles, template } from './read.test-support.ts';

const vnet = (name: string, rest: object = {}) => ({
  type: 'Microsoft.Network/virtualNetworks',
  apiVersion: '1',
  name,
  ...rest,
});
const live = (id: string) => ({ id, type: 'Microsoft.Network/virtualNetworks', name: 'x', properties: {} });
const TARGET = { subscriptionId: 'S', resourceGroup: 'g' };
const HUB = '/subscriptions/S/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub';

describe('one id holds one resource', () => {
  test.each([
    ['before', { 'a.json': live(HUB), 'main.json': template({ resources: [vnet('hub')] }) }],
    ['after', { 'main.json': template({ resources: [vnet('hub')] }), 'z.json': live(HUB.toUpperCase()) }],
  ])('what is live stands %s a template', (_, files) => {
    const { resources, diagnostics } = readFiles(files, TARGET);
    expect(resources.map(({ source }) => source)).toEqual(['export']);
    expect(diagnostics).toMatchObject([{ code: 'RF5103', origin: { file: 'main.json' } }]);
    expect(diagnostics[0]?.message).toMatch(/was read from Azure, and that is used/);
  });

  test('of two live ones the later stands', () => {
    const { resources, diagnostics } = readFiles({ 'a.json': live(HUB), 'b.json': live(HUB) });
    expect(resources).toMatchObject([{ origin: { file: 'b.json' } }]);
    expect(diagnostics).toMatchObject([{ code: 'RF5103', origin: { file: 'a.json' } }]);
  });

  test('of those that may be deployed all stay', () => {
    const parameters = { a: { type: 'bool' } };
    const resources = [
      vnet('hub', { condition: "[parameters('a')]" }),
      vnet('hub', { condition: "[not(parameters('a'))]" }),
    ];
    const reading = readFiles({ 'main.json': template({ parameters, resources }) });
    expect(reading.resources.map(({ id }) => id)).toEqual(
      [1, 2].map(() => `${PREFIX}/Microsoft.Network/virtualNetworks/hub`),
    );
    expect(reading.diagnostics.map(({ code }) => code)).toEqual(['RF5106']);
  });
});

test('other documents are passed by, and broken ones hide none', () => {
  const reading = readFiles({
    'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n',
    'broken.json': '{"$schema": ',
    'main.json': template({ resources: [vnet('a')] }),
  });
  expect(reading.resources.map(({ name }) => name)).toEqual(['a']);
  expect(reading.diagnostics).toEqual([]);
});

test('files of parameters without a template are told', () => {
  const parameters = { $schema: 'https://x/deploymentParameters.json#', parameters: { z: { value: 1 } } };
  const reading = readFiles({ 'a/parameters.json': parameters, 'a/main.json': template({ resources: [] }) });
  expect(reading.diagnostics).toMatchObject([{ code: 'RF5107', origin: { file: 'a/parameters.json' } }]);
});

test('templates that link to one another in a circle are read all the same', () => {
  const link = (relativePath: string) => ({
    type: 'Microsoft.Resources/deployments',
    apiVersion: '1',
    name: 'l',
    properties: { templateLink: { relativePath } },
  });
  const reading = readFiles({
    'a.json': template({ resources: [link('b.json'), vnet('a')] }),
    'b.json': template({ resources: [link('a.json'), vnet('b')] }),
  });
  expect([...new Set(reading.resources.map(({ name }) => name))].sort()).toEqual(['a', 'b']);
});
