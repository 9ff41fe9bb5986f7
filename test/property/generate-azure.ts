import fc from 'fast-check';
import { parseCidr } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { pickOne, some } from './generate-cluster.ts';
import type { Manifest } from './manifests.ts';

/**
 * Small estates around one cluster, as ARM templates: two networks, peered or not, groups, routes and rules of a network
 * manager over tiny pools of addresses, so that much overlaps. Parameters without a value make parts that are not known.
 */
export interface AzureSize {
  /** One part in so many is not known; 0: none. Default 25. */
  readonly oneOpenIn?: number;
}

export interface GeneratedEstate {
  readonly template: Manifest;
  readonly manifests: readonly Manifest[];
  readonly tags: boolean;
}

export const DOMAIN = 'api.partner.com';

/** Which of the outside addresses that are asked about are what, whatever is generated. */
export const OUTSIDE = [
  '10.1.0.77',
  '10.1.3.4',
  '10.1.3.5',
  '10.1.9.9',
  '10.2.0.9',
  '10.9.9.9',
  '10.50.0.1',
  '52.0.0.9',
  '203.0.113.7',
  '168.63.129.16',
  '169.254.169.254',
  'fd00:1::9',
  '2001:db8::7',
] as const;

const PREFIX =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/this-resource-group/providers/Microsoft.Network';
const MODES = ['overlay', 'overlay', 'kubenet', 'node-subnet', 'pod-subnet', 'open'] as const;
type Mode = (typeof MODES)[number];

export function azureEstates({ oneOpenIn = 25 }: AzureSize = {}): fc.Arbitrary<GeneratedEstate> {
  const cells = fc.record({ mode: pickOne(...MODES), v6: rarely(6), template: fc.constant({}) });
  return cells.chain(({ mode, v6 }) => {
    const own = { mode, v6, oneOpenIn };
    return fc
      .tuple(fc.tuple(...networks(own)), cluster(own), securityParts(own), clusterParts(own), fc.boolean())
      .map(([network, aks, security, manifests, tags]) => ({
        template: templateOf([...network.flat(), aks, ...security]),
        manifests,
        tags,
      }));
  });
}

/** As reading makes it. */
export function estateOf({ template, tags }: GeneratedEstate): AzureEstate {
  const { estate } = readEstate([{ file: 'main.json', text: JSON.stringify(template) }]);
  const serviceTags = new Map([['storage', ['52.0.0.0/24', '52.0.2.0/24'].map((text) => parseCidr(text)!.cidr)]]);
  return tags ? { ...estate, serviceTags } : estate;
}

interface Shape {
  readonly mode: Mode;
  readonly v6: boolean;
  readonly oneOpenIn: number;
}

function templateOf(resources: readonly Manifest[]): Manifest {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { open: { type: 'string' } },
    resources: resources.map((resource) => ({ apiVersion: '2024-05-01', location: 'westeurope', ...resource })),
  };
}

function rarely(oneIn: number): fc.Arbitrary<boolean> {
  return oneIn === 0 ? fc.constant(false) : fc.nat(oneIn - 1).map((value) => value === 0);
}

/** Now and then what is not known. */
function orOpen<T>(kind: fc.Arbitrary<T>, { oneOpenIn }: Shape): fc.Arbitrary<T | string> {
  return fc.tuple(kind, rarely(oneOpenIn)).map(([value, isOpen]) => (isOpen ? "[parameters('open')]" : value));
}

function ref(type: string, name: string): { readonly id: string } {
  return { id: `${PREFIX}/${type}/${name}` };
}

// ---------------------------------------------------------------- networks

