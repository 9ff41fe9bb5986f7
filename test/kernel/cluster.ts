/**
 * Kubernetes objects as they are written, and the few facts that packets depend on. Read straight from the manifest,
 * so that nothing here can inherit a mistake of the code under test.
 */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>> | null;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>> | null;
  readonly matchExpressions?: readonly SelectorExpression[] | null;
}

export interface SelectorExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | null;
}

export interface PolicyPeer {
  readonly podSelector?: Selector | null;
  readonly namespaceSelector?: Selector | null;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] | null } | null;
}

export interface PolicyPort {
  readonly protocol?: string | null;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
}

export interface PolicyRule {
  readonly from?: readonly PolicyPeer[] | null;
  readonly to?: readonly PolicyPeer[] | null;
  readonly ports?: readonly PolicyPort[] | null;
}

export interface PolicySpec {
  readonly podSelector?: Selector | null;
  readonly policyTypes?: readonly string[] | null;
  readonly ingress?: readonly PolicyRule[] | null;
  readonly egress?: readonly PolicyRule[] | null;
}

export interface Policy {
  readonly namespace: string;
  readonly name: string;
  readonly spec: PolicySpec;
}

export type Labels = ReadonlyMap<string, string>;

export interface ClusterPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly ports: readonly ClusterPort[];
  readonly node: string | undefined;
}

export interface ClusterPort {
  readonly name: string | undefined;
  readonly protocol: string;
  readonly port: number;
}

export interface ClusterNode {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface Cluster {
  readonly pods: readonly ClusterPod[];
  readonly nodes: readonly ClusterNode[];
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: readonly Policy[];
  /** Addresses of the one namespace that stands for everything outside. */
  readonly outside: readonly string[];
}

/** Who owns one network namespace: `shop/web`, `node:n1` or `outside`. */
export interface Owner {
  readonly id: string;
  readonly addresses: readonly string[];
}

export function clusterOf(manifests: readonly Manifest[], outside: readonly string[]): Cluster {
  const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
  return {
    pods: ofKind('Pod').filter(hasOwnAddress).map(podOf),
    nodes: ofKind('Node').map(nodeOf),
    namespaces: new Map(ofKind('Namespace').map((manifest) => [manifest.metadata.name, labelsOf(manifest)])),
    policies: ofKind('NetworkPolicy').map(policyOf),
    outside,
  };
}

/** Every namespace to build, in the order of their interfaces. The pods come first: index `i` is `cluster.pods[i]`. */
export function ownersOf(cluster: Cluster): Owner[] {
  return [
    ...cluster.pods.map((pod) => ({ id: `${pod.namespace}/${pod.name}`, addresses: pod.addresses })),
    ...cluster.nodes.map((node) => ({ id: `node:${node.name}`, addresses: node.addresses })),
    { id: 'outside', addresses: cluster.outside },
  ];
}

interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly nodeName?: string;
  readonly containers?: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[];
}

interface ContainerSpec {
  readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly containerPort: number }[];
}

interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
}

interface NodeStatus {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
}

/** A host-network pod has its node's address and no network of its own; a finished pod has given its address back. */
function hasOwnAddress(manifest: Manifest): boolean {
  const spec = (manifest.spec ?? {}) as PodSpec;
  const status = (manifest.status ?? {}) as PodStatus;
  return spec.hostNetwork !== true && status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

function podOf(manifest: Manifest): ClusterPod {
  const spec = (manifest.spec ?? {}) as PodSpec;
  const status = (manifest.status ?? {}) as PodStatus;
  const single = status.podIP === undefined ? [] : [status.podIP];
  return {
    namespace: manifest.metadata.namespace ?? 'default',
    name: manifest.metadata.name,
    labels: labelsOf(manifest),
    addresses: status.podIPs?.map((entry) => entry.ip) ?? single,
    ports: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(portsOf),
    node: spec.nodeName,
  };
}

function portsOf(container: ContainerSpec): ClusterPort[] {
  return (container.ports ?? []).map((entry) => ({
    name: entry.name,
    protocol: entry.protocol ?? 'TCP',
    port: entry.containerPort,
  }));
}

function nodeOf(manifest: Manifest): ClusterNode {
  const status = (manifest.status ?? {}) as NodeStatus;
  const own = (status.addresses ?? []).filter((entry) => entry.type === 'InternalIP' || entry.type === 'ExternalIP');
  return { name: manifest.metadata.name, addresses: own.map((entry) => entry.address) };
}

function policyOf(manifest: Manifest): Policy {
  return {
    namespace: manifest.metadata.namespace ?? 'default',
    name: manifest.metadata.name,
    spec: (manifest.spec ?? {}) as PolicySpec,
  };
}

function labelsOf(manifest: Manifest): Labels {
  return new Map(Object.entries(manifest.metadata.labels ?? {}));
}
