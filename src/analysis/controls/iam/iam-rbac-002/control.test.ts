import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { cluster } from '../clusters.test-support.ts';
import { iamRbac002 } from './control.ts';

const GROUP = '/subscriptions/s/resourceGroups/g';
const AKS = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const NETWORK = '4d97b98b-1d4f-4787-a291-c67834d212e7';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const GOOD = cluster({
  aadProfile: { enableAzureRBAC: true },
  nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' },
});

function given(scope: string, role: string, principalType: string): object {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/1`,
    name: '1',
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalType,
      principalId: 'p',
    },
  };
}

describe('role assignments', () => {
  test.each<[string, object, string]>([
    ['an owner of the subscription', given('/subscriptions/s', OWNER, 'Group'), 'PARTIAL'],
    ['a contributor of the group', given(GROUP, CONTRIBUTOR, 'ServicePrincipal'), 'PARTIAL'],
    ['a contributor of the cluster, a person', given(AKS, CONTRIBUTOR, 'User'), 'WARN'],
    ['the network of the group', given(GROUP, NETWORK, 'ServicePrincipal'), 'WARN'],
    ['a reader', given('/subscriptions/s', READER, 'Group'), 'PASS'],
    ['a role that nobody knows', given(GROUP, '11111111-2222-3333-4444-555555555555', 'User'), 'UNKNOWN'],
    ['another group', given('/subscriptions/s/resourceGroups/other', OWNER, 'User'), 'PASS'],
  ])('%s', (_, assignment, state) => expect(stateOf(iamRbac002, { azure: [GOOD, assignment] })).toBe(state));

  test('without them is unknown', () => expect(stateOf(iamRbac002, { azure: [GOOD] })).toBe('UNKNOWN'));
  test('without a cluster is open or not applicable', () => {
    expect([stateOf(iamRbac002, {}), stateOf(iamRbac002, { kind: 'live' })]).toEqual(['UNKNOWN', 'NA']);
  });
});

test('a role of one’s own is known by its actions', () => {
  const own = (actions: readonly string[]) => ({
    id: '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/own',
    name: 'own',
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { roleName: 'Own', permissions: [{ actions }] },
  });
  const states = [['*'], ['Microsoft.Network/*'], ['Microsoft.Storage/*/read']].map((actions) =>
    stateOf(iamRbac002, { azure: [GOOD, given(GROUP, 'own', 'User'), own(actions)] }),
  );
  expect(states).toEqual(['PARTIAL', 'WARN', 'PASS']);
});

test('the cluster itself, and the lock of its nodes', () => {
  const context = contextOf({ azure: [cluster({}), given('/subscriptions/s', READER, 'User')] });
  const { places } = iamRbac002.assess(context);
  expect(placesOf(assess(iamRbac002, { azure: [cluster({}), given('/subscriptions/s', READER, 'User')] }))).toEqual([
    'WARN Microsoft.ContainerService/managedClusters aks authorization',
    'WARN Microsoft.ContainerService/managedClusters aks node resource group',
    'PASS Microsoft.Authorization/roleAssignments 1',
  ]);
  expect(iamRbac002.fix?.(context, places[1]!)).toMatchObject({
    automatic: true,
    changes: [{ edits: [{ value: 'ReadOnly' }] }],
  });
});
