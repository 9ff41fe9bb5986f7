import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ManualAnswer } from '#model/scan.ts';
import { openStore, type StorePlace } from './open-store.ts';
import { bundleNamed, findingOf, groupOf, hour, scanWith } from './store.test-support.ts';
import type { Store } from './store.ts';

/** What every store must do, whatever database it is in. Each test has an environment of its own. */
export function describeStore(name: string, place: () => StorePlace): void {
  describe(name, () => {
    // The embedded database has one opener at a time: the environments take turns.
    let store: Store;
    let environments = 0;
    async function fresh(): Promise<Store> {
      await store.close();
      environments++;
      store = await openStore({ ...place(), environment: `environment ${environments}` });
      return store;
    }
    beforeAll(async () => {
      store = await openStore(place());
    }, 120_000);
    afterAll(async () => {
      await store.close();
    });

    test('a snapshot comes back as it was', { timeout: 60_000 }, async () => {
      await fresh();
      const bundle = bundleNamed('a', hour(1));
      const entry = await store.addSnapshot(bundle);
      expect(entry).toMatchObject({ taken: hour(1), version: '0.1.0', from: ['deploy'], resources: 1 });
      expect(await store.snapshot(entry.id)).toEqual({ ...entry, bundle });
      expect(await store.snapshot(entry.id + 1)).toBeUndefined();
      for (const id of [-1, 0.5, Number.NaN, 2 ** 40]) expect(await store.snapshot(id)).toBeUndefined();
    });

    test('who took a snapshot, why, and at which commit is kept with it', { timeout: 60_000 }, async () => {
      await fresh();
      const commit = { id: 'a'.repeat(40), author: 'Ada', at: hour(0), subject: 'Open the shop' };
      const circumstances = { note: 'before the release', by: 'Edi', commit };
      const { id } = await store.addSnapshot(bundleNamed('a', hour(1)), circumstances);
      expect(await store.snapshots()).toMatchObject([circumstances]);
      expect(await store.snapshot(id)).toMatchObject(circumstances);
      await store.addSnapshot(bundleNamed('b', hour(2)));
      expect((await store.snapshots())[0]).not.toHaveProperty('note');
    });

    test('one snapshot goes, and what others hold stays', { timeout: 60_000 }, async () => {
      await fresh();
      const first = await store.addSnapshot(bundleNamed('a', hour(1)));
      const twin = await store.addSnapshot(bundleNamed('a', hour(2)));
      expect(await store.removeSnapshot(first.id)).toBe(true);
      expect(await store.removeSnapshot(first.id)).toBe(false);
      expect((await store.snapshots()).map(({ id }) => id)).toEqual([twin.id]);
      expect((await store.snapshot(twin.id))?.bundle.items).toEqual(bundleNamed('a', hour(2)).items);
      expect(await store.removeSnapshot(twin.id)).toBe(true);
      expect(await store.snapshots()).toEqual([]);
    });

    test('snapshots with a note stay where that is the rule', { timeout: 60_000 }, async () => {
      await fresh();
      const noted = await store.addSnapshot(bundleNamed('a', hour(1)), { note: 'the release' });
      await store.addSnapshot(bundleNamed('b', hour(2)));
      const newest = await store.addSnapshot(bundleNamed('c', hour(3)));
      expect(await store.prune({ keep: 1, noted: 'stay' })).toMatchObject({ snapshots: 1 });
      expect((await store.snapshots()).map(({ id }) => id)).toEqual([newest.id, noted.id]);
      expect(await store.prune({ keep: 1 })).toMatchObject({ snapshots: 1 });
    });

    test('hostile text comes back as it was', { timeout: 60_000 }, async () => {
      await fresh();
      const nasty = "\u0000\u001b[31m'; drop schema ringfence cascade; -- \u202e\ud800 $1 \\x00";
      const from = [nasty];
      const { items, ...head } = bundleNamed('a', hour(1));
      const bundle = { ...head, from, items: items.map((item) => ({ ...item, object: { nasty } })) };
      const { id } = await store.addSnapshot(bundle);
      expect((await store.snapshot(id))?.bundle.items).toEqual(bundle.items);
      const evidence = [{ object: nasty, value: nasty }];
      await store.addScan(id, scanWith([findingOf('f', { evidence })], hour(1)));
      expect((await store.findingHistory('f'))?.finding.evidence).toEqual(evidence);
      const quoted = "'; drop schema ringfence cascade; --";
      await store.acceptFinding({ fingerprint: quoted, reason: quoted, owner: quoted, at: hour(1) });
      expect(await store.acceptances()).toMatchObject([{ fingerprint: quoted, reason: quoted, owner: quoted }]);
    });

    test('text that does not compress is kept in parts', { timeout: 60_000 }, async () => {
      await fresh();
      const object = { apiVersion: 'v1', kind: 'ConfigMap', data: randomBytes(1_500_000).toString('base64') };
      const bundle = { ...bundleNamed('a', hour(1)), items: [{ file: 'a.yaml', at: [1, 1], object }] };
      const { id } = await store.addSnapshot(bundle);
      expect((await store.snapshot(id))?.bundle).toEqual(bundle);
    });

    test('equal contents have equal digests, and each its own moment', { timeout: 60_000 }, async () => {
      await fresh();
      const one = await store.addSnapshot(bundleNamed('a', hour(1)));
      const other = await store.addSnapshot(bundleNamed('b', hour(2)));
      const again = await store.addSnapshot(bundleNamed('a', hour(3)));
      expect(again.digest).toBe(one.digest);
      expect(other.digest).not.toBe(one.digest);
      expect((await store.snapshot(again.id))?.bundle.taken).toBe(hour(3));
      const ids = async (filter: Parameters<Store['snapshots']>[0]) =>
        (await store.snapshots(filter)).map(({ id }) => id);
      expect(await ids({})).toEqual([again.id, other.id, one.id]);
      expect(await ids({ limit: 1 })).toEqual([again.id]);
      expect(await ids({ digest: one.digest })).toEqual([again.id, one.id]);
      expect(await ids({ from: hour(2) })).toEqual([again.id, other.id]);
      expect(await ids({ to: hour(2) })).toEqual([other.id, one.id]);
      expect(await ids({ from: '2026-01-01T03:30:00+02:00', to: hour(2) })).toEqual([other.id]);
    });

    test('findings are first seen, seen, resolved, and come back', { timeout: 60_000 }, async () => {
      await fresh();
      const contents = [['a', 'b'], ['b'], ['b', 'a'], []];
      for (const [at, fingerprints] of contents.entries()) {
        const { id } = await store.addSnapshot(bundleNamed(`s${at}`, hour(at)));
        const findings = fingerprints.map((each) => findingOf(each, { priority: at, message: `seen at ${at}` }));
        const scan = await store.addScan(id, scanWith(findings, hour(at)));
        expect([scan.opened, scan.resolved]).toEqual(
          [
            [2, 0],
            [0, 1],
            [1, 0],
            [0, 2],
          ][at],
        );
      }
      expect(await store.findingHistory('a')).toMatchObject({
        firstSeen: hour(0),
        lastSeen: hour(2),
        resolved: hour(3),
        finding: { message: 'seen at 2' },
        spans: [
          { opened: hour(0), lastSeen: hour(0), resolved: hour(1) },
          { opened: hour(2), lastSeen: hour(2), resolved: hour(3) },
        ],
      });
      expect((await store.findingHistory('b'))?.spans).toEqual([
        { opened: hour(0), lastSeen: hour(2), resolved: hour(3) },
      ]);
      expect(await store.findingHistory('c')).toBeUndefined();
      const states = await store.controlHistory('NET-POL-001');
      expect(states.map(({ state }) => state)).toEqual(['FAIL', 'FAIL', 'FAIL', 'PASS']);
      expect(states[0]?.taken).toBe(hour(0));
    });

    test('findings are listed by what to close first', { timeout: 60_000 }, async () => {
      await fresh();
      const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
      const findings = [findingOf('low', { priority: 1 }), findingOf('top', { priority: 9 }), findingOf('gone')];
      await store.addScan(id, scanWith(findings, hour(1)));
      const next = await store.addSnapshot(bundleNamed('b', hour(2)));
      await store.addScan(next.id, scanWith([...findings.slice(0, 2), findingOf('low', { priority: 2 })], hour(2)));
      const of = async (filter: Parameters<Store['findings']>[0]) =>
        (await store.findings(filter)).map(({ fingerprint }) => fingerprint);
      expect(await of({})).toEqual(['gone', 'top', 'low']);
      expect(await of({ state: 'open' })).toEqual(['top', 'low']);
      expect(await of({ state: 'resolved' })).toEqual(['gone']);
      expect(await of({ control: 'NET-POL-002' })).toEqual([]);
      expect((await store.findings({ state: 'open' }))[0]).toEqual({
        fingerprint: 'top',
        control: 'NET-POL-001',
        severity: 'high',
        priority: 9,
        firstSeen: hour(1),
        lastSeen: hour(2),
      });
    });

    test('a snapshot may be scanned again, and never after a later one', { timeout: 60_000 }, async () => {
      await fresh();
      const first = await store.addSnapshot(bundleNamed('a', hour(1)));
      for (const findings of [[findingOf('a')], [], [findingOf('a')]]) {
        await store.addScan(first.id, scanWith(findings, hour(5)));
      }
      expect((await store.findingHistory('a'))?.spans).toEqual([{ opened: hour(1), lastSeen: hour(1) }]);
      const later = await store.addSnapshot(bundleNamed('b', hour(2)));
      await store.addScan(later.id, scanWith([], hour(5)));
      const late = store.addScan(first.id, scanWith([], hour(6)));
      await expect(late).rejects.toMatchObject({ name: 'StoreError', problem: 'refused' });
      await expect(store.addScan(10_000, scanWith([], hour(6)))).rejects.toMatchObject({ problem: 'refused' });
      expect((await store.findingHistory('a'))?.resolved).toBe(hour(2));
    });

    test('what fails on the way leaves nothing behind', { timeout: 60_000 }, async () => {
      await fresh();
      const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
      // The database refuses the character U+0000 in names, after the first rows are written.
      const scan = scanWith([findingOf('fine'), findingOf('bad\u0000')], hour(1));
      await expect(store.addScan(id, scan)).rejects.toThrow();
      expect(await store.findings()).toEqual([]);
      expect((await store.timeline())[0]?.scan).toBeUndefined();
    });

    test('many findings at once', { timeout: 60_000 }, async () => {
      await fresh();
      const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
      const findings = Array.from({ length: 2500 }, (_, at) => findingOf(`f${at}`));
      const scan = await store.addScan(id, scanWith(findings, hour(1)));
      expect([scan.open, scan.opened]).toEqual([2500, 2500]);
      expect(await store.findings({ limit: 5000 })).toHaveLength(2500);
    });

    test('the timeline tells scans and changes, oldest first', { timeout: 60_000 }, async () => {
      await fresh();
      const one = await store.addSnapshot(bundleNamed('a', hour(1)));
      const two = await store.addSnapshot(bundleNamed('b', hour(2)));
      await store.addScan(one.id, scanWith([], hour(1)));
      const suppressed = { reason: 'known', owner: 'ops', from: 'configuration' } as const;
      const scan = await store.addScan(one.id, scanWith([findingOf('a'), findingOf('b', { suppressed })], hour(1)));
      expect(scan).toMatchObject({ open: 1, accepted: 1, controls: { 'NET-POL-001': 'FAIL' } });
      await store.addReachability(one.id, { endpoints: 3, connections: 4, unknown: 0, groups: [] });
      const groups = [groupOf('opened'), groupOf('opened'), groupOf('closed')];
      const reached = { endpoints: 3, connections: 5, unknown: 1, since: hour(1), groups };
      await store.addReachability(two.id, { ...reached, connections: 9 });
      await store.addReachability(two.id, reached);
      expect(await store.reachability(two.id)).toEqual(reached);
      expect(await store.reachability(10_000)).toBeUndefined();
      await expect(store.addReachability(10_000, reached)).rejects.toMatchObject({ problem: 'refused' });
      const { groups: _, ...counts } = reached;
      expect(await store.timeline()).toEqual([
        {
          snapshot: one,
          scan,
          reachability: { endpoints: 3, connections: 4, unknown: 0, changes: { opened: 0, closed: 0, unsettled: 0 } },
        },
        { snapshot: two, reachability: { ...counts, changes: { opened: 2, closed: 1, unsettled: 0 } } },
      ]);
      expect((await store.timeline({ from: hour(2) })).map(({ snapshot }) => snapshot)).toEqual([two]);
      expect((await store.timeline({ limit: 1 })).map(({ snapshot }) => snapshot)).toEqual([two]);
    });

    test('decisions count from the last, and earlier ones are kept', { timeout: 60_000 }, async () => {
      await fresh();
      const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
      await store.addScan(id, scanWith([findingOf('a')], hour(1)));
      const first = { fingerprint: 'a', reason: 'legacy', owner: 'ops', until: '2026-06-30', at: hour(1) };
      const second = { fingerprint: 'a', reason: 'still legacy', owner: 'ops', at: hour(2) };
      await store.acceptFinding(first);
      await store.acceptFinding(second);
      expect(await store.acceptances()).toEqual([second]);
      expect(await store.withdrawAcceptance('a', hour(3))).toBe(true);
      expect(await store.withdrawAcceptance('a', hour(4))).toBe(false);
      expect(await store.acceptances()).toEqual([]);
      expect((await store.findingHistory('a'))?.acceptances).toEqual([
        { ...first, withdrawn: hour(2) },
        { ...second, withdrawn: hour(3) },
      ]);
      const no = { answer: 'no', by: 'ops', on: '2026-01-01' } as const;
      const yes = { answer: 'yes', by: 'ops', on: '2026-01-02', note: 'done' } as const;
      await store.answerControl('NODE-001', no);
      await store.answerControl('NODE-001', yes);
      await store.answerControl('NODE-002', no);
      expect(await store.answers()).toEqual(
        new Map<string, ManualAnswer>([
          ['NODE-001', yes],
          ['NODE-002', no],
        ]),
      );
    });

    test('what is too old or too much goes, and what it alone held', { timeout: 60_000 }, async () => {
      await fresh();
      for (let at = 0; at < 6; at++) {
        const { id } = await store.addSnapshot(bundleNamed(`s${at % 2}`, hour(at)));
        await store.addReachability(id, { endpoints: 1, connections: 1, unknown: 0, groups: [] });
        await store.addScan(id, scanWith([findingOf(at < 2 ? 'old' : 'new')], hour(at)));
      }
      await store.acceptFinding({ fingerprint: 'old', reason: 'legacy', owner: 'ops', at: hour(1) });
      const left = async () => (await store.snapshots()).map(({ taken }) => taken);
      expect(await store.prune({})).toEqual({ snapshots: 0, findings: 0 });
      expect(await store.prune({ before: hour(2) })).toEqual({ snapshots: 2, findings: 0 });
      expect(await left()).toEqual([hour(5), hour(4), hour(3), hour(2)]);
      expect(await store.prune({ keep: 2, before: hour(1) })).toEqual({ snapshots: 2, findings: 1 });
      expect(await left()).toEqual([hour(5), hour(4)]);
      expect(await store.findingHistory('old')).toBeUndefined();
      expect(await store.findingHistory('new')).toMatchObject({ firstSeen: hour(2), lastSeen: hour(5) });
      expect(await store.acceptances()).toHaveLength(1);
      expect(await store.prune({ before: hour(100), keep: 0 })).toMatchObject({ snapshots: 1 });
      const [last] = await store.snapshots();
      expect((await store.snapshot(last?.id ?? 0))?.bundle.items[0]?.file).toBe('s1.yaml');
      await expect(store.prune({ keep: -1 })).rejects.toMatchObject({ problem: 'refused' });
      await expect(store.prune({ before: 'yesterday' })).rejects.toMatchObject({ problem: 'refused' });
    });

    test('environments do not see each other', { timeout: 60_000 }, async () => {
      await fresh();
      const { id } = await store.addSnapshot(bundleNamed('a', hour(1)));
      await store.addScan(id, scanWith([findingOf('a')], hour(1)));
      await store.acceptFinding({ fingerprint: 'a', reason: 'legacy', owner: 'ops', at: hour(1) });
      await store.answerControl('NODE-001', { answer: 'no', by: 'ops', on: '2026-01-01' });
      await fresh();
      expect(await store.snapshot(id)).toBeUndefined();
      expect(await store.reachability(id)).toBeUndefined();
      await expect(store.addScan(id, scanWith([], hour(1)))).rejects.toMatchObject({ problem: 'refused' });
      for (const seen of [store.snapshots(), store.findings(), store.timeline(), store.acceptances()]) {
        expect(await seen).toEqual([]);
      }
      expect((await store.answers()).size).toBe(0);
      expect(await store.prune({ keep: 0 })).toEqual({ snapshots: 0, findings: 0 });
    });

    test('asked at the same time, all are answered', { timeout: 60_000 }, async () => {
      await fresh();
      const hours = Array.from({ length: 8 }, (_, at) => at);
      await Promise.all(hours.map((at) => store.addSnapshot(bundleNamed('same', hour(at)))));
      const entries = await store.snapshots();
      expect(entries).toHaveLength(8);
      const bundles = await Promise.all(entries.map(({ id }) => store.snapshot(id)));
      expect(new Set(bundles.map((each) => each?.bundle.taken)).size).toBe(8);
    });

    test('a moment that is none is refused', { timeout: 60_000 }, async () => {
      await fresh();
      await expect(store.addSnapshot(bundleNamed('a', 'yesterday'))).rejects.toMatchObject({ problem: 'refused' });
      await expect(store.snapshots({ from: '' })).rejects.toMatchObject({ problem: 'refused' });
    });

    test('a store that is closed says so', { timeout: 60_000 }, async () => {
      await fresh();
      await store.close();
      await store.close();
      await expect(store.snapshots()).rejects.toMatchObject({ problem: 'closed' });
    });
  });
}
