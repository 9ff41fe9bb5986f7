import { type Address, type Cidr, type Family, parseAddress, parseCidr } from '#base/address.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type {
  ClusterPeer,
  ClusterPodsPeer,
  ClusterPolicy,
  ClusterPolicyKind,
  ClusterPolicyPort,
  ClusterPolicyRule,
  ContainerPort,
  Direction,
  Gap,
  LabelRequirement,
  LabelSelector,
  Labels,
  Namespace,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
  Node,
  PodShape,
  Resource,
  SelectorOperator,
} from '#model/resource.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '#model/snapshot.ts';
import { isPortProtocol, type PortProtocol } from '#model/traffic.ts';
import type { AddressParty, NodeParty, PodParty } from './party.ts';

/** Model objects from short specs, for tests. Names are `namespace/name`; a broken spec is a broken test and throws. */
export type LabelSpec = Readonly<Record<string, string>>;
export type RequirementSpec = readonly [key: string, operator: SelectorOperator, ...values: string[]];
/** Labels, or requirements. `{}` selects everything. */
export type SelectorSpec = LabelSpec | readonly RequirementSpec[];

export interface ShapeSpec {
  readonly labels?: LabelSpec;
  /** `http=TCP/80`, or `TCP/80` for a port without name; each in a container of its own. */
  readonly ports?: readonly string[];
  readonly hostNetwork?: boolean;
  readonly node?: string;
}

export type PeerSpec =
  | { readonly pods?: SelectorSpec; readonly namespaces?: SelectorSpec }
  | { readonly cidr: string; readonly except?: readonly string[] }
  | 'unread';

export interface RuleSpec {
  readonly peers?: readonly PeerSpec[];
  /** `TCP`, `TCP/80`, `TCP/80-90`, `TCP/http` */
  readonly ports?: readonly string[];
  readonly gap?: boolean;
}

export interface NetworkPolicySpec {
  readonly select?: SelectorSpec;
  /** Defaulted as the API server does. */
  readonly types?: readonly Direction[];
  readonly ingress?: readonly RuleSpec[];
  readonly egress?: readonly RuleSpec[];
  readonly gap?: boolean;
}

export type ClusterPeerSpec =
  | { readonly namespaces: SelectorSpec; readonly pods?: SelectorSpec }
  | { readonly networks: readonly string[] }
  | { readonly nodes: SelectorSpec }
  | { readonly domains: readonly string[] }
  | 'unread';

export interface ClusterRuleSpec {
  readonly action: 'allow' | 'deny' | 'pass';
  readonly peers: readonly ClusterPeerSpec[];
  /** `TCP/80`, `TCP/80-90`, or `http` for a named port. */
  readonly protocols?: readonly string[];
  readonly gap?: boolean;
}

export interface ClusterPolicySpec {
  readonly kind?: ClusterPolicyKind;
  readonly tier?: 'Admin' | 'Baseline';
  readonly priority?: number;
  readonly subject?: { readonly namespaces: SelectorSpec; readonly pods?: SelectorSpec };
  readonly ingress?: readonly ClusterRuleSpec[];
  readonly egress?: readonly ClusterRuleSpec[];
  readonly gap?: boolean;
}

export function snapshot(parts: Partial<Snapshot>): Snapshot {
  return { ...EMPTY_SNAPSHOT, ...parts };
}

export function labels(spec: LabelSpec = {}): Labels {
  return new Map(Object.entries(spec));
}

export function selector(spec: SelectorSpec): LabelSelector {
  const requirements = isRequirements(spec)
    ? spec.map(([key, operator, ...values]): LabelRequirement => ({ key, operator, values }))
    : Object.entries(spec).map(([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }));
  return { requirements, origin: NO_ORIGIN };
}

export function cidr(text: string): Cidr {
  return required(parseCidr(text), text).cidr;
}

export function address(text: string): Address {
  return required(parseAddress(text), text);
}

export function shape(spec: ShapeSpec = {}): PodShape {
  return {
    labels: labels(spec.labels),
    annotations: labels(),
    serviceAccount: 'default',
    hostNetwork: spec.hostNetwork ?? false,
    containers: [],
    ...(spec.node !== undefined && { nodeName: spec.node }),
    ports: (spec.ports ?? []).map((text, index) => containerPort(text, index, spec.hostNetwork ?? false)),
    origin: NO_ORIGIN,
  };
}

