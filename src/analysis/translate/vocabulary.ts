import type { Cidr } from '#base/address.ts';
import { remembered } from '#base/remembered.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { CalicoEntity, CalicoPolicy, CalicoSelector, CalicoSelectorNode } from '#model/calico.ts';
import type { CiliumPolicy, CiliumRule, CiliumSelector } from '#model/cilium.ts';
import type { ClusterPeer, ClusterPolicy, LabelRequirement, LabelSelector, NetworkPolicy } from '#model/resource.ts';
import type { PolicyLists } from './lists.ts';

/** Everything that policies name, from which a world can be made up in which each name makes a difference. */
export interface Vocabulary {
  /** Values by key. */
  readonly pods: ReadonlyMap<string, ReadonlySet<string>>;
  readonly namespaces: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of namespaces. */
  readonly names: ReadonlySet<string>;
  /** Names of container ports. */
  readonly ports: ReadonlySet<string>;
  readonly blocks: readonly Cidr[];
  /** What selectors of pods ask together. */
  readonly selections: readonly (readonly LabelRequirement[])[];
}

interface Words {
  readonly pods: Map<string, Set<string>>;
  readonly namespaces: Map<string, Set<string>>;
  readonly names: Set<string>;
  readonly ports: Set<string>;
  readonly blocks: Cidr[];
  readonly selections: LabelRequirement[][];
}

export function vocabularyOf(lists: PolicyLists): Vocabulary {
  const words: Words = {
    pods: new Map(),
    namespaces: new Map(),
    names: new Set(),
    ports: new Set(),
    blocks: [],
    selections: [],
  };
  for (const policy of lists.networkPolicies) ofNetworkPolicy(words, policy);
  for (const policy of lists.clusterPolicies) ofClusterPolicy(words, policy);
  for (const policy of lists.calicoPolicies) ofCalico(words, policy);
  for (const policy of lists.ciliumPolicies) ofCilium(words, policy);
  return words;
}

// ---------------------------------------------------------------- Kubernetes

function ofNetworkPolicy(words: Words, policy: NetworkPolicy): void {
  words.names.add(policy.namespace);
  ofPods(words, policy.podSelector);
  for (const { peers, ports } of [...policy.ingress, ...policy.egress]) {
    for (const { port } of ports) if (typeof port === 'string') words.ports.add(port);
    for (const peer of peers) {
      if (peer.kind === 'ipBlock') words.blocks.push(peer.cidr, ...peer.except);
      if (peer.kind !== 'pods') continue;
      ofPods(words, peer.podSelector);
      ofNamespaces(words, peer.namespaceSelector);
    }
  }
}

function ofClusterPolicy(words: Words, policy: ClusterPolicy): void {
  ofClusterPeer(words, policy.subject);
  for (const { peers, protocols } of [...policy.ingress, ...policy.egress]) {
    for (const port of protocols) if (port.kind === 'named') words.ports.add(port.name);
    for (const peer of peers) ofClusterPeer(words, peer);
  }
}

function ofClusterPeer(words: Words, peer: ClusterPeer): void {
  if (peer.kind === 'networks') words.blocks.push(...peer.cidrs);
  if (peer.kind !== 'pods') return;
  ofPods(words, peer.podSelector);
  ofNamespaces(words, peer.namespaceSelector);
}

function ofPods(words: Words, selector: LabelSelector | undefined): void {
  if (selector === undefined) return;
  words.selections.push([...selector.requirements]);
  for (const { key, values } of selector.requirements) add(words.pods, key, values);
}

function ofNamespaces(words: Words, selector: LabelSelector | undefined): void {
  for (const { key, values } of selector?.requirements ?? []) ofNamespace(words, key, values);
}

function ofNamespace(words: Words, key: string, values: readonly string[]): void {
  if (key === NAMESPACE_NAME_LABEL || key === 'projectcalico.org/name')
    for (const value of values) words.names.add(value);
  else add(words.namespaces, key, values);
}

function add(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = remembered(map, key, () => new Set<string>());
  for (const value of values) set.add(value);
}

