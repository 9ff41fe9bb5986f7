import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { Database, Limits } from './database.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';

/** Opens a database of a PostgreSQL server, version 14 or later. Throws `StoreError`. */
export function openUrl(url: string, limits: Limits): Database {
  refuseOthers(url);
  const pool = new Pool({
    connectionString: url,
    application_name: 'ringfence',
    max: CONNECTIONS,
    connectionTimeoutMillis: limits.open,
    statement_timeout: limits.statement,
    // Of a server that does not answer at all.
    query_timeout: limits.statement + 5_000,
    idle_in_transaction_session_timeout: limits.statement,
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it is no error: the pool drops it. Unheard, the event ends the process.
  pool.on('error', () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  // A server gives room back by itself (autovacuum).
  return { db: db.withSchema('ringfence'), tidy: async () => {}, close: async () => await pool.end() };
}

const CONNECTIONS = 4;

function refuseOthers(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return;
  // The text itself may hold a password.
  throw new StoreError('refused', 'the address of the store is not one of PostgreSQL', {
    help: 'write it as `postgres://USER@HOST:5432/DATABASE`, with the password in `PGPASSWORD` or ~/.pgpass',
  });
}
