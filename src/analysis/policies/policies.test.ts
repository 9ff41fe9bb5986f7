import { describe, expect, test } from 'vitest';
import type { PolicyEntry } from '#model/answers.ts';
import type { ProfileId } from '#model/profile.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { policiesOf } from './policies.ts';

const CLUSTER = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: data, labels: {team: b}}}
---
${pod('shop', 'web', 'web', '[{containerPort: 8080, name: http}]')}
---
${pod('shop', 'cart', 'cart', '[{containerPort: 9090, name: http}]')}
---
${pod('data', 'redis', 'redis', '[{containerPort: 6379}]')}
`;

function pod(namespace: string, name: string, app: string, ports: string): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${app}}}, spec: {containers: [{name: c, image: i, ports: ${ports}}]}}`;
}

function networkPolicy(name: string, spec: string): string {
  const [namespace, own] = name.split('/');
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${own}, namespace: ${namespace}}, spec: ${spec}}`;
}

function clusterPolicy(name: string, tier: string, rest: string): string {
  const subject = 'subject: {namespaces: {}}';
  return `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: ${name}}, spec: {tier: ${tier}, ${subject}, ${rest}}}`;
}

function entriesOf(policies: readonly string[], engine: ProfileId = 'kube-network-policies'): readonly PolicyEntry[] {
  const text = [CLUSTER, ...policies].join('\n---\n');
  const snapshot = snapshotOf([{ file: 'in.yaml', text }]);
  expect(snapshot.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return policiesOf(analyseSnapshot(snapshot, { engine })).policies;
}

/** `name rule: problem because of a, b` for each problem. */
function problemsOf(policies: readonly string[], engine?: ProfileId): string[] {
  return entriesOf(policies, engine).flatMap(({ name, problems }) =>
    problems.map(({ problem, rule, culprits }) =>
      `${name} ${rule}: ${problem} < ${culprits.map((each) => each.rule).join(', ')}`.replace(/ <\s*$/, ''),
    ),
  );
}

const WEB_IN = (from: string, ports = '') =>
  `{podSelector: {matchLabels: {app: web}}, ingress: [{from: [${from}]${ports}}]}`;
const EVERY_POD = 'from: [{namespaces: {}}]';

describe('in words', () => {
  test.each([
    ['{}', 'from everyone on every port'],
    ['{from: [{podSelector: {}}]}', 'from every pod of namespace shop on every port'],
    [
      '{from: [{podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 80}, {port: 443}]}',
      'from pods app=web of namespaces team=a on TCP 80,443',
    ],
    [
      '{from: [{namespaceSelector: {}}], ports: [{protocol: UDP}]}',
      'from every pod of every namespace on every UDP port',
    ],
    [
      '{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: "fd00::/8"}}], ports: [{port: 80, endPort: 90}]}',
      'from 10.0.0.0/8 except 10.1.0.0/16 or fd00::/8 on TCP 80-90',
    ],
    [
      '{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}}], ports: [{port: http}]}',
      'from every pod of namespace data on the TCP port named `http` (8080 on shop/Pod/web)',
    ],
    ['{ports: [{port: grpc}]}', 'from everyone on the TCP port named `grpc` (on nobody in this input)'],
  ])('%s', (rule, says) => {
    const [entry] = entriesOf([
      networkPolicy('shop/p', `{podSelector: {matchLabels: {app: web}}, ingress: [${rule}]}`),
    ]);
    expect(entry?.rules[0]?.says).toBe(says);
  });

  test.each([
    [
      'to: [{networks: [10.0.0.0/8]}], protocols: [{tcp: {destinationPort: {number: 80}}}]',
      'to networks 10.0.0.0/8 on TCP 80',
    ],
    ['to: [{nodes: {matchLabels: {role: db}}}]', 'to nodes role=db on every port and protocol'],
    [
      'to: [{domainNames: [api.example.com, "*.example.org"]}]',
      'to domains api.example.com, *.example.org on every port and protocol',
    ],
    [
      'to: [{namespaces: {}}], protocols: [{destinationNamedPort: http}]',
      'to every pod of every namespace on the port named `http` (TCP 9090 on shop/Pod/cart; TCP 8080 on shop/Pod/web)',
    ],
  ])('cluster-wide: %s', (rule, says) => {
    const [entry] = entriesOf([clusterPolicy('p', 'Admin', `priority: 1, egress: [{action: Accept, ${rule}}]`)]);
    expect(entry?.rules[0]?.says.split(/[(;)] ?/).sort()).toEqual(says.split(/[(;)] ?/).sort());
  });

  test('whom it selects and isolates, and whom each rule means now', () => {
    const [entry] = entriesOf([
      networkPolicy(
        'shop/p',
        '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}, {ipBlock: {cidr: 203.0.113.0/24}}]}, {}]}',
      ),
    ]);
    expect(entry).toMatchObject({
      selects: expect.arrayContaining(['shop/Pod/web', 'shop/Pod/cart']),
      isolates: ['ingress'],
    });
    expect(entry?.rules[0]?.peers).toEqual(['203.0.113.0/24', 'data/Pod/redis']);
    expect(entry?.rules[1]?.peers.slice(0, 2)).toEqual(['0.0.0.0/0', '::/0']);
  });

  test('whom a rule matches only perhaps is marked', () => {
    const [entry] = entriesOf([networkPolicy('shop/p', WEB_IN('{ipBlock: {cidr: 10.0.0.0/9}}'))], 'upstream');
    expect(entry?.rules[0]?.peers).toContain('perhaps data/Pod/redis');
  });
});

const EXPECTED: readonly (readonly [what: string, policies: readonly string[], problems: readonly string[]])[] = [
  ['nothing is wrong', [networkPolicy('shop/p', WEB_IN('{podSelector: {matchLabels: {app: cart}}}'))], []],
  [
    'nobody is meant',
    [networkPolicy('shop/p', WEB_IN('{podSelector: {matchLabels: {app: crat}}}'))],
    ['p spec.ingress[0]: dead'],
  ],
  [
    'a port that nobody has',
    [networkPolicy('shop/p', WEB_IN('{podSelector: {}}', ', ports: [{port: grpc}]'))],
    ['p spec.ingress[0]: dead'],
  ],
  [
    'a block with nothing left',
    [networkPolicy('shop/p', WEB_IN('{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9, 10.128.0.0/9]}}'))],
    ['p spec.ingress[0]: dead'],
  ],
  [
    'a selector that contradicts itself',
    [
      networkPolicy(
        'shop/p',
        WEB_IN(
          '{podSelector: {matchLabels: {app: cart}, matchExpressions: [{key: app, operator: NotIn, values: [cart]}]}}',
        ),
      ),
    ],
    ['p spec.ingress[0]: dead'],
  ],
  [
    'a label that must be there and must not',
    [
      networkPolicy(
        'shop/p',
        WEB_IN(
          '{podSelector: {matchExpressions: [{key: x, operator: Exists}, {key: x, operator: DoesNotExist}]}}, {podSelector: {matchLabels: {app: cart}}}',
        ),
      ),
    ],
    ['p spec.ingress[0].from[0]: dead'],
  ],
  [
    'a direction that does not count',
    [
      networkPolicy(
        'shop/p',
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{}], egress: [{}]}',
      ),
    ],
    ['p spec.egress[0]: dead'],
  ],
  [
    'selects nobody',
    [networkPolicy('data/p', '{podSelector: {matchLabels: {app: rediss}}, ingress: [{}]}')],
    ['p : selects-nothing'],
  ],
  [
    'the same allow twice in one policy',
    [
      networkPolicy(
        'shop/p',
        '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}, {from: [{podSelector: {}}]}]}',
      ),
    ],
    ['p spec.ingress[0]: redundant < NetworkPolicy shop/p spec.ingress[1]'],
  ],
  [
    'two rules together cover a third',
    [
      networkPolicy(
        'shop/p',
        '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 83, endPort: 87}]}, {ports: [{port: 70, endPort: 84}]}, {ports: [{port: 85, endPort: 90}]}]}',
      ),
    ],
    ['p spec.ingress[0]: redundant < NetworkPolicy shop/p spec.ingress[1], NetworkPolicy shop/p spec.ingress[2]'],
  ],
  [
    'a policy that another contains',
    [
      networkPolicy('shop/narrow', WEB_IN('{podSelector: {matchLabels: {app: cart}}}')),
      networkPolicy('shop/wide', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'),
    ],
    ['narrow : redundant < NetworkPolicy shop/wide, NetworkPolicy shop/wide spec.ingress[0]'],
  ],
  [
    'half open',
    [
      networkPolicy(
        'shop/web',
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: b}}}]}]}',
      ),
      networkPolicy('data/closed', '{podSelector: {}}'),
    ],
    ['web spec.egress[0]: contradictory < NetworkPolicy data/closed'],
  ],
  [
    'an Admin deny in front of an allow',
    [
      clusterPolicy('first', 'Admin', `priority: 1, ingress: [{action: Deny, ${EVERY_POD}}]`),
      networkPolicy('shop/p', WEB_IN('{podSelector: {matchLabels: {app: cart}}}')),
    ],
    ['p spec.ingress[0]: contradictory < ClusterNetworkPolicy first spec.ingress[0]'],
  ],
  [
    'an Admin allow in front of an allow',
    [
      clusterPolicy('first', 'Admin', `priority: 1, ingress: [{action: Accept, ${EVERY_POD}}]`),
      networkPolicy('shop/p', WEB_IN('{podSelector: {matchLabels: {app: cart}}}')),
    ],
    ['p spec.ingress[0]: redundant < ClusterNetworkPolicy first spec.ingress[0]'],
  ],
  [
    'shadowed by an earlier rule, the different one named',
    [
      clusterPolicy(
        'p',
        'Admin',
        `priority: 1, ingress: [{action: Deny, ${EVERY_POD}}, {action: Accept, from: [{namespaces: {matchLabels: {team: a}}}]}]`,
      ),
    ],
    ['p spec.ingress[1]: shadowed < ClusterNetworkPolicy p spec.ingress[0]'],
  ],
  [
    'shadowed by isolation',
    [
      clusterPolicy(
        'base',
        'Baseline',
        'priority: 1, ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: b}}}]}]',
      ),
      networkPolicy('shop/all', '{podSelector: {}}'),
      networkPolicy('data/all', '{podSelector: {}}'),
    ],
    ['base spec.ingress[0]: shadowed < NetworkPolicy data/all, NetworkPolicy shop/all'],
  ],
  [
    'equal priority',
    [
      clusterPolicy('one', 'Admin', `priority: 5, ingress: [{action: Deny, ${EVERY_POD}}]`),
      clusterPolicy('two', 'Admin', `priority: 5, ingress: [{action: Accept, ${EVERY_POD}}]`),
    ],
    [
      'one spec.ingress[0]: contradictory < ClusterNetworkPolicy two spec.ingress[0]',
      'two spec.ingress[0]: contradictory < ClusterNetworkPolicy one spec.ingress[0]',
    ],
  ],
];

describe('problems', () => {
  test.each(EXPECTED)('%s', (_what, policies, problems) => {
    expect(problemsOf(policies)).toEqual(problems);
  });

  test('a Baseline rule whose pods are all isolated', () => {
    const base = clusterPolicy(
      'base',
      'Baseline',
      `priority: 1, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: b}}}]}], egress: [{action: Deny, ${EVERY_POD.replace('from', 'to')}}]`,
    );
    const isolating = ['shop', 'data'].map((namespace) =>
      networkPolicy(`${namespace}/all`, '{podSelector: {}, ingress: [{}]}'),
    );
    expect(problemsOf([base, ...isolating])).toEqual([
      'base spec.ingress[0]: shadowed < NetworkPolicy data/all spec.ingress[0], NetworkPolicy shop/all spec.ingress[0]',
    ]);
  });

  test('a field that is not known', () => {
    const [entry] = entriesOf([networkPolicy('shop/p', WEB_IN('{podSelector: {}, mystery: 1}'))]);
    expect(entry?.problems).toMatchObject([{ problem: 'unsupported', rule: 'spec.ingress[0].from[0].mystery' }]);
  });

  test('a kind that the profile does not enforce', () => {
    expect(
      problemsOf(
        [clusterPolicy('p', 'Admin', `priority: 1, ingress: [{action: Deny, ${EVERY_POD}}]`)],
        'azure-npm-linux',
      ),
    ).toEqual(['p : inert']);
    expect(problemsOf([networkPolicy('shop/p', WEB_IN('{podSelector: {}}'))], 'none')).toEqual(['p : inert']);
  });
});

describe('why', () => {
  const whysOf = (policies: readonly string[]) =>
    entriesOf(policies).flatMap(({ problems }) => problems.map(({ why }) => why));

  test.each([
    ['data', '{matchLabels: {app: rediss}}', 'no pod of namespace data has `app=rediss`; did you mean `redis`?'],
    ['data', '{matchLabels: {ap: redis}}', 'no pod of namespace data has `ap=redis`; did you mean the label `app`?'],
    ['data', '{matchLabels: {app: postgres}}', 'no pod of namespace data has `app=postgres`'],
    ['empty', '{}', 'namespace empty has no pod in the input'],
  ])('selects nobody: %s %s', (namespace, selector, why) => {
    expect(whysOf([networkPolicy(`${namespace}/p`, `{podSelector: ${selector}}`)])).toEqual([why]);
  });

  test('redundant by what is written, or for the pods of this input only', () => {
    const narrow = (label: string) => `{from: [{podSelector: {matchLabels: {app: ${label}}}}]}`;
    const both = (wide: string) =>
      networkPolicy('shop/p', `{podSelector: {matchLabels: {app: web}}, ingress: [${narrow('cart')}, ${wide}]}`);
    expect(whysOf([both('{from: [{podSelector: {}}]}')])[0]).toContain('for pods that are not in the input too');
    // That `cart` has no label `tier` is a fact of this input.
    expect(
      whysOf([both('{from: [{podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}]}')])[0],
    ).toContain('(in this input)');
  });

  test('an input without pods says nothing about what matches', () => {
    const snapshot = snapshotOf([{ file: 'p.yaml', text: networkPolicy('shop/p', WEB_IN('{podSelector: {}}')) }]);
    expect(policiesOf(analyseSnapshot(snapshot)).policies[0]?.problems).toEqual([]);
  });
});
