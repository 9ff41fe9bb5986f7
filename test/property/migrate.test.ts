import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { migrateOf } from '#analysis/migrate/migrate.ts';
import { buildEngine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import { snapshots } from './generate.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 25);
const LIMIT = 120_000 + RUNS * 4_000;
const PAIRS: readonly (readonly [ProfileId, ProfileId])[] = [
  ['azure-npm-linux', 'cilium-1.18'],
  ['cilium-1.18', 'azure-npm-linux'],
  ['calico', 'cilium-1.18'],
  ['azure-npm-linux', 'calico'],
  ['upstream', 'kube-router'],
];
/** Every port that the generator writes, and one that it does not. */
const PORTS = [1, 2, 53, 80, 81, 443, 8080, 65535];
const TRAFFIC = PORTS.flatMap((port) =>
  (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => trafficPoint(protocol, port)),
);

describe('migrate over generated clusters', () => {
  test.each(PAIRS)(
    '%s to %s',
    (from, to) => {
      let changed = 0;
      let byModel = 0;
      let kept = 0;
      const property = fc.property(snapshots({ oneGapIn: 0 }), (snapshot) => {
        const answer = migrateOf(snapshot, { from, to });
        expect(answer.changes.every(({ causes }) => causes.length > 0)).toBe(true);
        // Ranges of ports reach further than the numbers that are asked about here.
        if (differs(snapshot, from, to)) expect(answer.changes.length).toBeGreaterThan(0);
        if (answer.changes.length === 0) expect(answer.proof.equal).toBe(true);
        changed += answer.changes.length;
        byModel += answer.changes.filter(({ causes }) => causes.includes('engine-model')).length;
        if (answer.changes.length > 0 && answer.proof.equal) kept++;
      });
      fc.assert(property, { numRuns: RUNS, seed: 2026 });
      console.log(
        `${from} to ${to}: ${changed} sets of causes, ${byModel} with engine-model; ${kept} clusters kept whole`,
      );
    },
    LIMIT,
  );
});

/** Whether any verdict about ports between two points differs, asked one by one of two engines. */
function differs(snapshot: Snapshot, from: ProfileId, to: ProfileId): boolean {
  const engines = [from, to].map((id) => buildEngine(snapshot, { profile: PROFILES[id], podRanges: [] }));
  const [before, after] = [engines[0]!.reach, engines[1]!.reach];
  const { points } = before.world;
  for (let a = 0; a < points.length; a++) {
    for (let b = 0; b < points.length; b++) {
      const bothOutside = points[a]!.kind === 'external' && points[b]!.kind === 'external';
      if (a === b || bothOutside) continue;
      if (TRAFFIC.some((traffic) => verdictBetween(before, a, b, traffic) !== verdictBetween(after, a, b, traffic)))
        return true;
    }
  }
  return false;
}
