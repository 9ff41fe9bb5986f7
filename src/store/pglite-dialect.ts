import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Embedded, Result } from './embedded.ts';
import { StoreError } from './store-error.ts';

/**
 * PostgreSQL's dialect over the one connection that PGlite has. kysely lends it to one caller after the other, since its
 * adapter says so.
 */
export function pgliteDialect(embedded: Embedded): Dialect {
  return {
    createAdapter: () => new PGliteAdapter(),
    createDriver: () => driverOf(new Connection(embedded)),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/**
 * After so many transactions the log of what was written is folded into the tables. A server does so by itself; PGlite
 * only when it closes, and until then its log grows without end.
 */
const CHECKPOINT_EVERY = 20;

class Connection implements DatabaseConnection {
  readonly #embedded: Embedded;
  /** The thread in which a transaction is open. */
  #session: number | undefined;
  #commits = 0;

  constructor(embedded: Embedded) {
    this.#embedded = embedded;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isLost()) throw new StoreError('too-slow', 'the transaction was stopped, and nothing of it was written');
    return resultOf(await this.#embedded.query(sql, parameters));
  }

  // biome-ignore lint/correctness/useYield: the interface asks for it, and nobody here reads results in pieces
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite gives results as a whole');
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    // Before and not after a transaction, which must not fail by it.
    if (this.#commits >= CHECKPOINT_EVERY) {
      await this.#embedded.query('checkpoint', []);
      this.#commits = 0;
    }
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    await this.#embedded.query(`start transaction${level}${accessMode === undefined ? '' : ` ${accessMode}`}`, []);
    this.#session = this.#embedded.session;
  }

  async commit(): Promise<void> {
    if (this.#isLost()) throw new AbortedTransactionError();
    await this.#finish('commit');
    this.#commits++;
  }

  async rollback(): Promise<void> {
    if (this.#isLost()) this.#session = undefined;
    else await this.#finish('rollback');
  }

  close(): Promise<void> {
    return this.#embedded.close();
  }

  async #finish(how: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#embedded.query(how, []);
    } finally {
      this.#session = undefined;
    }
  }

  #isLost(): boolean {
    return this.#session !== undefined && this.#session !== this.#embedded.session;
  }
}

function driverOf(connection: Connection): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async (_, settings) => await connection.begin(settings),
    commitTransaction: async () => await connection.commit(),
    rollbackTransaction: async () => await connection.rollback(),
    releaseConnection: async () => {},
    destroy: async () => await connection.close(),
  };
}

function resultOf<R>({ rows, affected }: Result): QueryResult<R> {
  // The shape of a row is what the statement asked for; kysely has typed it.
  const typed = [...rows] as R[];
  return affected === undefined ? { rows: typed } : { rows: typed, numAffectedRows: BigInt(affected) };
}
