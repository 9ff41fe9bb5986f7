import type { AddressRange } from '#base/address.ts';
import type { Origin } from '../origin.ts';
import type { Direction } from '../resource.ts';
import type { AddressItem, AzureEntity, AzureRef, PortItem, Settled } from './entity.ts';

// Facts of the shapes: Azure/bicep-types-az, network 2025-09-01.

export interface VirtualNetwork extends AzureEntity {
  readonly prefixes: readonly AddressItem[];
  /** Empty: Azure's own resolver. */
  readonly dnsServers: readonly string[];
  readonly encryption: boolean;
  readonly ddosProtection: Settled<boolean>;
  readonly ddosPlan?: AzureRef;
}

export interface Subnet extends AzureEntity {
  /** The key of its virtual network. */
  readonly network: string;
  readonly prefixes: readonly AddressItem[];
  readonly securityGroup?: AzureRef;
  readonly routeTable?: AzureRef;
  readonly natGateway?: AzureRef;
  /** `Microsoft.Storage` */
  readonly serviceEndpoints: readonly string[];
  readonly delegations: readonly string[];
  /** False: a private subnet. Absent: what Azure does for subnets of that age. */
  readonly defaultOutboundAccess?: Settled<boolean>;
  /** `Disabled`, which it is where nothing is said, `Enabled`, `NetworkSecurityGroupEnabled`, `RouteTableEnabled`. */
  readonly privateEndpointPolicies: Settled<string>;
}

export interface Peering extends AzureEntity {
  readonly network: string;
  readonly remote: AzureRef;
  readonly remotePrefixes: readonly AddressItem[];
  readonly allowAccess: Settled<boolean>;
  readonly allowForwarded: Settled<boolean>;
  readonly allowGatewayTransit: Settled<boolean>;
  readonly useRemoteGateways: Settled<boolean>;
  /** `Connected`, `Initiated`, `Disconnected`; absent in templates. */
  readonly state?: Settled<string>;
}

// ---------------------------------------------------------------- security

export interface SecurityGroup extends AzureEntity {
  /** Rules that were written; Azure adds its defaults. */
  readonly rules: readonly SecurityRule[];
}

export interface SecurityRule {
  readonly name: string;
  readonly id: string;
  readonly direction: Settled<Direction>;
  readonly access: Settled<'allow' | 'deny'>;
  /** 100 to 4096, lower first. */
  readonly priority: Settled<number>;
  readonly protocol: Settled<NetworkProtocol>;
  readonly sources: readonly AddressItem[];
  readonly sourcePorts: readonly PortItem[];
  readonly destinations: readonly AddressItem[];
  readonly destinationPorts: readonly PortItem[];
  /** `properties.securityRules[2]` */
  readonly path: string;
  readonly origin: Origin;
}

export type NetworkProtocol = 'any' | 'tcp' | 'udp' | 'icmp' | 'esp' | 'ah';

/** A rule of Azure Virtual Network Manager, of a configuration that may or may not be deployed. */
export interface AdminRule extends AzureEntity {
  readonly direction: Settled<Direction>;
  readonly access: Settled<'allow' | 'always-allow' | 'deny'>;
  /** 1 to 4096, lower first. */
  readonly priority: Settled<number>;
  readonly protocol: Settled<NetworkProtocol>;
  readonly sources: readonly AddressItem[];
  readonly sourcePorts: readonly PortItem[];
  readonly destinations: readonly AddressItem[];
  readonly destinationPorts: readonly PortItem[];
  /** The key of its rule collection; of that the configuration, of that the network manager. */
  readonly collection: string;
}

export interface AdminCollection extends AzureEntity {
  readonly groups: readonly AzureRef[];
}

export interface NetworkGroup extends AzureEntity {
  readonly memberType: 'VirtualNetwork' | 'Subnet';
  /** Keys of networks or subnets that are members by name. */
  readonly members: readonly AzureRef[];
  /** Whether Azure Policy may add more. */
  readonly isOpen: boolean;
}

/** What a network manager put into force in a region. */
export interface AdminCommit extends AzureEntity {
  readonly kind: string;
  readonly regions: readonly string[];
  readonly configurations: readonly AzureRef[];
}

export interface ApplicationSecurityGroup extends AzureEntity {}

