import { type Cidr, parseCidr } from '#base/address.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type {
  LabelRequirement,
  LabelSelector,
  Labels,
  Namespace,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  Node,
  Pod,
  PodShape,
  Workload,
} from '#model/resource.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '#model/snapshot.ts';
import type { Cluster, NamespaceSpec, WorkloadSpec } from './cluster.ts';
import { type NodeSpec, nodesOf, type PodSpec, podsOf } from './cluster-pods.ts';
import type { PeerSpec, PolicyPortSpec, PolicySpec, SelectorSpec } from './cluster-policies.ts';

/** `templates`: workloads only, as a repository has them. `pods`: with nodes and running pods, as a live cluster has them. */
export type ClusterForm = 'templates' | 'pods';

const NONE: Labels = new Map();

/** The described cluster as the model has it, without going through text. */
export function clusterSnapshot(cluster: Cluster, form: ClusterForm): Snapshot {
  const nodes = form === 'pods' ? nodesOf(cluster) : [];
  return {
    ...EMPTY_SNAPSHOT,
    namespaces: cluster.namespaces.map(namespaceOf),
    nodes: nodes.map(nodeOf),
    pods: form === 'pods' ? Array.from(podsOf(cluster, nodes), podOf) : [],
    workloads: cluster.workloads.map(workloadOf),
    networkPolicies: cluster.policies.map(networkPolicyOf),
  };
}

/** A described policy as the model has it. */
export function networkPolicyOf({ namespace, name, spec }: PolicySpec): NetworkPolicy {
  const types = spec.policyTypes.map((type) => (type === 'Ingress' ? 'ingress' : 'egress'));
  return {
    ...resource('networking.k8s.io/v1', namespace, name),
    kind: 'NetworkPolicy',
    podSelector: selectorOf(spec.podSelector),
    policyTypes: types,
    ingress: (spec.ingress ?? []).map((rule, i) =>
      ruleOf(rule.from, rule.ports, { path: `spec.ingress[${i}]`, side: 'from' }),
    ),
    egress: (spec.egress ?? []).map((rule, i) =>
      ruleOf(rule.to, rule.ports, { path: `spec.egress[${i}]`, side: 'to' }),
    ),
    gaps: [],
  };
}

function resource(apiVersion: string, namespace: string, name: string) {
  return { apiVersion, namespace, name, labels: NONE, annotations: NONE, origin: NO_ORIGIN };
}

function namespaceOf({ name, labels }: NamespaceSpec): Namespace {
  return { ...resource('v1', '', name), kind: 'Namespace', labels: labelsOf(labels) };
}

function nodeOf({ name, addresses, podCidrs }: NodeSpec): Node {
  return { ...resource('v1', '', name), kind: 'Node', addresses, podCidrs: podCidrs.map(cidrOf) };
}

function workloadOf(workload: WorkloadSpec): Workload {
  const { kind, namespace, name, labels, replicas } = workload;
  return { ...resource('apps/v1', namespace, name), kind, template: shapeOf(workload, labels), replicas };
}

function podOf({ workload, name, labels, node, addresses, owner }: PodSpec): Pod {
  const shape = { ...shapeOf(workload, labels), nodeName: node.name };
  return {
    ...resource('v1', workload.namespace, name),
    kind: 'Pod',
    labels: shape.labels,
    shape,
    addresses,
    phase: 'Running',
    controller: { apiVersion: 'apps/v1', ...owner },
  };
}

function shapeOf(workload: WorkloadSpec, labels: Readonly<Record<string, string>>): PodShape {
  const ports = workload.ports.map((port) => ({ ...port, container: 'main', origin: NO_ORIGIN }));
  return {
    labels: labelsOf(labels),
    annotations: NONE,
    serviceAccount: 'default',
    hostNetwork: false,
    containers: [],
    ports,
    origin: NO_ORIGIN,
  };
}

function ruleOf(
  peers: readonly PeerSpec[] | undefined,
  ports: readonly PolicyPortSpec[] | undefined,
  place: { readonly path: string; readonly side: 'from' | 'to' },
): NetworkPolicyRule {
  const { path, side } = place;
  return {
    peers: (peers ?? []).map((peer, i) => peerOf(peer, `${path}.${side}[${i}]`)),
    ports: (ports ?? []).map(
      (port, i): NetworkPolicyPort => ({ ...port, path: `${path}.ports[${i}]`, origin: NO_ORIGIN }),
    ),
    path,
    origin: NO_ORIGIN,
    gaps: [],
  };
}

function peerOf({ ipBlock, podSelector, namespaceSelector }: PeerSpec, path: string): NetworkPolicyPeer {
  const place = { path, origin: NO_ORIGIN };
  if (ipBlock !== undefined) {
    return { kind: 'ipBlock', cidr: cidrOf(ipBlock.cidr), except: (ipBlock.except ?? []).map(cidrOf), ...place };
  }
  return {
    kind: 'pods',
    ...(podSelector && { podSelector: selectorOf(podSelector) }),
    ...(namespaceSelector && { namespaceSelector: selectorOf(namespaceSelector) }),
    ...place,
  };
}

function selectorOf({ matchLabels, matchExpressions }: SelectorSpec): LabelSelector {
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(matchLabels ?? {}))
    requirements.push({ key, operator: 'In', values: [value] });
  for (const { key, operator, values } of matchExpressions ?? [])
    requirements.push({ key, operator, values: values ?? [] });
  return { requirements, origin: NO_ORIGIN };
}

function labelsOf(labels: Readonly<Record<string, string>>): Labels {
  return new Map(Object.entries(labels));
}

function cidrOf(text: string): Cidr {
  const reading = parseCidr(text);
  if (reading === undefined || reading.oddities.length > 0) throw new Error(`the generator made a bad CIDR: ${text}`);
  return reading.cidr;
}
