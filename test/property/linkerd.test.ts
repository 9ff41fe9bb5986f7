import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import { trafficPoint } from '#model/traffic.ts';
import { linkerdValuesOf } from '#parse/linkerd/mesh-values.ts';
import { compare } from './compare.ts';
import { compareEncryption } from './compare-encryption.ts';
import { LINKERD_PORTS, linkerdClusters } from './generate-linkerd.ts';
import { clusterOf, connectionsOver, http } from './meshes.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;
const TRAFFIC = [
  ...LINKERD_PORTS.map((port) => trafficPoint('TCP', port)),
  trafficPoint('TCP', 7),
  trafficPoint('TCP', 4191),
  trafficPoint('UDP', 80),
];
const REQUESTS: readonly AskedRequest[] = [
  http('GET', 'shop.example.com/a', { 'x-team': 'red' }),
  http('DELETE', 'api.example.com/a/b/c', { 'x-team': 'blue' }),
];

describe('Linkerd: the engine against the oracle', () => {
  test('no verdict about a connection differs', () => agree(compare), LIMIT);

  test.each(REQUESTS)(
    'no verdict about $method $path differs',
    (request) => agree((snapshot, profile, asking) => compare(snapshot, profile, { ...asking, request })),
    LIMIT,
  );

  test('every connection that is allowed is protected as the oracle says', () => agree(compareEncryption), LIMIT);
});

function agree(comparing: typeof compareEncryption): void {
  let asked = 0;
  let vague = 0;
  const property = fc.property(linkerdClusters(), (manifests) => {
    const snapshot = clusterOf(manifests);
    const connections = connectionsOver(snapshot, TRAFFIC);
    const comparison = comparing(snapshot, PROFILES['azure-npm-linux'], {
      connections,
      linkerd: linkerdValuesOf(snapshot),
    });
    asked += comparison.asked;
    vague += comparison.vague.length;
    expect(comparison.wrong).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: 2026 });
  console.log(`${asked} answers compared; ${vague} that the oracle knows are unknown to the engine`);
  // An engine that calls everything unknown is never wrong either.
  expect(vague / Math.max(asked, 1)).toBeLessThan(0.02);
}
