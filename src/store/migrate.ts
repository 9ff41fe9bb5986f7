import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';
import { alone } from './transactions.ts';

/** Brings the tables to the shape that this version knows: all steps that are missing, or on any error none. */
export async function migrate(db: Kysely<Tables>, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await alone(db, async (transaction) => {
    await createLedger(transaction);
    const { rows } = await sql<Applied>`select number, checksum from ringfence.migration`.execute(transaction);
    const applied = new Map(rows.map(({ number, checksum }) => [number, checksum]));
    refuseStrange(applied, migrations);
    for (const migration of migrations) {
      if (!applied.has(migration.number)) await apply(transaction, migration);
    }
  });
}

interface Applied {
  readonly number: number;
  readonly checksum: string;
}

async function createLedger(transaction: Transaction<Tables>): Promise<void> {
  // Who may not create schemas may still use one that an administrator has made: so look before.
  const { rows } = await sql`select 1 from pg_namespace where nspname = 'ringfence'`.execute(transaction);
  if (rows.length === 0) await sql`create schema ringfence`.execute(transaction);
  await sql`create table if not exists ringfence.migration (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied timestamptz not null default now())`.execute(transaction);
}

function refuseStrange(applied: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, checksumOf(migration)]));
  for (const [number, checksum] of applied) {
    const expected = known.get(number);
    if (expected === undefined) {
      throw new StoreError('newer', 'the store was written by a later version of Ringfence', {
        help: 'use that version, or another store: tables are never taken back to an earlier shape',
      });
    }
    if (expected !== checksum) {
      throw new StoreError('damaged', `step ${number} of the store's tables is not the one of this version`, {
        help: 'the tables were made by a build that was never published: use another store',
      });
    }
  }
}

async function apply(transaction: Transaction<Tables>, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await sql.raw(statement).execute(transaction);
  const { number, name } = migration;
  await sql`insert into ringfence.migration (number, name, checksum)
    values (${number}, ${name}, ${checksumOf(migration)})`.execute(transaction);
}

function checksumOf({ number, name, statements }: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([number, name, statements]))
    .digest('hex');
}
