import { formatRange } from '#base/address.ts';
import type {
  ClusterPeer,
  ClusterPodsPeer,
  ClusterPolicy,
  ClusterPolicyPort,
  ClusterPolicyRule,
  ContainerPort,
  Direction,
  LabelRequirement,
  LabelSelector,
  Labels,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  Node,
  Pod,
  PodShape,
  Resource,
  Workload,
} from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

export type Manifest = Readonly<Record<string, unknown>>;

/** The field that stands for every gap: no version of any kind has it. */
const UNKNOWN_FIELD = { mystery: true };

/**
 * The Kubernetes objects that a generated snapshot stands for: namespaces, nodes, pods, workloads and policies; other
 * kinds are left out. Where the API has two ways to say one thing (an empty list or none, a default or its absence,
 * `matchLabels` or an expression) both are used, by place, so that one snapshot always gives the same text.
 */
export function toManifests(snapshot: Snapshot): Manifest[] {
  return [
    ...snapshot.namespaces.map((namespace) => objectOf(namespace, {})),
    ...snapshot.nodes.map(nodeManifest),
    ...snapshot.workloads.map(workloadManifest),
    ...snapshot.pods.map(podManifest),
    ...snapshot.networkPolicies.map(networkPolicyManifest),
    ...snapshot.clusterPolicies.map(clusterPolicyManifest),
  ];
}

function objectOf(resource: Resource, rest: Manifest, metadata: Manifest = {}): Manifest {
  const { apiVersion, kind, name, namespace } = resource;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== '' && { namespace }), ...labelsOf(resource.labels), ...metadata },
    ...rest,
  };
}

function labelsOf(labels: Labels): Manifest {
  return labels.size === 0 ? {} : { labels: Object.fromEntries(labels) };
}

function nodeManifest(node: Node): Manifest {
  const podCIDRs = node.podCidrs.flatMap((cidr) => formatRange(cidr));
  return objectOf(node, {
    spec: podCIDRs.length === 0 ? {} : { podCIDR: podCIDRs[0], podCIDRs },
    // A host name is an entry of the same list and no address.
    status: {
      addresses: [
        ...node.addresses.map((address) => ({ type: 'InternalIP', address })),
        { type: 'Hostname', address: node.name },
      ],
    },
  });
}

function podManifest(pod: Pod): Manifest {
  const { addresses, controller, phase, shape } = pod;
  const metadata = {
    ...labelsOf(shape.labels),
    ...(controller !== undefined && { ownerReferences: [{ ...controller, uid: 'u', controller: true }] }),
  };
  const status = {
    phase,
    ...(addresses.length > 0 && { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }),
  };
  return objectOf(pod, { spec: podSpec(shape), status }, metadata);
}

function workloadManifest(workload: Workload): Manifest {
  const { kind, template } = workload;
  const labels = labelsOf(template.labels);
  const spec = {
    ...(kind !== 'Job' && { selector: { matchLabels: labels['labels'] } }),
    ...(kind === 'StatefulSet' && { serviceName: workload.name }),
    template: { metadata: labels, spec: { ...podSpec(template), ...(kind === 'Job' && { restartPolicy: 'Never' }) } },
  };
  return objectOf(workload, { spec });
}

/** Every second container is a sidecar among the init containers, whose ports count like any. */
function podSpec(shape: PodShape): Manifest {
  const names = [...new Set(shape.ports.map((port) => port.container))];
  const containers = names.map((name) => ({
    name,
    image: 'x',
    ports: shape.ports.filter((port) => port.container === name).map(containerPort),
  }));
  const sidecars = containers
    .filter((_container, index) => index % 2 === 1)
    .map((container) => ({ ...container, restartPolicy: 'Always' }));
  const main = containers.filter((_container, index) => index % 2 === 0);
  return {
    ...(shape.nodeName !== undefined && { nodeName: shape.nodeName }),
    ...(shape.hostNetwork && { hostNetwork: true }),
    ...(sidecars.length > 0 && { initContainers: sidecars }),
    containers: main.length > 0 ? main : [{ name: 'main', image: 'x' }],
  };
}

function containerPort(port: ContainerPort): Manifest {
  return {
    ...(port.name !== undefined && { name: port.name }),
    containerPort: port.port,
    ...((port.protocol !== 'TCP' || port.port % 2 === 0) && { protocol: port.protocol }),
  };
}

// ---------------------------------------------------------------- selectors

