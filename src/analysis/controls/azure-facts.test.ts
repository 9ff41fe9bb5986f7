import { describe, expect, test } from 'vitest';
import {
  clusterSubnets,
  evidenceOf,
  isOn,
  itemsAt,
  managedClustersOf,
  placeOfResource,
  poolsOf,
  resourcesOfType,
  type Setting,
  settingAt,
  withoutCluster,
} from './azure-facts.ts';
import { contextOf } from './controls.test-support.ts';

const ROOT = '/subscriptions/s/resourceGroups/g/providers';
const SUBNET = `${ROOT}/Microsoft.Network/virtualNetworks/v/subnets/nodes`;
const CLUSTER = {
  id: `${ROOT}/Microsoft.ContainerService/managedClusters/aks`,
  type: 'Microsoft.ContainerService/managedClusters',
  name: 'aks',
  properties: {
    disableLocalAccounts: true,
    ApiServerAccessProfile: { enablePrivateCluster: false, authorizedIPRanges: ['203.0.113.0/24'] },
    nodeResourceGroup: null,
    agentPoolProfiles: [{ name: 'apps', vnetSubnetID: SUBNET, enableNodePublicIP: true }],
  },
};
const POOL = {
  id: `${CLUSTER.id}/agentPools/extra`,
  type: 'Microsoft.ContainerService/managedClusters/agentPools',
  name: 'extra',
  properties: { vnetSubnetID: SUBNET, mode: 'User' },
};
const NETWORK = {
  id: `${ROOT}/Microsoft.Network/virtualNetworks/v`,
  type: 'Microsoft.Network/virtualNetworks',
  name: 'v',
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ id: SUBNET, name: 'nodes', properties: { addressPrefix: '10.0.0.0/24' } }],
  },
};

const context = contextOf({ azure: [CLUSTER, POOL, NETWORK] });
const [written] = managedClustersOf(context);

function shown(setting: Setting): unknown {
  return setting.state === 'value' ? setting.value : setting.state;
}

describe('settings of a resource', () => {
  test.each([
    ['a flag', ['properties', 'disableLocalAccounts'], true],
    ['names without regard to case', ['properties', 'apiServerAccessProfile', 'enablePrivateCluster'], false],
    ['null', ['properties', 'nodeResourceGroup'], 'absent'],
    ['nothing', ['properties', 'networkProfile', 'outboundType'], 'absent'],
    ['a list', ['properties', 'apiServerAccessProfile', 'authorizedIPRanges'], ['203.0.113.0/24']],
    ['an item', ['properties', 'apiServerAccessProfile', 'authorizedIPRanges', 0], '203.0.113.0/24'],
  ] as const)('%s', (_title, path, expected) => {
    expect(shown(settingAt(written!.resource, ...path))).toEqual(expected);
  });

  test('an expression is unsettled, and so is all that it stands for', () => {
    const origin = { file: 'a', line: 1, column: 1 };
    const open = { kind: 'unsettled', expression: "parameters('api')", why: 'not-given', origin } as const;
    const entries = new Map([['properties', open]]);
    const resource = { ...written!.resource, body: { kind: 'object', entries, origin } as const };
    const setting = settingAt(resource, 'properties', 'apiServerAccessProfile');
    expect(setting).toMatchObject({ state: 'unsettled', expression: "parameters('api')" });
    expect(isOn(setting, true)).toBe('unsettled');
    expect(evidenceOf(resource, setting)).toMatchObject({ value: "parameters('api')" });
    expect(itemsAt(resource, 'properties', 'list')).toBe(open);
  });
});

test('resources by type, places, pools inside and alone, subnets', () => {
  expect(resourcesOfType(context, 'microsoft.network/VIRTUALNETWORKS').map(({ name }) => name)).toEqual(['v']);
  expect(placeOfResource(written!.resource).id).toBe(CLUSTER.id.toLowerCase());
  const pools = poolsOf(context, written!);
  expect(pools.map(({ pool, at }) => [pool.name, shown(at('enableNodePublicIP'))])).toEqual([
    ['apps', true],
    ['extra', 'absent'],
  ]);
  expect(clusterSubnets(context).map(({ name }) => name)).toEqual(['nodes']);
});

describe('no cluster of AKS in the input', () => {
  const node = (spec: string, labels = '') =>
    `apiVersion: v1\nkind: Node\nmetadata: {name: one, labels: {${labels}}}\nspec: {${spec}}\n`;
  test.each([
    ['nothing at all', '', 'UNKNOWN'],
    ['nodes of AKS', node('', 'kubernetes.azure.com/cluster: MC_a'), 'UNKNOWN'],
    ['nodes of another provider', node('providerID: aws:///eu-west-1a/i-0'), 'NA'],
    ['agents of Arc', 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: agent, namespace: azure-arc}\n', 'NA'],
    [
      'an annotation that only Azure reads',
      'apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: "true"}}\nspec: {}\n',
      'UNKNOWN',
    ],
  ])('%s', (_title, manifests, state) => {
    expect(withoutCluster(contextOf({ manifests }), 'its settings').state).toBe(state);
  });

  test('Azure without a cluster', () => {
    expect(withoutCluster(contextOf({ azure: [NETWORK] }), 'its settings').state).toBe('NA');
  });
});
