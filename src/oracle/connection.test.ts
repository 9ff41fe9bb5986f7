import { describe, expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import type { ClusterPolicy, Namespace, NetworkPolicy, Node } from '#model/resource.ts';
import { trafficPoint } from '#model/traffic.ts';
import {
  cidr,
  clusterPolicy,
  type NetworkPolicySpec,
  namespace,
  networkPolicy,
  node,
  nodeParty,
  outside,
  type PeerSpec,
  pod,
  snapshot,
} from './build.test-support.ts';
import { type OracleVerdict, oracleOf, type Party } from './connection.ts';

interface World {
  readonly namespaces?: readonly Namespace[];
  readonly nodes?: readonly Node[];
  readonly policies?: readonly NetworkPolicy[];
  readonly cluster?: readonly ClusterPolicy[];
  readonly podRanges?: readonly string[];
}

function ask(world: World, from: Party, to: Party, profile = PROFILES.upstream): OracleVerdict {
  const { namespaces = [], nodes = [], policies = [], cluster = [], podRanges = [] } = world;
  const whole = snapshot({ namespaces, nodes, networkPolicies: policies, clusterPolicies: cluster });
  return oracleOf({ snapshot: whole, profile, podRanges: podRanges.map(cidr) })({
    from,
    to,
    traffic: trafficPoint('TCP', 80),
  });
}

function admitting(...peers: PeerSpec[]): NetworkPolicy[] {
  return [networkPolicy('shop/x', { ingress: [{ peers }] })];
}

const web = pod('shop', '10.0.0.1', { labels: { app: 'web' } });
const internet = outside('203.0.113.7');

describe('a pod without an address', () => {
  const from = pod('shop', 4);
  const from6 = pod('shop', 6);
  const web6 = pod('shop', 'fd00::1');
  const nodes = [node('n', { podCidrs: ['10.1.0.0/16'] })];

  test.each<[title: string, world: World, from: Party, verdict: string]>([
    ['a private block: perhaps', { policies: admitting({ cidr: '10.0.0.0/8' }) }, from, 'unknown'],
    ['a public block: no', { policies: admitting({ cidr: '203.0.113.0/24' }) }, from, 'denied'],
    ['everything: yes', { policies: admitting({ cidr: '0.0.0.0/0' }) }, from, 'allowed'],
    [
      'everything but a public block: yes',
      { policies: admitting({ cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] }) },
      from,
      'allowed',
    ],
    [
      'everything but a private block: perhaps',
      { policies: admitting({ cidr: '0.0.0.0/0', except: ['10.9.0.0/16'] }) },
      from,
      'unknown',
    ],
    [
      'two halves are the whole',
      { policies: admitting({ cidr: '0.0.0.0/1' }, { cidr: '128.0.0.0/1' }) },
      from,
      'allowed',
    ],
    ['the nodes’ ranges: inside', { nodes, policies: admitting({ cidr: '10.0.0.0/8' }) }, from, 'allowed'],
    ['the nodes’ ranges: apart', { nodes, policies: admitting({ cidr: '10.2.0.0/16' }) }, from, 'denied'],
    ['the nodes’ ranges: a part', { nodes, policies: admitting({ cidr: '10.1.7.0/24' }) }, from, 'unknown'],
    ['the nodes’ ranges: their first half', { nodes, policies: admitting({ cidr: '10.1.0.0/17' }) }, from, 'unknown'],
    [
      'a given range comes first',
      { nodes, podRanges: ['10.2.0.0/16'], policies: admitting({ cidr: '10.2.0.0/16' }) },
      from,
      'allowed',
    ],
    [
      'each family by itself',
      { podRanges: ['10.2.0.0/16'], policies: admitting({ cidr: 'fd00::/8' }) },
      from6,
      'unknown',
    ],
    ['IPv6: all of fc00::/7', { policies: admitting({ cidr: 'fc00::/7' }) }, from6, 'allowed'],
  ])('%s', (_title, world, peer, verdict) => {
    expect(ask(world, peer, peer === from6 ? web6 : web).verdict).toBe(verdict);
  });

  test('one address in one world: allow and deny of the same block do not both miss it', () => {
    const cluster = [
      clusterPolicy('a', {
        egress: [
          { action: 'deny', peers: [{ networks: ['10.0.0.0/9'] }] },
          {
            action: 'deny',
            peers: [{ networks: ['10.128.0.0/9', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'] }],
          },
        ],
      }),
    ];
    expect(ask({ cluster }, web, from).verdict).toBe('denied');
  });
});

describe('a namespace that is not in the snapshot', () => {
  const far = pod('far', '10.0.9.9');

  test.each<[string, PeerSpec[], string]>([
    ['a label: perhaps', [{ namespaces: { team: 'a' } }], 'unknown'],
    ['no requirement: yes', [{ namespaces: {} }], 'allowed'],
    ['its name: yes', [{ namespaces: { 'kubernetes.io/metadata.name': 'far' } }], 'allowed'],
    ['another name: no', [{ namespaces: { 'kubernetes.io/metadata.name': 'near' } }], 'denied'],
    [
      'a label and its absence: one of them',
      [{ namespaces: [['team', 'Exists']] }, { namespaces: [['team', 'DoesNotExist']] }],
      'allowed',
    ],
    [
      'a value or none: perhaps another',
      [{ namespaces: { team: 'a' } }, { namespaces: [['team', 'DoesNotExist']] }],
      'unknown',
    ],
    [
      'two values at once: never',
      [
        {
          namespaces: [
            ['team', 'In', 'a'],
            ['team', 'In', 'b'],
          ],
        },
      ],
      'denied',
    ],
    ['neither of two values: perhaps', [{ namespaces: { team: 'a' } }, { namespaces: { team: 'b' } }], 'unknown'],
    ['a pod label that does not fit: no', [{ namespaces: { team: 'a' }, pods: { app: 'x' } }], 'denied'],
  ])('%s', (_title, peers, verdict) => {
    expect(ask({ policies: admitting(...peers) }, far, web).verdict).toBe(verdict);
  });

  test('one that is there has its labels and no others', () => {
    const namespaces = [namespace('far', { env: 'x' })];
    expect(ask({ namespaces, policies: admitting({ namespaces: { team: 'a' } }) }, far, web).verdict).toBe('denied');
  });
});

describe('where a pod runs', () => {
  const nodes = [node('n1', { addresses: ['192.168.0.1'] }), node('n2', { addresses: ['192.168.0.2'] })];
  const isolated = [networkPolicy('shop/x', {})];
  const somewhere = pod('shop', 4, { hostNetwork: true });
  const on = (name: string) => pod('shop', '10.0.0.1', { node: name });

  test.each<[string, Party, Party, string]>([
    ['not known: a node is perhaps its own', nodeParty(nodes[0]!), web, 'unknown'],
    ['not known: an outside address is not', internet, web, 'denied'],
    ['not known: another pod is not', pod('shop', '10.0.0.2'), web, 'denied'],
    ['a host-network pod somewhere', somewhere, on('n1'), 'unknown'],
    ['a host-network pod by its address', pod('shop', '192.168.0.1', { hostNetwork: true }), on('n1'), 'allowed'],
    ['… of another node', pod('shop', '192.168.0.2', { hostNetwork: true }), on('n1'), 'denied'],
    ['a node that is not listed, by name', pod('shop', 4, { hostNetwork: true, node: 'n9' }), on('n9'), 'allowed'],
    ['… and one that is', pod('shop', 4, { hostNetwork: true, node: 'n9' }), on('n1'), 'denied'],
  ])('%s', (_title, from, to, verdict) => {
    expect(ask({ nodes, policies: isolated }, from, to, PROFILES['kube-network-policies']).verdict).toBe(verdict);
  });

  test('a host-network pod on a listed node has its address, elsewhere any address', () => {
    const policies = admitting({ cidr: '192.168.0.0/24' });
    const knp = PROFILES['kube-network-policies'];
    expect(ask({ nodes, policies }, pod('shop', 4, { hostNetwork: true, node: 'n2' }), on('n1'), knp).verdict).toBe(
      'allowed',
    );
    expect(ask({ nodes, policies }, pod('shop', 4, { hostNetwork: true, node: 'n9' }), on('n1'), knp).verdict).toBe(
      'unknown',
    );
  });

  test('one node in one world: a node that is not listed is not the listed one', () => {
    // On n1 the Admin tier denies it; anywhere else it is not the own node of the isolated source.
    const infra = [node('n1', { addresses: ['192.168.0.1'], labels: { role: 'infra' } })];
    const cluster = [clusterPolicy('a', { egress: [{ action: 'deny', peers: [{ nodes: { role: 'infra' } }] }] })];
    const policies = [networkPolicy('shop/x', { types: ['egress'] })];
    expect(
      ask({ nodes: infra, cluster, policies }, on('n1'), somewhere, PROFILES['kube-network-policies']).verdict,
    ).toBe('denied');
  });

  test('the labels of a node that is not listed', () => {
    const cluster = [clusterPolicy('a', { egress: [{ action: 'deny', peers: [{ nodes: { role: 'infra' } }] }] })];
    expect(ask({ nodes, cluster }, web, pod('shop', 4, { hostNetwork: true, node: 'n9' })).verdict).toBe('unknown');
    expect(ask({ nodes, cluster }, web, pod('shop', 4, { hostNetwork: true, node: 'n1' })).verdict).toBe('allowed');
  });
});

describe('what NetworkPolicy could not be read', () => {
  const select = { app: 'web' };
  const far = pod('far', '10.0.9.9');

  test.each<[string, NetworkPolicySpec[], string]>([
    ['a peer: perhaps', [{ ingress: [{ peers: ['unread'] }] }], 'unknown'],
    ['a peer on another port: no', [{ ingress: [{ peers: ['unread'], ports: ['TCP/81'] }] }], 'denied'],
    ['a peer next to one that matches: yes', [{ ingress: [{ peers: ['unread', { namespaces: {} }] }] }], 'allowed'],
    [
      'a rule: perhaps, whatever else it says',
      [{ ingress: [{ gap: true, peers: [{ pods: { no: 'such' } }] }] }],
      'unknown',
    ],
    ['the spec: isolated perhaps', [{ gap: true, select: { no: 'such' } }], 'unknown'],
    ['the spec, and another policy isolates', [{ gap: true }, { select }], 'denied'],
    ['the spec, and another policy admits', [{ gap: true }, { select, ingress: [{}] }], 'allowed'],
  ])('%s', (_title, specs, verdict) => {
    const policies = specs.map((spec, index) => networkPolicy(`shop/p${index}`, spec));
    expect(ask({ policies }, far, web).verdict).toBe(verdict);
  });

  test('the spec of a policy in another namespace: no', () => {
    expect(ask({ policies: [networkPolicy('other/x', { gap: true })] }, far, web).verdict).toBe('allowed');
  });
});

describe('both directions', () => {
  test('each has its verdict', () => {
    const policies = [networkPolicy('shop/x', {})];
    expect(ask({ policies }, web, pod('shop', '10.0.0.2'))).toMatchObject({
      egress: 'allowed',
      ingress: 'denied',
      verdict: 'denied',
    });
  });

  test('what is not a pod has no policy', () => {
    expect(ask({ policies: [networkPolicy('shop/x', {})] }, internet, outside('192.0.2.1')).verdict).toBe('allowed');
  });

  test('two that hang on one fact and never both allow are denied', () => {
    // Host-network pods are pods: the source is isolated. They are not: the destination does not admit it.
    const policies = [
      networkPolicy('shop/a', { select: { app: 'host' }, types: ['egress'] }),
      networkPolicy('shop/b', { select: { app: 'web' }, ingress: [{ peers: [{ pods: { app: 'host' } }] }] }),
    ];
    const from = pod('shop', '192.168.0.9', { hostNetwork: true, node: 'n1', labels: { app: 'host' } });
    const to = pod('shop', '10.0.0.1', { node: 'n2', labels: { app: 'web' } });
    expect(ask({ policies }, from, to)).toEqual({
      egress: 'unknown',
      ingress: 'unknown',
      verdict: 'denied',
      complete: true,
    });
  });
});
