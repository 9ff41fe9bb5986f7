import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Limits } from '#store/database.ts';
import { Embedded } from '#store/embedded.ts';
import { openFolder } from '#store/folder-database.ts';
import { migrate } from '#store/migrate.ts';
import { MIGRATIONS } from '#store/migrations.ts';
import { openStore } from '#store/open-store.ts';
import { pgliteDialect } from '#store/pglite-dialect.ts';
import { bundleNamed, findingOf, hour, scanWith } from '#store/store.test-support.ts';
import { describeStore } from '#store/store-suite.test-support.ts';
import { openUrl } from '#store/url-database.ts';
import { startPostgres } from './postgres-server.ts';

const LIMITS: Limits = { statement: 30_000, open: 120_000 };
const ROUNDS = 8;
const root = mkdtempSync(join(tmpdir(), 'ringfence-store-'));
/** A store with one snapshot and one scan, closed: making one takes seconds, copying it none. */
const model = join(root, 'model');
const postgres = await startPostgres();

beforeAll(async () => {
  const store = await openStore({ folder: model });
  const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
  await store.addScan(id, scanWith([findingOf('a')], hour(1)));
  await store.close();
}, 120_000);
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  if ('stop' in postgres) await postgres.stop();
}, 120_000);

describeStore('PGlite in a folder', () => ({ folder: model }));

if ('url' in postgres) {
  describeStore(`PostgreSQL ${postgres.version}`, () => ({ url: postgres.url }));
  describe(`PostgreSQL ${postgres.version}, shared`, () => testShared(postgres.url));
} else {
  console.log(`the store was not tested on a PostgreSQL server: ${postgres.obstacle}`);
  test.skip(`PostgreSQL: ${postgres.obstacle}`, () => {});
}

