import { CALICO_KINDS } from '../calico/kinds.ts';
import { CILIUM_KINDS } from '../cilium/kinds.ts';
import { ISTIO_KINDS } from '../istio/kinds.ts';
import { LINKERD_KINDS } from '../linkerd/kinds.ts';
import { readAdminNetworkPolicy, readBaselineAdminNetworkPolicy } from './admin-network-policy.ts';
import { readNamespace, readNode, readServiceAccount } from './cluster.ts';
import { readClusterNetworkPolicy } from './cluster-network-policy.ts';
import { isConfiguration, readConfigMap } from './config-map.ts';
import { readEndpointSlice, readEndpoints } from './endpoint-slice.ts';
import { listenerSetOf, readGateway, readGatewayClass, readReferenceGrant } from './gateway.ts';
import { routeOf } from './gateway-route.ts';
import { readIngress, readIngressClass, readOldIngress } from './ingress.ts';
import { groupOf, type KindEntry, kind } from './kind-entry.ts';
import { readNetworkPolicy } from './network-policy.ts';
import { readOpenShiftRoute } from './openshift-route.ts';
import { readPod } from './pod.ts';
import {
  readClusterUserDefinedNetwork,
  readMultiNetworkPolicy,
  readNetworkAttachment,
  readUserDefinedNetwork,
} from './secondary-network.ts';
import { readService } from './service.ts';
import { readVirtualMachine, readVirtualMachineInstance } from './virtual-machine.ts';
import {
  controllerOf,
  readCronJob,
  readDeploymentConfig,
  readJob,
  readReplicationController,
  readRollout,
} from './workload.ts';

/**
 * How a document of this `apiVersion` and `kind` is read. `unknown-version`: the group is one of ours and so is the
 * kind, but not together or not in this version, as `v1` Deployment; no server takes that, or we lack something.
 */
export function kindOf(apiVersion: string, kind: string): KindEntry | 'unknown-version' | undefined {
  const entry = BY_VERSION.get(`${apiVersion}/${kind}`);
  if (entry !== undefined) return entry;
  return GROUPS.has(groupOf(apiVersion)) && KIND_NAMES.has(kind) ? 'unknown-version' : undefined;
}

/** The versions of a kind that are read: those of the group of `apiVersion`, or of all groups where it has none. */
export function versionsOf(apiVersion: string, kind: string): readonly string[] {
  const all = KINDS.filter((entry) => entry.kind === kind).flatMap((entry) => entry.apiVersions);
  const same = all.filter((version) => groupOf(version) === groupOf(apiVersion));
  return same.length > 0 ? same : all;
}

/** Whether a kind of this name is read in some group. */
export function isKnownKindName(kind: string): boolean {
  return KIND_NAMES.has(kind);
}

const APPS = ['apps/v1', 'apps/v1beta2', 'apps/v1beta1', 'extensions/v1beta1'];
const BATCH = ['batch/v1', 'batch/v1beta1'];
const POLICY = 'policy.networking.k8s.io';
const GATEWAY = ['v1', 'v1beta1', 'v1alpha2'].map((version) => `gateway.networking.k8s.io/${version}`);
const LAYER_4 = ['v1', 'v1alpha3', 'v1alpha2'].map((version) => `gateway.networking.k8s.io/${version}`);
const VIRTUAL = ['kubevirt.io/v1', 'kubevirt.io/v1alpha3'];
const INGRESS_BETA = ['networking.k8s.io/v1beta1', 'extensions/v1beta1'];

