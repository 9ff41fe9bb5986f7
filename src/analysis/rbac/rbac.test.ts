import { describe, expect, test } from 'vitest';
import { snapshotOf } from '#parse/snapshot.ts';
import { accessOf } from './access.ts';
import { powersOf } from './powers.ts';
import { type Ask, allows, allowsUrl, type RbacRule } from './rule.ts';
import { subjectText } from './subject.ts';

function rule(parts: Partial<RbacRule>): RbacRule {
  return { verbs: [], groups: [''], resources: [], names: [], urls: [], ...parts };
}

function access(text: string) {
  return accessOf(snapshotOf([{ file: 'rbac.yaml', text }], { objects: true }).objects);
}

describe('a rule allows', () => {
  const get: Ask = { verb: 'get', group: '', resource: 'pods' };
  test.each<[string, Partial<RbacRule>, Ask, 'all' | 'named' | false]>([
    ['the verb and resource it names', { verbs: ['get'], resources: ['pods'] }, get, 'all'],
    ['no other verb', { verbs: ['list'], resources: ['pods'] }, get, false],
    ['no other group', { verbs: ['get'], resources: ['pods'], groups: ['apps'] }, get, false],
    ['everything by wildcards', { verbs: ['*'], resources: ['*'], groups: ['*'] }, get, 'all'],
    ['subresources by a wildcard', { verbs: ['get'], resources: ['*'] }, { ...get, subresource: 'exec' }, 'all'],
    ['no subresource by the resource', { verbs: ['get'], resources: ['pods'] }, { ...get, subresource: 'exec' }, false],
    ['the subresource it names', { verbs: ['get'], resources: ['pods/exec'] }, { ...get, subresource: 'exec' }, 'all'],
    ['one subresource of all', { verbs: ['get'], resources: ['*/exec'] }, { ...get, subresource: 'exec' }, 'all'],
    ['nothing by `pods/*`', { verbs: ['get'], resources: ['pods/*'] }, { ...get, subresource: 'exec' }, false],
    ['names', { verbs: ['get'], resources: ['pods'], names: ['web'] }, get, 'named'],
    [
      'no create by name',
      { verbs: ['create'], resources: ['pods'], names: ['web'] },
      { ...get, verb: 'create' },
      false,
    ],
  ])('%s', (_, parts, ask, expected) => {
    expect(allows(rule(parts), ask)).toBe(expected);
  });

  test('paths by prefix', () => {
    const logs = rule({ verbs: ['get'], urls: ['/logs/*'] });
    expect(['/logs/a', '/logs', '/metrics'].map((url) => allowsUrl(logs, 'get', url))).toEqual([true, false, false]);
  });
});

const BINDINGS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: parts, labels: { rbac.authorization.k8s.io/aggregate-to-edit: "true", part: "yes" } }
rules: [{ apiGroups: [cilium.io], resources: [ciliumnetworkpolicies], verbs: [patch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: whole }
aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: "yes" } }] }
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: team, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
subjects: [{ kind: Group, name: team }, { kind: ServiceAccount, name: deployer }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: whole }
subjects: [{ kind: User, name: "system:serviceaccount:ops:bot" }, { kind: Group, name: "system:serviceaccounts:web" }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: gone, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: gone }
subjects: [{ kind: User, name: jo }]
`;

describe('who can', () => {
  const { whoCan, grants, grantsOf } = access(BINDINGS);
  const names = (ask: Ask, namespace?: string) => whoCan(ask, namespace).map(({ grant }) => grant.binding.name);

  test('do what a shipped role allows, in the namespace of the binding', () => {
    const ask: Ask = { verb: 'create', group: '', resource: 'pods' };
    expect([names(ask, 'shop'), names(ask, 'web'), names(ask)]).toEqual([['team'], [], []]);
  });

  test('do what is added by label, and what is aggregated', () => {
    const ask: Ask = { verb: 'patch', group: 'cilium.io', resource: 'ciliumnetworkpolicies' };
    expect([names(ask, 'shop'), names(ask)]).toEqual([['team', 'all'], ['all']]);
  });

  test('service accounts by name, as users, by group, and of the binding where no namespace is given', () => {
    const of = (namespace: string, name: string) => grantsOf({ namespace, name }).map(({ binding }) => binding.name);
    expect([of('ops', 'bot'), of('web', 'any'), of('shop', 'deployer')]).toEqual([['all'], ['all'], ['team']]);
    expect(grants[0]!.subjects.map(subjectText)).toEqual(['group `team`', 'service account `shop/deployer`']);
  });

  test('the role by which servers of the API are trusted is known', () => {
    const text = BINDINGS.split('---').at(-1)!.replaceAll('gone', 'extension-apiserver-authentication-reader');
    expect(access(text.replace('shop', 'kube-system')).grants[0]?.role?.rules).toEqual([]);
  });

  test('roles that are nowhere are told', () => {
    expect(grants.find(({ binding }) => binding.name === 'gone')?.role).toBeUndefined();
  });
});

describe('powers', () => {
  test.each<[string, Partial<RbacRule>, string, readonly string[]]>([
    ['reading Secrets', { verbs: ['list'], resources: ['secrets'] }, '', ['secrets']],
    ['of one Secret is none', { verbs: ['get'], resources: ['secrets'], names: ['tls'] }, '', []],
    ['volumes are of the cluster', { verbs: ['create'], resources: ['persistentvolumes'] }, 'shop', []],
    ['acting as service accounts', { verbs: ['impersonate'], resources: ['serviceaccounts'] }, 'shop', ['impersonate']],
    ['acting as groups, in a namespace', { verbs: ['impersonate'], resources: ['groups'] }, 'shop', []],
    [
      'binding one role that is all',
      { verbs: ['bind'], groups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], names: ['cluster-admin'] },
      '',
      ['escalate'],
    ],
  ])('%s', (_, parts, scope, expected) => {
    expect(powersOf({ rules: [rule(parts)] }, scope).map(({ power }) => power.id)).toEqual(expected);
  });

  test('approving needs a signer of Kubernetes', () => {
    const group = 'certificates.k8s.io';
    const approval = rule({ verbs: ['update'], groups: [group], resources: ['certificatesigningrequests/approval'] });
    const signer = (name: string) =>
      rule({ verbs: ['approve'], groups: [group], resources: ['signers'], names: [name] });
    const ids = (name: string) => powersOf({ rules: [approval, signer(name)] }, '').map(({ power }) => power.id);
    expect([ids('example.com/own'), ids('kubernetes.io/kube-apiserver-client')]).toEqual([[], ['csr']]);
  });
});
