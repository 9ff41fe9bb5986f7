import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, node, pod, policy } from '#engine/ask.test-support.ts';
import type { MigrateAnswer } from '#model/migration.ts';
import type { ProfileId } from '#model/profile.ts';
import { trafficText } from '../traffic-list.ts';
import { migrateOf } from './migrate.ts';

const CLUSTER: readonly string[] = [
  namespace('shop'),
  namespace('data'),
  node('n1', ['10.9.0.1']),
  node('n2', ['10.9.0.2']),
  pod('shop/web', { ips: ['10.1.0.1'], node: 'n1', ports: ['http:8080'] }),
  pod('shop/api', { ips: ['10.1.0.2'], node: 'n2', labels: 'app: api, pod-template-hash: x' }),
  pod('data/db', { ips: ['10.2.0.1'], node: 'n2', ports: ['sql:5432'] }),
];

const DENY = policy('data/deny', 'policyTypes: [Ingress]');
const ANYWHERE = policy(
  'data/any',
  'policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]',
);
const OUT = policy('shop/out', 'policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]');

interface Case {
  readonly title: string;
  readonly documents: readonly string[];
  readonly pair: readonly [from: ProfileId, to: ProfileId];
  /** Each set of causes with the places behind it. */
  readonly causes: readonly (readonly [causes: string, ...places: string[]])[];
  /** `replace NetworkPolicy data/any`, `add CiliumNetworkPolicy data/any-from-nodes`. */
  readonly rewrites: readonly string[];
  readonly equal: boolean;
}

const CASES: readonly Case[] = [
  { title: 'nothing', documents: [DENY], pair: ['calico', 'cilium'], causes: [], rewrites: [], equal: true },
  {
    title: 'blocks that meant pods and nodes',
    documents: [ANYWHERE],
    pair: ['calico', 'cilium'],
    causes: [
      ['ip-block-and-pods', 'NetworkPolicy data/any spec.ingress[0]'],
      ['ip-block-and-nodes', 'NetworkPolicy data/any spec.ingress[0]'],
    ],
    rewrites: ['replace NetworkPolicy data/any', 'add CiliumNetworkPolicy data/any-from-nodes'],
    equal: true,
  },
  {
    title: '… of one namespace',
    documents: [policy('data/some', 'policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]')],
    pair: ['calico', 'cilium'],
    causes: [['ip-block-and-pods', 'NetworkPolicy data/some spec.ingress[0]']],
    rewrites: ['replace NetworkPolicy data/some'],
    equal: true,
  },
  {
    title: '… of some pods of one',
    documents: [policy('data/one', 'policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.1.0.1/32}}]}]')],
    pair: ['calico', 'cilium'],
    causes: [['ip-block-and-pods', 'NetworkPolicy data/one spec.ingress[0]']],
    rewrites: [],
    equal: false,
  },
  {
    title: 'rules that policyTypes leaves out',
    documents: [policy('shop/only', 'policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]')],
    pair: ['calico', 'cilium'],
    causes: [['rules-outside-policy-types', 'NetworkPolicy shop/only']],
    rewrites: ['replace NetworkPolicy shop/only'],
    equal: true,
  },
  {
    title: '… and back',
    documents: [policy('shop/only', 'policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]')],
    pair: ['cilium', 'calico'],
    causes: [['rules-outside-policy-types', 'NetworkPolicy shop/only']],
    rewrites: ['replace NetworkPolicy shop/only'],
    equal: true,
  },
  {
    title: 'the own node, which an entity of Cilium names',
    documents: [OUT],
    pair: ['azure-npm-linux', 'cilium'],
    causes: [['own-node', 'NetworkPolicy shop/out']],
    rewrites: ['add CiliumNetworkPolicy shop/out-own-node'],
    equal: true,
  },
  {
    title: '… and nothing of Calico',
    documents: [OUT],
    pair: ['azure-npm-linux', 'calico'],
    causes: [['own-node', 'NetworkPolicy shop/out']],
    rewrites: [],
    equal: false,
  },
  {
    title: 'ranges of ports where only the first counts',
    documents: [policy('data/range', 'policyTypes: [Ingress], ingress: [{ports: [{port: 80, endPort: 82}]}]')],
    pair: ['calico', 'cilium-1.16'],
    causes: [['end-port', 'NetworkPolicy data/range spec.ingress[0]']],
    rewrites: ['replace NetworkPolicy data/range'],
    equal: true,
  },
  {
    title: 'a range of ports that nothing reads so far',
    documents: [policy('data/range', 'policyTypes: [Ingress], ingress: [{ports: [{port: 80, endPort: 82}]}]')],
    pair: ['cilium-1.16', 'azure-npm-linux'],
    causes: [['end-port', 'NetworkPolicy data/range spec.ingress[0]']],
    rewrites: ['replace NetworkPolicy data/range'],
    equal: true,
  },
  {
    title: 'a label that is in no identity',
    documents: [policy('shop/hash', 'podSelector: {matchLabels: {pod-template-hash: x}}, policyTypes: [Ingress]')],
    pair: ['calico', 'cilium'],
    causes: [['excluded-labels', 'NetworkPolicy shop/hash']],
    rewrites: [],
    equal: false,
  },
  {
    title: '… which nothing matched so far',
    documents: [policy('shop/hash', 'podSelector: {matchLabels: {pod-template-hash: x}}, policyTypes: [Ingress]')],
    pair: ['cilium', 'calico'],
    causes: [['excluded-labels', 'NetworkPolicy shop/hash']],
    rewrites: ['replace NetworkPolicy shop/hash'],
    equal: true,
  },
  {
    title: 'a kind that the new engine does not enforce',
    documents: [
      '{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: c, namespace: data}, spec: {selector: all(), types: [Ingress]}}',
    ],
    pair: ['calico', 'cilium'],
    causes: [['kind-not-enforced', 'NetworkPolicy.projectcalico.org data/c']],
    rewrites: ['replace CiliumNetworkPolicy data/c'],
    equal: true,
  },
  {
    title: '… and one that only it does',
    documents: [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: c, namespace: data}, spec: {endpointSelector: {}, ingress: [{}]}}',
    ],
    pair: ['calico', 'cilium'],
    causes: [['kind-newly-enforced', 'CiliumNetworkPolicy data/c']],
    rewrites: [],
    equal: false,
  },
  {
    title: 'lines of one engine',
    documents: [policy('data/range', 'policyTypes: [Ingress], ingress: [{ports: [{port: 80, endPort: 82}]}]')],
    pair: ['cilium-1.16', 'cilium-1.18'],
    causes: [['engine-line', 'NetworkPolicy data/range spec.ingress[0]']],
    rewrites: ['replace NetworkPolicy data/range'],
    equal: true,
  },
  {
    title: 'no engine so far',
    documents: [DENY],
    pair: ['none', 'calico'],
    causes: [['kind-newly-enforced', 'NetworkPolicy data/deny']],
    rewrites: [],
    equal: false,
  },
];

