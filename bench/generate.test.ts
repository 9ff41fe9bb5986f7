import { describe, expect, test } from 'vitest';
import { isWithin, parseCidr } from '#base/address.ts';
import { describeCluster } from './cluster.ts';
import { type Manifest, manifestsOf } from './cluster-manifests.ts';
import { clusterSnapshot } from './cluster-snapshot.ts';
import { printYaml } from './print-yaml.ts';

const cluster = describeCluster({ workloads: 400, policies: 500 });
const manifests = [...manifestsOf(cluster, 'pods')];
const snapshot = clusterSnapshot(cluster, 'pods');

describe('the generated cluster', () => {
  test('is the same for the same seed and another for another', () => {
    expect(describeCluster({ workloads: 50 })).toEqual(describeCluster({ workloads: 50 }));
    expect(describeCluster({ workloads: 50, seed: 2 })).not.toEqual(describeCluster({ workloads: 50 }));
  });

  test('has exactly as many workloads and policies as asked for', () => {
    expect(cluster.workloads).toHaveLength(400);
    expect(cluster.policies).toHaveLength(500);
  });

  test('has no two objects of one identity', () => {
    const ids = manifests.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has no two pods of one address', () => {
    const addresses = snapshot.pods.flatMap((pod) => pod.addresses);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('has names and labels that an API server takes', () => {
    for (const { metadata } of manifests) {
      expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      for (const [key, value] of Object.entries(metadata.labels ?? {})) {
        expect(key).toMatch(/^([a-z0-9.-]+\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/);
        expect(value).toMatch(/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/);
      }
    }
  });

  test('has holes strictly inside their blocks', () => {
    for (const { cidr, except } of blocks()) {
      for (const hole of except) expect(isWithin(hole, cidr) && hole.length > cidr.length).toBe(true);
    }
  });

  test('has a mixture: IPv6 blocks, holes, names and ranges of ports, expressions', () => {
    const text = JSON.stringify(cluster.policies);
    for (const part of ['"except"', '"endPort"', '"port":"', '"NotIn"', '::/']) expect(text).toContain(part);
  });

  test('holds no IPv6 and no block that could hold a pod when plain', () => {
    const plain = clusterSnapshot(describeCluster({ workloads: 400, plain: true }), 'templates');
    const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(
      (text) => parseCidr(text)!.cidr,
    );
    for (const policy of plain.networkPolicies) {
      for (const peer of [...policy.ingress, ...policy.egress].flatMap((rule) => rule.peers)) {
        if (peer.kind !== 'ipBlock') continue;
        expect(peer.cidr.family).toBe(4);
        for (const range of privateRanges) {
          const apart = range.hi < peer.cidr.lo || range.lo > peer.cidr.hi;
          expect(apart || peer.except.some((hole) => isWithin(range, hole))).toBe(true);
        }
      }
    }
  });
});

describe('the two forms', () => {
  test('hold the same objects', () => {
    const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;
    expect(snapshot.namespaces).toHaveLength(count('Namespace'));
    expect(snapshot.workloads).toHaveLength(count('Deployment') + count('StatefulSet'));
    expect(snapshot.networkPolicies).toHaveLength(count('NetworkPolicy'));
    expect(snapshot.nodes).toHaveLength(count('Node'));
    expect(snapshot.pods).toHaveLength(count('Pod'));
  });

  test('print as YAML that keeps text as text', () => {
    const manifest: Manifest = {
      apiVersion: 'v1',
      kind: 'X',
      metadata: { name: 'on', labels: { a: '1', b: 'no' } },
      spec: { list: [], map: {}, port: 80 },
    };
    expect(printYaml(manifest)).toBe(
      'apiVersion: v1\nkind: X\nmetadata:\n  name: "on"\n  labels:\n    a: "1"\n    b: "no"\nspec:\n  list: []\n  map: {}\n  port: 80\n',
    );
  });
});

function blocks() {
  const rules = snapshot.networkPolicies.flatMap((policy) => [...policy.ingress, ...policy.egress]);
  return rules.flatMap((rule) => rule.peers).filter((peer) => peer.kind === 'ipBlock');
}