function networks(shape: Shape): fc.Arbitrary<Manifest[]>[] {
  const spoke = fc.tuple(
    subnet(shape, 'a', '10.1.0.0/24'),
    subnet(shape, 'b', '10.1.1.0/24'),
    subnet(shape, 'pods', '10.1.2.0/24'),
    endpointSubnet(shape),
  );
  return [
    spoke.map((subnets) => [network('spoke', ['10.1.0.0/16', ...(shape.v6 ? ['fd00:1::/48'] : [])], subnets)]),
    subnet(shape, 'h', '10.2.0.0/24').map((only) => [network('hub', ['10.2.0.0/16'], [only])]),
    // Nothing leads there, and its addresses are those of the spoke.
    subnet(shape, 'a', '10.1.0.0/24').map((only) => [network('apart', ['10.1.0.0/16'], [only])]),
    peerings(shape),
    gateways(),
    endpoints(),
    routeTables(shape),
  ];
}

function network(name: string, prefixes: readonly string[], subnets: readonly Manifest[]): Manifest {
  const type = 'Microsoft.Network/virtualNetworks';
  return { type, name, properties: { addressSpace: { addressPrefixes: prefixes }, subnets } };
}

function subnet(shape: Shape, name: string, prefix: string): fc.Arbitrary<Manifest> {
  const second = name === 'a' ? ['fd00:1:0:1::/64'] : name === 'b' ? ['fd00:1:0:2::/64'] : [];
  return fc
    .record(
      {
        networkSecurityGroup: orOpen(pickOne('nsg0', 'nsg1', 'nsg0', 'nsg1', 'gone'), shape),
        routeTable: pickOne('rt0', 'rt1', 'rt0', 'rt1', 'gone'),
        natGateway: fc.constant({ id: `${PREFIX}/natGateways/nat` }),
        serviceEndpoints: fc.constant([{ service: 'Microsoft.Storage' }]),
        defaultOutboundAccess: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .map(({ networkSecurityGroup: group, routeTable: table, ...rest }) => ({
      name,
      properties: {
        addressPrefixes: [prefix, ...(shape.v6 ? second : [])],
        ...(group !== undefined && {
          networkSecurityGroup: group.startsWith('[') ? { id: group } : ref('networkSecurityGroups', group),
        }),
        ...(table !== undefined && { routeTable: ref('routeTables', table) }),
        ...rest,
      },
    }));
}

function endpointSubnet(shape: Shape): fc.Arbitrary<Manifest> {
  const policies = orOpen(pickOne('Disabled', 'Enabled', 'NetworkSecurityGroupEnabled', 'RouteTableEnabled'), shape);
  return fc.tuple(fc.option(policies), fc.boolean()).map(([policy, hasGroup]) => ({
    name: 'ep',
    properties: {
      addressPrefix: '10.1.3.0/24',
      ...(hasGroup && { networkSecurityGroup: ref('networkSecurityGroups', 'nsg1') }),
      ...(policy !== null && { privateEndpointNetworkPolicies: policy }),
    },
  }));
}

function peerings(shape: Shape): fc.Arbitrary<Manifest[]> {
  const kind = fc.record(
    {
      allowVirtualNetworkAccess: orOpen(pickOne(true, true, true, false), shape),
      useRemoteGateways: fc.boolean(),
      peeringState: pickOne('Connected', 'Connected', 'Initiated'),
      remoteAddressSpace: fc.constant({ addressPrefixes: ['10.2.0.0/16', '10.3.0.0/16'] }),
    },
    { requiredKeys: ['allowVirtualNetworkAccess'] },
  );
  const remote = pickOne('hub', 'hub', 'hub', 'elsewhere');
  const back = pickOne<string | undefined | null>('Connected', 'Initiated', undefined, undefined, null);
  return fc.option(fc.tuple(kind, remote, back)).map((found) => {
    if (found === null) return [];
    const [properties, to, half] = found;
    const type = 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings';
    const peering = (name: string, remoteName: string, rest: Manifest): Manifest => ({
      type,
      name,
      properties: { ...rest, remoteVirtualNetwork: ref('virtualNetworks', remoteName) },
    });
    const second = { allowVirtualNetworkAccess: true, ...(half !== undefined && { peeringState: half }) };
    return [
      peering('spoke/to-hub', to, properties),
      ...(half === null ? [] : [peering('hub/to-spoke', 'spoke', second)]),
    ];
  });
}

function gateways(): fc.Arbitrary<Manifest[]> {
  const at = pickOne('spoke', 'hub');
  return fc.tuple(rarely(5), at, fc.boolean()).map(([exists, name, hasLocal]) => {
    if (!exists) return [];
    const ipConfigurations = [
      { name: 'c', properties: { subnet: ref(`virtualNetworks/${name}/subnets`, 'GatewaySubnet') } },
    ];
    const gateway = {
      type: 'Microsoft.Network/virtualNetworkGateways',
      name: 'gw',
      properties: { gatewayType: 'Vpn', ipConfigurations },
    };
    const localNetworkAddressSpace = { addressPrefixes: ['10.50.0.0/16'] };
    const local = {
      type: 'Microsoft.Network/localNetworkGateways',
      name: 'on-prem',
      properties: { localNetworkAddressSpace },
    };
    return hasLocal ? [gateway, local] : [gateway];
  });
}

/** A private endpoint at 10.1.3.4, and an interface with a group, or of unknown address. */
function endpoints(): fc.Arbitrary<Manifest[]> {
  const ep = ref('virtualNetworks/spoke/subnets', 'ep');
  const endpoint = {
    type: 'Microsoft.Network/privateEndpoints',
    name: 'pe',
    properties: {
      subnet: ep,
      ipConfigurations: [
        { name: 'c', properties: { privateIPAddress: '10.1.3.4', groupId: 'vault', memberName: 'default' } },
      ],
      privateLinkServiceConnections: [
        { name: 'c', properties: { privateLinkServiceId: `${PREFIX}/x/y`, groupIds: ['vault'] } },
      ],
    },
  };
  const nic = fc
    .record({ address: fc.option(fc.constant('10.1.0.77')), group: fc.boolean(), guarded: fc.boolean() })
    .map(({ address, group, guarded }) => ({
      type: 'Microsoft.Network/networkInterfaces',
      name: 'nic',
      properties: {
        ...(guarded && { networkSecurityGroup: ref('networkSecurityGroups', 'nsg1') }),
        ipConfigurations: [
          {
            name: 'c',
            properties: {
              subnet: ref('virtualNetworks/spoke/subnets', 'a'),
              ...(address !== null && { privateIPAddress: address }),
              ...(group && { applicationSecurityGroups: [ref('applicationSecurityGroups', 'asg0')] }),
            },
          },
        ],
      },
    }));
  const far = {
    ...endpoint,
    name: 'far',
    properties: {
      ...endpoint.properties,
      subnet: ref('virtualNetworks/hub/subnets', 'h'),
      ipConfigurations: [
        { name: 'c', properties: { privateIPAddress: '10.2.0.9', groupId: 'vault', memberName: 'default' } },
      ],
    },
  };
  const strange = nic.map(({ properties, ...rest }) => {
    const [only] = properties.ipConfigurations;
    const placed = { ...only!.properties, subnet: ref('virtualNetworks/apart/subnets', 'a') };
    return {
      ...rest,
      name: 'strange',
      properties: { ...properties, ipConfigurations: [{ ...only!, properties: placed }] },
    };
  });
  const parts = fc.tuple(
    fc.option(fc.constant(endpoint)),
    fc.option(nic),
    fc.option(fc.constant(far)),
    fc.option(strange),
  );
  return parts.map((all) => all.flatMap((each): Manifest[] => (each === null ? [] : [each])));
}

// ---------------------------------------------------------------- routes

function routeTables(shape: Shape): fc.Arbitrary<Manifest[]> {
  const route = fc.record({
    addressPrefix: orOpen(
      pickOne(
        '0.0.0.0/0',
        '0.0.0.0/0',
        '10.1.0.0/16',
        '10.1.1.0/24',
        '10.2.0.0/16',
        '10.0.0.0/8',
        '52.0.0.0/24',
        '203.0.113.0/24',
        '::/0',
        'Storage',
        '10.1.3.0/24',
        '10.50.0.0/16',
        '169.254.169.254/32',
      ),
      shape,
    ),
    nextHopType: pickOne('None', 'None', 'Internet', 'VirtualAppliance', 'VirtualNetworkGateway', 'VnetLocal'),
  });
  const table = fc.record({ routes: some(route, 3), ignores: orOpen(fc.boolean(), shape) });
  return fc.tuple(table, table).map((tables) =>
    tables.map(({ routes, ignores }, index) => ({
      type: 'Microsoft.Network/routeTables',
      name: `rt${index}`,
      properties: {
        disableBgpRoutePropagation: ignores,
        routes: routes.map((properties, at) => ({
          name: `r${at}`,
          properties: {
            ...properties,
            ...(properties.nextHopType === 'VirtualAppliance' && { nextHopIpAddress: '10.2.0.4' }),
          },
        })),
      },
    })),
  );
}

// ---------------------------------------------------------------- security

const ENDS = [
  '*',
  '*',
  '*',
  'VirtualNetwork',
  'Internet',
  'AzureLoadBalancer',
  'Storage',
  'AzurePlatformIMDS',
  'AzurePlatformDNS',
  '10.1.0.0/24',
  '10.1.1.0/24',
  '10.1.0.4',
  '10.1.0.30',
  '10.1.2.0/24',
  '10.1.2.10',
  '10.1.3.4',
  '10.2.0.0/16',
  '10.244.0.0/16',
  '10.244.0.10',
  '10.0.0.0/8',
  '203.0.113.7',
  '0.0.0.0/0',
  'fd00:1::/48',
  '10.50.0.0/16',
];
const PORTS = ['*', '*', '*', '443', '80-443', '0-65535', '53', '22'];

function securityParts(shape: Shape): fc.Arbitrary<Manifest[]> {
  const group = (name: string) =>
    fc.uniqueArray(securityRule(shape), { maxLength: 4, size: 'max', selector: ({ key }) => key }).map((rules) => ({
      type: 'Microsoft.Network/networkSecurityGroups',
      name,
      properties: { securityRules: rules.map(({ properties }, index) => ({ name: `${name}-r${index}`, properties })) },
    }));
  return fc.tuple(group('nsg0'), group('nsg1'), adminParts(shape)).map(([a, b, admin]) => [a, b, ...admin]);
}

function securityRule(shape: Shape): fc.Arbitrary<{ readonly key: string; readonly properties: Manifest }> {
  const parts = fc.record({
    direction: orOpen(pickOne('Inbound', 'Outbound'), shape),
    access: orOpen(pickOne('Allow', 'Deny'), shape),
    priority: orOpen(pickOne(100, 200, 300, 400, 500), shape),
    protocol: orOpen(pickOne('*', '*', 'Tcp', 'Udp', 'Icmp', 'Esp'), shape),
    from: end('source', shape),
    to: end('destination', shape),
    sourcePortRange: fc.nat(19).map((value) => (value === 0 ? '1024-65535' : '*')),
    ports: fc.oneof(
      orOpen(pickOne(...PORTS), shape).map((destinationPortRange) => ({ destinationPortRange })),
      fc.constant({ destinationPortRange: '', destinationPortRanges: ['80', '443-444'] }),
    ),
  });
  return parts.map(({ from, to, ports, ...rest }) => ({
    key: `${rest.direction} ${rest.priority}`,
    properties: { ...rest, ...from, ...to, ...ports },
  }));
}

function end(side: 'source' | 'destination', shape: Shape): fc.Arbitrary<Manifest> {
  const name = `${side}AddressPrefix`;
  return fc.oneof(
    { weight: 7, arbitrary: orOpen(pickOne(...ENDS), shape).map((value) => ({ [name]: value })) },
    {
      weight: 2,
      arbitrary: fc
        .uniqueArray(pickOne(...ENDS.slice(3)), { minLength: 2, maxLength: 3 })
        .map((values) => ({ [name]: '', [`${name}es`]: values })),
    },
    {
      weight: 1,
      arbitrary: pickOne('asg0', 'asg1').map((asg) => ({
        [`${side}ApplicationSecurityGroups`]: [ref('applicationSecurityGroups', asg)],
      })),
    },
  );
}

function adminParts(shape: Shape): fc.Arbitrary<Manifest[]> {
  const M = 'Microsoft.Network/networkManagers';
  const rule = fc.record({
    direction: orOpen(pickOne('Inbound', 'Outbound'), shape),
    access: orOpen(pickOne('Allow', 'AlwaysAllow', 'Deny'), shape),
    priority: pickOne(1, 2, 3),
    protocol: pickOne('Any', 'Tcp', 'Udp'),
    sources: adminEnds(),
    destinations: adminEnds(),
    destinationPortRanges: pickOne(['0-65535'], ['443'], ['22', '80']),
  });
  const group = fc.uniqueArray(
    pickOne('virtualNetworks/spoke', 'virtualNetworks/spoke/subnets/a', 'virtualNetworks/hub'),
    { minLength: 0, maxLength: 2 },
  );
  const commit = pickOne('here', 'here', 'here', 'there', 'none');
  return fc
    .tuple(rarely(3), some(rule, 3), some(rule, 2), group, commit)
    .map(([exists, first, second, members, committed]) => {
      if (!exists) return [];
      const collection = (name: string, rules: readonly Manifest[]): Manifest[] => [
        {
          type: `${M}/securityAdminConfigurations/ruleCollections`,
          name: `m/c/${name}`,
          properties: { appliesToGroups: [{ networkGroupId: `${PREFIX}/networkManagers/m/networkGroups/g` }] },
        },
        ...rules.map((properties, index) => ({
          type: `${M}/securityAdminConfigurations/ruleCollections/rules`,
          name: `m/c/${name}/${name}-r${index}`,
          kind: 'Custom',
          properties,
        })),
      ];
      return [
        { type: M, name: 'm', properties: {} },
        {
          type: `${M}/networkGroups`,
          name: 'm/g',
          properties: { memberType: members.some((each) => each.includes('subnets')) ? 'Subnet' : 'VirtualNetwork' },
        },
        ...members.map((member, index) => ({
          type: `${M}/networkGroups/staticMembers`,
          name: `m/g/s${index}`,
          properties: { resourceId: `${PREFIX}/${member}` },
        })),
        ...collection('one', first),
        ...collection('two', second),
        ...(committed === 'none'
          ? []
          : [
              {
                type: `${M}/commits`,
                name: 'm/k',
                properties: {
                  commitType: 'SecurityAdmin',
                  targetLocations: [committed === 'here' ? 'West Europe' : 'North Europe'],
                  configurationIds: [`${PREFIX}/networkManagers/m/securityAdminConfigurations/c`],
                },
              },
            ]),
      ];
    });
}

function adminEnds(): fc.Arbitrary<Manifest[]> {
  const ip = pickOne('*', '10.1.0.0/24', '10.244.0.0/16', '10.2.0.0/16').map((addressPrefix) => ({
    addressPrefix,
    addressPrefixType: 'IPPrefix',
  }));
  const tag = pickOne('Internet', 'VirtualNetwork').map((addressPrefix) => ({
    addressPrefix,
    addressPrefixType: 'ServiceTag',
  }));
  const group = fc.constant({
    addressPrefix: `${PREFIX}/networkManagers/m/networkGroups/g`,
    addressPrefixType: 'NetworkGroup',
  });
  return fc.array(
    fc.oneof({ weight: 4, arbitrary: ip }, { weight: 1, arbitrary: tag }, { weight: 1, arbitrary: group }),
    { minLength: 1, maxLength: 2 },
  );
}

// ---------------------------------------------------------------- the cluster

function cluster(shape: Shape): fc.Arbitrary<Manifest> {
  const subnetId = (name: string) => ref('virtualNetworks/spoke/subnets', name).id;
  const parts = fc.record({
    second: pickOne('a', 'b', 'b', 'nowhere'),
    onePool: fc.boolean(),
    outboundType: orOpen(pickOne('loadBalancer', 'userDefinedRouting', 'none', 'managedNATGateway'), shape),
    hasPodCidr: rarely(4).map((value) => !value),
    publicIps: rarely(8),
    asg: rarely(6),
  });
  return parts.map(({ second, onePool, outboundType, hasPodCidr, publicIps, asg }) => {
    const pool = (name: string, at: string): Manifest => ({
      name,
      vnetSubnetID: subnetId(at),
      enableNodePublicIP: publicIps,
      ...(shape.mode === 'pod-subnet' && { podSubnetID: subnetId('pods') }),
      ...(asg && { networkProfile: { applicationSecurityGroups: [ref('applicationSecurityGroups', 'asg1').id] } }),
    });
    return {
      type: 'Microsoft.ContainerService/managedClusters',
      name: 'aks',
      properties: {
        networkProfile: {
          outboundType,
          ...pluginOf(shape.mode),
          ...(hasPodCidr && { podCidr: '10.244.0.0/16' }),
        },
        agentPoolProfiles: onePool ? [pool('p0', 'a')] : [pool('p0', 'a'), pool('p1', second)],
      },
    };
  });
}

function pluginOf(mode: Mode): Manifest {
  if (mode === 'open') return {};
  if (mode === 'kubenet') return { networkPlugin: 'kubenet' };
  return { networkPlugin: 'azure', ...(mode === 'overlay' && { networkPluginMode: 'overlay' }) };
}

/** `aks-p0-…` is of the first pool by its name, `n1` by its label or by nothing at all. */
function clusterParts({ mode, v6 }: Shape): fc.Arbitrary<Manifest[]> {
  const nodes = fc.tuple(fc.boolean(), pickOne('label', 'address', 'nothing', 'absent'));
  const pod = fc.record({
    place: pickOne('pod', 'pod', 'pod', 'template', 'host'),
    node: pickOne('aks-p0-11111111-vmss000000', 'n1', undefined),
    address: rarely(4).map((value) => !value),
  });
  return fc.tuple(nodes, some(pod, 3)).map(([[first, second], pods]) => [
    ...(first ? [node('aks-p0-11111111-vmss000000', '10.1.0.4', {}, v6)] : []),
    ...(second === 'absent' ? [] : [secondNode(second)]),
    ...pods.map(({ place, node: nodeName, address }, index) => {
      const spec = {
        containers: [{ name: 'c', image: 'i' }],
        ...(nodeName !== undefined && place !== 'template' && { nodeName }),
        ...(place === 'host' && { hostNetwork: true }),
      };
      const metadata = { name: `w${index}`, namespace: 'n0', labels: { app: `w${index}` } };
      if (place === 'template')
        return {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata,
          spec: { selector: { matchLabels: metadata.labels }, template: { metadata, spec } },
        };
      const podIP = `${mode === 'pod-subnet' ? '10.1.2' : mode === 'node-subnet' ? '10.1.0' : '10.244.0'}.${index === 0 ? (mode === 'node-subnet' ? 30 : 10) : 40 + index}`;
      const hasAddress = address && place !== 'host';
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec,
        ...(hasAddress && { status: { podIP, podIPs: [{ ip: podIP }] } }),
      };
    }),
  ]);
}

function secondNode(how: string): Manifest {
  return node(
    'n1',
    how === 'address' ? '10.1.1.5' : how === 'label' ? '10.1.0.5' : undefined,
    how === 'label' ? { agentpool: 'p1' } : {},
    false,
  );
}

function node(name: string, address: string | undefined, labels: Manifest, v6: boolean): Manifest {
  const all = address === undefined ? [] : [address, ...(v6 ? ['fd00:1:0:1::4'] : [])];
  const addresses = all.map((each) => ({ type: 'InternalIP', address: each }));
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status: { addresses } };
}
