import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { cluster } from '../clusters.test-support.ts';
import { iamAad001 } from './control.ts';

describe('how people sign in', () => {
  test.each<[string, object, string]>([
    ['by Entra ID alone', { aadProfile: { managed: true }, disableLocalAccounts: true }, 'PASS'],
    ['by Entra ID and locally', { aadProfile: { managed: true } }, 'WARN'],
    ['locally', {}, 'FAIL'],
  ])('%s', (_, properties, state) => expect(stateOf(iamAad001, { azure: [cluster(properties)] })).toBe(state));

  test('AKS Automatic leaves no other way', () => {
    expect(stateOf(iamAad001, { azure: [{ ...cluster({}), sku: { name: 'Automatic' } }] })).toBe('PASS');
  });

  test('a cluster of Azure Arc', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Kubernetes/connectedClusters/arc';
    const arc = { id, name: 'arc', type: 'Microsoft.Kubernetes/connectedClusters', properties: {} };
    expect(stateOf(iamAad001, { azure: [arc] })).toBe('WARN');
  });

  test.each([
    ['a part of a cluster', 'manifests', 'UNKNOWN'],
    ['a cluster that is none of AKS', 'live', 'NA'],
  ] as const)('without Azure: %s', (_, kind, state) => expect(stateOf(iamAad001, { kind })).toBe(state));

  test('users with certificates', () => {
    const manifests = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: people }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: User, name: jane }, { kind: User, name: jo@example.com }]`;
    const azure = [cluster({ aadProfile: { managed: true }, disableLocalAccounts: true })];
    expect(placesOf(assess(iamAad001, { azure, manifests })).at(-1)).toBe('WARN ClusterRoleBinding people user jane');
  });

  test.each([
    [{ managed: true }, false],
    [{ managed: true, enableAzureRBAC: true }, true],
  ])('local accounts go by themselves only where somebody else may administer: %o', (aadProfile, automatic) => {
    const context = contextOf({ azure: [cluster({ aadProfile })] });
    const [place] = iamAad001.assess(context).places;
    expect(iamAad001.fix?.(context, place!)).toMatchObject({
      automatic,
      changes: [{ command: 'aks update --resource-group g --name aks --disable-local-accounts' }],
    });
  });
});