describe('what changes under another engine', () => {
  test.each(CASES)('$title: $pair', ({ documents, pair: [from, to], causes, rewrites, equal }) => {
    const answer = migrateOf(clusterOf(...CLUSTER, ...documents), { from, to });
    const told = answer.changes.map(({ causes: own, places }) => [
      own.join(' + '),
      ...places.map(({ policy: name, path }) => `${name} ${path}`.trimEnd()),
    ]);
    expect(sorted(told)).toEqual(sorted(causes));
    expect(answer.rewrites.map(rewriteText)).toEqual(rewrites);
    expect(answer.proof, JSON.stringify(answer.proof.left)).toMatchObject({ equal });
    expect(answer.notKept.length > 0).toBe(!equal);
  });

  test('groups say what opens and what closes', () => {
    const { changes } = migrateOf(clusterOf(...CLUSTER, ANYWHERE), { from: 'calico', to: 'cilium' });
    const told = changes.flatMap(({ groups }) =>
      groups.map(
        ({ change, from, to, traffic }) => `${change} ${from.join(', ')} -> ${to.join(', ')} ${trafficText(traffic)}`,
      ),
    );
    expect(told).toContain('closed ns:shop -> data/Pod/db TCP 80');
  });

  test('forwarded traffic is told as a way in', () => {
    const service =
      '{apiVersion: v1, kind: Service, metadata: {name: db, namespace: data}, spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 80}]}}';
    const answer = migrateOf(clusterOf(...CLUSTER, DENY, service), { from: 'azure-npm-linux', to: 'calico' });
    expect(answer.entries.map(({ before, after, causes }) => [before, after, causes])).toContainEqual([
      'allowed',
      'denied',
      ['forwarded-traffic'],
    ]);
    expect(answer.notKept.map(({ cause }) => cause)).toEqual(['forwarded-traffic']);
  });

  test('without nodes in the input it says what it cannot see', () => {
    const answer = migrateOf(clusterOf(namespace('shop'), pod('shop/web')), { from: 'calico', to: 'cilium' });
    expect(answer.diagnostics.map(({ code }) => code)).toContain('RF4009');
  });
});

function sorted<T extends readonly string[]>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

function rewriteText({ action, object }: MigrateAnswer['rewrites'][number]): string {
  const { kind, metadata } = object as { kind: string; metadata: { name: string; namespace: string } };
  return `${action} ${kind} ${metadata.namespace}/${metadata.name}`;
}
