import { buildEngine } from '#engine/engine.ts';
import type { Exposure, PathAnswer } from '#model/answers.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { analyseSnapshot } from '../analysis.ts';
import { clusterOf } from '../exposure/cluster.test-support.ts';
import { exposuresOf } from '../exposure/expose.ts';
import { exposureCuts } from '../exposure/exposing.ts';
import { worldForNames } from '../path/names.ts';
import { pathOf } from '../path/path.ts';
import { inboundWorld } from './inbound.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface EstateParts {
  readonly manifests: readonly string[];
  /** Rules of the customer's security group at the subnet of the nodes; absent: it has none. */
  readonly rules?: readonly Json[];
  readonly routes?: readonly Json[];
  readonly resources?: readonly Json[];
  /** Of the cluster's only pool. */
  readonly pool?: Json;
  /** Of the cluster's `networkProfile`. */
  readonly network?: Json;
}

const ROOT = '/subscriptions/s/resourceGroups/rg/providers';
export const NODES = 'rg-nodes';

/** `idOf('Microsoft.Network/publicIPAddresses', 'pip')` */
export function idOf(type: string, name: string, group = 'rg'): string {
  return `/subscriptions/s/resourceGroups/${group}/providers/${type}/${name}`;
}

export function resource(type: string, name: string, properties: Json, more: Json = {}): Json {
  return { id: idOf(type, name), type, name, location: 'westeurope', properties, ...more };
}

/** `rule(100, 'Allow', 'Internet', '443')`: inbound, TCP, to any address. */
export function rule(priority: number, access: string, from: string, port: string, more: Json = {}): Json {
  return {
    name: `r${priority}`,
    properties: {
      priority,
      access,
      direction: 'Inbound',
      protocol: 'Tcp',
      sourceAddressPrefix: from,
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRange: port,
      ...more,
    },
  };
}

export function subnetId(name: string): string {
  return `${ROOT}/Microsoft.Network/virtualNetworks/vnet/subnets/${name}`;
}

/** A network 10.1.0.0/16 with the subnets nodes (10.1.0.0/24), edge (10.1.1.0/24) and AzureFirewallSubnet (10.1.2.0/24). */
export function estateWith({
  manifests,
  rules,
  routes,
  resources = [],
  pool = {},
  network = {},
}: EstateParts): Snapshot {
  const group = idOf('Microsoft.Network/networkSecurityGroups', 'nsg');
  const table = idOf('Microsoft.Network/routeTables', 'rt');
  const all = [
    resource('Microsoft.Network/virtualNetworks', 'vnet', {
      addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      subnets: [
        {
          name: 'nodes',
          properties: {
            addressPrefix: '10.1.0.0/24',
            ...(rules !== undefined && { networkSecurityGroup: { id: group } }),
            ...(routes !== undefined && { routeTable: { id: table } }),
          },
        },
        { name: 'edge', properties: { addressPrefix: '10.1.1.0/24' } },
        { name: 'AzureFirewallSubnet', properties: { addressPrefix: '10.1.2.0/24' } },
      ],
    }),
    ...(rules === undefined
      ? []
      : [resource('Microsoft.Network/networkSecurityGroups', 'nsg', { securityRules: rules })]),
    ...(routes === undefined ? [] : [resource('Microsoft.Network/routeTables', 'rt', { routes })]),
    resource('Microsoft.ContainerService/managedClusters', 'aks', {
      nodeResourceGroup: NODES,
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        podCidr: '10.244.0.0/16',
        networkPolicy: 'calico',
        ...network,
      },
      agentPoolProfiles: [{ name: 'main', mode: 'System', count: 1, vnetSubnetID: subnetId('nodes'), ...pool }],
    }),
    ...resources,
  ];
  const { estate, diagnostics } = readEstate([{ file: 'estate.json', text: JSON.stringify(all) }]);
  const wrong = diagnostics.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new Error(wrong.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return { ...clusterOf(...manifests), azure: estate };
}

export function canReach(
  snapshot: Snapshot,
  question: { from?: string; to?: string; port?: string },
  engine: ProfileId = 'calico',
): PathAnswer {
  const { from = 'internet', to = 'shop/web', port } = question;
  const analysis = analyseSnapshot(snapshot, { engine, world: worldForNames([from, to], snapshot.azure) });
  const result = pathOf(analysis, { from, to, ...(port !== undefined && { port }) });
  if (result.kind === 'problem') throw new Error(`${result.message}: ${result.near.join(' ')}`);
  return result.answer;
}

export function exposuresAround(snapshot: Snapshot, engine: ProfileId = 'calico'): Exposure[] {
  const { domains } = inboundWorld(snapshot);
  return exposuresOf(buildEngine(snapshot, { profile: PROFILES[engine], cuts: exposureCuts(snapshot), domains }));
}

/** `entrance ✓ | network-security-ingress ✕`: the hops of a branch. */
export function hopText(answer: Pick<PathAnswer, 'hops'>): string {
  return answer.hops.map(({ layer, verdict }) => `${layer} ${verdict}`).join(' | ');
}