/** A pod with an address of its own or, where `at` is a family, without one. */
export function pod(namespace: string, at: string | Family, spec: ShapeSpec = {}): PodParty {
  if (typeof at === 'number') return { kind: 'pod', namespace, shape: shape(spec), family: at };
  const own = address(at);
  return { kind: 'pod', namespace, shape: shape(spec), address: own, family: own.family };
}

export function outside(text: string): AddressParty {
  return { kind: 'address', address: address(text) };
}

export function nodeParty(node: Node, at?: string): NodeParty {
  const own = address(at ?? node.addresses[0] ?? '');
  return { kind: 'node', name: node.name, labels: node.labels, address: own, family: own.family };
}

export function namespace(name: string, spec: LabelSpec = {}): Namespace {
  return { ...resource('v1', 'Namespace', name), kind: 'Namespace', labels: labels(spec) };
}

export function node(name: string, spec: { labels?: LabelSpec; addresses?: string[]; podCidrs?: string[] } = {}): Node {
  return {
    ...resource('v1', 'Node', name),
    kind: 'Node',
    labels: labels(spec.labels),
    addresses: spec.addresses ?? [],
    podCidrs: (spec.podCidrs ?? []).map(cidr),
  };
}

export function networkPolicy(name: string, spec: NetworkPolicySpec): NetworkPolicy {
  const { ingress = [], egress = [] } = spec;
  const defaulted: readonly Direction[] = egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
  return {
    ...resource('networking.k8s.io/v1', 'NetworkPolicy', name),
    kind: 'NetworkPolicy',
    podSelector: selector(spec.select ?? {}),
    policyTypes: spec.types ?? defaulted,
    ingress: ingress.map((rule, index) => policyRule(rule, 'ingress', index)),
    egress: egress.map((rule, index) => policyRule(rule, 'egress', index)),
    gaps: gaps('spec', spec.gap),
  };
}

export function clusterPolicy(name: string, spec: ClusterPolicySpec): ClusterPolicy {
  const kind = spec.kind ?? 'ClusterNetworkPolicy';
  const { ingress = [], egress = [], subject = { namespaces: {} } } = spec;
  const version = kind === 'ClusterNetworkPolicy' ? 'v1alpha2' : 'v1alpha1';
  return {
    ...resource(`policy.networking.k8s.io/${version}`, kind, name),
    kind,
    tier: spec.tier ?? (kind === 'BaselineAdminNetworkPolicy' ? 'Baseline' : 'Admin'),
    priority: spec.priority ?? 0,
    subject: podsPeer(subject, 'spec.subject'),
    ingress: ingress.map((rule, index) => clusterRule(rule, `spec.ingress[${index}]`, kind)),
    egress: egress.map((rule, index) => clusterRule(rule, `spec.egress[${index}]`, kind)),
    gaps: gaps('spec', spec.gap),
  };
}

export function resource(apiVersion: string, kind: string, name: string): Resource {
  const slash = name.indexOf('/');
  return {
    apiVersion,
    kind,
    namespace: slash < 0 ? '' : name.slice(0, slash),
    name: name.slice(slash + 1),
    labels: labels(),
    annotations: labels(),
    origin: NO_ORIGIN,
  };
}

function containerPort(text: string, index: number, hostNetwork: boolean): ContainerPort {
  const [, name, protocol = '', port] = required(/^(?:([^=]+)=)?([A-Z]+)\/(\d+)$/.exec(text), text);
  return {
    ...(name !== undefined && { name }),
    protocol: portProtocol(protocol),
    port: Number(port),
    // The API server defaults it so on the host's network.
    ...(hostNetwork && { hostPort: Number(port) }),
    container: `c${index}`,
    origin: NO_ORIGIN,
  };
}

function policyRule(spec: RuleSpec, direction: Direction, index: number): NetworkPolicyRule {
  const path = `spec.${direction}[${index}]`;
  const list = direction === 'ingress' ? 'from' : 'to';
  return {
    peers: (spec.peers ?? []).map((peer, at) => policyPeer(peer, `${path}.${list}[${at}]`)),
    ports: (spec.ports ?? []).map((port, at) => policyPort(port, `${path}.ports[${at}]`)),
    path,
    origin: NO_ORIGIN,
    gaps: gaps(path, spec.gap),
  };
}

