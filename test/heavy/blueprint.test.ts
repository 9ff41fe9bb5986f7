import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { plainChoices } from '#blueprint/choices/read-choices.ts';
import { refusalsOf } from '#blueprint/choices/refusals.ts';
import { clusterFiles } from '#blueprint/cluster/cluster-files.ts';
import { brokenOf, choicesOf, OPTIONS, rowsOfPairs } from '#blueprint/combinations.test-support.ts';
import type { Pick } from '#blueprint/pairwise.test-support.ts';
import { designOf } from '#blueprint/plan/design.ts';
import { standIns } from '#blueprint/proof/stand-ins.ts';
import { isPlainObject, type PlainObject, type PlainValue, plainAt } from '#model/plain.ts';

const isAllowed = (pick: Pick) => refusalsOf(choicesOf(pick)).length === 0;

/** How many environments are proven: a second or less each. */
const SAMPLES = Number(process.env['RINGFENCE_BLUEPRINTS'] ?? 80);

describe('choices beyond pairs', () => {
  const rows = sampled(SAMPLES);

  test.each(rows.map((row) => [Object.values(row).join(' '), row] as const))('%s', (_, row) => {
    expect(brokenOf(choicesOf(row))).toEqual([]);
  });
});

/** The same rows in every run: whatever may stand together, by a sequence of numbers (Numerical Recipes). */
function sampled(count: number): readonly Pick[] {
  let state = 20_261_121;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const rows = new Map<string, Pick>();
  while (rows.size < count) {
    const row = Object.fromEntries(
      Object.entries(OPTIONS).map(([name, values]) => [name, values[next(values.length)]!] as const),
    );
    if (isAllowed(row)) rows.set(JSON.stringify(row), row);
  }
  return [...rows.values()];
}

/** Published schemas are data beside the repository; without them their part does not run, and says so. */
const SCHEMAS = process.env['RINGFENCE_SCHEMAS'] ?? '../shared/schemas';

describe('YAML of the cluster', () => {
  if (!existsSync(SCHEMAS)) {
    console.log(
      `no schemas at ${SCHEMAS}: no manifest was held against what is published; set RINGFENCE_SCHEMAS to their folder`,
    );
    test.skip('schemas are not on this machine', () => {});
    return;
  }
  const published = schemasOf();
  const without = new Set<string>();

  test.each(rowsOfPairs().map((row) => [Object.values(row).join(' '), row] as const))(
    'is valid by the published schemas: %s',
    (_, row) => {
      const design = designOf(choicesOf(row));
      const texts = [...clusterFiles(design)].filter(([file]) => file.endsWith('.yaml') && !/kustomization/.test(file));
      const wrong = [...texts, ['stand-ins.yaml', standIns(design)] as const].flatMap(([file, text]) =>
        documentsIn(text).flatMap((document) =>
          published.problemsOf(document, without).map((why) => `${file}: ${why}`),
        ),
      );
      expect(wrong).toEqual([]);
    },
  );

  test('kinds without a published schema here are known', () => {
    expect([...without].sort()).toEqual([
      'acn.azure.com/v1alpha1 ContainerNetworkLog',
      'alb.networking.azure.io/v1 BackendTLSPolicy',
      'secrets-store.csi.x-k8s.io/v1 SecretProviderClass',
      'velero.io/v1 Schedule',
    ]);
  });
});

function documentsIn(text: string): readonly PlainObject[] {
  return text
    .split(/^---$/m)
    .map((each) => plainChoices({ file: 'manifest.yaml', text: each }))
    .filter((document) => document !== undefined);
}

interface Published {
  readonly problemsOf: (document: PlainObject, without: Set<string>) => readonly string[];
}

function schemasOf(): Published {
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true });
  const openapi = JSON.parse(readFileSync(join(SCHEMAS, 'kubernetes-openapi.json'), 'utf8')) as PlainObject;
  const definitions = plainAt(openapi, 'definitions');
  if (!isPlainObject(definitions)) throw new Error('the schemas of Kubernetes are not what they were');
  ajv.addSchema({ $id: 'kubernetes', definitions: closed(definitions) } as object);
  const known = new Map<string, ReturnType<typeof ajv.compile> | undefined>();
  const schemaFor = (api: string, kind: string) => {
    const key = `${api} ${kind}`;
    if (!known.has(key)) known.set(key, found(api, kind));
    return known.get(key);
  };
  const found = (api: string, kind: string) => {
    const [version = '', group = ''] = api.split('/').reverse();
    const name = Object.entries(definitions).find(([, schema]) => isFor(schema, { group, version, kind }))?.[0];
    if (name !== undefined) return ajv.compile({ $ref: `kubernetes#/definitions/${name}` });
    const schema = ofCustom({ group, version, kind });
    return schema === undefined ? undefined : ajv.compile(schema as object);
  };
  return {
    problemsOf: (document, without) => {
      const [api, kind] = [`${plainAt(document, 'apiVersion')}`, `${plainAt(document, 'kind')}`];
      const validate = schemaFor(api, kind);
      if (validate === undefined) without.add(`${api} ${kind}`);
      if (validate === undefined || validate(document)) return [];
      const told = validate.errors ?? [];
      return told.map(
        ({ instancePath, message, params }) => `${kind}${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function isFor(schema: PlainValue, { group, version, kind }: Kind): boolean {
  const kinds = plainAt(schema, 'x-kubernetes-group-version-kind');
  if (!Array.isArray(kinds)) return false;
  return kinds.some(
    (each) =>
      plainAt(each, 'group') === group && plainAt(each, 'version') === version && plainAt(each, 'kind') === kind,
  );
}

/** Of a kind that is no part of Kubernetes: JSON Schema of its own, or what its definition has. */
function ofCustom({ group, version, kind }: Kind): PlainValue | undefined {
  const folder = join(SCHEMAS, group);
  if (group === '' || !existsSync(folder)) return undefined;
  const json = join(folder, `${kind.toLowerCase()}_${version}.json`);
  if (existsSync(json)) return JSON.parse(readFileSync(json, 'utf8')) as PlainValue;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const definition = plainChoices({ file, text: readFileSync(join(folder, file), 'utf8') });
    if (plainAt(definition, 'spec', 'names', 'kind') !== kind) continue;
    const versions = plainAt(definition, 'spec', 'versions');
    const own = Array.isArray(versions) ? versions.find((each) => plainAt(each, 'name') === version) : undefined;
    const schema = plainAt(own, 'schema', 'openAPIV3Schema');
    if (schema !== undefined) return closed(schema, true);
  }
  return undefined;
}

/** As the API server reads with strict validation: fields that nobody knows are wrong. Numbers may stand for text where both may. */
function closed(schema: PlainValue, isTop = false): PlainValue {
  if (Array.isArray(schema)) return schema.map((each) => closed(each));
  if (!isPlainObject(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isEither =
    plainAt(schema, 'format') === 'int-or-string' || plainAt(schema, 'x-kubernetes-int-or-string') === true;
  if (isEither) return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  const isClosed =
    isPlainObject(plainAt(schema, 'properties')) && plainAt(schema, 'additionalProperties') === undefined;
  if (!isClosed || plainAt(schema, 'x-kubernetes-preserve-unknown-fields') === true) return inner;
  const ofObjects = isTop ? { apiVersion: {}, kind: {}, metadata: {} } : {};
  return {
    ...inner,
    properties: { ...(inner['properties'] as PlainObject), ...ofObjects },
    additionalProperties: false,
  };
}
