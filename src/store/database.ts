import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** A place where the tables are. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Gives back the room of rows that were deleted, where the database does not do so by itself. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Limits {
  /** Milliseconds that one statement may take. */
  readonly statement: number;
  /** Milliseconds until the database must answer for the first time. */
  readonly open: number;
}
