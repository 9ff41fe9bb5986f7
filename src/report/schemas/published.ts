import { z } from 'zod';
import { azureCompareSchema } from './azure-compare.ts';
import { azureQueriesSchema } from './azure-queries.ts';
import { blueprintProofSchema } from './blueprint.ts';
import { controlsSchema } from './controls.ts';
import { diffSchema } from './diff.ts';
import { doctorSchema } from './doctor.ts';
import { egressSchema } from './egress.ts';
import { explainSchema } from './explain.ts';
import { exposeSchema } from './expose.ts';
import { mapSchema } from './map.ts';
import { migrateSchema } from './migrate.ts';
import { pathSchema } from './path.ts';
import { policiesSchema } from './policies.ts';
import { scanSchema } from './scan.ts';
import { snapshotsSchema } from './snapshots.ts';
import { testSchema } from './test-verb.ts';
import { translateSchema } from './translate.ts';

/** By the name in the answer's `schema` field. Nothing that runs imports this: zod takes 70 ms to load. */
export const ANSWER_SCHEMAS = {
  scan: scanSchema,
  map: mapSchema,
  path: pathSchema,
  expose: exposeSchema,
  diff: diffSchema,
  test: testSchema,
  policies: policiesSchema,
  migrate: migrateSchema,
  egress: egressSchema,
  translate: translateSchema,
  doctor: doctorSchema,
  explain: explainSchema,
  controls: controlsSchema,
  snapshots: snapshotsSchema,
  'azure-compare': azureCompareSchema,
  'azure-queries': azureQueriesSchema,
  'blueprint-proof': blueprintProofSchema,
} as const;

export type AnswerName = keyof typeof ANSWER_SCHEMAS;

/** The file name of a published schema. */
export function schemaFile(name: string): string {
  return `${name}.v1.schema.json`;
}

/**
 * The JSON Schema (draft 2020-12) of one answer. Published, it lets fields through that it does not name, because
 * additions are free; `strict` refuses them, for our own tests.
 */
export function jsonSchemaOf(name: AnswerName, strict = false): Record<string, unknown> {
  const schema = z.toJSONSchema(ANSWER_SCHEMAS[name], { target: 'draft-2020-12', io: strict ? 'output' : 'input' });
  const { $schema, ...rest } = schema;
  return { $schema, $id: `https://ringfence.dev/schemas/${schemaFile(name)}`, ...rest };
}

/** The text of the committed file. */
export function schemaText(name: AnswerName): string {
  return `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`;
}
