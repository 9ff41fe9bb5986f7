import type { AddressItem, AzureEntity, AzureRef, Settled } from './entity.ts';

// Facts of the shape: Azure/bicep-types-az, containerservice 2026-05-01, managedClusters.

export interface ManagedCluster extends AzureEntity {
  readonly version?: Settled<string>;
  readonly nodeResourceGroup?: Settled<string>;
  /** `azure`, `kubenet`, `none` */
  readonly networkPlugin?: Settled<string>;
  /** `overlay` */
  readonly pluginMode?: Settled<string>;
  /** `azure`, `cilium` */
  readonly dataplane?: Settled<string>;
  /** `azure`, `calico`, `cilium`, `none` */
  readonly networkPolicy?: Settled<string>;
  readonly podCidrs: readonly AddressItem[];
  readonly serviceCidrs: readonly AddressItem[];
  readonly dnsServiceIp?: Settled<string>;
  readonly outboundType: Settled<string>;
  readonly outboundIps: readonly AzureRef[];
  readonly pools: readonly NodePool[];
  readonly api: ApiServerAccess;
  /** Features that need more endpoints: keys of `aksFeatures` in the data of endpoints. */
  readonly features: readonly string[];
  readonly artifactSource: Settled<string>;
}

export interface ApiServerAccess {
  readonly privateCluster: Settled<boolean>;
  readonly publicFqdn: Settled<boolean>;
  readonly privateDnsZone?: AzureRef;
  readonly authorizedRanges: readonly AddressItem[];
  readonly runCommand: Settled<boolean>;
  readonly vnetIntegration: Settled<boolean>;
  readonly subnet?: AzureRef;
  readonly fqdn?: Settled<string>;
  readonly privateFqdn?: Settled<string>;
}

export interface NodePool extends AzureEntity {
  readonly cluster: string;
  readonly mode: Settled<string>;
  readonly os: Settled<string>;
  readonly count?: Settled<number>;
  readonly maxCount?: Settled<number>;
  readonly maxPods?: Settled<number>;
  readonly subnet?: AzureRef;
  readonly podSubnet?: AzureRef;
  readonly nodePublicIps: Settled<boolean>;
  /** Ports of nodes that AKS opens to the internet. */
  readonly hostPorts?: readonly { readonly protocol: 'tcp' | 'udp'; readonly from: number; readonly to: number }[];
  /** Keys of application security groups of its nodes. */
  readonly groups: readonly AzureRef[];
}
