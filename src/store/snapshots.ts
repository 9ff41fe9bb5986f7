import { createHash } from 'node:crypto';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Kysely, Transaction } from 'kysely';
import { type Bundle, bundleText, readBundle } from '#source/bundle.ts';
import { momentOf } from './moments.ts';
import type { Circumstances, SnapshotEntry, SnapshotFilter, StoredSnapshot } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';
import { alone, together } from './transactions.ts';

/** Keeps a snapshot of an environment. */
export async function addSnapshot(
  db: Kysely<Tables>,
  environment: string,
  { bundle, note, by, commit }: Circumstances & { readonly bundle: Bundle },
): Promise<SnapshotEntry> {
  const taken = momentOf(bundle.taken);
  const content = await pack(bundle);
  const resources = bundle.items.length + (bundle.azure?.resources.length ?? 0);
  const { digest } = content;
  return await alone(db, async (transaction) => {
    await addContent(transaction, content);
    const row = {
      environment,
      taken,
      version: bundle.ringfence,
      source: JSON.stringify(bundle.from),
      resources,
      digest,
      note: note ?? null,
      by: by ?? null,
      made: commit === undefined ? null : JSON.stringify(commit),
    };
    return entryOf(await transaction.insertInto('snapshot').values(row).returningAll().executeTakeFirstOrThrow());
  });
}

export async function listSnapshots(
  db: Kysely<Tables>,
  environment: string,
  { from, to, digest, limit = 100 }: SnapshotFilter,
): Promise<SnapshotEntry[]> {
  let query = db.selectFrom('snapshot').selectAll().where('environment', '=', environment);
  if (from !== undefined) query = query.where('taken', '>=', new Date(momentOf(from)));
  if (to !== undefined) query = query.where('taken', '<=', new Date(momentOf(to)));
  if (digest !== undefined) query = query.where('digest', '=', digest);
  const rows = await query.orderBy('taken', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(entryOf);
}

export async function readSnapshot(
  db: Kysely<Tables>,
  environment: string,
  id: number,
): Promise<StoredSnapshot | undefined> {
  const found = await together(db, async (transaction) => {
    const row = await findSnapshot(transaction, environment, id);
    return row && { entry: entryOf(row), parts: await partsOf(transaction, row.digest) };
  });
  if (found === undefined) return undefined;
  const { entry, parts } = found;
  const reading = readBundle({ file: `snapshot ${id}`, text: await unpack(id, parts) });
  if ('problem' in reading) throw damaged(id, reading.problem);
  const { taken, version, from } = entry;
  return { ...entry, bundle: { ...reading.bundle, ringfence: version, taken, from } };
}

/** Deletes one, with what no other one holds. Whether it was there. */
export async function removeSnapshot(db: Kysely<Tables>, environment: string, id: number): Promise<boolean> {
  return await alone(db, async (transaction) => {
    const row = await findSnapshot(transaction, environment, id);
    if (row === undefined) return false;
    await transaction.deleteFrom('snapshot').where('id', '=', id).execute();
    await transaction
      .deleteFrom('content')
      .where('digest', '=', row.digest)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('snapshot').select('id').where('digest', '=', row.digest))),
      )
      .execute();
    return true;
  });
}

/** The row of a snapshot; undefined where the environment has none of that id. */
export async function findSnapshot(
  db: Kysely<Tables>,
  environment: string,
  id: number,
): Promise<SnapshotRow | undefined> {
  if (!Number.isSafeInteger(id) || Math.abs(id) > LARGEST_ID) return undefined;
  const query = db.selectFrom('snapshot').selectAll().where('environment', '=', environment);
  return await query.where('id', '=', id).executeTakeFirst();
}

export function entryOf({ id, taken, version, source, resources, digest, ...row }: SnapshotRow): SnapshotEntry {
  return {
    id,
    taken: taken.toISOString(),
    version,
    from: JSON.parse(source),
    resources,
    digest,
    ...(row.note !== null && { note: row.note }),
    ...(row.by !== null && { by: row.by }),
    ...(row.made !== null && { commit: JSON.parse(row.made) }),
  };
}

interface SnapshotRow {
  readonly id: number;
  readonly taken: Date;
  readonly version: string;
  readonly source: string;
  readonly resources: number;
  readonly digest: string;
  readonly note: string | null;
  readonly by: string | null;
  readonly made: string | null;
}

interface Packed {
  readonly digest: string;
  readonly size: number;
  readonly parts: readonly Uint8Array[];
}

/** The largest `integer` of PostgreSQL. */
const LARGEST_ID = 2 ** 31 - 1;
/** So that no statement moves more than this: PGlite takes 0.2 s for a megabyte. */
const PART = 1 << 19;

/** The file that the bundle is, compressed; without when and by whom it was taken, which equal contents differ in. */
async function pack(bundle: Bundle): Promise<Packed> {
  const hash = createHash('sha256');
  let size = 0;
  function* pieces(): Generator<string> {
    for (const piece of bundleText({ ...bundle, ringfence: '', taken: '', from: [] })) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  const bytes = await bytesOf(Readable.from(pieces()), createGzip());
  const parts = Array.from({ length: Math.ceil(bytes.length / PART) }, (_, at) =>
    bytes.subarray(at * PART, (at + 1) * PART),
  );
  return { digest: hash.digest('hex'), size, parts };
}

async function unpack(id: number, parts: readonly Uint8Array[]): Promise<string> {
  try {
    return (await bytesOf(Readable.from(parts), createGunzip())).toString();
  } catch (error) {
    throw damaged(id, 'its compressed text cannot be unpacked', error);
  }
}

async function bytesOf(from: Readable, through: Transform): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await pipeline(from, through, async (compressed: AsyncIterable<Buffer>) => {
    for await (const chunk of compressed) chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

async function addContent(transaction: Transaction<Tables>, { digest, size, parts }: Packed): Promise<void> {
  const added = await transaction
    .insertInto('content')
    .values({ digest, size })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) return;
  for (const [part, bytes] of parts.entries()) {
    await transaction.insertInto('content_part').values({ digest, part, bytes }).execute();
  }
}

async function partsOf(transaction: Transaction<Tables>, digest: string): Promise<Uint8Array[]> {
  const query = transaction.selectFrom('content_part').where('digest', '=', digest);
  const numbers = await query.select('part').orderBy('part').execute();
  const parts: Uint8Array[] = [];
  for (const { part } of numbers) {
    parts.push((await query.select('bytes').where('part', '=', part).executeTakeFirstOrThrow()).bytes);
  }
  return parts;
}

function damaged(id: number, what: string, cause?: unknown): StoreError {
  return new StoreError('damaged', `snapshot ${id} of the store cannot be read: ${what}`, { cause });
}
