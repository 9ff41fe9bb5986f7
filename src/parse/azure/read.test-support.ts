import type { AzureObject, AzureValue } from '#model/azure/value.ts';
import type { Document } from '../text/node.ts';
import { readDocuments } from '../text/read-documents.ts';
import { type AzureOptions, type AzureReading, readAzure } from './read-azure.ts';
import { rootPlacement } from './template/placement.ts';
import { settled } from './template/settle.ts';
import { Template } from './template/template.ts';
import { World } from './template/world.ts';

export const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
export const PREFIX =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/this-resource-group/providers';

export function documentsOf(files: Readonly<Record<string, unknown>>): Document[] {
  return Object.entries(files).flatMap(([file, content]) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    return [...readDocuments({ file, text }).documents];
  });
}

export function readFiles(files: Readonly<Record<string, unknown>>, options?: AzureOptions): AzureReading {
  return readAzure(documentsOf(files), options);
}

/** A template of a few parts, in `main.json`. */
export function template(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { $schema: SCHEMA, contentVersion: '1.0.0.0', ...parts };
}

/** A value as plain JSON; what is not settled as `{unsettled: why, from: expression}`. */
export function plain(value: AzureValue): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map(plain);
    case 'object':
      return plainObject(value);
    case 'unsettled':
      return { unsettled: value.why, from: value.expression };
  }
}

function plainObject(value: AzureObject): unknown {
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry)]));
}

export interface Evaluated {
  readonly value: unknown;
  readonly messages: readonly string[];
}

/** What an expression is in a template of the given parts. */
export function evaluated(expression: string, parts: Readonly<Record<string, unknown>> = {}): Evaluated {
  const whole = template({ resources: [], ...parts, outputs: { it: { type: 'object', value: `[${expression}]` } } });
  const [document] = documentsOf({ 'main.json': whole });
  if (document?.root.kind !== 'map') throw new Error('not a template');
  const { source, root } = document;
  const world = new World(new Map(), (facts) => new Template(facts));
  const origin = { file: 'main.json', line: 1, column: 1 };
  const made = new Template({
    world,
    source,
    root,
    name: [{ token: 'deployment().name' }],
    placement: rootPlacement(SCHEMA, {}, origin),
    given: () => undefined,
    home: '',
    levels: 0,
  });
  const outputs = settled(made.outputs);
  const it = outputs.kind === 'object' ? outputs.entries.get('it') : undefined;
  const value = it?.kind === 'object' ? it.entries.get('value') : undefined;
  return {
    value: value === undefined ? undefined : plain(value),
    messages: world.problems.map((each) => each.message),
  };
}

/** The resources of a reading by the ends of their ids, as plain JSON of their `properties`. */
export function propertiesById({ resources }: AzureReading): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    resources.map(({ id, body }) => {
      const properties = body.entries.get('properties');
      return [id.replace(`${PREFIX}/`, ''), properties === undefined ? undefined : plain(properties)];
    }),
  );
}
