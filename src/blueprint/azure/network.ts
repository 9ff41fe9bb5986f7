import type { PlannedNetwork } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { given, type Part, placed, reference, VERSIONS } from './resources.ts';
import type { SecurityRule } from './security-rule.ts';
import { securityRules } from './security-rules.ts';
import type { Draft, ValueObject } from './value.ts';

const NETWORK = 'Microsoft.Network/virtualNetworks';

/** Virtual networks and subnets, what guards them, the way out through the firewall, and the link between the two. */
export const network: Part = (design) => {
  const { addresses, choices } = design;
  const single = choices.topology === 'single';
  const spoke = single ? 'hubNetwork' : 'spokeNetwork';
  return [
    ...(choices.paid.ddosProtection ? [floodProtection(design)] : []),
    ...securityGroups(design),
    routes(design),
    virtualNetwork(design, { key: 'hubNetwork', what: single ? 'cluster' : 'hub', planned: addresses.hub }),
    ...(single
      ? []
      : [
          virtualNetwork(design, { key: spoke, what: 'cluster', planned: addresses.spoke }),
          peering(design, 'hubNetwork', spoke),
          peering(design, spoke, 'hubNetwork'),
        ]),
  ];
};

/** The key of the network in which the cluster stands. */
export function spokeKey({ choices }: Design): string {
  return choices.topology === 'single' ? 'hubNetwork' : 'spokeNetwork';
}

/** `subnets/NAME`: a part of the network in which it was planned. */
export function subnetReference(design: Design, name: string): ValueObject {
  return reference(subnetOwner(design, name), `subnets/${name}`);
}

export function subnetOwner(design: Design, name: string): string {
  return design.addresses.hub.subnets.some((subnet) => subnet.name === name) ? 'hubNetwork' : spokeKey(design);
}

function floodProtection(design: Design): Draft {
  return {
    key: 'floodProtection',
    module: 'network',
    group: 'hub',
    type: 'Microsoft.Network/ddosProtectionPlans',
    apiVersion: VERSIONS.network,
    name: design.names.of('ddos'),
    body: placed(design, {}),
  };
}

interface NetworkOf {
  readonly key: string;
  readonly what: string;
  readonly planned: PlannedNetwork;
}

function virtualNetwork(design: Design, { key, what, planned }: NetworkOf): Draft {
  const { names, addresses, choices } = design;
  return {
    key,
    module: 'network',
    group: key === 'hubNetwork' ? 'hub' : 'spoke',
    type: NETWORK,
    apiVersion: VERSIONS.network,
    name: names.of('vnet', what),
    body: placed(design, {
      properties: given({
        addressSpace: { addressPrefixes: [planned.prefix] },
        // Rules of the firewall with names need its answers to be those of the nodes (Azure Firewall, DNS proxy).
        dhcpOptions: key === spokeKey(design) ? { dnsServers: [addresses.firewall] } : undefined,
        enableDdosProtection: choices.paid.ddosProtection,
        ddosProtectionPlan: choices.paid.ddosProtection ? reference('floodProtection') : undefined,
        subnets: planned.subnets.map(({ name, prefix }) => ({
          name,
          properties: given({
            addressPrefix: prefix,
            defaultOutboundAccess: false,
            privateEndpointNetworkPolicies: 'Enabled',
            // A private link service takes addresses of a subnet only where this is off for it.
            privateLinkServiceNetworkPolicies: isOfLink(design, name) ? 'Disabled' : undefined,
            networkSecurityGroup: securityRules(design, name) === undefined ? undefined : reference(groupKey(name)),
            routeTable: LEAVES_BY_FIREWALL.has(name) ? reference('routes') : undefined,
            delegations: delegationsOf(design, name),
          }),
        })),
      }),
    }),
  };
}

/** Nodes and their neighbours: what they send leaves by the firewall. */
const LEAVES_BY_FIREWALL: ReadonlySet<string> = new Set(['snet-system', 'snet-nodes', 'snet-balancer']);

/** Front Door comes by a private link service, whose addresses are those of the balancer's subnet. */
function isOfLink({ choices: { wayIn, waf } }: Design, name: string): boolean {
  return name === 'snet-balancer' && wayIn !== 'none' && waf === 'front-door';
}

