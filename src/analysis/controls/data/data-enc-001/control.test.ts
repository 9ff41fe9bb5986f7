import { describe, expect, test } from 'vitest';
import { assess, placesOf, stateOf } from '../../controls.test-support.ts';
import { dataEnc001 } from './control.ts';

function cluster(properties: object, pool: object = { enableEncryptionAtHost: true }): object {
  return {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks',
    name: 'aks',
    type: 'Microsoft.ContainerService/managedClusters',
    properties: { ...properties, agentPoolProfiles: [{ name: 'one', ...pool }] },
  };
}

const ASKED = {
  id: '/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/cmk',
  name: 'cmk',
  type: 'Microsoft.Authorization/policyAssignments',
  properties: {
    policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/7d7be79c-23ba-4033-84dd-45e2a5ccdd67',
  },
};
const SET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/des';

describe('clusters', () => {
  test.each<[string, readonly object[], string]>([
    ['keys of the customer', [cluster({ diskEncryptionSetID: SET })], 'PASS'],
    ['pools without encryption at host', [cluster({}, {})], 'WARN'],
    ['a policy that asks for more', [cluster({}), ASKED], 'PARTIAL'],
  ])('%s', (_, azure, state) => expect(stateOf(dataEnc001, { azure })).toBe(state));

  test('none', () =>
    expect([stateOf(dataEnc001, {}), stateOf(dataEnc001, { kind: 'live' })]).toEqual(['UNKNOWN', 'NA']));
});

describe('in the cluster', () => {
  const storage = (provisioner: string, parameters = '{}') => `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: own }
provisioner: ${provisioner}
parameters: ${parameters}`;
  const server = (flag: string) => `
apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: kube-system }
spec: { containers: [{ name: kube-apiserver, image: k, command: [kube-apiserver, ${flag}] }] }`;
  test.each<[string, string, string]>([
    ['a class of Azure', storage('disk.csi.azure.com'), 'PASS-PLATFORM'],
    ['a class with plain volumes', storage('ebs.csi.aws.com', '{ encrypted: "false" }'), 'FAIL'],
    ['a class that leaves it to the account', storage('ebs.csi.aws.com'), 'UNKNOWN'],
    ['an API server that encrypts', server('--encryption-provider-config=/x'), 'PASS'],
    ['an API server that does not', server('--v=2'), 'FAIL'],
  ])('%s', (_, manifests, state) => expect(stateOf(dataEnc001, { manifests })).toBe(state));
});

test('a pool is a place of its own', () => {
  expect(placesOf(assess(dataEnc001, { azure: [cluster({}, {})] })).at(-1)).toMatch(/^WARN .*agentPools aks\/one$/i);
});