/** The first In of one value for each key as `matchLabels`, everything else as expressions. */
function selectorManifest(selector: LabelSelector): Manifest {
  const matchLabels = new Map<string, string>();
  const matchExpressions: Manifest[] = [];
  for (const requirement of selector.requirements) {
    const [value] = requirement.values;
    if (isLabel(requirement) && value !== undefined && !matchLabels.has(requirement.key))
      matchLabels.set(requirement.key, value);
    else matchExpressions.push(expression(requirement));
  }
  return {
    ...(matchLabels.size > 0 && { matchLabels: Object.fromEntries(matchLabels) }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

function isLabel({ operator, values }: LabelRequirement): boolean {
  return operator === 'In' && values.length === 1;
}

function expression({ key, operator, values }: LabelRequirement): Manifest {
  return { key, operator, ...(values.length > 0 && { values: [...values] }) };
}

// ---------------------------------------------------------------- NetworkPolicy

function networkPolicyManifest(policy: NetworkPolicy, index: number): Manifest {
  const { ingress, egress, gaps, podSelector, policyTypes } = policy;
  const isDefault = policyTypes.includes('ingress') && policyTypes.includes('egress') === egress.length > 0;
  const spec = {
    podSelector: selectorManifest(podSelector),
    ...((!isDefault || index % 2 === 0) && {
      policyTypes: policyTypes.map((type) => (type === 'ingress' ? 'Ingress' : 'Egress')),
    }),
    ...listField(
      'ingress',
      ingress.map((rule, at) => policyRule(rule, 'from', at)),
      index,
    ),
    ...listField(
      'egress',
      egress.map((rule, at) => policyRule(rule, 'to', at)),
      index + 1,
    ),
    ...gapField(gaps),
  };
  return objectOf(policy, { spec });
}

function policyRule(rule: NetworkPolicyRule, peers: 'from' | 'to', index: number): Manifest {
  return {
    ...listField(peers, rule.peers.map(policyPeer), index),
    ...listField('ports', rule.ports.map(policyPort), index + 1),
    ...gapField(rule.gaps),
  };
}

function policyPeer(peer: NetworkPolicyPeer): Manifest {
  switch (peer.kind) {
    case 'pods':
      return {
        ...(peer.podSelector !== undefined && { podSelector: selectorManifest(peer.podSelector) }),
        ...(peer.namespaceSelector !== undefined && { namespaceSelector: selectorManifest(peer.namespaceSelector) }),
      };
    case 'ipBlock':
      return {
        ipBlock: {
          cidr: formatRange(peer.cidr)[0],
          ...(peer.except.length > 0 && { except: peer.except.flatMap((hole) => formatRange(hole)) }),
        },
      };
    case 'unread':
      return { podSelector: {}, ...UNKNOWN_FIELD };
  }
}

function policyPort({ protocol, port, endPort }: NetworkPolicyPort, index: number): Manifest {
  return {
    ...((protocol !== 'TCP' || index % 2 === 0) && { protocol }),
    ...(port !== undefined && { port }),
    ...(endPort !== undefined && { endPort }),
  };
}

/** An empty list in every second place, and none in the others. */
function listField(name: string, list: readonly unknown[], index: number): Manifest {
  return list.length === 0 && index % 2 === 1 ? {} : { [name]: list };
}

function gapField(gaps: readonly unknown[]): Manifest {
  return gaps.length > 0 ? UNKNOWN_FIELD : {};
}

// ---------------------------------------------------------------- cluster-wide kinds

function clusterPolicyManifest(policy: ClusterPolicy): Manifest {
  const { kind, tier, priority, subject, gaps } = policy;
  const spec = {
    ...(kind === 'ClusterNetworkPolicy' && { tier }),
    ...(kind !== 'BaselineAdminNetworkPolicy' && { priority }),
    subject: podsManifest(subject),
    ...clusterRules(policy, 'ingress'),
    ...clusterRules(policy, 'egress'),
    ...gapField(gaps),
  };
  return objectOf(policy, { spec });
}

function clusterRules(policy: ClusterPolicy, direction: Direction): Manifest {
  const rules = policy[direction].map((rule) =>
    clusterRule(rule, policy.kind, direction === 'ingress' ? 'from' : 'to'),
  );
  return rules.length === 0 ? {} : { [direction]: rules };
}

function clusterRule(rule: ClusterPolicyRule, kind: ClusterPolicy['kind'], peers: 'from' | 'to'): Manifest {
  const isNew = kind === 'ClusterNetworkPolicy';
  const ports = rule.protocols.map(isNew ? newPort : oldPort);
  return {
    action: actionOf(rule.action, isNew),
    [peers]: rule.peers.map(clusterPeer),
    ...(ports.length > 0 && { [isNew ? 'protocols' : 'ports']: ports }),
    ...gapField(rule.gaps),
  };
}

function actionOf(action: ClusterPolicyRule['action'], isNew: boolean): string {
  switch (action) {
    case 'allow':
      return isNew ? 'Accept' : 'Allow';
    case 'deny':
      return 'Deny';
    case 'pass':
      return 'Pass';
  }
}

function clusterPeer(peer: ClusterPeer): Manifest {
  switch (peer.kind) {
    case 'pods':
      return podsManifest(peer);
    case 'networks':
      return { networks: peer.cidrs.flatMap((cidr) => formatRange(cidr)) };
    case 'nodes':
      return { nodes: selectorManifest(peer.selector) };
    case 'domains':
      return { domainNames: [...peer.names] };
    case 'unread':
      return UNKNOWN_FIELD;
  }
}

function podsManifest({ namespaceSelector, podSelector }: ClusterPodsPeer): Manifest {
  if (podSelector === undefined) return { namespaces: selectorManifest(namespaceSelector) };
  return {
    pods: { namespaceSelector: selectorManifest(namespaceSelector), podSelector: selectorManifest(podSelector) },
  };
}

function newPort(port: ClusterPolicyPort): Manifest {
  if (port.kind === 'named') return { destinationNamedPort: port.name };
  const { from, to } = port;
  return {
    [port.protocol.toLowerCase()]: {
      destinationPort: from === to ? { number: from } : { range: { start: from, end: to } },
    },
  };
}

/** v1alpha1 defaults the protocol to TCP. */
function oldPort(port: ClusterPolicyPort, index: number): Manifest {
  if (port.kind === 'named') return { namedPort: port.name };
  const { from, to } = port;
  const protocol = port.protocol !== 'TCP' || index % 2 === 0 ? { protocol: port.protocol } : {};
  return from === to
    ? { portNumber: { ...protocol, port: from } }
    : { portRange: { ...protocol, start: from, end: to } };
}
