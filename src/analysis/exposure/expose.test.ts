import { describe, expect, test } from 'vitest';
import { buildEngine } from '#engine/engine.ts';
import type { TrafficList } from '#model/answers.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import { clusterOf, deployment, policy } from './cluster.test-support.ts';
import { exposeOf } from './expose.ts';

const WEB = deployment('shop/web');

function ask(documents: readonly string[], profile: ProfileId = 'kube-network-policies'): ReturnType<typeof exposeOf> {
  return exposeOf(buildEngine(clusterOf(...documents), { profile: PROFILES[profile] }));
}

function textOf(traffic: TrafficList): string {
  return traffic === 'all' ? 'all' : traffic.map(({ protocol, ports }) => `${protocol} ${ports}`).join('; ');
}

describe('reach', () => {
  function reach(documents: readonly string[], profile?: ProfileId): string[] {
    return ask(documents, profile).reach.map(({ from, to, allowed, unknown }) => {
      const open = unknown.length === 0 ? '' : ` ?${textOf(unknown)}`;
      return `${from} > ${to} ${textOf(allowed)}${open}`.replaceAll('shop/Deployment/web', 'web');
    });
  }
  const out = policy('shop/e', 'policyTypes: [Egress]');
  const cases: [string, readonly string[], string[]][] = [
    ['nothing isolates: ingress', [WEB, out], ['internet > web all', 'private networks > web all']],
    ['deny all', [WEB, policy('shop/d', 'policyTypes: [Ingress, Egress]')], []],
    [
      'a block',
      [WEB, out, policy('shop/i', 'ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 8080}]}]')],
      ['203.0.113.0/24 > web TCP 8080'],
    ],
    [
      'all but a block',
      [WEB, out, policy('shop/i', 'ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [203.0.113.0/24]}}]}]')],
      ['internet except 203.0.113.0/24 > web all', 'private networks > web all'],
    ],
    [
      'the metadata endpoint left open',
      [WEB, policy('shop/e', 'policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 169.254.0.0/16}}]}]')],
      ['web > 169.254.169.254 all'],
    ],
    [
      'the internet without the metadata endpoint',
      [
        WEB,
        policy(
          'shop/e',
          'policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32, 168.63.129.16/32]}}], ports: [{port: 443}]}]',
        ),
      ],
      ['web > internet TCP 443', 'web > private networks TCP 443'],
    ],
  ];
  test.each(cases)('%s', (_, documents, expected) => {
    expect(reach(documents)).toEqual(expected);
  });

  test('nodes', () => {
    const nodes = ['a', 'b'].map(
      (name, index) =>
        `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}}\nstatus: {addresses: [{type: InternalIP, address: 10.1.0.${index + 4}}]}`,
    );
    const onA =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {nodeName: a, containers: [{name: c, image: i}]}';
    const closed = policy('shop/d', 'policyTypes: [Ingress, Egress]');
    expect(reach([onA, closed, ...nodes], 'upstream')).toEqual(['node:a > shop/Pod/p all', 'shop/Pod/p > node:a all']);
    expect(reach([onA, ...nodes]).filter((line) => line.includes('node'))).toEqual([
      'all nodes > shop/Pod/p all',
      'shop/Pod/p > all nodes all',
    ]);
  });
});

