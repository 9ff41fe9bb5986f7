import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '#base/address.ts';
import { PROFILES } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { Connection, Party } from '#oracle/connection.ts';
import { meshConfigOf } from '#parse/istio/mesh-config.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { compare } from './compare.ts';
import { partiesOf } from './connections.ts';
import { istioClusters, PORTS } from './generate-istio.ts';
import type { Manifest } from './manifests.ts';

/** Clusters per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 40);
const LIMIT = 120_000 + RUNS * 2_000;
const OUTSIDE = ['10.0.0.77', '198.18.0.7'];
const TRAFFIC = [...PORTS.map((port) => trafficPoint('TCP', port)), trafficPoint('TCP', 7), trafficPoint('UDP', 80)];
const REQUESTS: readonly AskedRequest[] = [
  http('GET', '/a', 'shop.example.com', [['x-team', 'red']]),
  http('DELETE', '/a/b/c', 'x0.n0.svc.cluster.local', [['x-team', 'blue']]),
];

describe('Istio: the engine against the oracle', () => {
  test('of connections', () => agree(), LIMIT);
  test('of requests', () => {
    for (const request of REQUESTS) agree(request);
  }, LIMIT);
});

function agree(request?: AskedRequest): void {
  let asked = 0;
  let vague = 0;
  const property = fc.property(istioClusters(), (manifests) => {
    const snapshot = clusterOf(manifests);
    const mesh = meshConfigOf(snapshot);
    const connections = connectionsOf(snapshot);
    const comparison = compare(snapshot, PROFILES['azure-npm-linux'], { connections, mesh, ...(request && { request }) });
    asked += comparison.asked;
    vague += comparison.vague.length;
    if (process.env.VAGUE) for (const line of comparison.vague.slice(0, 3)) console.log(line);
    expect(comparison.wrong).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: 2026 });
  console.log(`${asked} verdicts compared; ${vague} that the oracle knows are unknown to the engine`);
}

function clusterOf(manifests: readonly Manifest[]): Snapshot {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const snapshot = snapshotOf([{ file: 'generated.json', text }]);
  const refused = snapshot.diagnostics.filter(({ code }) => code.startsWith('RF2'));
  expect(refused.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  return snapshot;
}

function* connectionsOf(snapshot: Snapshot): Generator<Connection> {
  const inside = partiesOf(snapshot).filter(({ family }) => family === 4);
  const outside = OUTSIDE.map((text): Party => ({ kind: 'address', address: parseAddress(text)! }));
  const all = [...inside, ...outside];
  for (const from of all) {
    for (const to of all) {
      if (from === to || (from.kind === 'address' && to.kind === 'address')) continue;
      for (const traffic of TRAFFIC) yield { from, to, traffic };
    }
  }
}

function http(method: string, path: string, host: string, headers: [string, string][]): AskedRequest {
  return { kind: 'http', method, path, host, headers: new Map(headers) };
}
