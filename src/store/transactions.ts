import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Any number that other users of the same database are unlikely to lock. */
const LOCK = 0x72_69_6e_67;

/**
 * A transaction that writes. One at a time, whatever process it is of: then what it read before it wrote is still so. There
 * are a few in a minute at most, so that waiting costs nothing.
 */
export function alone<T>(db: Kysely<Tables>, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(transaction);
    return await work(transaction);
  });
}

/** All that is read belongs to one state of the database. */
export function together<T>(db: Kysely<Tables>, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}
