import type { AddressItem, AzureEntity, AzureRef, Settled } from './entity.ts';
import type { Frontend } from './network.ts';

// What stands before a cluster, and what brings people and machines into its network. Facts of the shapes:
// Azure/bicep-types-az: network and compute 2025-09-01, cdn 2025-06-01, servicenetworking 2025-01-01, apimanagement 2024-05-01.

export interface ApplicationGateway extends AzureEntity {
  /** `Standard_v2`, `WAF_v2`, `Basic` */
  readonly tier: Settled<string>;
  readonly subnets: readonly AzureRef[];
  readonly frontends: readonly Frontend[];
  readonly listeners: readonly GatewayListener[];
  readonly rules: readonly GatewayRule[];
  readonly pools: readonly GatewayPool[];
  readonly settings: readonly { readonly key: string; readonly port?: Settled<number> }[];
  readonly firewallPolicy?: AzureRef;
  /** `webApplicationFirewallConfiguration`: the firewall's settings in the gateway itself. */
  readonly ownFirewall?: WafSettings;
}

export interface GatewayListener {
  readonly key: string;
  readonly name: string;
  readonly frontend?: AzureRef;
  readonly port?: Settled<number>;
  /** Empty: every host. */
  readonly hosts: readonly string[];
  readonly isTls: boolean;
  readonly firewallPolicy?: AzureRef;
}

/** Where a listener sends requests: each path of a path map is a target of its own, and so is what no path takes. */
export interface GatewayRule {
  readonly name: string;
  readonly listener?: AzureRef;
  readonly targets: readonly GatewayTarget[];
}

export interface GatewayTarget {
  /** Absent: every path, or what no path of the map takes. */
  readonly paths?: readonly string[];
  readonly pool?: AzureRef;
  readonly settings?: AzureRef;
  readonly firewallPolicy?: AzureRef;
}

export interface GatewayPool {
  readonly key: string;
  readonly name: string;
  readonly addresses: readonly AddressItem[];
  readonly names: readonly string[];
}

export interface WafSettings {
  /** Whether it looks at requests at all. */
  readonly isOn: Settled<boolean>;
  /** Detection writes a log and lets everything pass. */
  readonly mode: Settled<'prevention' | 'detection'>;
  readonly checksBody: Settled<boolean>;
}

export interface WafPolicy extends AzureEntity, WafSettings {
  readonly of: 'application-gateway' | 'front-door';
  readonly customRules: readonly WafRule[];
  readonly ruleSets: readonly { readonly name: string; readonly version: string }[];
}

export interface WafRule {
  readonly name: string;
  readonly action: string;
  readonly isOn: boolean;
}

/** Application Gateway for Containers. */
export interface TrafficController extends AzureEntity {
  readonly frontends: readonly { readonly key: string; readonly name: string; readonly host?: Settled<string> }[];
  readonly subnets: readonly AzureRef[];
  readonly policies: readonly TrafficPolicy[];
}

export interface TrafficPolicy extends AzureEntity {
  readonly kind: Settled<string>;
  readonly firewallPolicy?: AzureRef;
}

/** Azure Front Door, Standard or Premium: `Microsoft.Cdn/profiles`. */
export interface FrontDoor extends AzureEntity {
  readonly sku: Settled<string>;
  readonly endpoints: readonly FrontDoorEndpoint[];
  readonly origins: readonly FrontDoorOrigin[];
  /** With what firewall policy requests for which endpoints and domains are looked at. */
  readonly associations: readonly { readonly firewallPolicy?: AzureRef; readonly domains: readonly AzureRef[] }[];
}

export interface FrontDoorEndpoint extends AzureEntity {
  readonly host?: Settled<string>;
  readonly isOn: Settled<boolean>;
  readonly routes: readonly FrontDoorRoute[];
}

export interface FrontDoorRoute extends AzureEntity {
  readonly group?: AzureRef;
  readonly domains: readonly AzureRef[];
  readonly isOn: Settled<boolean>;
  /** `Http`, `Https` */
  readonly protocols: readonly string[];
}

export interface FrontDoorOrigin extends AzureEntity {
  /** The key of its group. */
  readonly group: string;
  readonly host?: Settled<string>;
  readonly isOn: Settled<boolean>;
  readonly httpPort: Settled<number>;
  readonly httpsPort: Settled<number>;
  /** The private link service that it goes through in place of the internet. */
  readonly privateLink?: AzureRef;
}

/** How API Management stands in the network. */
export interface ApiGateway extends AzureEntity {
  /** `None`, `External`, `Internal` */
  readonly mode: Settled<string>;
  readonly sku: Settled<string>;
  readonly subnet?: AzureRef;
  readonly publicIp?: AzureRef;
  readonly publicAccess?: Settled<string>;
}

export interface Bastion extends AzureEntity {
  readonly subnet?: AzureRef;
  readonly publicIps: readonly AzureRef[];
}

/** A set of machines with the configurations of their network interfaces: the nodes of a pool are one. */
export interface ScaleSet extends AzureEntity {
  readonly interfaces: readonly ScaleSetInterface[];
}

export interface ScaleSetInterface {
  readonly securityGroup?: AzureRef;
  readonly subnets: readonly AzureRef[];
  /** Whether each machine gets a public address. */
  readonly publicIps: boolean;
  /** Keys of application security groups. */
  readonly groups: readonly AzureRef[];
}
