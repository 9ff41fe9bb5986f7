import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import { compare } from './compare.ts';
import { type CiliumSize, ciliumClusters } from './generate-cilium.ts';
import { clusterOf, connectionsBetween, http } from './meshes.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;
const LINES: readonly ProfileId[] = ['cilium', 'cilium-1.16', 'cilium-1.20'];

describe('Cilium: the engine against the oracle', () => {
  test.each(LINES)('no verdict under %s differs', (profile) => agree({ profile }), LIMIT);

  test('no verdict about a request differs', () => agree({ request: http('GET', 'shop.example.com/a') }), LIMIT);

  test(
    'no verdict about another request differs',
    () => agree({ request: http('POST', 'x.example.com/b', { 'x-team': 'red' }) }),
    LIMIT,
  );

  test('what is stated leaves little open', () => agree({ size: { oneGapIn: 0 } }), LIMIT);
});

interface Agreeing {
  readonly profile?: ProfileId;
  readonly size?: CiliumSize;
  readonly request?: ReturnType<typeof http>;
}

function agree({ profile = 'cilium-1.19', size = {}, request }: Agreeing): void {
  let asked = 0;
  let vague = 0;
  const property = fc.property(ciliumClusters(size), (manifests) => {
    const snapshot = clusterOf(manifests, ['RF2013']);
    const connections = connectionsBetween(snapshot);
    const comparison = compare(snapshot, PROFILES[profile], { connections, ...(request !== undefined && { request }) });
    asked += comparison.asked;
    vague += comparison.vague.length;
    expect(comparison.wrong.slice(0, 5)).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: 2026 });
  console.log(`${asked} answers compared; ${vague} that the oracle knows are unknown to the engine`);
  // An engine that calls everything unknown is never wrong either.
  expect(vague / Math.max(asked, 1)).toBeLessThan(0.1);
}