/** Every kind that is read. */
export const KINDS: readonly KindEntry[] = [
  kind({
    in: 'namespaces',
    kind: 'Namespace',
    versions: ['v1'],
    read: readNamespace,
    scope: 'cluster',
    names: 'label',
  }),
  kind({ in: 'nodes', kind: 'Node', versions: ['v1'], read: readNode, scope: 'cluster' }),
  kind({ in: 'serviceAccounts', kind: 'ServiceAccount', versions: ['v1'], read: readServiceAccount }),
  kind({ in: 'configMaps', kind: 'ConfigMap', versions: ['v1'], read: readConfigMap, concerns: isConfiguration }),
  kind({ in: 'pods', kind: 'Pod', versions: ['v1'], read: readPod }),
  kind({ in: 'workloads', kind: 'ReplicationController', versions: ['v1'], read: readReplicationController }),
  kind({ in: 'workloads', kind: 'Deployment', versions: APPS, read: controllerOf('Deployment') }),
  kind({ in: 'workloads', kind: 'ReplicaSet', versions: APPS, read: controllerOf('ReplicaSet') }),
  kind({ in: 'workloads', kind: 'StatefulSet', versions: APPS.slice(0, 3), read: controllerOf('StatefulSet') }),
  kind({ in: 'workloads', kind: 'DaemonSet', versions: APPS, read: controllerOf('DaemonSet') }),
  kind({ in: 'workloads', kind: 'Job', versions: ['batch/v1'], read: readJob }),
  kind({ in: 'workloads', kind: 'CronJob', versions: BATCH, read: readCronJob }),
  kind({
    in: 'workloads',
    kind: 'DeploymentConfig',
    versions: ['apps.openshift.io/v1', 'v1'],
    read: readDeploymentConfig,
  }),
  kind({ in: 'workloads', kind: 'Rollout', versions: ['argoproj.io/v1alpha1'], read: readRollout }),
  kind({ in: 'workloads', kind: 'VirtualMachine', versions: VIRTUAL, read: readVirtualMachine }),
  kind({ in: 'workloads', kind: 'VirtualMachineInstance', versions: VIRTUAL, read: readVirtualMachineInstance }),

  kind({
    in: 'networkPolicies',
    kind: 'NetworkPolicy',
    versions: ['networking.k8s.io/v1', 'extensions/v1beta1'],
    read: readNetworkPolicy,
  }),
  kind({
    in: 'clusterPolicies',
    kind: 'AdminNetworkPolicy',
    versions: [`${POLICY}/v1alpha1`],
    read: readAdminNetworkPolicy,
    scope: 'cluster',
  }),
  kind({
    in: 'clusterPolicies',
    kind: 'BaselineAdminNetworkPolicy',
    versions: [`${POLICY}/v1alpha1`],
    read: readBaselineAdminNetworkPolicy,
    scope: 'cluster',
  }),
  kind({
    in: 'clusterPolicies',
    kind: 'ClusterNetworkPolicy',
    versions: [`${POLICY}/v1alpha2`],
    read: readClusterNetworkPolicy,
    scope: 'cluster',
  }),
  kind({
    in: 'multiNetworkPolicies',
    kind: 'MultiNetworkPolicy',
    versions: ['k8s.cni.cncf.io/v1beta2', 'k8s.cni.cncf.io/v1beta1'],
    read: readMultiNetworkPolicy,
  }),
  kind({
    in: 'secondaryNetworks',
    kind: 'NetworkAttachmentDefinition',
    versions: ['k8s.cni.cncf.io/v1'],
    read: readNetworkAttachment,
  }),
  kind({
    in: 'secondaryNetworks',
    kind: 'UserDefinedNetwork',
    versions: ['k8s.ovn.org/v1'],
    read: readUserDefinedNetwork,
  }),
  kind({
    in: 'secondaryNetworks',
    kind: 'ClusterUserDefinedNetwork',
    versions: ['k8s.ovn.org/v1'],
    read: readClusterUserDefinedNetwork,
    scope: 'cluster',
  }),

  kind({ in: 'services', kind: 'Service', versions: ['v1'], read: readService, names: 'label' }),
  kind({ in: 'endpointSlices', kind: 'Endpoints', versions: ['v1'], read: readEndpoints }),
  kind({
    in: 'endpointSlices',
    kind: 'EndpointSlice',
    versions: ['discovery.k8s.io/v1', 'discovery.k8s.io/v1beta1'],
    read: readEndpointSlice,
  }),
  kind({ in: 'ingresses', kind: 'Ingress', versions: ['networking.k8s.io/v1'], read: readIngress }),
  {
    ...kind({ in: 'ingresses', kind: 'Ingress', versions: INGRESS_BETA, read: readOldIngress }),
    group: 'networking.k8s.io',
  },
  kind({
    in: 'ingressClasses',
    kind: 'IngressClass',
    versions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
    read: readIngressClass,
    scope: 'cluster',
  }),
  kind({ in: 'gatewayClasses', kind: 'GatewayClass', versions: GATEWAY, read: readGatewayClass, scope: 'cluster' }),
  kind({ in: 'gateways', kind: 'Gateway', versions: GATEWAY, read: readGateway }),
  kind({
    in: 'listenerSets',
    kind: 'ListenerSet',
    versions: ['gateway.networking.k8s.io/v1'],
    read: listenerSetOf('ListenerSet'),
  }),
  kind({
    in: 'listenerSets',
    kind: 'XListenerSet',
    versions: ['gateway.networking.x-k8s.io/v1alpha1'],
    read: listenerSetOf('XListenerSet'),
  }),
  kind({ in: 'routes', kind: 'HTTPRoute', versions: GATEWAY, read: routeOf('HTTPRoute') }),
  kind({ in: 'routes', kind: 'GRPCRoute', versions: [GATEWAY[0]!, GATEWAY[2]!], read: routeOf('GRPCRoute') }),
  kind({ in: 'routes', kind: 'TLSRoute', versions: LAYER_4, read: routeOf('TLSRoute') }),
  kind({ in: 'routes', kind: 'TCPRoute', versions: LAYER_4, read: routeOf('TCPRoute') }),
  kind({ in: 'routes', kind: 'UDPRoute', versions: LAYER_4, read: routeOf('UDPRoute') }),
  kind({ in: 'referenceGrants', kind: 'ReferenceGrant', versions: GATEWAY, read: readReferenceGrant }),
  kind({ in: 'openShiftRoutes', kind: 'Route', versions: ['route.openshift.io/v1', 'v1'], read: readOpenShiftRoute }),

  ...CALICO_KINDS,
  ...CILIUM_KINDS,
  ...ISTIO_KINDS,
  ...LINKERD_KINDS,
];

const BY_VERSION = new Map(
  KINDS.flatMap((entry) => entry.apiVersions.map((version) => [`${version}/${entry.kind}`, entry])),
);
const GROUPS = new Set(KINDS.flatMap((entry) => entry.apiVersions.map(groupOf)));
const KIND_NAMES = new Set(KINDS.map((entry) => entry.kind));
