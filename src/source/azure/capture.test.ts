import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AzureEstate, EMPTY_ESTATE } from '#model/azure/estate.ts';
import type { AzureObject, AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import type { SourceText } from '#parse/text/node.ts';
import { bundleOf, bundleText, type OpenedBundle, openBundle } from '../bundle.ts';

const FACTS = { ringfence: '0', taken: '2026-01-01T00:00:00.000Z', from: ['x'] };

function opened(azure: AzureEstate): OpenedBundle {
  return openBundle({ file: 'kept.json', text: [...bundleText(bundleOf([], [], { ...FACTS, azure }))].join('') });
}

function filesIn(folder: string): SourceText[] {
  const path = join(import.meta.dirname, '..', '..', '..', folder);
  return readdirSync(path).map((file) => ({ file, text: readFileSync(join(path, file), 'utf8') }));
}

describe('what was read of Azure, kept and read again', () => {
  test.each(['arm', 'terraform', 'resource-graph'])('is equal, with every place: %s', (form) => {
    const { estate } = readEstate(filesIn(`examples/estate/${form}`));
    expect(estate.resources.size).toBeGreaterThan(10);
    const again = readEstate(opened(estate).azure);
    expect(again).toEqual({ estate, diagnostics: [] });
  });

  test('with what is not known, where it came from, and whether it is there at all', () => {
    const template = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      parameters: {
        name: { type: 'string' },
        range: { type: 'string' },
        on: { type: 'bool' },
        key: { type: 'secureString' },
      },
      resources: [
        {
          condition: "[parameters('on')]",
          type: 'Microsoft.Network/virtualNetworks',
          apiVersion: '2024-05-01',
          name: "[parameters('name')]",
          location: '[resourceGroup().location]',
          properties: { addressSpace: { addressPrefixes: ["[parameters('range')]"] }, note: "[parameters('key')]" },
        },
      ],
    };
    const parameters = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: { range: { value: '10.0.0.0/16' } },
    };
    const files = [
      { file: 'main.json', text: JSON.stringify(template, null, 2) },
      { file: 'main.parameters.json', text: JSON.stringify(parameters, null, 2) },
    ];
    const { estate } = readEstate(files);
    const again = readEstate(opened(estate).azure);
    expect(again).toEqual({ estate, diagnostics: [] });
    const [network] = again.estate.networks;
    expect(network?.condition).toMatchObject({ kind: 'unsettled', why: 'not-given' });
    expect(network?.prefixes[0]?.origin.file).toBe('main.parameters.json');
  });

  test('with keys that look like something else', () => {
    const body = objectOf([
      ['id', scalar('/subscriptions/s/providers/Microsoft.Network/virtualNetworks/v')],
      ['10', scalar('integer keys move to the front')],
      ['2', scalar(null)],
      ['__proto__', objectOf([['constructor', scalar(true)]])],
      ['$unsettled', scalar('a key of a user')],
      [
        '$$unsettled',
        objectOf([
          ['$unsettled', scalar(1)],
          ['$why', scalar('secret')],
        ]),
      ],
      ['open', { kind: 'unsettled', expression: "reference('x').y", why: 'made-by-azure', origin: at(9) }],
      [
        'list',
        { kind: 'list', items: [scalar(1), objectOf([]), { kind: 'list', items: [], origin: at(3) }], origin: at(2) },
      ],
      ['ringfence', scalar('azure-resource')],
    ]);
    const id = '/subscriptions/s/providers/Microsoft.Network/virtualNetworks/v';
    const type = 'Microsoft.Network/virtualNetworks';
    const resource = { id, type, name: 'v', body, source: 'export', origin: at(1, 'elsewhere.json') } as const;
    const { azure } = opened({ ...EMPTY_ESTATE, resources: new Map([[id.toLowerCase(), resource]]) });
    expect([...readEstate(azure).estate.resources.values()]).toEqual([resource]);
  });

  test('with all but the innermost of what nests too deep', () => {
    let inner: AzureValue = scalar('innermost');
    for (let level = 0; level < 199; level++) inner = { kind: 'list', items: [inner], origin: at(4) };
    const id = '/subscriptions/s/providers/Microsoft.Network/virtualNetworks/v';
    const body = objectOf([
      ['id', scalar(id)],
      ['deep', inner],
    ]);
    const resource = {
      id,
      type: 'Microsoft.Network/virtualNetworks',
      name: 'v',
      body,
      source: 'export',
      origin: at(1),
    } as const;
    const result = opened({ ...EMPTY_ESTATE, resources: new Map([[id.toLowerCase(), resource]]) });
    const { estate, diagnostics } = readEstate(result.azure);
    expect([result.diagnostics, diagnostics]).toEqual([[], []]);
    expect(estate.networks).toHaveLength(1);
  });

  test('without secrets, whatever reading left', () => {
    const secrets = ['hunter2', 'AccountName=a;AccountKey=QWNj', 'https://a/?sig=c2ln'];
    const body = objectOf([
      ['adminPassword', scalar(secrets[0]!)],
      ['tokens', { kind: 'list', items: [scalar(secrets[1]!)], origin: at(2) }],
      ['link', scalar(secrets[2]!)],
      ['disablePasswordAuthentication', scalar(true)],
    ]);
    const id = '/subscriptions/s/providers/Microsoft.Compute/virtualMachines/v';
    const resource = {
      id,
      type: 'Microsoft.Compute/virtualMachines',
      name: 'v',
      body,
      source: 'export',
      origin: at(1),
    } as const;
    const text = opened({ ...EMPTY_ESTATE, resources: new Map([[id.toLowerCase(), resource]]) })
      .azure.map((source) => source.text)
      .join('');
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).toContain('"disablePasswordAuthentication": true');
  });

  test.each([
    ['no list', { resources: 1, serviceTags: {} }],
    ['no files', { resources: [{ at: [], object: {} }], serviceTags: {} }],
    ['places that are none', { resources: [{ files: [], at: ['x'], object: {} }], serviceTags: {} }],
    ['tags that are none', { resources: [], serviceTags: { a: [1] } }],
    [
      'an object that nests without end',
      { resources: [{ files: [], at: [], object: { a: nested(3000) } }], serviceTags: {} },
    ],
  ])('that is damaged is said: %s', (_name, azure) => {
    const head = '{"apiVersion":"ringfence.dev/v1","kind":"Snapshot","from":[],"diagnostics":[],"items":[],';
    const result = openBundle({ file: 'a.json', text: `${head}"azure":${JSON.stringify(azure)}}` });
    expect(result).toMatchObject({ files: [], azure: [], diagnostics: [{ code: 'RF1001' }] });
  });

  test('of which one resource is damaged keeps the others', () => {
    const { estate } = readEstate(filesIn('examples/estate/resource-graph'));
    const broken = { file: 'x', text: '{"ringfence": "azure-resource", "id": "/subscriptions/s"}' };
    const again = readEstate([broken, ...opened(estate).azure]);
    expect(again.estate).toEqual(estate);
    expect(again.diagnostics.map(({ code }) => code)).toEqual(['RF1001']);
  });

  test('a file name of a snapshot cannot act on a terminal', () => {
    const head = '{"apiVersion":"ringfence.dev/v1","kind":"Snapshot","from":[],"diagnostics":[],"items":[],';
    const id = '/subscriptions/s/providers/Microsoft.Network/virtualNetworks/v';
    const object = {
      ringfence: 'azure-resource',
      id,
      type: 'Microsoft.Network/virtualNetworks',
      source: 'export',
      body: {},
    };
    const azure = { resources: [{ files: ['a\u001b[2J'], at: [0, 1, 1], object }], serviceTags: {} };
    const result = openBundle({ file: 'a.json', text: `${head}"azure":${JSON.stringify(azure)}}` });
    const [network] = readEstate(result.azure).estate.networks;
    expect(network?.origin).toEqual({ file: 'a\\u{1b}[2J', line: 1, column: 1 });
  });
});

function at(line: number, file = 'a.json'): Origin {
  return { file, line, column: 1 };
}

function scalar(value: string | number | boolean | null): AzureValue {
  return { kind: 'scalar', value, origin: at(7, 'values.json') };
}

function objectOf(entries: readonly (readonly [string, AzureValue])[]): AzureObject {
  return { kind: 'object', entries: new Map(entries), origin: at(5) };
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
