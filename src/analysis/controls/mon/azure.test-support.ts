/** Resources for the tests of controls of monitoring: a cluster in one network, as a live read has them unless told. */

type Json = Readonly<Record<string, unknown>>;

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const ROOT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers`;
export const CLUSTER_ID = `${ROOT}/Microsoft.ContainerService/managedClusters/aks`;
export const VNET_ID = `${ROOT}/Microsoft.Network/virtualNetworks/spoke`;
export const SUBNET_ID = `${VNET_ID}/subnets/nodes`;
export const GROUP_ID = `${ROOT}/Microsoft.Network/networkSecurityGroups/nsg`;

export function made(type: string, name: string, properties: Json = {}, rest: Json = {}): Json {
  const [provider, ...types] = type.split('/');
  const names = name.split('/');
  const path = types.map((each, index) => `${each}/${names[index]}`).join('/');
  return { id: `${ROOT}/${provider}/${path}`, type, name: names.at(-1), location: 'westeurope', properties, ...rest };
}

/** Under another resource, or under a subscription. */
export function under(parent: string, type: string, name: string, properties: Json = {}): Json {
  return { id: `${parent}/providers/${type}/${name}`, type, name, properties };
}

export function cluster(properties: Json = {}, rest: Json = {}): Json {
  const pools = [{ name: 'apps', mode: 'System', osType: 'Linux', vnetSubnetID: SUBNET_ID }];
  return made('Microsoft.ContainerService/managedClusters', 'aks', { agentPoolProfiles: pools, ...properties }, rest);
}

export function network(): Json {
  return made('Microsoft.Network/virtualNetworks', 'spoke', {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [
      {
        id: SUBNET_ID,
        name: 'nodes',
        properties: { addressPrefix: '10.0.0.0/24', networkSecurityGroup: { id: GROUP_ID } },
      },
    ],
  });
}

export function workspace(days: number): Json {
  return made('Microsoft.OperationalInsights/workspaces', 'logs', { retentionInDays: days });
}

export const WORKSPACE_ID = `${ROOT}/Microsoft.OperationalInsights/workspaces/logs`;

/** A diagnostic setting with these categories, sent to the workspace unless told. */
export function diagnostics(owner: string, categories: readonly string[], properties: Json = {}): Json {
  return under(owner, 'Microsoft.Insights/diagnosticSettings', 'all', {
    workspaceId: WORKSPACE_ID,
    logs: categories.map((category) => ({ category, enabled: true })),
    ...properties,
  });
}