// ---------------------------------------------------------------- Calico

function ofCalico(words: Words, policy: CalicoPolicy): void {
  if (policy.namespace !== '') words.names.add(policy.namespace);
  ofExpression(words, policy.selector, 'pods');
  ofExpression(words, policy.namespaceSelector, 'namespaces');
  for (const { source, destination } of [...policy.ingress, ...policy.egress]) {
    ofEntity(words, source);
    ofEntity(words, destination);
  }
}

function ofEntity(words: Words, entity: CalicoEntity): void {
  words.blocks.push(...entity.nets, ...entity.notNets);
  for (const port of [...entity.ports, ...entity.notPorts]) if ('name' in port) words.ports.add(port.name);
  ofExpression(words, entity.selector, 'pods');
  ofExpression(words, entity.notSelector, 'pods');
  ofExpression(words, entity.namespaceSelector, 'namespaces');
}

function ofExpression(words: Words, selector: CalicoSelector | undefined, whose: 'pods' | 'namespaces'): void {
  if (selector === undefined) return;
  const requirements = [...leavesOf(selector.node)];
  for (const { key, values } of requirements) {
    if (whose === 'namespaces') ofNamespace(words, key, values);
    else if (key.startsWith('pcns.')) ofNamespace(words, key.slice('pcns.'.length), values);
    else if (key === 'projectcalico.org/namespace') for (const value of values) words.names.add(value);
    else if (!key.startsWith('projectcalico.org/')) add(words.pods, key, values);
  }
  if (whose === 'pods') words.selections.push(requirements.filter(({ key }) => words.pods.has(key)));
}

/** As far as a world needs them: a leaf that denies is met by other values, which every key has. */
function* leavesOf(node: CalicoSelectorNode): Generator<LabelRequirement> {
  switch (node.kind) {
    case 'all':
    case 'global':
      return;
    case 'not':
      yield* leavesOf(node.inner);
      return;
    case 'and':
    case 'or':
      for (const part of node.parts) yield* leavesOf(part);
      return;
    case 'has':
      yield { key: node.key, operator: 'Exists', values: [] };
      return;
    case 'compare':
      yield { key: node.key, operator: 'In', values: [node.value] };
      return;
    default:
      yield { key: node.key, operator: 'In', values: node.values };
  }
}

// ---------------------------------------------------------------- Cilium

const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

function ofCilium(words: Words, policy: CiliumPolicy): void {
  if (policy.namespace !== '') words.names.add(policy.namespace);
  for (const spec of policy.specs) {
    ofIdentity(words, spec.endpointSelector);
    for (const rule of [...spec.ingress, ...spec.ingressDeny, ...spec.egress, ...spec.egressDeny]) ofEntry(words, rule);
  }
}

function ofEntry(words: Words, { peers, ports }: CiliumRule): void {
  for (const { port } of (ports ?? []).flatMap((entry) => entry.ports))
    if (typeof port === 'string') words.ports.add(port);
  if (peers?.kind === 'endpoints') for (const selector of peers.selectors) ofIdentity(words, selector);
  if (peers?.kind !== 'cidrs') return;
  for (const { cidr, except } of peers.blocks) words.blocks.push(...(cidr === undefined ? [] : [cidr]), ...except);
}

function ofIdentity(words: Words, selector: CiliumSelector | undefined): void {
  if (selector === undefined) return;
  const own: LabelRequirement[] = [];
  for (const requirement of selector.requirements) {
    const key = requirement.key.slice(requirement.key.indexOf(':') + 1);
    if (key.startsWith(NAMESPACE_LABELS)) ofNamespace(words, key.slice(NAMESPACE_LABELS.length), requirement.values);
    else if (key === 'io.kubernetes.pod.namespace') for (const value of requirement.values) words.names.add(value);
    else if (!key.startsWith('io.cilium.')) own.push({ ...requirement, key });
  }
  for (const { key, values } of own) add(words.pods, key, values);
  words.selections.push(own);
}
