import type { Diagnostic } from './diagnostic.ts';
import type {
  EndpointSlice,
  Gateway,
  GatewayClass,
  GatewayRoute,
  Ingress,
  IngressClass,
  ListenerSet,
  OpenShiftRoute,
  ReferenceGrant,
  Service,
} from './exposure.ts';
import type {
  ClusterPolicy,
  MultiNetworkPolicy,
  Namespace,
  NetworkPolicy,
  Node,
  Pod,
  SecondaryNetwork,
  ServiceAccount,
  Workload,
} from './resource.ts';

/**
 * An immutable set of resources at one moment. Invalid objects are not in it: they are in `diagnostics`. Of objects
 * with one identity the last is kept. The order of the lists is the order of reading and has no meaning.
 */
export interface Snapshot {
  readonly namespaces: readonly Namespace[];
  readonly nodes: readonly Node[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly pods: readonly Pod[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly clusterPolicies: readonly ClusterPolicy[];
  readonly multiNetworkPolicies: readonly MultiNetworkPolicy[];
  readonly secondaryNetworks: readonly SecondaryNetwork[];
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly gatewayClasses: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
  readonly routes: readonly GatewayRoute[];
  readonly referenceGrants: readonly ReferenceGrant[];
  readonly openShiftRoutes: readonly OpenShiftRoute[];
  /** Objects of kinds that have no say here, by `apiVersion/Kind`. */
  readonly others: ReadonlyMap<string, number>;
  /** Every file that was read, with the number of objects taken from it. */
  readonly files: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}