function policyPeer(spec: PeerSpec, path: string): NetworkPolicyPeer {
  if (spec === 'unread') return { kind: 'unread', gap: gapOf(path), path, origin: NO_ORIGIN };
  if ('cidr' in spec) {
    return { kind: 'ipBlock', cidr: cidr(spec.cidr), except: (spec.except ?? []).map(cidr), path, origin: NO_ORIGIN };
  }
  return {
    kind: 'pods',
    ...(spec.pods !== undefined && { podSelector: selector(spec.pods) }),
    ...(spec.namespaces !== undefined && { namespaceSelector: selector(spec.namespaces) }),
    path,
    origin: NO_ORIGIN,
  };
}

function policyPort(text: string, path: string): NetworkPolicyPort {
  const [protocol = '', port] = text.split('/');
  const base = { protocol: portProtocol(protocol), path, origin: NO_ORIGIN };
  if (port === undefined) return base;
  const range = /^(\d+)(?:-(\d+))?$/.exec(port);
  if (range === null) return { ...base, port };
  return { ...base, port: Number(range[1]), ...(range[2] !== undefined && { endPort: Number(range[2]) }) };
}

function clusterRule(spec: ClusterRuleSpec, path: string, kind: ClusterPolicyKind): ClusterPolicyRule {
  const peers = path.startsWith('spec.ingress') ? 'from' : 'to';
  const ports = kind === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
  return {
    action: spec.action,
    peers: spec.peers.map((peer, at) => clusterPeer(peer, `${path}.${peers}[${at}]`)),
    protocols: (spec.protocols ?? []).map((text, at) => clusterPort(text, `${path}.${ports}[${at}]`)),
    path,
    origin: NO_ORIGIN,
    gaps: gaps(path, spec.gap),
  };
}

function clusterPeer(spec: ClusterPeerSpec, path: string): ClusterPeer {
  if (spec === 'unread') return { kind: 'unread', gap: gapOf(path), path, origin: NO_ORIGIN };
  if ('networks' in spec) return { kind: 'networks', cidrs: spec.networks.map(cidr), path, origin: NO_ORIGIN };
  if ('nodes' in spec) return { kind: 'nodes', selector: selector(spec.nodes), path, origin: NO_ORIGIN };
  if ('domains' in spec) return { kind: 'domains', names: spec.domains, path, origin: NO_ORIGIN };
  return podsPeer(spec, path);
}

function podsPeer(
  spec: { readonly namespaces: SelectorSpec; readonly pods?: SelectorSpec },
  path: string,
): ClusterPodsPeer {
  return {
    kind: 'pods',
    namespaceSelector: selector(spec.namespaces),
    ...(spec.pods !== undefined && { podSelector: selector(spec.pods) }),
    path,
    origin: NO_ORIGIN,
  };
}

function clusterPort(text: string, path: string): ClusterPolicyPort {
  const range = /^([A-Z]+)\/(\d+)(?:-(\d+))?$/.exec(text);
  if (range === null) return { kind: 'named', name: text, path, origin: NO_ORIGIN };
  const [, protocol = '', from, to = from] = range;
  return {
    kind: 'range',
    protocol: portProtocol(protocol),
    from: Number(from),
    to: Number(to),
    path,
    origin: NO_ORIGIN,
  };
}

function gaps(path: string, present = false): Gap[] {
  return present ? [gapOf(path)] : [];
}

function gapOf(path: string): Gap {
  return { path: `${path}.mystery`, reason: 'unread-field', origin: NO_ORIGIN };
}

function isRequirements(spec: SelectorSpec): spec is readonly RequirementSpec[] {
  return Array.isArray(spec);
}

function portProtocol(text: string): PortProtocol {
  return required(isPortProtocol(text) ? text : undefined, text);
}

function required<T>(value: T | null | undefined, spec: string): T {
  if (value === null || value === undefined) throw new Error(`not a valid spec: ${spec}`);
  return value;
}
