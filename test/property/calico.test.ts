import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import { compare } from './compare.ts';
import { calicoClusters } from './generate-calico.ts';
import { clusterOf, connectionsBetween, http } from './meshes.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;

describe('Calico: the engine against the oracle', () => {
  test('no verdict about pods differs', () => agree({}), LIMIT);

  test('no verdict about pods and host endpoints differs', () => agree({ hosts: true }), LIMIT);

  test('no verdict about a request differs', () => agree({}, { request: http('GET', 'shop.example.com/a') }), LIMIT);

  test('what is stated leaves nothing open', () => agree({ oneGapIn: 0 }), LIMIT);
});

function agree(size: Parameters<typeof calicoClusters>[0], asking: Parameters<typeof compare>[2] = {}): void {
  let asked = 0;
  let vague = 0;
  const property = fc.property(calicoClusters(size), (manifests) => {
    const snapshot = clusterOf(manifests, ['RF2013']);
    const comparison = compare(snapshot, PROFILES.calico, { ...asking, connections: connectionsBetween(snapshot) });
    asked += comparison.asked;
    vague += comparison.vague.length;
    if (process.env.SHOW_VAGUE && comparison.vague.length > 0) console.log(comparison.vague.slice(0, 3).join('\n'));
    expect(comparison.wrong.slice(0, 5)).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: 2026 });
  console.log(`${asked} answers compared; ${vague} that the oracle knows are unknown to the engine`);
  // An engine that calls everything unknown is never wrong either.
  expect(vague / Math.max(asked, 1)).toBeLessThan(0.1);
}
