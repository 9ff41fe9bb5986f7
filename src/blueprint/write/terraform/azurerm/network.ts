import { type Block, code } from '../hcl.ts';
import { snake } from '../references.ts';
import { asList, copy, type Field, type From, filled, LOCATION, many, not, one, sent, TAGS } from './fields.ts';
import { type Beside, belowName, inGroup, type Making, type Mappings, type Part } from './mapping.ts';

const SUBNET: readonly Field[] = [
  asList('address_prefixes', 'properties.addressPrefix'),
  copy('default_outbound_access_enabled', 'properties.defaultOutboundAccess'),
  copy('private_endpoint_network_policies', 'properties.privateEndpointNetworkPolicies'),
  many('delegation', 'properties.delegations', [
    copy('name', 'name'),
    one('service_delegation', 'properties', [copy('name', 'serviceName')]),
  ]),
];

/** What is tied to a subnet is a resource here: by ARM's property, the type of the tie and its argument. */
const TIES = [
  ['networkSecurityGroup', 'azurerm_subnet_network_security_group_association', 'network_security_group_id'],
  ['routeTable', 'azurerm_subnet_route_table_association', 'route_table_id'],
  ['natGateway', 'azurerm_subnet_nat_gateway_association', 'nat_gateway_id'],
] as const;

/** Subnets and their ties, each a resource. Whoever stands in a subnet waits for its ties. */
function subnets(making: Making): Beside {
  const blocks: Block[] = [];
  const parts = new Map<string, Part>();
  for (const item of making.from.each('properties.subnets')) {
    const subnet: From = { ...item, hcl: making.from.hcl };
    const name = `${subnet.take('name')}`;
    const label = labelOf(name);
    const address = `azurerm_subnet.${label}`;
    blocks.push(subnetBlock(making, subnet, { name, label }));
    const ties = tieBlocks(subnet, { label, address });
    blocks.push(...ties);
    parts.set(`subnets/${name}`, { address, ready: ties.map(({ labels }) => labels!.join('.')) });
  }
  return { blocks, parts };
}

/** `snet-nodes` → `snet_nodes`, `AzureFirewallSubnet` → `azure_firewall_subnet` */
function labelOf(name: string): string {
  return snake(`${name.charAt(0).toLowerCase()}${name.slice(1)}`).replaceAll('-', '_');
}

function subnetBlock(making: Making, subnet: From, { name, label }: { name: string; label: string }): Block {
  const { arguments: given, blocks } = filled(subnet, SUBNET);
  return {
    type: 'resource',
    labels: ['azurerm_subnet', label],
    body: {
      arguments: [
        ['name', name],
        ...inGroup(making).map(([argument, text]) => [argument, code(text)] as const),
        ['virtual_network_name', code(`${making.address}.name`)],
        ...given,
      ],
      blocks,
    },
  };
}

function tieBlocks(subnet: From, { label, address }: { label: string; address: string }): readonly Block[] {
  return TIES.flatMap(([property, type, argument]): Block[] => {
    const id = subnet.take(`properties.${property}.id`);
    if (id === undefined) return [];
    return [
      {
        type: 'resource',
        labels: [type, label],
        body: {
          arguments: [
            ['subnet_id', code(`${address}.id`)],
            [argument, subnet.hcl(id)],
          ],
          blocks: [],
        },
      },
    ];
  });
}

const RULE: readonly Field[] = [
  copy('name', 'name'),
  copy('description', 'properties.description'),
  copy('priority', 'properties.priority'),
  copy('direction', 'properties.direction'),
  copy('access', 'properties.access'),
  copy('protocol', 'properties.protocol'),
  ...['source', 'destination'].flatMap((side) => [
    copy(`${side}_address_prefix`, `properties.${side}AddressPrefix`),
    copy(`${side}_address_prefixes`, `properties.${side}AddressPrefixes`),
    copy(`${side}_port_range`, `properties.${side}PortRange`),
    copy(`${side}_port_ranges`, `properties.${side}PortRanges`),
  ]),
];

/** Networks, subnets, security groups, routes and public addresses. */
export const NETWORK_MAPPINGS: Mappings = {
  'Microsoft.Network/virtualNetworks': {
    type: 'azurerm_virtual_network',
    place: inGroup,
    fields: [
      LOCATION,
      copy('address_space', 'properties.addressSpace.addressPrefixes'),
      copy('dns_servers', 'properties.dhcpOptions.dnsServers'),
      (from, to) => {
        // Without a plan the block cannot be written, and off is what its absence means.
        if (from.see('properties.ddosProtectionPlan') === undefined)
          sent('properties.enableDdosProtection', false)(from, to);
        else protectedBy(from, to);
      },
      TAGS,
    ],
    beside: subnets,
  },
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings': {
    type: 'azurerm_virtual_network_peering',
    place: belowName('virtual_network_name'),
    fields: [
      copy('remote_virtual_network_id', 'properties.remoteVirtualNetwork.id'),
      copy('allow_virtual_network_access', 'properties.allowVirtualNetworkAccess'),
      copy('allow_forwarded_traffic', 'properties.allowForwardedTraffic'),
      copy('allow_gateway_transit', 'properties.allowGatewayTransit'),
      copy('use_remote_gateways', 'properties.useRemoteGateways'),
    ],
  },
  'Microsoft.Network/ddosProtectionPlans': {
    type: 'azurerm_network_ddos_protection_plan',
    place: inGroup,
    fields: [LOCATION, TAGS],
  },
  'Microsoft.Network/routeTables': {
    type: 'azurerm_route_table',
    place: inGroup,
    fields: [
      LOCATION,
      not('bgp_route_propagation_enabled', 'properties.disableBgpRoutePropagation'),
      TAGS,
      many('route', 'properties.routes', [
        copy('name', 'name'),
        copy('address_prefix', 'properties.addressPrefix'),
        copy('next_hop_type', 'properties.nextHopType'),
        copy('next_hop_in_ip_address', 'properties.nextHopIpAddress'),
      ]),
    ],
  },
  'Microsoft.Network/networkSecurityGroups': {
    type: 'azurerm_network_security_group',
    place: inGroup,
    fields: [LOCATION, TAGS, many('security_rule', 'properties.securityRules', RULE)],
  },
  'Microsoft.Network/publicIPAddresses': {
    type: 'azurerm_public_ip',
    place: inGroup,
    attributes: { 'properties.ipAddress': 'ip_address' },
    fields: [
      LOCATION,
      copy('sku', 'sku.name'),
      copy('sku_tier', 'sku.tier'),
      copy('allocation_method', 'properties.publicIPAllocationMethod'),
      copy('ip_version', 'properties.publicIPAddressVersion'),
      copy('idle_timeout_in_minutes', 'properties.idleTimeoutInMinutes'),
      copy('domain_name_label', 'properties.dnsSettings.domainNameLabel'),
      copy('ddos_protection_mode', 'properties.ddosSettings.protectionMode'),
      copy('ddos_protection_plan_id', 'properties.ddosSettings.ddosProtectionPlan.id'),
      copy('zones', 'zones'),
      TAGS,
    ],
  },
};

function protectedBy(from: From, to: Parameters<Field>[1]): void {
  const body = filled(from, [
    copy('id', 'properties.ddosProtectionPlan.id'),
    copy('enable', 'properties.enableDdosProtection'),
  ]);
  to.blocks.push({ type: 'ddos_protection_plan', body });
}
