import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type {
  DiffAnswer,
  DoctorAnswer,
  ExplainAnswer,
  ExposeAnswer,
  MapAnswer,
  PathAnswer,
  PoliciesAnswer,
  SnapshotsAnswer,
  TestAnswer,
  TranslateAnswer,
} from '#model/answers.ts';
import type { AzureCompareAnswer } from '#model/azure/comparison.ts';
import type { AzureQueriesAnswer } from '#model/azure/queries.ts';
import type { BlueprintAnswer } from '#model/blueprint.ts';
import type { EgressAnswer } from '#model/egress.ts';
import type { MigrateAnswer } from '#model/migration.ts';
import type { ControlsAnswer, ScanAnswer } from '#model/scan.ts';
import { render } from '../render.ts';
import { SAMPLES } from '../samples.test-support.ts';
import { type ANSWER_SCHEMAS, type AnswerName, jsonSchemaOf, schemaFile, schemaText } from './published.ts';

/** Structure alone: without `readonly`, and with intersections merged. */
type Plain<T> = T extends readonly (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;
/** Equal to the compiler, optional fields included: a mere check of assignability would let one be forgotten. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type SchemaOf<N extends AnswerName> = Plain<z.infer<(typeof ANSWER_SCHEMAS)[N]>>;

/** Does not compile unless each schema says what its interface says. */
const SAME_AS_INTERFACE: {
  readonly scan: Same<SchemaOf<'scan'>, Plain<ScanAnswer>>;
  readonly map: Same<SchemaOf<'map'>, Plain<MapAnswer>>;
  readonly path: Same<SchemaOf<'path'>, Plain<PathAnswer>>;
  readonly expose: Same<SchemaOf<'expose'>, Plain<ExposeAnswer>>;
  readonly diff: Same<SchemaOf<'diff'>, Plain<DiffAnswer>>;
  readonly test: Same<SchemaOf<'test'>, Plain<TestAnswer>>;
  readonly policies: Same<SchemaOf<'policies'>, Plain<PoliciesAnswer>>;
  readonly migrate: Same<SchemaOf<'migrate'>, Plain<MigrateAnswer>>;
  readonly egress: Same<SchemaOf<'egress'>, Plain<EgressAnswer>>;
  readonly translate: Same<SchemaOf<'translate'>, Plain<TranslateAnswer>>;
  readonly doctor: Same<SchemaOf<'doctor'>, Plain<DoctorAnswer>>;
  readonly explain: Same<SchemaOf<'explain'>, Plain<ExplainAnswer>>;
  readonly controls: Same<SchemaOf<'controls'>, Plain<ControlsAnswer>>;
  readonly snapshots: Same<SchemaOf<'snapshots'>, Plain<SnapshotsAnswer>>;
  readonly 'azure-compare': Same<SchemaOf<'azure-compare'>, Plain<AzureCompareAnswer>>;
  readonly 'azure-queries': Same<SchemaOf<'azure-queries'>, Plain<AzureQueriesAnswer>>;
  readonly 'blueprint-proof': Same<SchemaOf<'blueprint-proof'>, Plain<BlueprintAnswer>>;
} = {
  scan: true,
  map: true,
  path: true,
  expose: true,
  diff: true,
  test: true,
  policies: true,
  migrate: true,
  egress: true,
  translate: true,
  doctor: true,
  explain: true,
  controls: true,
  snapshots: true,
  'azure-compare': true,
  'azure-queries': true,
  'blueprint-proof': true,
};

const NAMES = Object.keys(SAME_AS_INTERFACE) as AnswerName[];
const FOLDER = new URL('../../../schemas/', import.meta.url);

describe('published schemas', () => {
  test.each(NAMES)('%s is committed as it is generated (scripts/schemas.ts writes it)', (name) => {
    expect(readFileSync(new URL(schemaFile(name), FOLDER), 'utf8')).toBe(schemaText(name));
  });

  test('there is a file for each answer, one for the choices of blueprints, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...NAMES, 'blueprint'].map(schemaFile).sort());
  });
});

describe('answers validate', () => {
  test.each(Object.entries(SAMPLES))('%s', async (_name, answer) => {
    let json = '';
    for await (const piece of render(answer, 'json')) json += piece;
    const name = answer.schema.split('/')[1] as AnswerName;
    for (const strict of [true, false]) {
      const ajv = new Ajv2020({ allErrors: true });
      ajv.validate(jsonSchemaOf(name, strict), JSON.parse(json));
      expect(ajv.errors).toBeNull();
    }
  });

  test('a field that is not named is let through by the published schema and refused by the strict one', () => {
    const more = { ...SAMPLES.DOCTOR, later: true };
    expect(new Ajv2020().validate(jsonSchemaOf('doctor'), more)).toBe(true);
    expect(new Ajv2020().validate(jsonSchemaOf('doctor', true), more)).toBe(false);
  });

  test('a verdict that does not exist is refused', () => {
    const wrong = { ...SAMPLES.DENIED, verdict: 'maybe' };
    expect(new Ajv2020().validate(jsonSchemaOf('path'), wrong)).toBe(false);
  });
});
