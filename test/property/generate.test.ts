import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { oracleVerdict } from '#oracle/connection.ts';
import { allConnections, describeConnection, partiesOf } from './connections.ts';
import { snapshots } from './generate.ts';
import { toManifests } from './manifests.ts';

const SAMPLE = fc.sample(snapshots(), { numRuns: 150, seed: 20 });
const TEXT = SAMPLE.map((each) => JSON.stringify(toManifests(each))).join('\n');

describe('the sample has the whole grammar', () => {
  test.each([
    ...['In', 'NotIn', 'Exists', 'DoesNotExist'].map((operator) => `"operator":"${operator}"`),
    ...[
      '"matchLabels"',
      '"podSelector":{}',
      '"namespaceSelector":{}',
      'kubernetes.io/metadata.name',
      '"app":""',
      '"values":[""]',
    ],
    ...[
      '"policyTypes":["Ingress"]',
      '"policyTypes":["Egress"]',
      '"policyTypes":["Ingress","Egress"]',
      '"spec":{"podSelector":{},"ingress"',
    ],
    ...[
      '"from":[]',
      '"to":[]',
      '"ports":[]',
      '"ingress":[]',
      '"egress":[]',
      '"endPort"',
      '"port":"http"',
      '"except"',
      '"cidr":"::/0"',
    ],
    ...[
      '"action":"Allow"',
      '"action":"Accept"',
      '"action":"Deny"',
      '"action":"Pass"',
      '"networks"',
      '"nodes":{',
      '"domainNames"',
    ],
    ...['"portNumber"', '"portRange"', '"namedPort"', '"destinationNamedPort"', '"sctp":{', '"range":{', '"number":'],
    ...['"tier":"Admin"', '"tier":"Baseline"', 'BaselineAdminNetworkPolicy', '"kind":"AdminNetworkPolicy"'],
    ...[
      '"hostNetwork":true',
      '"nodeName":"node9"',
      '"podCIDR"',
      '"initContainers"',
      '"ownerReferences"',
      '"phase":"Succeeded"',
    ],
    ...['"mystery":true', '{"podSelector":{},"mystery":true}', '[{"mystery":true}'],
  ])('%s', (part) => {
    expect(TEXT.includes(part)).toBe(true);
  });

  test('namespaces that are not defined, pods of one family, of both and of none, equal priorities', () => {
    expect(
      SAMPLE.some((each) => each.pods.some((pod) => !each.namespaces.some(({ name }) => name === pod.namespace))),
    ).toBe(true);
    for (const count of [0, 1, 2]) {
      expect(SAMPLE.some((each) => each.pods.some((pod) => pod.addresses.length === count))).toBe(true);
    }
    expect(SAMPLE.some(hasEqualPriorities)).toBe(true);
  });
});

test('one snapshot gives one text, which is plain JSON', () => {
  for (const each of SAMPLE) {
    const manifests = toManifests(each);
    expect(JSON.parse(JSON.stringify(manifests))).toEqual(manifests);
    expect(toManifests(each)).toEqual(manifests);
  }
});

test('both ends are different parties of one family, one of them a pod', () => {
  for (const { from, to } of allConnections(SAMPLE[0]!)) {
    expect(from).not.toBe(to);
    expect(familyOf(from)).toBe(familyOf(to));
    expect([from.kind, to.kind]).toContain('pod');
  }
});

test('pods that have ended and workloads that have pods are no parties', () => {
  for (const each of SAMPLE) {
    const shapes = partiesOf(each).flatMap((party) => (party.kind === 'pod' ? party.shape : []));
    for (const pod of each.pods) expect(shapes.includes(pod.shape)).toBe(pod.phase !== 'Succeeded');
    const owned = each.workloads.filter((workload) =>
      each.pods.some(
        ({ controller, namespace }) => namespace === workload.namespace && controller?.name === workload.name,
      ),
    );
    for (const workload of owned) expect(shapes).not.toContain(workload.template);
  }
});

test('every verdict is met, and all worlds are tried', () => {
  const seen = new Set<string>();
  for (const each of SAMPLE.slice(0, 40)) {
    for (const connection of someOf(each, 40)) {
      const { verdict, complete } = oracleVerdict(each, PROFILES.upstream, connection);
      seen.add(verdict);
      expect(complete, describeConnection(each, connection)).toBe(true);
    }
  }
  expect([...seen].sort()).toEqual(['allowed', 'denied', 'unknown']);
});

test('knowing less about namespaces may make a verdict unknown and never another', () => {
  for (const whole of SAMPLE.slice(0, 40)) {
    const less = { ...whole, namespaces: whole.namespaces.slice(1) };
    for (const connection of someOf(whole, 20)) {
      const before = oracleVerdict(whole, PROFILES['kube-network-policies'], connection).verdict;
      const after = oracleVerdict(less, PROFILES['kube-network-policies'], connection).verdict;
      expect(after === before || after === 'unknown', describeConnection(whole, connection)).toBe(true);
    }
  }
});

test('the order of policies has no meaning', () => {
  for (const each of SAMPLE.slice(0, 40)) {
    const turned = {
      ...each,
      networkPolicies: each.networkPolicies.toReversed(),
      clusterPolicies: each.clusterPolicies.toReversed(),
    };
    for (const connection of someOf(each, 20)) {
      const verdict = oracleVerdict(each, PROFILES.upstream, connection);
      expect(oracleVerdict(turned, PROFILES.upstream, connection), describeConnection(each, connection)).toEqual(
        verdict,
      );
    }
  }
});

function hasEqualPriorities({ clusterPolicies }: Snapshot): boolean {
  return new Set(clusterPolicies.map(({ tier, priority }) => `${tier} ${priority}`)).size < clusterPolicies.length;
}

function familyOf(
  party: ReturnType<typeof partiesOf>[number] | { kind: 'address'; address: { family: number } },
): number {
  return party.kind === 'address' ? party.address.family : party.family;
}

/** About `count` connections from all over the snapshot. */
function someOf(each: Snapshot, count: number) {
  const all = [...allConnections(each)];
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_connection, index) => index % step === 0);
}