export interface NetworkInterface extends AzureEntity {
  readonly securityGroup?: AzureRef;
  readonly ipForwarding: Settled<boolean>;
  readonly configurations: readonly IpConfiguration[];
}

export interface IpConfiguration {
  readonly subnet?: AzureRef;
  readonly privateAddress?: AddressItem;
  readonly publicIp?: AzureRef;
  /** Keys of application security groups. */
  readonly groups: readonly AzureRef[];
}

// ---------------------------------------------------------------- routing

export interface RouteTable extends AzureEntity {
  readonly routes: readonly Route[];
  /** Whether routes that a gateway learned are left out. */
  readonly ignoresGateways: Settled<boolean>;
}

export interface Route {
  readonly name: string;
  readonly id: string;
  readonly prefix: AddressItem;
  readonly nextHop: Settled<NextHop>;
  readonly address?: AddressItem;
  readonly path: string;
  readonly origin: Origin;
}

export type NextHop = 'gateway' | 'network' | 'internet' | 'appliance' | 'none';

export interface PublicIp extends AzureEntity {
  readonly address?: AddressItem;
  readonly sku: Settled<string>;
  /** The key of what it is attached to. */
  readonly attachedTo?: AzureRef;
  readonly ddosMode?: Settled<string>;
}

export interface PublicIpPrefix extends AzureEntity {
  readonly prefix?: AddressItem;
}

export interface NatGateway extends AzureEntity {
  readonly publicIps: readonly AzureRef[];
  readonly prefixes: readonly AzureRef[];
}

export interface NetworkGateway extends AzureEntity {
  readonly kind: 'vpn' | 'expressroute' | 'other';
  readonly subnet?: AzureRef;
}

/** Networks behind a site-to-site connection. */
export interface LocalNetwork extends AzureEntity {
  readonly prefixes: readonly AddressItem[];
}

export interface LoadBalancer extends AzureEntity {
  readonly sku: Settled<string>;
  readonly frontends: readonly Frontend[];
  readonly rules: readonly LoadBalancerRule[];
  readonly outboundRules: readonly { readonly name: string; readonly frontends: readonly AzureRef[] }[];
}

export interface Frontend {
  readonly key: string;
  readonly name: string;
  readonly publicIp?: AzureRef;
  readonly publicIpPrefix?: AzureRef;
  readonly subnet?: AzureRef;
  readonly privateAddress?: AddressItem;
}

export interface LoadBalancerRule {
  readonly name: string;
  readonly frontend?: AzureRef;
  readonly protocol: Settled<string>;
  readonly frontendPort: Settled<number>;
  readonly backendPort: Settled<number>;
  readonly floatingIp: Settled<boolean>;
}

// ---------------------------------------------------------------- names and private links

export interface PrivateEndpoint extends AzureEntity {
  readonly subnet?: AzureRef;
  readonly connections: readonly PrivateConnection[];
  /** Addresses where the input has them. */
  readonly addresses: readonly AddressItem[];
  readonly interfaces: readonly AzureRef[];
  /** Keys of private DNS zones of its zone groups. */
  readonly zones: readonly AzureRef[];
}

export interface PrivateConnection {
  readonly target: AzureRef;
  /** `vault`, `registry`, `blob` */
  readonly groups: readonly string[];
  readonly isManual: boolean;
  /** `Approved`, `Pending`, `Rejected`, `Disconnected`; absent in templates. */
  readonly state?: Settled<string>;
}

export interface PrivateDnsZone extends AzureEntity {
  /** Lower case: `privatelink.vaultcore.azure.net`. */
  readonly domain: string;
}

export interface DnsZoneLink extends AzureEntity {
  readonly zone: string;
  readonly network?: AzureRef;
  readonly registration: Settled<boolean>;
  /** Whether names of the zone without a record there are asked for outside (`resolutionPolicy: NxDomainRedirect`). */
  readonly fallsBack: Settled<boolean>;
}

export interface DnsRecord extends AzureEntity {
  readonly zone: string;
  readonly addresses: readonly AddressRange[];
}

export interface PrivateLinkService extends AzureEntity {
  readonly frontends: readonly AzureRef[];
  /** Subscriptions that see it, and that are let in without asking: `*` is any. */
  readonly visibility: readonly string[];
  readonly autoApproval: readonly string[];
}
