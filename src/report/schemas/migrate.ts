import { z } from 'zod';
import { MIGRATION_CAUSES, type MigrationCauseId } from '#model/migration.ts';
import { changeGroup, diagnostic, endpoint, engine, origin, pathVerdict, plainObject } from './common.ts';

const cause = z
  .enum(Object.keys(MIGRATION_CAUSES) as [MigrationCauseId, ...MigrationCauseId[]])
  .meta({ id: 'MigrationCause', description: 'In which two engines differ: a closed list' });

const place = z
  .object({ policy: z.string(), path: z.string().describe('`spec.egress[1]`, or empty'), origin })
  .meta({ id: 'PolicyPlace' });

const change = z.object({
  causes: z.array(cause),
  groups: z.array(changeGroup),
  connections: z.int().nonnegative(),
  places: z.array(place).describe('The policies and lines behind it'),
});

const entry = z.object({
  through: z.string(),
  at: z.string(),
  to: z.string(),
  before: pathVerdict,
  after: pathVerdict,
  causes: z.array(cause),
  origin,
});

const rewrite = z.object({
  action: z.enum(['replace', 'add']),
  for: place.describe('The policy of the input that it keeps the meaning of'),
  causes: z.array(cause),
  object: plainObject,
});

/** `migrate -o json` */
export const migrateSchema = z
  .object({
    schema: z.literal('ringfence.dev/migrate/v1'),
    engine: z.object({ from: engine, to: engine }),
    about: z.array(endpoint).describe('The endpoints that groups name'),
    changes: z.array(change),
    entries: z.array(entry).describe('Ways in from outside whose verdict changes'),
    rewrites: z.array(rewrite),
    notKept: z.array(z.object({ cause, places: z.array(place), why: z.string(), help: z.string() })),
    proof: z
      .object({ equal: z.boolean(), left: z.array(changeGroup), connections: z.int().nonnegative() })
      .describe('The new engine with the rewritten policies, compared with the old one connection by connection'),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence migrate', description: 'What changes when another engine enforces the same policies' });
