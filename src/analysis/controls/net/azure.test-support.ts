const GROUP = '/subscriptions/s/resourceGroups/r/providers';

/** A managed cluster with one pool in a subnet of a network; parts can be replaced. */
export function aks(networkProfile: object, pool: object = {}): object[] {
  const subnet = `${GROUP}/Microsoft.Network/virtualNetworks/hub/subnets/nodes`;
  return [
    {
      type: 'Microsoft.ContainerService/managedClusters',
      name: 'aks',
      id: `${GROUP}/Microsoft.ContainerService/managedClusters/aks`,
      location: 'westeurope',
      properties: {
        agentPoolProfiles: [{ name: 'pool', count: 3, mode: 'System', vnetSubnetID: subnet, ...pool }],
        networkProfile,
      },
    },
    {
      type: 'Microsoft.Network/virtualNetworks',
      name: 'hub',
      id: `${GROUP}/Microsoft.Network/virtualNetworks/hub`,
      location: 'westeurope',
      properties: {
        addressSpace: { addressPrefixes: ['10.20.0.0/16'] },
        subnets: [{ name: 'nodes', id: subnet, properties: { addressPrefix: '10.20.0.0/22' } }],
      },
    },
  ];
}

export const CILIUM = {
  networkPlugin: 'azure',
  networkPluginMode: 'overlay',
  networkPolicy: 'cilium',
  networkDataplane: 'cilium',
};
