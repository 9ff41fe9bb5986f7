import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { Database, Limits } from './database.ts';
import { Embedded } from './embedded.ts';
import { isLock, lockFolder } from './folder-lock.ts';
import { pgliteDialect } from './pglite-dialect.ts';
import { codeOf, messageOf, StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';

/** Opens the embedded database in a folder, which is made when it is not there. Throws `StoreError`. */
export async function openFolder(path: string, limits: Limits): Promise<Database> {
  const folder = resolve(path);
  makeFolder(folder);
  refuseForeign(folder);
  const unlock = lockFolder(folder);
  try {
    await makeData(folder, limits);
    refuseDamaged(folder);
    return await openData(folder, limits, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

const DATA = 'data';
/** Becomes `data` once it is complete: who is killed while making it leaves nothing that looks like a store. */
const UNFINISHED = 'data.new';
/** The version of PostgreSQL that PGlite is, as its files name it. */
const POSTGRES = '18';

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR') {
      throw new StoreError('not-a-store', `\`${folder}\` is not a folder`, {
        help: 'name another place',
        cause: error,
      });
    }
    throw new StoreError('unreachable', `the folder \`${folder}\` cannot be made: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function refuseForeign(folder: string): void {
  const names = readdirSync(folder);
  if (names.includes(DATA) || names.includes(UNFINISHED)) return;
  const foreign = names.find((name) => !isLock(name) && !name.startsWith('.') && name !== 'lost+found');
  if (foreign === undefined) return;
  throw new StoreError('not-a-store', `\`${folder}\` holds other things, such as \`${foreign}\`, and no store`, {
    help: 'name an empty folder, or one that is not there yet',
  });
}

async function makeData(folder: string, limits: Limits): Promise<void> {
  if (existsSync(join(folder, DATA))) return;
  const unfinished = join(folder, UNFINISHED);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  // In a thread of its own, whose memory is given back: making a database takes twice what using it takes.
  const embedded = new Embedded(unfinished, limits);
  await embedded.start();
  await embedded.close();
  renameSync(unfinished, join(folder, DATA));
  flush(folder);
}

/** Names of files are safe once the folder itself is written. Windows has no such thing. */
function flush(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** PGlite makes a new database where it finds no version: over whatever else is there. */
function refuseDamaged(folder: string): void {
  const path = join(folder, DATA, 'PG_VERSION');
  const version = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (version === POSTGRES) return;
  if (/^\d+$/.test(version)) {
    throw new StoreError(
      'newer',
      `the store in \`${folder}\` was written by PostgreSQL ${version}, this is ${POSTGRES}`,
      {
        help: 'use the version of Ringfence that wrote it, or another folder',
      },
    );
  }
  throw damaged(folder, `${path} is missing or unreadable`);
}

async function openData(folder: string, limits: Limits, unlock: () => void): Promise<Database> {
  const embedded = new Embedded(join(folder, DATA), limits);
  try {
    await embedded.start();
  } catch (error) {
    if (error instanceof StoreError && error.problem === 'damaged') throw damaged(folder, error.message, error);
    throw error;
  }
  const db = new Kysely<Tables>({ dialect: pgliteDialect(embedded) });
  const close = async (): Promise<void> => {
    try {
      // kysely ends only what it has begun to use.
      await embedded.close();
    } finally {
      unlock();
    }
  };
  const tidy = async (): Promise<void> => {
    await sql`vacuum`.execute(db);
    await sql`checkpoint`.execute(db);
  };
  return { db: db.withSchema('ringfence'), tidy, close };
}

function damaged(folder: string, what: string, cause?: unknown): StoreError {
  return new StoreError('damaged', `the store in \`${folder}\` is damaged: ${what}`, {
    help: 'nothing in it was deleted; put a copy back, or move the folder away to begin with an empty store',
    cause,
  });
}
