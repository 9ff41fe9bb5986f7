import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '#base/address.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { PodShape } from '#model/resource.ts';
import { type PortProtocol, trafficPoint } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import { oracleVerdict, type Party } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { readPaths } from '#source/read-paths.ts';

// What examples/README.md promises, held against the oracle: the example must stay true, whoever edits it.
const { files, diagnostics } = await readPaths(['examples/shop']);
const snapshot = snapshotOf(files);

interface Question {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly verdict: Verdict;
  readonly profile?: ProfileId;
}

const INTERNET = '198.18.0.1';
const QUESTIONS: readonly Question[] = [
  { from: 'shop-frontend/web', to: 'shop-backend/api', port: '8080', verdict: 'allowed' },
  { from: 'shop-frontend/web', to: 'kube-system/coredns', port: '53/UDP', verdict: 'denied' },
  { from: 'shop-frontend/web', to: 'kube-system/coredns', port: '53', verdict: 'allowed' },
  { from: 'shop-backend/api', to: 'kube-system/coredns', port: '53/UDP', verdict: 'allowed' },
  { from: 'shop-backend/api', to: 'kube-system/coredns', port: '9153', verdict: 'denied' },
  { from: 'shop-backend/cart', to: 'shop-data/redis', port: '6379', verdict: 'denied' },
  { from: 'shop-backend/cart', to: 'shop-data/postgres', port: '5432', verdict: 'allowed' },
  { from: 'shop-data/backup', to: 'shop-data/postgres', port: '5432', verdict: 'allowed' },
  { from: 'shop-backend/orders-worker', to: 'shop-data/postgres', port: '5432', verdict: 'allowed' },
  { from: INTERNET, to: 'shop-backend/payments', port: '8443', verdict: 'allowed' },
  { from: INTERNET, to: 'shop-data/postgres', port: '5432', verdict: 'denied' },
  { from: INTERNET, to: 'ingress-nginx/ingress-nginx-controller', port: '443', verdict: 'allowed' },
  { from: INTERNET, to: 'ingress-nginx/ingress-nginx-controller', port: '8443', verdict: 'denied' },
  { from: 'shop-backend/payments', to: '169.254.169.254', port: '80', verdict: 'denied' },
  { from: 'shop-backend/payments', to: INTERNET, port: '443', verdict: 'allowed' },
  { from: '198.51.100.7', to: 'shop-frontend/web', port: '8080', verdict: 'allowed' },
  { from: '198.51.100.200', to: 'shop-frontend/web', port: '8080', verdict: 'denied' },
  { from: '10.20.0.5', to: 'monitoring/prometheus', port: '9090', verdict: 'denied' },
  { from: 'monitoring/prometheus', to: 'shop-backend/cart', port: '9095', verdict: 'allowed' },
  { from: 'shop-backend/api', to: 'monitoring/node-exporter', port: '9100', verdict: 'unknown' },
  {
    from: 'ingress-nginx/ingress-nginx-controller',
    to: 'monitoring/node-exporter',
    port: '9100',
    verdict: 'unknown',
  },
  {
    from: 'ingress-nginx/ingress-nginx-controller',
    to: 'monitoring/node-exporter',
    port: '9100',
    profile: 'azure-npm-linux',
    verdict: 'allowed',
  },
];

describe('examples/shop', () => {
  test('is read whole, without complaint', () => {
    expect([...diagnostics, ...snapshot.diagnostics]).toEqual([]);
    expect([...snapshot.others.keys()]).toEqual(['ringfence.dev/v1/Invariants']);
  });

  test.each(QUESTIONS)('$from to $to $port: $verdict', ({ from, to, port, verdict, profile }) => {
    const [number, protocol = 'TCP'] = port.split('/');
    const traffic = trafficPoint(protocol as PortProtocol, Number(number));
    const connection = { from: partyOf(from), to: partyOf(to), traffic };
    expect(oracleVerdict(snapshot, PROFILES[profile ?? 'upstream'], connection).verdict).toBe(verdict);
  });

  test('every question of the README that names a verdict is asked here', () => {
    const readme = readFileSync('examples/README.md', 'utf8');
    const asked = new Set(QUESTIONS.map(({ from, to, port }) => `${from} ${to} ${port}`.replace(INTERNET, 'internet')));
    const promised = [...readme.matchAll(/`ringfence can (.+?) examples\/shop`/g)].map(([, question]) => question);
    expect(promised.filter((question) => !asked.has(question!))).toEqual([]);
    expect(promised.length).toBeGreaterThan(8);
  });
});

function partyOf(name: string): Party {
  const address = parseAddress(name);
  if (address !== undefined) return { kind: 'address', address };
  const workload = snapshot.workloads.find((candidate) => `${candidate.namespace}/${candidate.name}` === name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  const shape: PodShape = workload.template;
  return { kind: 'pod', namespace: workload.namespace, shape, family: 4 };
}
