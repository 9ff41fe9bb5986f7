import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AzureResource } from '#model/azure/resource.ts';
import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import { readAzure } from '#parse/azure/read-azure.ts';
import { readDocuments } from '#parse/text/read-documents.ts';

/**
 * Real templates, compiled by Bicep. They are data beside the repository; RINGFENCE_CORPUS names another folder, and
 * without it this does not run. All that is known must be evaluated: what stays open is what nobody gives or only Azure
 * knows.
 */
const CORPUS = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const FOLDER = join(CORPUS, 'aks-construction/samples');
const present = existsSync(FOLDER);
const reason = present ? '' : ` (did not run: no templates at ${FOLDER})`;

interface Expected {
  readonly resources: number;
  /** Faults of the template itself, which Azure refuses too, and what cannot be read for them. */
  readonly faults: readonly string[];
  readonly unreadable: readonly string[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  'networkforbyo.json': { resources: 10, faults: [], unreadable: [] },
  'SampleAppMain.json': {
    resources: 25,
    faults: ['the template has no parameter `ebpfDataplane`', '`createObject` takes keys, each with a value'],
    unreadable: [
      'Microsoft.Authorization/roleAssignments properties.principalId',
      'Microsoft.Authorization/roleAssignments properties.principalId',
      'Microsoft.ContainerService/managedClusters properties',
    ],
  },
};

const files = present ? readdirSync(FOLDER).filter((file) => file.endsWith('.json')) : ['none'];

describe.skipIf(!present)(`templates of AKS-Construction${reason}`, () => {
  test.each(files)('%s is evaluated as far as it can be', (file) => {
    const { resources, diagnostics } = read(file);
    const leaves = resources.flatMap((resource) => unsettledIn(resource));
    const lines = leaves.map(
      ({ path, value }) => `  ${value.why} ${path}: ${value.expression} (line ${value.origin.line})`,
    );
    console.log(`${file}: ${resources.length} resources, ${leaves.length} unsettled leaves\n${lines.join('\n')}`);

    const expected = EXPECTED[file];
    expect(resources).toHaveLength(expected?.resources ?? -1);
    expect(diagnostics.filter(({ code }) => code !== 'RF5106').map(({ message }) => message)).toEqual(expected?.faults);
    expect(leaves.filter(({ value }) => value.why === 'not-supported')).toEqual([]);
    const unreadable = leaves.filter(({ value }) => value.why === 'not-readable').map(({ path }) => path);
    expect(unreadable.sort()).toEqual(expected?.unreadable);
  });

  test.each(files)('%s gives the same twice, with an id of its own for each resource that is certain', (file) => {
    expect(read(file)).toEqual(read(file));
    const ids = read(file)
      .resources.filter(({ condition }) => condition === undefined)
      .map(({ id }) => id.toLowerCase());
    expect(new Set(ids).size).toBe(ids.length);
  });
});

function read(file: string) {
  const { documents } = readDocuments({ file, text: readFileSync(join(FOLDER, file), 'utf8') });
  return readAzure(documents);
}

interface Leaf {
  readonly path: string;
  readonly value: AzureUnsettled;
}

function unsettledIn({ type, body }: AzureResource): Leaf[] {
  const out: Leaf[] = [];
  walk(body, '');
  return out.map(({ path, value }) => ({ path: `${type} ${path}`, value }));

  function walk(value: AzureValue, path: string): void {
    if (value.kind === 'unsettled') out.push({ path, value });
    if (value.kind === 'list') for (const [index, item] of value.items.entries()) walk(item, `${path}[${index}]`);
    if (value.kind === 'object')
      for (const [key, entry] of value.entries) walk(entry, path === '' ? key : `${path}.${key}`);
  }
}
