import type { Origin } from '../origin.ts';
import type { LabelSelector } from '../resource.ts';
import type { AddressItem, AzureEntity, AzureRef, PortItem, Settled } from './entity.ts';
import type { NetworkProtocol } from './network.ts';

// Facts of the shapes: Azure/bicep-types-az, network 2025-09-01, azureFirewalls, firewallPolicies, ipGroups.

export interface Firewall extends AzureEntity {
  readonly policy?: AzureRef;
  readonly subnet?: AzureRef;
  /** The hub that it stands in, of Virtual WAN. */
  readonly hub?: AzureRef;
  readonly privateAddress?: AddressItem;
  readonly publicIps: readonly AzureRef[];
  readonly tier: Settled<string>;
  readonly threatIntel: Settled<ThreatIntelMode>;
  /** Rules of the firewall itself, which one with a policy has none of. */
  readonly collections: readonly RuleCollection[];
}

export type ThreatIntelMode = 'Off' | 'Alert' | 'Deny';

export interface FirewallPolicy extends AzureEntity {
  readonly base?: AzureRef;
  readonly tier: Settled<string>;
  readonly threatIntel: Settled<ThreatIntelMode>;
  readonly dnsProxy: Settled<boolean>;
  readonly dnsServers: readonly string[];
  /** `Off`, `Alert`, `Deny` */
  readonly intrusionDetection: Settled<string>;
  readonly inspectsTls: boolean;
}

export interface RuleCollectionGroup extends AzureEntity {
  /** The key of its policy. */
  readonly policy: string;
  readonly priority: Settled<number>;
  readonly collections: readonly RuleCollection[];
}

export interface RuleCollection {
  readonly name: string;
  readonly priority: Settled<number>;
  readonly kind: 'dnat' | 'network' | 'application' | 'mixed';
  readonly action: Settled<'allow' | 'deny' | 'dnat'>;
  readonly rules: readonly FirewallRule[];
  readonly path: string;
  readonly origin: Origin;
}

export type FirewallRule = DnatRule | NetworkRule | ApplicationRule | UnreadRule;

interface AnyRule {
  readonly name: string;
  readonly sources: readonly AddressItem[];
  /** `properties.ruleCollections[0].rules[3]` */
  readonly path: string;
  readonly origin: Origin;
}

export interface DnatRule extends AnyRule {
  readonly kind: 'dnat';
  readonly protocols: readonly Settled<NetworkProtocol>[];
  readonly destinations: readonly AddressItem[];
  readonly ports: readonly PortItem[];
  readonly translatedAddress?: AddressItem;
  readonly translatedPort?: Settled<number>;
}

export interface NetworkRule extends AnyRule {
  readonly kind: 'network';
  readonly protocols: readonly Settled<NetworkProtocol>[];
  /** Addresses, groups, tags and names. */
  readonly destinations: readonly AddressItem[];
  readonly ports: readonly PortItem[];
}

export interface ApplicationRule extends AnyRule {
  readonly kind: 'application';
  readonly protocols: readonly {
    readonly protocol: Settled<'http' | 'https' | 'mssql'>;
    readonly port: Settled<number>;
  }[];
  /** Empty: whatever the address. */
  readonly destinations: readonly AddressItem[];
  /** What could not be evaluated among tags and categories stands here too. */
  readonly names: readonly AddressItem[];
  /** Whole URLs, with their path: `www.contoso.com/api/*`. */
  readonly urls: readonly AddressItem[];
  /** `AzureKubernetesService`, `WindowsUpdate` */
  readonly tags: readonly string[];
  readonly categories: readonly string[];
  readonly terminatesTls: Settled<boolean>;
}

/** A rule of a form that we do not know: it may mean anything. */
export interface UnreadRule extends AnyRule {
  readonly kind: 'unread';
}

export interface IpGroup extends AzureEntity {
  readonly addresses: readonly AddressItem[];
}

/** A group of pods that rules of the firewall name. */
export interface KubeSelectorGroup extends AzureEntity {
  readonly policy: string;
  readonly pods?: LabelSelector;
  readonly namespaces?: LabelSelector;
}