function testShared(url: string): void {
  test('processes that open a new database at once make its tables once', async () => {
    const own = await newDatabase(url);
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ url: own })));
    await Promise.all(stores.map((store, at) => store.addSnapshot(bundleNamed('same', hour(at)))));
    expect(await stores[0]?.snapshots()).toHaveLength(4);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('one prunes what another adds again', async () => {
    const own = await newDatabase(url);
    const [one, other] = await Promise.all(['one', 'other'].map((environment) => openStore({ url: own, environment })));
    if (one === undefined || other === undefined) throw new Error('no store');
    for (let at = 0; at < 20; at++) {
      await one.addSnapshot(bundleNamed(`s${at}`, hour(at)));
      const [entry] = await Promise.all([other.addSnapshot(bundleNamed(`s${at}`, hour(at))), one.prune({ keep: 0 })]);
      expect((await other.snapshot(entry.id))?.bundle.items).toHaveLength(1);
    }
    await Promise.all([one.close(), other.close()]);
  });

  test('a wrong password is said, and not printed', async () => {
    const wrong = new URL(url);
    wrong.password = 'terrible';
    const error: unknown = await openStore({ url: wrong.href }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StoreError', problem: 'unreachable' });
    expect(`${error}`).not.toContain('terrible');
  });

  test('a connection that ends is made again', async () => {
    const store = await openStore({ url });
    const other = openUrl(url, LIMITS);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()
      and application_name = 'ringfence'`.execute(other.db);
    await other.close();
    await pause(200);
    expect(Array.isArray(await store.snapshots())).toBe(true);
    await store.close();
  });

  test('a statement that takes too long is ended', async () => {
    const { db, close } = openUrl(url, { ...LIMITS, statement: 200 });
    await expect(sql`select pg_sleep(60)`.execute(db)).rejects.toMatchObject({ code: '57014' });
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
    await close();
  });

  test('a server that is gone is said', async () => {
    const gone = new URL(url);
    gone.port = '1';
    await expect(openStore({ url: gone.href })).rejects.toMatchObject({ problem: 'unreachable' });
  });
}

async function newDatabase(url: string): Promise<string> {
  const name = `test_${Math.random().toString(36).slice(2)}`;
  const { db, close } = openUrl(url, LIMITS);
  await sql.raw(`create database ${name}`).execute(db);
  await close();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

describe('killed at any moment', () => {
  test('while the database is made', async () => {
    for (const share of [0.3, 0.7]) {
      const folder = join(root, `made ${share}`);
      const writer = write(folder);
      await writer.said('open', 6000 * share);
      await writer.kill();
      const store = await openStore({ folder });
      await store.addSnapshot(bundleNamed('a', hour(1_000_000)));
      await store.close();
    }
  });

  test('while it writes: what was committed is there, and whole', async () => {
    const folder = join(root, 'killed');
    let before = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const writer = write(folder);
      await writer.said('open');
      const delay = Math.random() * 1500;
      await pause(delay);
      const said = await writer.kill();
      before = await checkWritten(folder, said, before);
    }
    expect(before).toBeGreaterThan(ROUNDS);
  });
});

/** Everything that the writer said it had committed; returns how many snapshots it ever wrote. */
async function checkWritten(folder: string, said: readonly string[], before: number): Promise<number> {
  const store = await openStore({ folder });
  const entries = await store.timeline({ limit: 1000 });
  const written = Number(entries.at(-1)?.snapshot.from[0] ?? -1) + 1;
  const told = said.filter((line) => line.startsWith('snapshot')).length;
  expect(written).toBeGreaterThanOrEqual(before + told);
  expect(written).toBeLessThanOrEqual(before + told + 1);
  const scanned = said.findLast((line) => line.startsWith('scan'))?.split(' ')[1];
  if (scanned !== undefined) {
    expect(await store.findingHistory(`f${scanned}`)).toMatchObject({ firstSeen: hour(Number(scanned)) });
  }
  // Without a gap: what was pruned is at the beginning.
  const numbers = entries.map(({ snapshot }) => Number(snapshot.from[0]));
  expect(numbers).toEqual(numbers.map((_, at) => written - numbers.length + at));
  for (const { snapshot, scan } of entries) {
    if (scan !== undefined) expect([scan.open, scan.opened]).toEqual([1, 1]);
    expect((await store.snapshot(snapshot.id))?.bundle.items[0]?.file).toBe(`s${snapshot.from[0]}.yaml`);
  }
  await store.close();
  return written;
}

interface Writer {
  /** Waits until it has said that, or so many milliseconds. */
  readonly said: (line: string, atMost?: number) => Promise<void>;
  /** Everything that it has said. */
  readonly kill: () => Promise<readonly string[]>;
}

function write(folder: string): Writer {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'store-writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the process has no output');
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return {
    said: async (line, atMost = 120_000) => {
      for (let waited = 0; waited < atMost && !lines.includes(line); waited += 20) {
        if (child.exitCode !== null) throw new Error(`the process ended by itself, with code ${child.exitCode}`);
        await pause(20);
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      return lines;
    },
  };
}

describe('one folder', () => {
  test('belongs to one process at a time', async () => {
    const folder = copyOfModel('two');
    const writer = write(folder);
    await writer.said('open');
    await expect(openStore({ folder })).rejects.toMatchObject({ name: 'StoreError', problem: 'busy' });
    await writer.kill();
    const store = await openStore({ folder });
    await expect(openStore({ folder })).rejects.toMatchObject({ problem: 'busy' });
    await store.close();
    await (await openStore({ folder })).close();
    expect(readdirSync(folder)).toEqual(['data']);
  });

  test.each([
    { name: 'without its version', harm: (data: string) => rmSync(join(data, 'PG_VERSION')) },
    { name: 'with an empty control file', harm: (data: string) => truncateSync(join(data, 'global/pg_control'), 0) },
    {
      name: 'with another control file',
      harm: (data: string) => writeFileSync(join(data, 'global/pg_control'), Buffer.alloc(8192, 7)),
    },
    { name: 'without its log', harm: (data: string) => rmSync(join(data, 'pg_wal'), { recursive: true }) },
    { name: 'with a catalogue of noise', harm: scrambleCatalogue },
  ])('that is damaged is said, and kept: $name', async ({ name, harm }) => {
    const folder = copyOfModel(name);
    harm(join(folder, 'data'));
    const before = filesOf(folder);
    const error: unknown = await openStore({ folder }).then(
      (store) => store.close(),
      (thrown: unknown) => thrown,
    );
    expect(error, `${error}`).toMatchObject({ name: 'StoreError', problem: 'damaged' });
    expect([...filesOf(folder).keys()]).toEqual(expect.arrayContaining([...before.keys()]));
  });

  test('with damaged rows says so when they are read', async () => {
    const folder = copyOfModel('rows');
    const database = await openFolder(folder, LIMITS);
    const found = await sql<{ path: string }>`select pg_relation_filepath('ringfence.content_part') as path`.execute(
      database.db,
    );
    await database.close();
    writeFileSync(join(folder, 'data', found.rows[0]?.path ?? ''), Buffer.alloc(8192, 0x5a));
    const store = await openStore({ folder });
    const [entry] = await store.snapshots();
    await expect(store.snapshot(entry?.id ?? 0)).rejects.toMatchObject({ problem: 'damaged' });
    expect(await store.findings()).toHaveLength(1);
    await store.close();
  });
});

describe('a statement of the embedded database', () => {
  test('that takes too long is ended, and its transaction with it', async () => {
    const embedded = new Embedded(join(copyOfModel('slow'), 'data'), { statement: 5000, open: 120_000 });
    const db = new Kysely<Record<string, never>>({ dialect: pgliteDialect(embedded) });
    await sql`create table kept (n integer)`.execute(db);
    await sql`insert into kept values (1)`.execute(db);
    const forever = sql`select count(*) from generate_series(1, 1000000000) as a, generate_series(1, 1000) as b`;
    const transaction = db.transaction().execute(async (inside) => {
      await sql`insert into kept values (2)`.execute(inside);
      await forever.execute(inside).catch(() => {});
      await sql`insert into kept values (3)`.execute(inside);
    });
    await expect(transaction).rejects.toMatchObject({ problem: 'too-slow' });
    await expect(forever.execute(db)).rejects.toMatchObject({ problem: 'too-slow' });
    expect((await sql`select n from kept`.execute(db)).rows).toEqual([{ n: 1 }]);
    await embedded.close();
    await expect(sql`select 1`.execute(db)).rejects.toMatchObject({ problem: 'closed' });
  });

  test('that goes on and on does not let the log grow', async () => {
    const { db, close } = await openFolder(copyOfModel('log'), LIMITS);
    await sql`create table noise (n integer, bytes text)`.execute(db);
    for (let at = 0; at < 100; at++) {
      await db.transaction().execute(async (inside) => {
        await sql`insert into noise select ${at}, string_agg(md5(random()::text), '') from generate_series(1, 60000)`.execute(
          inside,
        );
      });
    }
    const { rows } = await sql<{ size: number }>`select sum(size)::integer as size from pg_ls_waldir()`.execute(db);
    expect(rows[0]?.size).toBeLessThan(150_000_000);
    await close();
  });
});

describe('steps of the tables', () => {
  const next = { number: MIGRATIONS.length + 1, name: 'next', statements: ['create table ringfence.next (n integer)'] };
  const places: [string, () => Promise<Database>][] = [['PGlite', () => openFolder(copyOfModel('steps'), LIMITS)]];
  if ('url' in postgres) places.push(['PostgreSQL', async () => openUrl(await newDatabase(postgres.url), LIMITS)]);

  test.each(places)('are taken once, in full or not at all, and never changed: %s', async (_, open) => {
    const { db, close } = await open();
    await migrate(db);
    await migrate(db);
    const broken = { ...next, statements: [...next.statements, 'create nonsense'] };
    await expect(migrate(db, [...MIGRATIONS, broken])).rejects.toThrow('nonsense');
    await migrate(db, [...MIGRATIONS, next]);
    await expect(migrate(db)).rejects.toMatchObject({ problem: 'newer' });
    const other = { ...next, statements: ['create table ringfence.next (n text)'] };
    await expect(migrate(db, [...MIGRATIONS, other])).rejects.toMatchObject({ problem: 'damaged' });
    await close();
  });
});

function copyOfModel(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  cpSync(model, folder, { recursive: true });
  return folder;
}

function scrambleCatalogue(data: string): void {
  for (const base of ['base/1', 'base/5', 'global']) {
    for (const name of readdirSync(join(data, base)).filter((each) => /^\d+$/.test(each))) {
      const path = join(data, base, name);
      writeFileSync(
        path,
        createHash('sha512')
          .update(name)
          .digest()
          .toString('hex')
          .repeat(Math.ceil(statSync(path).size / 128)),
      );
    }
  }
}

function filesOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  // A copy of parts of the catalogue, which PostgreSQL makes anew whenever it is missing.
  const kept = names.filter((each) => each.name !== 'pg_internal.init');
  const paths = kept.map((each) => join(each.parentPath, each.name)).sort();
  return new Map(paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
}
