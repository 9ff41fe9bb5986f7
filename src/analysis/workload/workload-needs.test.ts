import { expect, test } from 'vitest';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { needsOf } from '../needs/needs-of.ts';
import { needsOfWorkload } from './workload-needs.ts';

const TEXT = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i, env: [{name: DB_HOST, value: "db:5432"}, {name: BANK_URL, value: "https://bank.example.com"}]}]}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: db, namespace: shop}, spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {selector: {app: db}, ports: [{port: 5432}]}}
`;
const CLOSED = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, namespace: shop}, spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}}`;

function needs(id: string, ...more: readonly string[]) {
  const builder = new SnapshotBuilder({ objects: true });
  for (const [index, text] of [TEXT, ...more].entries()) builder.add({ file: `${index}.yaml`, text });
  const snapshot = builder.snapshot();
  return needsOfWorkload(analyseSnapshot(snapshot, { engine: 'calico' }).engine, needsOf(snapshot), id);
}

test('what it asks, and whether policy lets it', () => {
  const db = { with: 'shop/Deployment/db', ports: [{ protocol: 'TCP', ports: '5432' }] };
  expect(needs('shop/Deployment/web').out).toMatchObject([
    { ...db, verdict: 'allowed' },
    { asked: 'dns:bank.example.com' },
  ]);
  expect(needs('shop/Deployment/web', CLOSED).out[0]).toMatchObject({ ...db, verdict: 'denied' });
});

test('who asks it', () => {
  expect(needs('shop/Deployment/db').in).toMatchObject([{ endpoint: 'shop/Deployment/web', verdict: 'allowed' }]);
  expect(needs('shop/Deployment/db').out).toEqual([]);
});
