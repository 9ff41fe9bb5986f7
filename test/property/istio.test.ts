import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import { trafficPoint } from '#model/traffic.ts';
import { meshConfigOf } from '#parse/istio/mesh-config.ts';
import { compare } from './compare.ts';
import { istioClusters, PORTS } from './generate-istio.ts';
import { clusterOf, connectionsOver, http } from './meshes.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;
const TRAFFIC = [...PORTS.map((port) => trafficPoint('TCP', port)), trafficPoint('TCP', 7), trafficPoint('UDP', 80)];
const REQUESTS: readonly AskedRequest[] = [
  http('GET', 'shop.example.com/a', { 'x-team': 'red' }),
  http('DELETE', 'x0.n0.svc.cluster.local/a/b/c', { 'x-team': 'blue' }),
];

describe('Istio: the engine against the oracle', () => {
  test('no verdict about a connection differs', () => agree(), LIMIT);

  test.each(REQUESTS)('no verdict about $method $path differs', (request) => agree(request), LIMIT);
});

function agree(request?: AskedRequest): void {
  let asked = 0;
  let vague = 0;
  const property = fc.property(istioClusters(), (manifests) => {
    const snapshot = clusterOf(manifests);
    const comparison = compare(snapshot, PROFILES['azure-npm-linux'], {
      connections: connectionsOver(snapshot, TRAFFIC),
      mesh: meshConfigOf(snapshot),
      ...(request !== undefined && { request }),
    });
    asked += comparison.asked;
    vague += comparison.vague.length;
    expect(comparison.wrong).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: 2026 });
  console.log(`${asked} verdicts compared; ${vague} that the oracle knows are unknown to the engine`);
}