function delegationsOf({ choices }: Design, name: string): readonly ValueObject[] | undefined {
  const service = name === 'snet-apiserver' ? 'Microsoft.ContainerService/managedClusters' : edgeService(choices, name);
  return service === undefined ? undefined : [{ name: 'service', properties: { serviceName: service } }];
}

/** A gateway without a public face needs the subnet to be its own (Application Gateway, private deployment). */
function edgeService({ waf, wayIn }: Design['choices'], name: string): string | undefined {
  if (name !== 'snet-edge') return undefined;
  if (waf === 'containers') return 'Microsoft.ServiceNetworking/trafficControllers';
  return wayIn === 'internal' ? 'Microsoft.Network/applicationGateways' : undefined;
}

function peering({ choices }: Design, from: string, to: string): Draft {
  const hasGateway = choices.onPremises.link !== 'none';
  return {
    key: `${from}Link`,
    module: 'peerings',
    group: from === 'hubNetwork' ? 'hub' : 'spoke',
    type: `${NETWORK}/virtualNetworkPeerings`,
    apiVersion: VERSIONS.network,
    parent: from,
    name: to === 'hubNetwork' ? 'to-hub' : 'to-cluster',
    body: {
      properties: {
        remoteVirtualNetwork: reference(to),
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: true,
        allowGatewayTransit: from === 'hubNetwork' && hasGateway,
        useRemoteGateways: to === 'hubNetwork' && hasGateway,
      },
    },
    // Remote gateways can be used once there is one.
    after: hasGateway ? ['linkGateway'] : [],
  };
}

function routes(design: Design): Draft {
  const { addresses, names } = design;
  return {
    key: 'routes',
    module: 'network',
    group: design.choices.topology === 'single' ? 'hub' : 'spoke',
    type: 'Microsoft.Network/routeTables',
    apiVersion: VERSIONS.network,
    name: names.of('rt', 'cluster'),
    why: 'Everything that leaves goes to the firewall; what a link would say by BGP does not change that.',
    body: placed(design, {
      properties: {
        disableBgpRoutePropagation: true,
        routes: [
          {
            name: 'everything-by-firewall',
            properties: {
              addressPrefix: '0.0.0.0/0',
              nextHopType: 'VirtualAppliance',
              nextHopIpAddress: addresses.firewall,
            },
          },
        ],
      },
    }),
  };
}

function securityGroups(design: Design): readonly Draft[] {
  const { addresses, names } = design;
  const subnets = [...new Set([...addresses.hub.subnets, ...addresses.spoke.subnets].map(({ name }) => name))];
  return subnets.flatMap((subnet): Draft[] => {
    const rules = securityRules(design, subnet);
    if (rules === undefined) return [];
    return [
      {
        key: groupKey(subnet),
        module: 'network',
        group: subnetOwner(design, subnet) === 'hubNetwork' ? 'hub' : 'spoke',
        type: 'Microsoft.Network/networkSecurityGroups',
        apiVersion: VERSIONS.network,
        name: names.of('nsg', subnet.replace(/^snet-/, '').toLowerCase()),
        body: placed(design, { properties: { securityRules: rules.map(ruleObject) } }),
      },
    ];
  });
}

/** `snet-nodes` → `nodesGuard` */
function groupKey(subnet: string): string {
  const name = subnet.replace(/^snet-/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Guard`;
}

function ruleObject(rule: SecurityRule): ValueObject {
  const { name, why, priority, direction, access, protocol, from, to, ports } = rule;
  return {
    name,
    properties: {
      description: why,
      priority,
      direction,
      access,
      protocol,
      ...addressFields('source', from),
      sourcePortRange: '*',
      ...addressFields('destination', to),
      ...(ports.length === 1 ? { destinationPortRange: ports[0]! } : { destinationPortRanges: ports }),
    },
  };
}

function addressFields(side: 'source' | 'destination', prefixes: readonly string[]): ValueObject {
  return prefixes.length === 1 ? { [`${side}AddressPrefix`]: prefixes[0]! } : { [`${side}AddressPrefixes`]: prefixes };
}
