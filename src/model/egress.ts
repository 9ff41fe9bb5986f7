import type { Assumption, EngineEntry, TrafficList } from './answers.ts';
import type { AzureEvidence, AzureFact } from './azure/fact.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Origin } from './origin.ts';
import type { ReasonCode } from './reason.ts';
import type { PathVerdict } from './verdict.ts';

/** The cluster that an answer is about. */
export interface EgressCluster {
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  readonly location?: string;
  /** With which address pods leave: `overlay`, `pod-subnet` … */
  readonly networkMode: string;
  readonly outboundType: string;
  readonly origin: Origin;
}

/**
 * - `default-access`: the outbound access that Azure gives where nothing else is there;
 * - `network`, `peering`, `gateway`: it stays in the virtual network, or goes to one that is connected;
 * - `platform`: addresses of Azure's platform, which no route is asked for;
 * - `none`: it is dropped.
 */
export const WAYS_OUT = [
  'firewall',
  'appliance',
  'nat-gateway',
  'load-balancer',
  'node-addresses',
  'default-access',
  'private-endpoint',
  'service-endpoint',
  'network',
  'peering',
  'gateway',
  'platform',
  'none',
  'unknown',
] as const;

/** By which way something leaves a subnet of nodes, as its routes say; whether it gets through is another matter. */
export interface WayOut {
  /** Its name; empty for a network that AKS makes, or one that the input does not have. */
  readonly subnet: string;
  readonly kind: (typeof WAYS_OUT)[number];
  /** Of the firewall or gateway; else what routes it there, in words. */
  readonly name: string;
  readonly origin: Origin;
}

/** Something that the nodes must reach, as it is evaluated through every layer. */
export interface RequiredEndpoint {
  /** `mcr.microsoft.com`, `*.data.mcr.microsoft.com`, an address. */
  readonly destination: string;
  readonly protocol: string;
  readonly port: number;
  /** `cluster`, or the feature that needs it: `azureMonitor`, `arc`. */
  readonly feature: string;
  readonly use: string;
  /** `perhaps`: the input does not settle whether it is needed. */
  readonly need: 'required' | 'optional' | 'perhaps';
  /** `mixed`: of some names that a wildcard means, or from some nodes. */
  readonly verdict: PathVerdict;
  readonly reasons: readonly ReasonCode[];
  /** Where it is not allowed: from which nodes; empty where it is. */
  readonly from: readonly string[];
  /** The rules that decide. */
  readonly by: readonly AzureEvidence[];
  /** From each subnet of nodes. Empty: nothing says from where it is asked for. */
  readonly ways: readonly WayOut[];
  readonly source: string;
}

/**
 * - `policy-allows`: policy of the cluster allows what the network around it denies;
 * - `azure-allows`: the network lets through what policy allows no workload there;
 * - `unknown`: policy allows it, and whether the network does is not known.
 */
export const DISAGREEMENTS = ['policy-allows', 'azure-allows', 'unknown'] as const;

export interface Disagreement {
  readonly state: (typeof DISAGREEMENTS)[number];
  /** Workloads; of `azure-allows` subnets. */
  readonly from: readonly string[];
  /** CIDRs, and names as `dns:api.partner.com`; `dns:*` is any name
   * but those with lines of their own, `dns:*.a.com` a name with one more label, `dns:**.a.com` one with several; `internet`. */
  readonly to: readonly string[];
  readonly traffic: TrafficList;
  /** Layers that deny it: `firewall`, `network-security`, `route`, `service`. */
  readonly layers: readonly string[];
  readonly reasons: readonly ReasonCode[];
  readonly by: readonly AzureEvidence[];
}

/** A rule that allows what policy allows no workload, and what no node must reach. */
export interface UnneededRule {
  readonly kind: string;
  readonly name: string;
  readonly rule: string;
  readonly evidence: AzureEvidence;
}

export const RULE_FORMS = ['arm', 'bicep', 'terraform', 'az'] as const;
export type RuleForm = (typeof RULE_FORMS)[number];

/** Rules of a firewall to add, and what the engine says with them. */
export interface WrittenRules {
  readonly form: RuleForm;
  readonly firewall: string;
  readonly rules: number;
  /** As the form writes it; empty where there is nothing to write. */
  readonly text: string;
  readonly proof: {
    /** Whether all that policy allows is allowed with the rules. */
    readonly complete: boolean;
    /** Whether nothing else is. */
    readonly minimal: boolean;
    /** Pairs of workloads and destinations that were compared. */
    readonly compared: number;
  };
  /** What no rule was written for, and why. */
  readonly left: readonly {
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly traffic: TrafficList;
    readonly why: string;
  }[];
}

export interface EgressAnswer {
  readonly schema: 'ringfence.dev/egress/v1';
  readonly engine: EngineEntry;
  /** Absent: the input has no cluster in Azure, or several. */
  readonly cluster?: EgressCluster;
  readonly required: readonly RequiredEndpoint[];
  /** Rules that are wider than they need to be. */
  readonly wide: readonly AzureFact[];
  readonly disagreements: readonly Disagreement[];
  /** Workloads whose egress no policy limits: the network alone decides. */
  readonly unlimited: readonly string[];
  readonly unneeded: readonly UnneededRule[];
  readonly bypasses: readonly AzureFact[];
  /** Whether the network lets through what the cluster itself does not work without. */
  readonly flows: readonly AzureFact[];
  readonly addressPlan: readonly AzureFact[];
  readonly retirements: readonly AzureFact[];
  /** With `--write`. */
  readonly written?: WrittenRules;
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}
