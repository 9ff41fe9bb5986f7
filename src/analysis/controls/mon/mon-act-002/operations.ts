/** An operation of Azure that changes who can reach whom, or what is seen of it. */
export interface CriticalOperation {
  readonly operation: string;
  /** Lower case. */
  readonly type: string;
  /** Asked for only where such a resource is there. */
  readonly onlyWhere?: true;
}

/** The changes that undo the network's other controls (learn.microsoft.com, "Azure resource provider operations"). */
export const CRITICAL_OPERATIONS: readonly CriticalOperation[] = [
  ...both('Microsoft.Network/networkSecurityGroups'),
  ...both('Microsoft.Network/networkSecurityGroups/securityRules'),
  ...both('Microsoft.Network/routeTables', true),
  ...both('Microsoft.Network/routeTables/routes', true),
  ...both('Microsoft.Network/azureFirewalls', true),
  ...both('Microsoft.Network/firewallPolicies', true),
  ...both('Microsoft.Network/virtualNetworks/virtualNetworkPeerings', true),
  ...both('Microsoft.Network/privateEndpoints', true),
  { operation: 'Microsoft.Network/publicIPAddresses/write', type: 'microsoft.network/publicipaddresses' },
  ...both('Microsoft.ContainerService/managedClusters', true),
];

function both(name: string, onlyWhere?: true): readonly CriticalOperation[] {
  const type = name.toLowerCase();
  return ['write', 'delete'].map((verb) => ({
    operation: `${name}/${verb}`,
    type,
    ...(onlyWhere === true && { onlyWhere }),
  }));
}
