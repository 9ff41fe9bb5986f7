import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { iamNet001 } from './control.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { serviceAccountName: web, containers: [{ name: web, image: web }] }`;

function binding(subject: string, role: string, namespace?: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ${namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding'}
metadata: { name: given${namespace === undefined ? '' : `, namespace: ${namespace}`} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role} }
subjects: [${subject}]`;
}

function role(group: string, resource: string, name = 'own'): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "${name}" }
rules: [{ apiGroups: ["${group}"], resources: ["${resource}"], verbs: [patch] }]`;
}

const WEB = '{ kind: ServiceAccount, name: web, namespace: shop }';
const TEAM = '{ kind: Group, name: team }';

describe('rights over the network', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['none', [binding(WEB, 'view', 'shop')], ['PASS RoleBinding shop/given']],
    [
      'policies, of what runs',
      [role('cilium.io', 'ciliumnetworkpolicies'), binding(WEB, 'own', 'shop')],
      ['FAIL RoleBinding shop/given'],
    ],
    ['policies, of a team in its namespace', [binding(TEAM, 'edit', 'shop')], ['WARN RoleBinding shop/given']],
    [
      'labels of namespaces, of what runs',
      [role('', 'namespaces'), binding(WEB, 'own')],
      ['FAIL ClusterRoleBinding given'],
    ],
    [
      'endpoints in its namespace, of what runs',
      [role('', 'endpoints'), binding(WEB, 'own', 'shop')],
      ['WARN RoleBinding shop/given'],
    ],
    [
      'policies, of everybody',
      [binding('{ kind: Group, name: "system:serviceaccounts" }', 'edit', 'shop')],
      ['FAIL RoleBinding shop/given'],
    ],
    [
      'policies, of the platform',
      [binding('{ kind: ServiceAccount, name: x, namespace: tigera-operator }', 'cluster-admin')],
      ['PASS ClusterRoleBinding given'],
    ],
    [
      'everything, of what somebody put into kube-system',
      [binding('{ kind: ServiceAccount, name: x, namespace: kube-system }', 'cluster-admin')],
      ['WARN ClusterRoleBinding given'],
    ],
    ['a role that is elsewhere', [binding(WEB, 'elsewhere')], ['UNKNOWN ClusterRoleBinding given']],
    [
      'endpoints, by the shipped role',
      [role('', 'endpoints', 'system:aggregate-to-edit')],
      ['WARN ClusterRole system:aggregate-to-edit endpoints'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(placesOf(assess(iamNet001, { manifests: [POD, ...parts].join('\n---\n') }))).toEqual(expected);
  });

  test.each<[string, string, readonly string[]]>([
    ['one who owns the network', TEAM, ['PASS ClusterRoleBinding given']],
    ['another beside them', `${TEAM}, ${WEB}`, ['FAIL ClusterRoleBinding given']],
    [
      'what runs, whatever is said',
      '{ kind: Group, name: "system:serviceaccounts" }',
      ['FAIL ClusterRoleBinding given'],
    ],
  ])('policies, of %s', (_, subjects, expected) => {
    const manifests = [POD, role('cilium.io', 'ciliumnetworkpolicies'), binding(subjects, 'own')].join('\n---\n');
    const settings = { networkOwners: ['team', 'web', 'system:serviceaccounts'] };
    expect(placesOf(assess(iamNet001, { manifests, settings }))).toEqual(expected);
  });

  test('without any binding is unknown', () => expect(stateOf(iamNet001, { manifests: POD })).toBe('UNKNOWN'));
});

describe('labels that policies trust', () => {
  const policy = (namespaces: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: data }
spec:
  podSelector: {}
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } }, namespaceSelector: ${namespaces} }] }]`;
  const input = (namespaces: string) => [POD, policy(namespaces), binding(TEAM, 'edit', 'other')].join('\n---\n');

  test('of any namespace, that strangers may set, warn and are bound to their namespace', () => {
    const context = contextOf({ manifests: input('{}') });
    const place = iamNet001.assess(context).places.find(({ where }) => where.kind === 'NetworkPolicy');
    expect(place?.message).toContain('group `team` may start such pods elsewhere');
    const value = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop'] }] };
    expect(iamNet001.fix?.(context, place!)).toMatchObject({ automatic: true, changes: [{ edits: [{ value }] }] });
  });

  test.each<[string, string, boolean]>([
    [
      'projectcalico.org/v3 NetworkPolicy',
      '{ action: Allow, source: { selector: "app == \'web\'", namespaceSelector: all() } }',
      true,
    ],
    ['projectcalico.org/v3 NetworkPolicy', '{ action: Allow, source: { selector: "app == \'web\'" } }', false],
    [
      'projectcalico.org/v3 NetworkPolicy',
      '{ action: Deny, source: { selector: "app == \'web\'", namespaceSelector: all() } }',
      false,
    ],
    ['cilium.io/v2 CiliumNetworkPolicy', '{ fromEndpoints: [{ matchLabels: { app: web } }] }', false],
    [
      'cilium.io/v2 CiliumNetworkPolicy',
      '{ fromEndpoints: [{ matchLabels: { app: web, io.kubernetes.pod.namespace: shop } }] }',
      false,
    ],
    [
      'cilium.io/v2 CiliumNetworkPolicy',
      '{ fromEndpoints: [{ matchLabels: { app: web }, matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: Exists }] }] }',
      true,
    ],
  ])('of engines: %s %s', (type, rule, expected) => {
    const [apiVersion, kind] = type.split(' ');
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: db, namespace: data }\nspec: { ${kind === 'CiliumNetworkPolicy' ? 'endpointSelector: {}, ' : ''}ingress: [${rule}] }`;
    const places = placesOf(
      assess(iamNet001, { manifests: [POD, text, binding(TEAM, 'edit', 'other')].join('\n---\n') }),
    );
    expect(places.some((place) => place.startsWith(`WARN ${kind} data/db`))).toBe(expected);
  });

  test('are no strangers where they may start pods here too', () => {
    const manifests = [POD, policy('{}'), binding(TEAM, 'edit', 'other'), binding(TEAM, 'edit', 'data')].join(
      '\n---\n',
    );
    expect(placesOf(assess(iamNet001, { manifests })).filter((place) => place.includes('NetworkPolicy'))).toEqual([]);
  });

  test('of a named namespace pass', () => {
    const places = placesOf(
      assess(iamNet001, { manifests: input('{ matchLabels: { kubernetes.io/metadata.name: shop } }') }),
    );
    expect(places).toEqual(['WARN RoleBinding other/given']);
  });
});
