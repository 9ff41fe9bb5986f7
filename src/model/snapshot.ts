import { type AzureEstate, EMPTY_ESTATE } from './azure/estate.ts';
import type {
  CalicoControllers,
  CalicoHostEndpoint,
  CalicoNetworkSet,
  CalicoPolicy,
  CalicoSettings,
  CalicoTier,
} from './calico.ts';
import type { CiliumCidrGroup, CiliumEgressGateway, CiliumPolicy, CiliumRedirect } from './cilium.ts';
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
  DestinationRule,
  IstioAuthorization,
  IstioGateway,
  IstioSidecar,
  PeerAuthentication,
  RequestAuthentication,
  ServiceEntry,
  VirtualService,
} from './istio.ts';
import type {
  LinkerdAuthorization,
  LinkerdEgressNetwork,
  LinkerdIdentity,
  LinkerdNetwork,
  LinkerdRoute,
  LinkerdServer,
  LinkerdServerAuthorization,
} from './linkerd.ts';
import type { ClusterObject, ShapedDocument } from './object.ts';
import type {
  ClusterPolicy,
  ConfigMap,
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
  /** Those that configure an engine or a mesh; of others only the number is known. */
  readonly configMaps: readonly ConfigMap[];
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
  readonly calicoPolicies: readonly CalicoPolicy[];
  readonly calicoTiers: readonly CalicoTier[];
  readonly calicoNetworkSets: readonly CalicoNetworkSet[];
  readonly calicoHostEndpoints: readonly CalicoHostEndpoint[];
  readonly calicoSettings: readonly CalicoSettings[];
  readonly calicoControllers: readonly CalicoControllers[];
  readonly ciliumPolicies: readonly CiliumPolicy[];
  readonly ciliumCidrGroups: readonly CiliumCidrGroup[];
  readonly ciliumRedirects: readonly CiliumRedirect[];
  readonly ciliumEgressGateways: readonly CiliumEgressGateway[];
  readonly peerAuthentications: readonly PeerAuthentication[];
  readonly istioAuthorizations: readonly IstioAuthorization[];
  readonly requestAuthentications: readonly RequestAuthentication[];
  readonly destinationRules: readonly DestinationRule[];
  readonly istioSidecars: readonly IstioSidecar[];
  readonly serviceEntries: readonly ServiceEntry[];
  readonly virtualServices: readonly VirtualService[];
  readonly istioGateways: readonly IstioGateway[];
  readonly linkerdServers: readonly LinkerdServer[];
  readonly linkerdAuthorizations: readonly LinkerdAuthorization[];
  readonly linkerdServerAuthorizations: readonly LinkerdServerAuthorization[];
  readonly linkerdIdentities: readonly LinkerdIdentity[];
  readonly linkerdNetworks: readonly LinkerdNetwork[];
  readonly linkerdEgressNetworks: readonly LinkerdEgressNetwork[];
  readonly linkerdRoutes: readonly LinkerdRoute[];
  /** The Azure network around the cluster; empty where the input has none. */
  readonly azure: AzureEstate;
  /** Every object as it was written, those above too; only where it was asked for, see `SnapshotOptions`. */
  readonly objects: readonly ClusterObject[];
  /** Documents that are no objects and that controls look at; only where it was asked for. */
  readonly documents: readonly ShapedDocument[];
  /** Objects of kinds that have no say here, by `apiVersion/Kind`. */
  readonly others: ReadonlyMap<string, number>;
  /** Every file that was read, with the number of objects taken from it. */
  readonly files: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A snapshot of nothing. */
export const EMPTY_SNAPSHOT: Snapshot = {
  namespaces: [],
  nodes: [],
  serviceAccounts: [],
  configMaps: [],
  pods: [],
  workloads: [],
  services: [],
  endpointSlices: [],
  networkPolicies: [],
  clusterPolicies: [],
  multiNetworkPolicies: [],
  secondaryNetworks: [],
  ingresses: [],
  ingressClasses: [],
  gatewayClasses: [],
  gateways: [],
  listenerSets: [],
  routes: [],
  referenceGrants: [],
  openShiftRoutes: [],
  calicoPolicies: [],
  calicoTiers: [],
  calicoNetworkSets: [],
  calicoHostEndpoints: [],
  calicoSettings: [],
  calicoControllers: [],
  ciliumPolicies: [],
  ciliumCidrGroups: [],
  ciliumRedirects: [],
  ciliumEgressGateways: [],
  peerAuthentications: [],
  istioAuthorizations: [],
  requestAuthentications: [],
  destinationRules: [],
  istioSidecars: [],
  serviceEntries: [],
  virtualServices: [],
  istioGateways: [],
  linkerdServers: [],
  linkerdAuthorizations: [],
  linkerdServerAuthorizations: [],
  linkerdIdentities: [],
  linkerdNetworks: [],
  linkerdEgressNetworks: [],
  linkerdRoutes: [],
  azure: EMPTY_ESTATE,
  objects: [],
  documents: [],
  others: new Map(),
  files: new Map(),
  diagnostics: [],
};
