import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { iamRbac001 } from './control.ts';

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { serviceAccountName: web, automountServiceAccountToken: TOKEN, containers: [{ name: web, image: web }] }
`;

interface Bound {
  readonly rules?: string;
  readonly role?: string;
  readonly subject?: string;
  readonly namespace?: string;
}

function bound({
  rules,
  role,
  subject = '{ kind: ServiceAccount, name: web, namespace: shop }',
  namespace,
}: Bound): string {
  const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  const written = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: own }
rules: [${rules}]`;
  const binding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: given${namespace === undefined ? '' : `, namespace: ${namespace}`} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role ?? 'own'} }
subjects: [${subject}]`;
  return [DEPLOYMENT.replace('TOKEN', 'false'), ...(rules === undefined ? [] : [written]), binding].join('\n---\n');
}

const found = (manifests: string) =>
  placesOf(assess(iamRbac001, { manifests })).filter((place) => !place.startsWith('PASS'));

describe('what a binding gives', () => {
  const CORE = 'apiGroups: [""]';
  const ANYONE = '{ kind: Group, name: "system:authenticated" }';
  test.each<[string, Bound, readonly string[]]>([
    ['one ConfigMap', { rules: `{ ${CORE}, resources: [configmaps], verbs: [get] }` }, []],
    ['everything', { role: 'cluster-admin' }, ['FAIL ClusterRoleBinding given 5.1.1']],
    [
      'everything, to a group of people',
      { role: 'cluster-admin', subject: '{ kind: Group, name: ops }' },
      ['WARN ClusterRoleBinding given 5.1.1'],
    ],
    [
      'everything in kube-system',
      { role: 'cluster-admin', subject: '{ kind: ServiceAccount, name: x, namespace: kube-system }' },
      ['FAIL ClusterRoleBinding given 5.1.1'],
    ],
    [
      'everything to Flux',
      { role: 'cluster-admin', subject: '{ kind: ServiceAccount, name: x, namespace: flux-system }' },
      ['WARN ClusterRoleBinding given 5.1.1'],
    ],
    [
      'a wildcard',
      { rules: `{ ${CORE}, resources: ["*"], verbs: [get, list] }` },
      ['FAIL ClusterRoleBinding given 5.1.3'],
    ],
    ['a wildcard on a group of its own', { rules: '{ apiGroups: [acme.io], resources: ["*"], verbs: ["*"] }' }, []],
    [
      'Secrets',
      { rules: `{ ${CORE}, resources: [secrets], verbs: [list] }` },
      ['FAIL ClusterRoleBinding given 5.1.2 secrets'],
    ],
    ['one Secret', { rules: `{ ${CORE}, resources: [secrets], verbs: [get], resourceNames: [tls] }` }, []],
    ['pods in its namespace', { rules: `{ ${CORE}, resources: [pods], verbs: [create] }`, namespace: 'shop' }, []],
    [
      'pods everywhere',
      { rules: `{ ${CORE}, resources: [pods], verbs: [create] }` },
      ['FAIL ClusterRoleBinding given 5.1.4 pods'],
    ],
    [
      'the kubelet',
      { rules: `{ ${CORE}, resources: [nodes/proxy], verbs: [get] }` },
      ['FAIL ClusterRoleBinding given 5.1.10 nodes-proxy'],
    ],
    [
      'Secrets to everybody',
      { rules: `{ ${CORE}, resources: [secrets], verbs: [get] }`, subject: ANYONE, namespace: 'shop' },
      ['FAIL RoleBinding shop/given 5.1.2 secrets'],
    ],
    [
      'edit, to a team in its namespace',
      { role: 'edit', subject: '{ kind: Group, name: team }', namespace: 'shop' },
      [],
    ],
    [
      'view, to the default account',
      { role: 'view', subject: '{ kind: ServiceAccount, name: default, namespace: shop }', namespace: 'shop' },
      ['FAIL RoleBinding shop/given 5.1.5'],
    ],
    ['what is not in the input', { role: 'elsewhere' }, ['UNKNOWN ClusterRoleBinding given']],
    [
      'a group past RBAC',
      { role: 'view', subject: '{ kind: Group, name: "system:masters" }' },
      ['WARN ClusterRoleBinding given 5.1.7'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(found(bound(parts))).toEqual(expected);
  });

  test('pods in a namespace with an account that may do more', () => {
    const pods = bound({ rules: '{ apiGroups: [""], resources: [pods], verbs: [create] }', namespace: 'shop' });
    const strong = bound({ role: 'cluster-admin', subject: '{ kind: ServiceAccount, name: ci, namespace: shop }' });
    const text = `${pods}\n---\n${strong.split('\n---\n')[1]}`;
    expect(found(text)).toEqual(['FAIL RoleBinding shop/given 5.1.4 pods', 'FAIL ClusterRoleBinding given 5.1.1']);
  });
});

describe('tokens', () => {
  const ROLE = '{ apiGroups: [""], resources: [configmaps], verbs: [get] }';
  test('of an account with a right are needed', () => {
    const manifests = bound({ rules: ROLE, namespace: 'shop' }).replace('Token: false', 'Token: true');
    expect(found(manifests)).toEqual([]);
  });

  test.each([
    ['of the default account without one fail', 'serviceAccountName: default,', 'FAIL'],
    ['of another warn: the input is a part', 'serviceAccountName: web,', 'WARN'],
  ])('%s', (_, account, state) => {
    const manifests = DEPLOYMENT.replace('TOKEN', 'true').replace('serviceAccountName: web,', account);
    expect(found(manifests)).toEqual([`${state} Deployment shop/web 5.1.6 token`, 'UNKNOWN cluster cluster']);
  });

  test('of what is known to ask the API server are for its binding to judge', () => {
    const manifests = DEPLOYMENT.replace('TOKEN', 'true').replace('image: web', 'image: acme/ingress-nginx:1');
    expect(found(manifests)[0]).toBe('UNKNOWN Deployment shop/web 5.1.6 token');
  });

  test('are switched off by the fix', () => {
    const context = contextOf({ manifests: DEPLOYMENT.replace('TOKEN', 'true') });
    const [place] = iamRbac001.assess(context).places;
    expect(iamRbac001.fix?.(context, place!)?.changes).toMatchObject([
      { edits: [{ path: ['spec', 'template', 'spec', 'automountServiceAccountToken'], value: false }] },
    ]);
  });
});

describe('the whole', () => {
  test('nothing to look at is unknown', () => expect(stateOf(iamRbac001, {})).toBe('UNKNOWN'));

  test.each([
    [true, 'PASS'],
    [false, 'FAIL'],
    [undefined, 'WARN'],
  ])('a cluster in Azure with enableRBAC %s', (enableRBAC, state) => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';
    const azure = [{ id, name: 'aks', type: 'Microsoft.ContainerService/managedClusters', properties: { enableRBAC } }];
    expect(assess(iamRbac001, { azure, kind: 'live' }).places.map((place) => place.state)).toEqual([state]);
  });
});
