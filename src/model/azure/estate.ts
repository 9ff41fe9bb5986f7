import type { AddressRange } from '#base/address.ts';
import type { ManagedCluster, NodePool } from './cluster.ts';
import type {
  ApiGateway,
  ApplicationGateway,
  Bastion,
  FrontDoor,
  ScaleSet,
  TrafficController,
  WafPolicy,
} from './edge.ts';
import type { Firewall, FirewallPolicy, IpGroup, KubeSelectorGroup, RuleCollectionGroup } from './firewall.ts';
import type {
  AdminCollection,
  AdminCommit,
  AdminRule,
  ApplicationSecurityGroup,
  DnsRecord,
  DnsZoneLink,
  LoadBalancer,
  LocalNetwork,
  NatGateway,
  NetworkGateway,
  NetworkGroup,
  NetworkInterface,
  Peering,
  PrivateDnsZone,
  PrivateEndpoint,
  PrivateLinkService,
  PublicIp,
  PublicIpPrefix,
  RouteTable,
  SecurityGroup,
  Subnet,
  VirtualNetwork,
} from './network.ts';
import type { AzureResource } from './resource.ts';
import type { PlatformService } from './services.ts';

/** The Azure network around a cluster. The order of the lists is the order of reading and has no meaning. */
export interface AzureEstate {
  readonly networks: readonly VirtualNetwork[];
  readonly subnets: readonly Subnet[];
  readonly peerings: readonly Peering[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly applicationGroups: readonly ApplicationSecurityGroup[];
  readonly adminRules: readonly AdminRule[];
  readonly adminCollections: readonly AdminCollection[];
  readonly networkGroups: readonly NetworkGroup[];
  readonly adminCommits: readonly AdminCommit[];
  readonly interfaces: readonly NetworkInterface[];
  readonly routeTables: readonly RouteTable[];
  readonly publicIps: readonly PublicIp[];
  readonly publicIpPrefixes: readonly PublicIpPrefix[];
  readonly natGateways: readonly NatGateway[];
  readonly gateways: readonly NetworkGateway[];
  readonly localNetworks: readonly LocalNetwork[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly privateEndpoints: readonly PrivateEndpoint[];
  readonly dnsZones: readonly PrivateDnsZone[];
  readonly dnsLinks: readonly DnsZoneLink[];
  readonly dnsRecords: readonly DnsRecord[];
  readonly linkServices: readonly PrivateLinkService[];
  readonly firewalls: readonly Firewall[];
  readonly firewallPolicies: readonly FirewallPolicy[];
  readonly ruleCollectionGroups: readonly RuleCollectionGroup[];
  readonly ipGroups: readonly IpGroup[];
  readonly podGroups: readonly KubeSelectorGroup[];
  readonly applicationGateways: readonly ApplicationGateway[];
  readonly wafPolicies: readonly WafPolicy[];
  readonly trafficControllers: readonly TrafficController[];
  readonly frontDoors: readonly FrontDoor[];
  readonly apiGateways: readonly ApiGateway[];
  readonly bastions: readonly Bastion[];
  readonly scaleSets: readonly ScaleSet[];
  readonly services: readonly PlatformService[];
  readonly clusters: readonly ManagedCluster[];
  readonly pools: readonly NodePool[];
  /** Addresses of service tags by name in lower case, where Azure's published list was given. */
  readonly serviceTags: ReadonlyMap<string, readonly AddressRange[]>;
  /** Every resource that was read, those above too, in ARM's shape, by key: what controls look at. */
  readonly resources: ReadonlyMap<string, AzureResource>;
}

export const EMPTY_ESTATE: AzureEstate = {
  networks: [],
  subnets: [],
  peerings: [],
  securityGroups: [],
  applicationGroups: [],
  adminRules: [],
  adminCollections: [],
  networkGroups: [],
  adminCommits: [],
  interfaces: [],
  routeTables: [],
  publicIps: [],
  publicIpPrefixes: [],
  natGateways: [],
  gateways: [],
  localNetworks: [],
  loadBalancers: [],
  privateEndpoints: [],
  dnsZones: [],
  dnsLinks: [],
  dnsRecords: [],
  linkServices: [],
  firewalls: [],
  firewallPolicies: [],
  ruleCollectionGroups: [],
  ipGroups: [],
  podGroups: [],
  applicationGateways: [],
  wafPolicies: [],
  trafficControllers: [],
  frontDoors: [],
  apiGateways: [],
  bastions: [],
  scaleSets: [],
  services: [],
  clusters: [],
  pools: [],
  serviceTags: new Map(),
  resources: new Map(),
};
