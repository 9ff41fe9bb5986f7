import { describe, expect, test } from 'vitest';
import type { ProfileId } from '#model/profile.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import { type Analysis, analyseSnapshot } from '../analysis.ts';
import { mapOf } from '../map/map.ts';
import { isolationOf } from './isolation.ts';

function deployment(name: string, app: string, rest = ''): string {
  return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: shop}, spec: {selector: {matchLabels: {app: ${app}}}, template: {metadata: {labels: {app: ${app}, part: ${name}}}, spec: {containers: [{name: c, image: i}]${rest}}}}}`;
}

const OPEN = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: open, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}}`;

function analysed(engine: ProfileId, ...documents: readonly string[]): Analysis {
  const builder = new SnapshotBuilder({ objects: true });
  for (const [index, text] of documents.entries()) builder.add({ file: `in-${index}.yaml`, text });
  const snapshot = builder.snapshot();
  expect(snapshot.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return analyseSnapshot(snapshot, { engine });
}

/** Connections that the workload has a part in and something passes. */
function openTo(analysis: Analysis, id: string): readonly string[] {
  return mapOf(analysis, { fold: 'never' })
    .connections.filter(({ from, to, allowed }) => [from, to].includes(id) && (allowed === 'all' || allowed.length > 0))
    .map(({ from, to }) => `${from} ${to}`)
    .sort();
}

const WEB = 'shop/Deployment/web';
const PLAIN = [deployment('web', 'web'), deployment('db', 'db')];

describe('cut off', () => {
  test.each([
    ['kube-network-policies', 'default-deny', PLAIN],
    ['azure-npm-linux', 'default-deny', PLAIN],
    ['calico', 'deny', PLAIN],
    ['calico', 'deny', [...PLAIN, OPEN]],
    ['cilium', 'deny', PLAIN],
    ['cilium', 'deny', [...PLAIN, OPEN]],
    ['kube-network-policies', 'admin', [...PLAIN, OPEN]],
    ['ovn-kubernetes', 'admin', [...PLAIN, OPEN]],
  ] as const)('under %s by %s nothing passes between workloads', (engine, wanted, documents) => {
    const before = analysed(engine, ...documents);
    const pods = (list: readonly string[]) => list.filter((each) => !/external|node:|\d/.test(each));
    expect(pods(openTo(before, WEB))).toEqual([`shop/Deployment/db ${WEB}`, `${WEB} shop/Deployment/db`].sort());
    const found = isolationOf(before, WEB, new Set());
    const way = found?.ways.find(({ id }) => id === wanted);
    expect(pods(openTo(analysed(engine, ...documents, way?.text ?? ''), WEB))).toEqual([]);
  });

  test('a policy that only allows says that it leaves open what others allow', () => {
    const found = isolationOf(analysed('azure-npm-linux', ...PLAIN, OPEN), WEB, new Set());
    expect(found?.ways.map(({ id }) => id)).toEqual(['default-deny']);
    expect(found?.ways[0]?.notes).toEqual(['a NetworkPolicy only allows: what another one lets pass stays open']);
  });

  test('labels that others have too are made narrower by what the pods have', () => {
    const found = isolationOf(analysed('calico', deployment('web', 'x'), deployment('api', 'x')), WEB, new Set());
    expect(found?.ways[0]?.text).toContain("part == 'web'");
    expect(found?.alsoIsolates).toEqual([]);
  });

  test('who is cut off with it is told', () => {
    const twin = deployment('api', 'web').replace('part: api', 'part: web');
    expect(isolationOf(analysed('calico', deployment('web', 'web'), twin), WEB, new Set())?.alsoIsolates).toEqual([
      'shop/Deployment/api',
    ]);
  });

  test('a file that is there is left as it is', () => {
    const [first] = isolationOf(analysed('calico', ...PLAIN), WEB, new Set())?.ways ?? [];
    const [second] = isolationOf(analysed('calico', ...PLAIN), WEB, new Set([first!.file]))?.ways ?? [];
    expect([first?.file, second?.file]).toEqual(['isolate-web-in-shop.yaml', 'isolate-web-in-shop-2.yaml']);
  });
});

describe('no way', () => {
  test.each([
    ['none', PLAIN, 'install a network policy engine first'],
    ['calico', [deployment('web', 'web', ', hostNetwork: true')], 'it is on the network of its node'],
  ] as const)('under %s', (engine, documents, why) => {
    const found = isolationOf(analysed(engine, ...documents), WEB, new Set());
    expect(found?.ways).toEqual([]);
    expect(found?.why).toContain(why);
  });

  test('without labels there is nothing to select by', () => {
    const bare = `{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: shop}, spec: {containers: [{name: c, image: i}]}}`;
    expect(isolationOf(analysed('calico', bare), 'shop/Pod/bare', new Set())?.why).toContain('no label');
  });

  test('nothing is called so', () => {
    expect(isolationOf(analysed('calico', ...PLAIN), 'shop/Deployment/none', new Set())).toBeUndefined();
  });
});
