import { describe, expect, test } from 'vitest';
import { differencesOf } from './answers.ts';
import { type Cluster, clusterOptions, type WorkloadSpec } from './cluster.ts';
import type { PolicySpec } from './cluster-policies.ts';
import { clusterSnapshot } from './cluster-snapshot.ts';
import { readMapAnswers } from './map-answers.ts';
import { naiveAnswers } from './naive.ts';
import { readPeerAnswers } from './peer.ts';

type Spec = PolicySpec['spec'];

const DB = { matchLabels: { app: 'db' } };
const WEB = { podSelector: { matchLabels: { app: 'web' } } };

const cases: readonly (readonly [string, readonly Spec[], string])[] = [
  ['no policy allows all', [], 'all'],
  ['default deny', [{ podSelector: {}, policyTypes: ['Ingress'] }], 'nothing'],
  ['egress isolation of the source alone denies', [{ podSelector: {}, policyTypes: ['Egress'] }], 'nothing'],
  [
    'one port',
    [
      {
        podSelector: DB,
        policyTypes: ['Ingress'],
        ingress: [{ from: [WEB], ports: [{ protocol: 'TCP', port: 5432 }] }],
      },
    ],
    'TCP 5432',
  ],
  [
    'a name of the destination',
    [{ podSelector: DB, policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: 'pg' }] }] }],
    'TCP 5432',
  ],
  [
    'a name with another protocol',
    [{ podSelector: DB, policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'UDP', port: 'pg' }] }] }],
    'nothing',
  ],
  [
    'a range to the last port',
    [
      {
        podSelector: DB,
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ protocol: 'TCP', port: 65000, endPort: 65535 }] }],
      },
    ],
    'TCP 65000-65535',
  ],
  [
    'another app',
    [{ podSelector: DB, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: DB }] }] }],
    'nothing',
  ],
  [
    'a namespace by its team',
    [
      {
        podSelector: DB,
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'x' } } }] }],
      },
    ],
    'all',
  ],
  [
    'an outside block',
    [{ podSelector: DB, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '20.0.0.0/8' } }] }] }],
    'nothing',
  ],
];

describe('the naive evaluator', () => {
  test.each(cases)('%s', (_, specs, expected) => {
    const answers = [...naiveAnswers(clusterSnapshot(clusterOf(specs), 'templates'))];
    expect(answers.find(({ from, to }) => from === 'a/web' && to === 'a/db')?.conns ?? 'nothing').toBe(expected);
  });
});

describe('canonical answers', () => {
  test('read the list that the peer prints', () => {
    const list = [
      { src: 'a/web[Deployment]', dst: 'a/db[StatefulSet]', conn: 'TCP 5432,6000-6010,UDP 53' },
      { src: 'a/db[StatefulSet]', dst: 'a/web[Deployment]', conn: 'All Connections' },
      { src: '0.0.0.0-9.255.255.255', dst: 'a/web[Deployment]', conn: 'All Connections' },
      { src: '{ingress-controller}', dst: 'a/web[Deployment]', conn: 'TCP 80' },
    ];
    expect(readPeerAnswers(JSON.stringify(list))).toEqual([
      { from: 'a/web', to: 'a/db', conns: 'TCP 5432,6000-6010;UDP 53' },
      { from: 'a/db', to: 'a/web', conns: 'all' },
    ]);
  });

  test('read our own map', () => {
    const map = {
      endpoints: [
        { id: 'external:1', kind: 'external' },
        { id: 'a/Deployment/web', kind: 'workload', namespace: 'a', name: 'web' },
        { id: 'a/Deployment/db', kind: 'workload', namespace: 'a', name: 'db' },
      ],
      connections: [
        { from: 'external:1', to: 'a/Deployment/web', allowed: 'all' },
        {
          from: 'a/Deployment/web',
          to: 'a/Deployment/db',
          allowed: [{ protocol: 'TCP', ports: '5432,6000-6010' }, { protocol: 'ICMP' }],
        },
      ],
    };
    expect(readMapAnswers(JSON.stringify(map))).toEqual([{ from: 'a/web', to: 'a/db', conns: 'TCP 5432,6000-6010' }]);
  });

  test('name every pair that differs', () => {
    const left = [{ from: 'a', to: 'b', conns: 'all' }];
    const right = [
      { from: 'a', to: 'b', conns: 'TCP 80' },
      { from: 'b', to: 'a', conns: 'all' },
    ];
    expect(differencesOf(left, right)).toEqual([
      { from: 'a', to: 'b', left: 'all', right: 'TCP 80' },
      { from: 'b', to: 'a', left: 'nothing', right: 'all' },
    ]);
    expect(differencesOf(left, left)).toEqual([]);
  });
});

function clusterOf(specs: readonly Spec[]): Cluster {
  const policies = specs.map((spec, index) => ({ namespace: 'a', name: `p${index}`, spec }));
  const workloads: WorkloadSpec[] = [
    { kind: 'Deployment', namespace: 'a', name: 'web', labels: { app: 'web' }, ports: [], replicas: 1 },
    {
      kind: 'Deployment',
      namespace: 'a',
      name: 'db',
      labels: { app: 'db' },
      ports: [{ name: 'pg', protocol: 'TCP', port: 5432 }],
      replicas: 1,
    },
  ];
  return { options: clusterOptions({}), namespaces: [{ name: 'a', labels: { team: 'x' } }], workloads, policies };
}
