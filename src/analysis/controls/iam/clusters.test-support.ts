/** A cluster of AKS in ARM's shape. */
export function cluster(properties: object): object {
  return {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks',
    name: 'aks',
    type: 'Microsoft.ContainerService/managedClusters',
    location: 'westeurope',
    properties,
  };
}
