import type { Cidr } from '#base/address.ts';
import type { Origin } from './origin.ts';
import type { ManualAnswer } from './scan.ts';

/** What `ringfence.yaml` says to controls under `controls:`. Lists that are absent were not stated. */
export interface ControlSettings {
  /** Answers to the closed questions, by id of the control. */
  readonly answers: ReadonlyMap<string, ManualAnswer>;
  readonly accepted: readonly AcceptedFinding[];
  /** `registry.example.com`, `registry.example.com/team`, `*.azurecr.io`. */
  readonly trustedRegistries?: readonly string[];
  readonly allowedServicePorts?: readonly number[];
  readonly allowedExternalIps?: readonly string[];
  /** Ports of nodes that pods may take, both ends counted. */
  readonly allowedHostPorts?: { readonly from: number; readonly to: number };
  /** Classes of Ingress and Gateway through which traffic may come in. */
  readonly ingressClasses?: readonly string[];
  /** Ranges outside of Azure that the cluster's network is connected to. */
  readonly onPremisesRanges?: readonly Cidr[];
  /** From where administrators come. */
  readonly adminRanges?: readonly Cidr[];
  /** Groups and users, as bindings name them, who own the network and may change what fences workloads in. */
  readonly networkOwners?: readonly string[];
  /** The label of namespaces whose values name groups that must be apart. */
  readonly groupLabel?: string;
  /** Namespaces of the platform, besides those that are known. */
  readonly systemNamespaces: readonly string[];
}

/** A finding that somebody accepts, with an end. */
export interface AcceptedFinding {
  readonly control: string;
  /** `shop`, `shop/web`, `apps/Deployment/shop/web`, a resource id; `*` stands for any part. Absent: everywhere. */
  readonly where?: string;
  readonly reason: string;
  readonly owner: string;
  readonly until?: string;
  readonly origin: Origin;
}

export const NO_CONTROL_SETTINGS: ControlSettings = { answers: new Map(), accepted: [], systemNamespaces: [] };
