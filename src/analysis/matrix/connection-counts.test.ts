import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, node, policy, workload } from '#engine/ask.test-support.ts';
import { analyseSnapshot } from '../analysis.ts';
import { mapOf } from '../map/map.ts';
import { connectionCounts } from './connection-counts.ts';

const TOWN = [namespace('shop'), namespace('data'), workload('shop/web'), workload('shop/api'), workload('data/db')];
const TWINS = `apiVersion: v1
kind: Pod
metadata: {name: twin-1, namespace: shop, labels: {app: twin}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: twin, uid: a, controller: true}]}
spec: {containers: [{name: a, image: a}]}
status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: twin-2, namespace: shop, labels: {app: twin}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: twin, uid: a, controller: true}]}
spec: {containers: [{name: a, image: a}]}
status: {podIPs: [{ip: 10.0.0.2}]}`;
const V4_ONLY = 'podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/24}}]}]';
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['nothing but pods', TOWN],
  ['a node', [...TOWN, node('n1')]],
  ['a wall', [...TOWN, policy('data/db', 'podSelector: {}, policyTypes: [Ingress, Egress]')]],
  [
    'one port for one',
    [
      ...TOWN,
      policy(
        'data/db',
        'podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}, namespaceSelector: {}}], ports: [{port: 5432}]}]',
      ),
    ],
  ],
  [
    'an end outside',
    [
      ...TOWN,
      policy(
        'shop/web',
        'podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.9.0.0/16}}]}]',
      ),
    ],
  ],
  [
    'a field that is not understood',
    [
      ...TOWN,
      policy('shop/web', 'podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'),
    ],
  ],
  ['pods of two families', [...TOWN, TWINS, policy('shop/v4', V4_ONLY)]],
];

describe('the counts are those of the whole map', () => {
  test.each(CASES)('%s', (_, documents) => {
    const analysis = analyseSnapshot(clusterOf(...documents), { engine: 'calico' });
    const { endpoints, connections } = mapOf(analysis, { fold: 'never' });
    const outside = (id: string) => id.replace(/^external:.*/, 'outside');
    const pairs = (list: typeof connections) =>
      new Set(list.map(({ from, to }) => `${outside(from)} ${outside(to)}`)).size;
    const counted = connections.filter(
      ({ allowed, mixed = [] }) => allowed === 'all' || allowed.length + mixed.length > 0,
    );
    expect(connectionCounts(analysis.engine)).toEqual({
      endpoints: new Set(endpoints.map(({ id }) => outside(id))).size,
      connections: pairs(counted),
      unknown: pairs(connections.filter(({ unknown }) => unknown.length > 0)),
    });
    expect(counted.length).toBeGreaterThan(0);
  });
});
