import { buildEngine } from '#engine/engine.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { PROFILES } from '#model/profile.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { describeCluster } from './cluster.ts';
import { clusterSnapshot } from './cluster-snapshot.ts';

/** A cluster inside of a large Azure network, against the same cluster alone. */
export const estateBenchmark: Benchmark = {
  name: 'estate',
  title: 'a cluster from a snapshot in memory to all rows, inside of an Azure estate, against the cluster alone',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const [workloads, resources] = scale === 'smoke' ? [50, 100] : [10_000, 20_000];
  const rounds = scale === 'smoke' ? 1 : 3;
  const alone = `${workloads} workloads alone`;
  return [
    {
      name: `${workloads} workloads in ${resources} resources`,
      against: alone,
      rounds,
      repeats: 1,
      prepare: () => engineRun(workloads, estateOf(resources)),
    },
    { name: alone, rounds, repeats: 1, prepare: () => engineRun(workloads) },
    { name: `reading ${resources} resources`, rounds, repeats: 1, prepare: () => readRun(resources) },
  ];
}

function engineRun(workloads: number, azure?: AzureEstate): () => Outcome {
  const cluster = clusterSnapshot(describeCluster({ workloads }), 'templates');
  const snapshot = azure === undefined ? cluster : { ...cluster, azure };
  return () => {
    const { world, reach } = buildEngine(snapshot, { profile: PROFILES.upstream });
    const layers = reach.layers.map(({ name }) => name);
    const isWhole = azure === undefined || (layers.includes('network-security') && layers.includes('route'));
    return {
      facts: { points: world.size, layers: layers.length, rows: new Set(reach.egress.rows).size },
      failures: isWhole ? [] : ['the network around the cluster has no say'],
    };
  };
}

function readRun(resources: number): () => Outcome {
  const text = JSON.stringify(documentOf(resources));
  return () => {
    const { estate } = readEstate([{ file: 'estate.json', text }]);
    return { facts: { resources: estate.resources.size, megabytes: Math.round(text.length / 2 ** 20) } };
  };
}

// ---------------------------------------------------------------- the estate

const PREFIX = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers';
const NETWORK = 'Microsoft.Network';

function estateOf(resources: number): AzureEstate {
  return readEstate([{ file: 'estate.json', text: JSON.stringify(documentOf(resources)) }]).estate;
}

interface Exported {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location: string;
  readonly properties: object;
}

/** As Azure exports it: a hub, spokes with subnets of their own groups and tables, machines, endpoints. */
function documentOf(resources: number): Exported[] {
  const spokes = Math.min(200, Math.max(2, Math.round(resources / 50)));
  const out: Exported[] = [
    resource('virtualNetworks', 'hub', { addressSpace: { addressPrefixes: ['10.255.0.0/16'] } }),
  ];
  for (let spoke = 0; spoke < spokes; spoke++) out.push(...spokeOf(spoke));
  for (let index = 0; out.length < resources - 1; index++) out.push(nicOf(index, spokes));
  out.push(clusterOf());
  return out;
}

function resource(type: string, name: string, properties: object): Exported {
  return { id: idOf(type, name), type: `${NETWORK}/${type}`, name, location: 'westeurope', properties };
}

function idOf(type: string, name: string): string {
  return `${PREFIX}/${NETWORK}/${type}/${name}`;
}

function spokeOf(spoke: number): Exported[] {
  const name = `spoke${spoke}`;
  const subnets = ['apps', 'data', 'pe'].map((own, index) => ({
    name: own,
    properties: {
      addressPrefix: `10.${spoke}.${index}.0/24`,
      networkSecurityGroup: { id: idOf('networkSecurityGroups', `${name}-${own}`) },
      routeTable: { id: idOf('routeTables', name) },
    },
  }));
  const peering = {
    name: 'hub',
    properties: {
      remoteVirtualNetwork: { id: idOf('virtualNetworks', 'hub') },
      allowVirtualNetworkAccess: true,
      peeringState: 'Connected',
    },
  };
  return [
    resource('virtualNetworks', name, {
      addressSpace: { addressPrefixes: [`10.${spoke}.0.0/16`] },
      subnets,
      virtualNetworkPeerings: spoke === 0 ? [peering] : [],
    }),
    ...['apps', 'data', 'pe'].map((own) => resource('networkSecurityGroups', `${name}-${own}`, groupOf(spoke))),
    resource('routeTables', name, {
      disableBgpRoutePropagation: true,
      routes: Array.from({ length: 20 }, (_, index) => ({
        name: `r${index}`,
        properties: { addressPrefix: `20.${index}.${spoke}.0/24`, nextHopType: index % 3 === 0 ? 'None' : 'Internet' },
      })),
    }),
  ];
}

function groupOf(spoke: number): object {
  const securityRules = Array.from({ length: 40 }, (_, index) => ({
    name: `rule${index}`,
    properties: {
      direction: index % 2 === 0 ? 'Inbound' : 'Outbound',
      access: index % 3 === 0 ? 'Deny' : 'Allow',
      priority: 100 + index,
      protocol: 'Tcp',
      sourcePortRange: '*',
      sourceAddressPrefix: index % 2 === 0 ? `10.${(spoke + index) % 250}.1.0/24` : '*',
      destinationAddressPrefix: index % 2 === 0 ? '*' : `30.${index}.${spoke}.0/24`,
      destinationPortRange: `${443 + index}`,
    },
  }));
  return { securityRules };
}

function nicOf(index: number, spokes: number): Exported {
  const spoke = index % spokes;
  const host = 4 + (Math.floor(index / spokes) % 240);
  return resource('networkInterfaces', `nic${index}`, {
    ipConfigurations: [
      {
        name: 'ipconfig',
        properties: {
          privateIPAddress: `10.${spoke}.1.${host}`,
          subnet: { id: `${idOf('virtualNetworks', `spoke${spoke}`)}/subnets/data` },
        },
      },
    ],
  });
}

function clusterOf(): Exported {
  return {
    id: `${PREFIX}/Microsoft.ContainerService/managedClusters/aks`,
    type: 'Microsoft.ContainerService/managedClusters',
    name: 'aks',
    location: 'westeurope',
    properties: {
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        podCidr: '10.244.0.0/16',
        outboundType: 'loadBalancer',
      },
      agentPoolProfiles: [{ name: 'p0', vnetSubnetID: `${idOf('virtualNetworks', 'spoke0')}/subnets/apps` }],
    },
  };
}
