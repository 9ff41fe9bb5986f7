import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiffAnswer } from '#model/answers.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import { openStore } from '#store/open-store.ts';
import { StoreError } from '#store/store-error.ts';
import { appOver, environmentOf, type Folder, folderWith, planFor, posted, SHOP } from './app.test-support.ts';
import type { Environment } from './environment.ts';
import { type History, type HistoryEntry, type Keeping, memoryHistory } from './history.ts';
import { newRecorder } from './recorder.ts';
import { storeHistory } from './store-history.ts';

const OPEN = SHOP['policy.yaml']!.replace('app: web', 'tier: any');

interface HistoryBody {
  readonly keeping: Keeping;
  readonly snapshots: readonly HistoryEntry[];
}

function history(place: 'memory' | 'folder', folder: string, environment: () => Environment): History {
  if (place === 'memory') return memoryHistory();
  return storeHistory({
    open: () => openStore({ folder }),
    place: { kind: 'folder', where: folder },
    keep: 3,
    onOpen: async (store) => environment().decide(await store.acceptances()),
  });
}

describe.each(['memory', 'folder'] as const)('the same routes over a history in %s', (place) => {
  const root = mkdtempSync(join(tmpdir(), 'ringfence-history-'));
  let input: Folder;
  let environment: Environment;
  let kept: History;
  let asked: ReturnType<typeof appOver>;

  beforeAll(async () => {
    input = folderWith(SHOP);
    environment = await environmentOf(planFor(input.path));
    kept = history(place, join(root, 'store'), () => environment);
    asked = appOver(environment, { history: kept });
    // Making a database takes seconds.
    await kept.list();
  }, 120_000);
  afterAll(async () => {
    await environment.close();
    await kept.close();
    input.remove();
    rmSync(root, { recursive: true });
  });

  const listed = async () => (await (await asked.viewer('/api/v1/snapshots')).json()) as HistoryBody;
  const baselines = async () => (await asked.viewer('/api/v1/baselines')).text();
  const scanned = async () => (await (await asked.viewer('/api/v1/scan')).json()) as ScanAnswer;

  test('a snapshot has who took it and what it counted', async () => {
    const taken = await asked.editor('/api/v1/snapshots', posted({ note: 'before' }));
    expect(taken.status).toBe(201);
    const { keeping, snapshots } = await listed();
    expect(keeping).toMatchObject({ kind: place, state: 'open' });
    const scan = await scanned();
    expect(snapshots).toMatchObject([{ note: 'before', by: 'Edi', findings: { open: scan.findings.length, went: 0 } }]);
    expect(snapshots[0]!.reachability).toMatchObject({ opened: 0, closed: 0 });
    expect(snapshots[0]!.reachability!.connections).toBeGreaterThan(0);
  });

  test('what is kept next says what changed since', async () => {
    input.write('policy.yaml', OPEN);
    await environment.refresh();
    expect((await asked.editor('/api/v1/snapshots', posted({}))).status).toBe(201);
    const { snapshots } = await listed();
    expect(snapshots).toHaveLength(2);
    expect(snapshots[0]!.reachability!.closed).toBeGreaterThan(0);
    const base = snapshots[1]!.id;
    const drift = (await (await asked.viewer(`/api/v1/drift?base=${base}`)).json()) as { readonly diff: DiffAnswer };
    const diff = (await (await asked.viewer(`/api/v1/diff?base=${base}`)).json()) as DiffAnswer;
    expect(drift.diff).toEqual(diff);
    expect(diff.groups.map(({ change }) => change)).toContain('closed');
    expect(diff.findings!.left).toBe((await scanned()).findings.length);
    const back = (await (await asked.viewer(`/api/v1/diff?base=current&head=${base}`)).json()) as DiffAnswer;
    expect(back.groups.map(({ change }) => change)).toContain('opened');
    expect(back.findings!.come).toHaveLength(diff.findings!.go.length);
  });

  test('a finding tells since when it is there', async () => {
    const [finding] = (await scanned()).findings;
    const path = `/api/v1/finding?fingerprint=${encodeURIComponent(finding!.fingerprint)}`;
    const { snapshots } = await listed();
    expect(await (await asked.viewer(path)).json()).toMatchObject({
      finding: { fingerprint: finding!.fingerprint },
      past: { spans: [{ opened: snapshots[1]!.taken, lastSeen: snapshots[0]!.taken }], acceptances: [] },
    });
    expect((await asked.viewer('/api/v1/finding?fingerprint=nothing')).status).toBe(404);
  });

  test('only a person with that role takes and removes', async () => {
    const [newest] = (await listed()).snapshots;
    expect((await asked.viewer('/api/v1/snapshots', posted({}))).status).toBe(403);
    expect((await asked.editor(`/api/v1/snapshots/${newest!.id}`, { method: 'DELETE' })).status).toBe(403);
    expect((await asked.admin(`/api/v1/snapshots/${newest!.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await asked.admin(`/api/v1/snapshots/${newest!.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await asked.viewer(`/api/v1/diff?base=${newest!.id}`)).status).toBe(404);
    expect((await listed()).snapshots).toHaveLength(1);
  });

  test('an acceptance is drafted as an edit of the settings, which a preview takes', async () => {
    const target = (await scanned()).findings.find(({ state }) => state === 'FAIL')!;
    const words = { fingerprint: target.fingerprint, reason: 'a wall: is built', owner: 'Ada', until: '2099-01-01' };
    const drafted = await asked.viewer('/api/v1/acceptances/draft', posted(words));
    const { made, files, patch } = (await drafted.json()) as { made: boolean; files: object[]; patch: string };
    expect(made).toBe(true);
    expect(patch).toMatch(/^--- \/dev\/null\n\+\+\+ b\/ringfence\.yaml\n[\s\S]*\+ {6}reason: "a wall: is built"\n/);
    const previewed = await asked.viewer('/api/v1/preview', posted({ files }));
    expect(await previewed.json()).toMatchObject({
      diagnostics: [],
      diff: { changes: [] },
      findings: { come: [], go: [] },
    });
  });

  test.runIf(place === 'folder')('an accepted finding stays a finding, and its control stays as it is', async () => {
    const before = await scanned();
    const target = before.findings.find(({ state }) => state === 'FAIL')!;
    expect(await baselines()).not.toContain('ACCEPTED');
    const body = { fingerprint: target.fingerprint, reason: 'a wall is built', owner: 'Ada', until: '2099-01-01' };
    expect((await asked.viewer('/api/v1/acceptances', posted(body))).status).toBe(403);
    expect((await asked.editor('/api/v1/acceptances', posted({ ...body, fingerprint: 'x' }))).status).toBe(404);
    expect((await asked.editor('/api/v1/acceptances', posted({ ...body, until: '2020-01-01' }))).status).toBe(400);
    expect((await asked.editor('/api/v1/acceptances', posted({ ...body, reason: ' ' }))).status).toBe(400);
    expect((await asked.editor('/api/v1/acceptances', posted(body))).status).toBe(201);
    const after = await scanned();
    const found = after.findings.find(({ fingerprint }) => fingerprint === target.fingerprint) as Finding;
    expect(found.suppressed).toEqual({ reason: body.reason, owner: 'Ada', until: body.until, from: 'console' });
    expect(after.controls.map(({ state }) => state)).toEqual(before.controls.map(({ state }) => state));
    expect(after.findings).toHaveLength(before.findings.length);
    expect(await baselines()).toContain('ACCEPTED');
    expect(await (await asked.viewer('/api/v1/acceptances')).json()).toMatchObject({
      acceptances: [{ fingerprint: target.fingerprint, by: 'Edi', inForce: true }],
    });

    const path = `/api/v1/acceptances?fingerprint=${encodeURIComponent(target.fingerprint)}`;
    expect((await asked.viewer(path, { method: 'DELETE' })).status).toBe(403);
    expect((await asked.editor(path, { method: 'DELETE' })).status).toBe(204);
    expect((await asked.editor(path, { method: 'DELETE' })).status).toBe(404);
    expect((await scanned()).findings).toEqual(before.findings);
    expect(await baselines()).not.toContain('ACCEPTED');
  });

  test.runIf(place === 'folder')('one that ended is a finding again', async () => {
    const [target] = (await scanned()).findings;
    const until = '2027-01-01';
    const at = (day: string) => appOver(environment, { history: kept, now: () => Date.parse(`${day}T12:00:00Z`) });
    const body = { fingerprint: target!.fingerprint, reason: 'for now', owner: 'Ada', until };
    await at('2026-12-01').editor('/api/v1/acceptances', posted(body));
    const suppressed = async (day: string) =>
      ((await (await at(day).viewer('/api/v1/scan')).json()) as ScanAnswer).findings.find(
        ({ fingerprint }) => fingerprint === target!.fingerprint,
      )!.suppressed;
    expect(await suppressed(until)).toMatchObject({ owner: 'Ada' });
    expect(await suppressed('2027-01-02')).toBeNull();
  });

  test.runIf(place === 'folder')('only so many stay, and those with a note', async () => {
    for (const time of [1, 2, 3, 4]) {
      await asked.editor('/api/v1/snapshots', posted(time === 1 ? { note: 'the release' } : {}));
    }
    const notes = (await listed()).snapshots.map(({ note }) => note);
    expect(notes).toEqual([undefined, undefined, undefined, 'the release', 'before']);
  });
});

describe('a revision is kept by itself', () => {
  test('where it differs in meaning, and only then', async () => {
    const input = folderWith(SHOP);
    const environment = await environmentOf(planFor(input.path));
    const kept = memoryHistory();
    const commit = { id: 'a'.repeat(40), author: 'Ada', at: '2026-01-01T00:00:00Z', subject: 'Open the shop' };
    const options = { environment, history: kept, version: '0.0.0', quietMs: 0, commit: async () => commit };
    const recorder = newRecorder(options);
    const settled = async () => {
      await new Promise((done) => setTimeout(done, 20));
      await recorder.idle();
      return (await kept.list()).length;
    };
    expect(await settled()).toBe(1);
    input.write('policy.yaml', `# the same in other words\n${SHOP['policy.yaml']}`);
    await environment.refresh();
    expect(await settled()).toBe(1);
    input.write('policy.yaml', OPEN);
    await environment.refresh();
    expect(await settled()).toBe(2);
    expect((await kept.list())[0]).toMatchObject({ commit, reachability: { opened: 0 } });
    expect((await kept.list())[0]).not.toHaveProperty('by');
    recorder.close();
    await environment.close();
    input.remove();
  });
});

describe('a store that cannot be used', () => {
  test('leaves all but history, and says so', async () => {
    const input = folderWith(SHOP);
    const environment = await environmentOf(planFor(input.path));
    let now = 0;
    let tries = 0;
    const kept = storeHistory({
      open: async () => {
        tries++;
        throw new StoreError('busy', 'another process has the store open', { help: 'end it' });
      },
      place: { kind: 'folder', where: '/store' },
      keep: 3,
      retryMs: 1_000,
      now: () => now,
    });
    const asked = appOver(environment, { history: kept });
    expect(kept.keeping()).toEqual({ kind: 'folder', where: '/store', state: 'waiting' });
    const list = await asked.viewer('/api/v1/snapshots');
    expect([list.status, await list.json()]).toMatchObject([
      200,
      { snapshots: [], keeping: { state: 'failed', why: 'another process has the store open', help: 'end it' } },
    ]);
    const taken = await asked.editor('/api/v1/snapshots', posted({}));
    expect([taken.status, await taken.json()]).toMatchObject([503, { detail: /another process has the store open/ }]);
    expect((await asked.viewer('/api/v1/scan')).status).toBe(200);
    expect((await asked.viewer('/api/v1/map')).status).toBe(200);
    expect(tries).toBe(1);
    now = 2_000;
    await asked.viewer('/api/v1/snapshots');
    expect(tries).toBe(2);
    const problems: string[] = [];
    const recorder = newRecorder({
      environment,
      history: kept,
      version: '0.0.0',
      quietMs: 0,
      onProblem: (message) => problems.push(message),
    });
    await new Promise((done) => setTimeout(done, 20));
    await recorder.idle();
    expect(problems).toEqual(['another process has the store open: end it']);
    recorder.close();
    await environment.close();
    input.remove();
  });
});