describe('potential', () => {
  function potential(
    documents: readonly string[],
    direction: 'ingress' | 'egress' = 'ingress',
    id = 'shop/Deployment/web',
  ): string[] {
    return ask(documents)
      .potential.filter((entry) => entry.direction === direction && entry.endpoint === id)
      .map(({ peer, allowed }) => `${peer}: ${textOf(allowed)}`);
  }
  const from = (peers: string, ports = ''): string => policy('shop/i', `ingress: [{from: [${peers}]${ports}}]`);
  const cases: [string, readonly string[], string[]][] = [
    ['not isolated', [WEB], ['any pod of any namespace: all']],
    ['isolated', [WEB, policy('shop/d', 'policyTypes: [Ingress]')], []],
    ['pods of its own namespace', [WEB, from('{podSelector: {}}')], ['any pod of namespace shop: all']],
    [
      'a label of its own namespace',
      [WEB, from('{podSelector: {matchLabels: {app: cart}}}')],
      ['pods with app=cart of namespace shop: all'],
    ],
    [
      'a label that a pod there has',
      [WEB, deployment('shop/cart'), from('{podSelector: {matchLabels: {app: cart}}}')],
      [],
    ],
    [
      'any namespace',
      [WEB, from('{namespaceSelector: {}}', ', ports: [{port: http}]')],
      ['any pod of any namespace: TCP 8080'],
    ],
    [
      'namespaces by label',
      [WEB, from('{namespaceSelector: {matchLabels: {team: a}}}')],
      ['any pod in namespaces with team=a: all'],
    ],
    [
      'both',
      [WEB, from('{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: x}}}')],
      ['pods with app=x in namespaces with team=a: all'],
    ],
    [
      'a label in any namespace',
      [WEB, from('{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}')],
      ['pods with app=x of any namespace: all'],
    ],
    [
      'a namespace by name that is not there',
      [WEB, from('{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: backend}}}')],
      ['any pod of namespace backend: all'],
    ],
    [
      'NotIn',
      [
        WEB,
        from('{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [bad]}]}}'),
      ],
      ['any pod of any namespace, except pods with app=bad of any namespace: all'],
    ],
    [
      'NotIn, of its own namespace',
      [WEB, from('{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [bad]}]}}')],
      ['pods with app not in (bad) of namespace shop: all'],
    ],
    [
      'Exists',
      [WEB, from('{namespaceSelector: {matchExpressions: [{key: team, operator: Exists}]}}')],
      ['any pod in namespaces with label team: all'],
    ],
    [
      'a selector that nothing satisfies',
      [WEB, from('{podSelector: {matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}}')],
      [],
    ],
    [
      'In with NotIn',
      [
        WEB,
        from(
          '{podSelector: {matchExpressions: [{key: a, operator: In, values: [x, z]}, {key: a, operator: NotIn, values: [x]}]}}',
        ),
      ],
      ['pods with a in (x, z) and a not in (x) of namespace shop: all'],
    ],
    [
      'the wider one alone is told',
      [WEB, from('{namespaceSelector: {}}, {namespaceSelector: {matchLabels: {team: a}}}')],
      ['any pod of any namespace: all'],
    ],
    [
      'the wider one and what the narrower has more',
      [
        WEB,
        policy(
          'shop/i',
          'ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}, {from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 80}, {port: 81}]}]',
        ),
      ],
      ['any pod of any namespace: TCP 80', 'any pod in namespaces with team=a: TCP 80-81'],
    ],
    ['addresses are no pods', [WEB, from('{ipBlock: {cidr: 203.0.113.0/24}}')], []],
  ];
  test.each(cases)('%s', (_, documents, expected) => {
    expect(potential(documents)).toEqual(expected);
  });

  test('egress', () => {
    const named = policy(
      'shop/e',
      'policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}, {port: metrics}]}]',
    );
    expect(potential([WEB, named], 'egress')).toEqual(['any pod of any namespace: UDP 53']);
  });

  test('policies of the possible pod itself are not counted, cluster-wide ones are', () => {
    const elsewhere = policy('other/d', 'policyTypes: [Egress]');
    expect(potential([WEB, elsewhere])).toEqual(['any pod of any namespace: all']);
    const admin = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: tenants}
spec: {tier: Admin, priority: 10, subject: {namespaces: {matchLabels: {tenant: t}}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}`;
    const defined = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}';
    expect(potential([WEB, defined, admin])).toEqual([
      'any pod of any namespace, except any pod in namespaces with tenant=t: all',
    ]);
  });

  test('the rule that admits is told by its place', () => {
    const [entry] = ask([WEB, from('{namespaceSelector: {}}')]).potential;
    expect(entry?.origin).toMatchObject({ file: 'cluster.yaml' });
    expect(ask([WEB]).potential[0]?.origin).toBeUndefined();
  });
});
