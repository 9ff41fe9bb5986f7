import { type Address, type AddressRange, type Family, mergeRanges, parseAddress, parseCidr } from '#base/address.ts';
import { addRange, type Bits, bitsOf, emptyBits, fullBits } from '#base/bits.ts';
import type { ContainerPort, Labels, Namespace, Node, PodShape } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Atoms, atomAt, cutAtoms } from './atoms.ts';
import { isGenerated, type Owner, type Unit, unitsOf } from './units.ts';

/**
 * The universe of one analysis: everything that can be a subject or a peer, cut into points that no policy of the
 * snapshot can tell apart. A set of endpoints is a `Bits` over points.
 */
export interface World {
  readonly points: readonly Point[];
  readonly size: number;
  readonly owners: readonly Owner[];
  readonly units: readonly Unit[];
  /** Indexes into `units` of each owner. */
  readonly unitsOfOwner: readonly (readonly number[])[];
  /** Points of each owner, in rising order. */
  readonly pointsOfOwner: readonly (readonly number[])[];
  readonly nodes: readonly Node[];
  /** Points of each node of `nodes`. */
  readonly pointsOfNode: readonly (readonly number[])[];
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  readonly atoms: Readonly<Record<Family, Atoms>>;
  /** Index of the point of the first atom of each family; the others follow. */
  readonly firstExternal: Readonly<Record<Family, number>>;
  readonly domains: ReadonlyMap<string, readonly number[]>;
  readonly potentials: readonly number[];
  /** Where pods without an address may be, merged. */
  readonly podRanges: readonly AddressRange[];
  /** Whether `podRanges` is our assumption and not a fact of the input. */
  readonly podRangesAssumed: boolean;
  readonly everything: Bits;
  readonly nothing: Bits;
  /** Pods on the pod network, the only ones that policy protects everywhere. */
  readonly pods: Bits;
  /** Nodes, and pods that use their node's network. */
  readonly hosts: Bits;
  readonly externals: Bits;
  /** Points that speak a family. */
  readonly speaks: Readonly<Record<Family, Bits>>;
  /** Label keys that points of one class are known to agree on; see `coversLabel`. */
  readonly mentionedKeys: ReadonlySet<string>;
}

export type PointKind = 'pod' | 'node' | 'external' | 'domain';

/** One class of endpoints that no policy tells apart, in one address family where a CIDR could tell families apart. */
export interface Point {
  readonly kind: PointKind;
  /** 1: IPv4, 2: IPv6, 3: either. */
  readonly families: number;
  /** The family by which CIDRs see this point. */
  readonly facet: Family;
  /** The atom that holds the address; undefined where the address is not known. */
  readonly atom: number | undefined;
  readonly namespace: string;
  /** Of pods and nodes. Only keys that some selector mentions are sure to be the same for all units. */
  readonly labels: Labels;
  /** Label keys whose value is not known: of templates, those that controllers set. */
  readonly unknownKeys: ReadonlySet<string>;
  /** Of pods; empty for the rest and for potential pods. */
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly namedPorts: readonly ContainerPort[];
  /** Nodes that its pods run on, or the nodes that it stands for. */
  readonly nodeNames: ReadonlySet<string>;
  /** Whether every pod's node is known. */
  readonly placed: boolean;
  /** Indexes into `World.units`; empty for all but pods, and for potential pods. */
  readonly units: readonly number[];
}

/** Containers that are the proxy of a mesh. */
const PROXY_CONTAINERS: ReadonlySet<string> = new Set(['istio-proxy', 'linkerd-proxy']);
/** Annotations by which a pod joins a mesh or keeps ports out of it. */
const PROXY_ANNOTATION = /^(?:[a-z.]+\.)?(?:istio|linkerd)\.io\//;

export interface NamespaceFacts {
  /** Undefined when the namespace is referred to but not defined: only its name is known. */
  readonly labels: Labels | undefined;
  /** Its pods are the points `first … end - 1`. */
  readonly first: number;
  readonly end: number;
}

/** What the policies of a snapshot can see: the finest cut that a World needs. */
export interface Mentions {
  readonly labelKeys: ReadonlySet<string>;
  readonly nodeLabelKeys: ReadonlySet<string>;
  readonly ranges: readonly AddressRange[];
}

/** A pod that is not in the input but could appear. */
export interface PotentialPod {
  readonly namespace: string;
  /** Given for a namespace that is not in the input. */
  readonly namespaceLabels?: Labels;
  readonly labels: Labels;
  readonly namedPorts: readonly ContainerPort[];
}

export interface WorldOptions {
  /** Where pods live; empty: from the nodes' podCIDRs, else private ranges are assumed. */
  readonly podRanges?: readonly AddressRange[];
  /** Ranges to cut by besides those that policies mention. */
  readonly cuts?: readonly AddressRange[];
  readonly domains?: readonly string[];
  readonly potentials?: readonly PotentialPod[];
  /** Owners (`shop/Deployment/web`) whose pods each become a point of their own, so that placement on nodes is exact. */
  readonly focus?: ReadonlySet<string>;
}

/** RFC 1918, RFC 6598 and RFC 4193: where clusters put pods unless somebody says otherwise. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** Labels that controllers put on each pod or revision. They split classes only where a selector mentions them. */
const VOLATILE_LABELS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'pod-template-generation',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
  'apps.kubernetes.io/pod-index',
  'statefulset.kubernetes.io/pod-name',
]);

/** The label that the API server puts on every namespace. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** Whether all pods of one point are sure to agree on a label key, so that a selector may ask for it. */
export function coversLabel(world: World, key: string): boolean {
  return world.mentionedKeys.has(key) || !(VOLATILE_LABELS.has(key) || isGenerated(key));
}

export function buildWorld(snapshot: Snapshot, mentions: Mentions, options: WorldOptions = {}): World {
  const { owners, units } = unitsOf(snapshot);
  const cuts = [...mentions.ranges, ...(options.cuts ?? [])];
  const atoms = { 4: cutAtoms(4, cuts), 6: cutAtoms(6, cuts) };
  const speaksV6 = hasV6Evidence(snapshot, units, options.podRanges ?? []);
  const context: Context = { snapshot, mentions, options, atoms, cutsAddresses: cuts.length > 0, speaksV6 };
  const drafts = [...podDrafts(units, owners, context), ...potentialDrafts(context)];
  const namespaces = sortByNamespace(drafts, snapshot, options.potentials ?? []);
  const firstNode = drafts.length;
  const nodes = nodeDrafts(units, owners, context);
  drafts.push(...nodes.drafts);
  const firstV4 = drafts.length;
  const firstV6 = firstV4 + atoms[4].starts.length;
  drafts.push(...externalDrafts(atoms[4]), ...externalDrafts(atoms[6]));
  const domains = addDomains(drafts, options.domains ?? [], speaksV6);
  const points: readonly Point[] = drafts;
  const size = points.length;
  const ranges = podRangesOf(snapshot, options.podRanges ?? []);
  return {
    points,
    size,
    owners,
    units,
    unitsOfOwner: groupUnits(units, owners.length),
    pointsOfOwner: groupByOwner(points, units, owners.length),
    nodes: snapshot.nodes,
    pointsOfNode: nodes.draftsOfNode.map((list) => list.map((index) => firstNode + index)),
    namespaces,
    atoms,
    firstExternal: { 4: firstV4, 6: firstV6 },
    domains,
    potentials: [...drafts.keys()].filter((index) => drafts[index]!.potential),
    podRanges: mergeRanges(ranges.length > 0 ? ranges : assumedRanges()),
    podRangesAssumed: ranges.length === 0,
    everything: fullBits(size),
    nothing: emptyBits(size),
    pods: bitsWhere(points, (point) => point.kind === 'pod' && !point.hostNetwork),
    hosts: bitsWhere(points, (point) => point.kind === 'node' || point.hostNetwork),
    externals: bitsWhere(points, (point) => point.kind === 'external'),
    speaks: {
      4: bitsWhere(points, (point) => (point.families & 1) !== 0),
      6: bitsWhere(points, (point) => (point.families & 2) !== 0),
    },
    mentionedKeys: mentions.labelKeys,
  };
}

/** The points whose addresses a query for one address means: the atom that holds it. */
export function externalPoint(world: World, address: Address): number {
  return world.firstExternal[address.family] + atomAt(world.atoms[address.family], address.value);
}

/** All pods of one namespace, host-network pods included. */
export function podsOfNamespace(world: World, namespace: string): Bits {
  const bits = emptyBits(world.size);
  const facts = world.namespaces.get(namespace);
  if (facts !== undefined) addRange(bits, facts.first, facts.end);
  return bits;
}

// ---------------------------------------------------------------- drafts

interface Context {
  readonly snapshot: Snapshot;
  readonly mentions: Mentions;
  readonly options: WorldOptions;
  readonly atoms: Readonly<Record<Family, Atoms>>;
  readonly cutsAddresses: boolean;
  readonly speaksV6: boolean;
}

interface Draft extends Point {
  readonly nodeNames: Set<string>;
  placed: boolean;
  readonly units: number[];
  readonly potential: boolean;
}

interface Facet {
  readonly families: number;
  readonly facet: Family;
  readonly atom: number | undefined;
}

function podDrafts(units: readonly Unit[], owners: readonly Owner[], context: Context): Draft[] {
  const drafts = new Map<string, Draft>();
  const nodeAddresses = new Map(context.snapshot.nodes.map((node) => [node.name, node.addresses]));
  for (const [index, unit] of units.entries()) {
    const base = classKey(unit, context, context.options.focus?.has(owners[unit.owner]!.id) ? index : -1);
    for (const facet of facetsOf(addressesOf(unit, nodeAddresses), unit.shape.hostNetwork, context)) {
      const key = `${base}\n${facet.facet} ${facet.families} ${facet.atom ?? ''}`;
      let draft = drafts.get(key);
      if (draft === undefined) {
        draft = podDraft(unit, facet);
        drafts.set(key, draft);
      }
      draft.units.push(index);
      if (unit.nodeName === undefined) draft.placed = false;
      else draft.nodeNames.add(unit.nodeName);
    }
  }
  return [...drafts.values()];
}

function podDraft(unit: Unit, facet: Facet): Draft {
  return {
    kind: 'pod',
    ...facet,
    namespace: unit.namespace,
    labels: unit.labels,
    unknownKeys: unit.unknownKeys,
    serviceAccount: unit.shape.serviceAccount,
    hostNetwork: unit.shape.hostNetwork,
    namedPorts: unit.shape.ports.filter((port) => port.name !== undefined),
    nodeNames: new Set(),
    placed: true,
    units: [],
    potential: false,
  };
}

/** Everything about a unit that a policy could see, as one string. */
function classKey(unit: Unit, context: Context, apart: number): string {
  const { labelKeys } = context.mentions;
  const labels: string[] = [];
  for (const [key, value] of unit.labels) {
    if (labelKeys.has(key) || !VOLATILE_LABELS.has(key)) labels.push(`${key}=${value}`);
  }
  labels.sort();
  const unknown = [...unit.unknownKeys].filter((key) => labelKeys.has(key));
  const ports: string[] = [];
  for (const port of unit.shape.ports) {
    if (port.name !== undefined) ports.push(`${port.name}:${port.protocol}:${port.port}`);
  }
  if (ports.length > 1) ports.sort();
  return [
    unit.namespace,
    unit.shape.hostNetwork,
    unit.shape.serviceAccount,
    labels,
    ports,
    unknown,
    apart,
    proxyKey(unit.shape),
  ].join('\n');
}

const PROXY_KEYS = new WeakMap<PodShape, string>();

/** What says whether a pod has a mesh proxy and what the proxy leaves alone. */
function proxyKey(shape: PodShape): string {
  let key = PROXY_KEYS.get(shape);
  if (key === undefined) {
    const proxies = shape.containers.filter(({ name }) => PROXY_CONTAINERS.has(name)).map(({ name }) => name);
    const settings = [...shape.annotations].filter(([name]) => PROXY_ANNOTATION.test(name));
    key = proxies.length + settings.length === 0 ? '' : JSON.stringify([proxies, settings.sort()]);
    PROXY_KEYS.set(shape, key);
  }
  return key;
}

/** A host-network pod has its node's addresses. */
function addressesOf(unit: Unit, nodeAddresses: ReadonlyMap<string, readonly string[]>): readonly string[] {
  if (unit.addresses.length > 0 || !unit.shape.hostNetwork || unit.nodeName === undefined) return unit.addresses;
  return nodeAddresses.get(unit.nodeName) ?? [];
}

/** One facet for each family and atom that the addresses fall in; one for both families where nothing cuts by address. */
function facetsOf(addresses: readonly string[], host: boolean, context: Context): Facet[] {
  const known = addresses.map(parseAddress).filter((address) => address !== undefined);
  if (known.length === 0) return facetsOfUnknown(host, context);
  if (!context.cutsAddresses) {
    const families = known.reduce((mask, address) => mask | maskOf(address.family), 0);
    return [{ families, facet: known[0]!.family, atom: 0 }];
  }
  const facets = new Map<string, Facet>();
  for (const { family, value } of known) {
    const atom = atomAt(context.atoms[family], value);
    facets.set(`${family} ${atom}`, { families: maskOf(family), facet: family, atom });
  }
  return [...facets.values()];
}

/**
 * Without an address the family is not known either. Unless the snapshot shows that pods speak IPv6, one IPv4 facet
 * stands for the pod among pods, while outside peers of both families are asked about.
 */
function facetsOfUnknown(host: boolean, context: Context): Facet[] {
  if (!context.speaksV6 || host || !context.cutsAddresses) return [{ families: 3, facet: 4, atom: undefined }];
  return [
    { families: 1, facet: 4, atom: undefined },
    { families: 2, facet: 6, atom: undefined },
  ];
}

function potentialDrafts(context: Context): Draft[] {
  return (context.options.potentials ?? []).map((pod) => ({
    kind: 'pod' as const,
    families: 3,
    facet: 4 as const,
    atom: undefined,
    namespace: pod.namespace,
    labels: pod.labels,
    unknownKeys: new Set<string>(),
    serviceAccount: '',
    hostNetwork: false,
    namedPorts: pod.namedPorts,
    nodeNames: new Set<string>(),
    placed: false,
    units: [],
    potential: true,
  }));
}

interface NodeDrafts {
  readonly drafts: readonly Draft[];
  /** For each node of the snapshot, indexes into `drafts`. */
  readonly draftsOfNode: readonly (readonly number[])[];
}

/** Up to so many nodes each is a point of its own, so that every pod's own node is known for certain. */
const FEW_NODES = 32;

/** In a big cluster nodes that no policy tells apart are one class too; those that focused pods run on stand for themselves. */
function nodeDrafts(units: readonly Unit[], owners: readonly Owner[], context: Context): NodeDrafts {
  const { focus } = context.options;
  const apart = new Set(
    focus && units.filter((unit) => focus.has(owners[unit.owner]!.id)).map((unit) => unit.nodeName),
  );
  const indexes = new Map<string, number>();
  const drafts: Draft[] = [];
  const few = context.snapshot.nodes.length <= FEW_NODES;
  const draftsOfNode = context.snapshot.nodes.map((node) => {
    const seen = [...node.labels].filter(([key]) => few || context.mentions.nodeLabelKeys.has(key));
    const labels = new Map(seen.sort());
    const own = JSON.stringify([few || apart.has(node.name) ? node.name : '', [...labels]]);
    return facetsOf(node.addresses, true, context).map((facet) => {
      const key = `${own} ${facet.facet} ${facet.families} ${facet.atom ?? ''}`;
      const index = indexes.get(key) ?? drafts.push(nodeDraft(labels, facet)) - 1;
      indexes.set(key, index);
      drafts[index]!.nodeNames.add(node.name);
      return index;
    });
  });
  return { drafts, draftsOfNode };
}

function nodeDraft(labels: Labels, facet: Facet): Draft {
  return {
    kind: 'node',
    ...facet,
    namespace: '',
    labels,
    unknownKeys: new Set<string>(),
    serviceAccount: '',
    hostNetwork: false,
    namedPorts: [],
    nodeNames: new Set<string>(),
    placed: true,
    units: [],
    potential: false,
  };
}

function externalDrafts(atoms: Atoms): Draft[] {
  return atoms.starts.map((_, atom) =>
    outsideDraft('external', { families: maskOf(atoms.family), facet: atoms.family, atom }),
  );
}

function outsideDraft(kind: 'external' | 'domain', facet: Facet): Draft {
  return {
    kind,
    ...facet,
    namespace: '',
    labels: new Map(),
    unknownKeys: new Set(),
    serviceAccount: '',
    hostNetwork: false,
    namedPorts: [],
    nodeNames: new Set(),
    placed: false,
    units: [],
    potential: false,
  };
}

function addDomains(drafts: Draft[], names: readonly string[], speaksV6: boolean): Map<string, number[]> {
  const domains = new Map<string, number[]>();
  for (const name of names) {
    const families: readonly Family[] = speaksV6 ? [4, 6] : [4];
    const indexes = families.map((family) => {
      const facet: Facet = { families: maskOf(family), facet: family, atom: undefined };
      return drafts.push(outsideDraft('domain', facet)) - 1;
    });
    domains.set(name, indexes);
  }
  return domains;
}

// ---------------------------------------------------------------- facts

function maskOf(family: Family): number {
  return family === 4 ? 1 : 2;
}

function bitsWhere(points: readonly Point[], test: (point: Point) => boolean): Bits {
  const indexes: number[] = [];
  for (const [index, point] of points.entries()) if (test(point)) indexes.push(index);
  return bitsOf(points.length, indexes);
}

/** Sorts pod drafts by namespace, so that a namespace is a range of points, and lists every namespace referred to. */
function sortByNamespace(
  drafts: Draft[],
  snapshot: Snapshot,
  potentials: readonly PotentialPod[],
): Map<string, NamespaceFacts> {
  drafts.sort((a, b) => (a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : 0));
  const labels = new Map<string, Labels | undefined>();
  for (const draft of drafts) labels.set(draft.namespace, undefined);
  for (const policy of snapshot.networkPolicies) labels.set(policy.namespace, undefined);
  for (const { namespace, namespaceLabels } of potentials) {
    if (namespaceLabels !== undefined) labels.set(namespace, namespaceLabels);
  }
  for (const namespace of snapshot.namespaces) labels.set(namespace.name, labelsOfNamespace(namespace));
  const facts = new Map<string, NamespaceFacts>();
  let first = 0;
  for (const name of [...labels.keys()].sort(compareText)) {
    let end = first;
    while (end < drafts.length && drafts[end]!.namespace === name) end++;
    facts.set(name, { labels: labels.get(name), first, end });
    first = end;
  }
  return facts;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The API server sets the name label on every namespace and does not let it be changed. */
function labelsOfNamespace(namespace: Namespace): Labels {
  return new Map(namespace.labels).set(NAMESPACE_NAME_LABEL, namespace.name);
}

function groupUnits(units: readonly Unit[], owners: number): number[][] {
  const groups: number[][] = Array.from({ length: owners }, () => []);
  for (const [index, { owner }] of units.entries()) groups[owner]!.push(index);
  return groups;
}

function groupByOwner(points: readonly Point[], units: readonly Unit[], owners: number): number[][] {
  const groups: number[][] = Array.from({ length: owners }, () => []);
  for (const [index, point] of points.entries()) {
    for (const unit of point.units) {
      const group = groups[units[unit]!.owner]!;
      if (group.at(-1) !== index) group.push(index);
    }
  }
  return groups;
}

function podRangesOf(snapshot: Snapshot, given: readonly AddressRange[]): readonly AddressRange[] {
  return given.length > 0 ? given : snapshot.nodes.flatMap((node) => node.podCidrs);
}

function assumedRanges(): AddressRange[] {
  return PRIVATE.map((text) => parseCidr(text)!.cidr);
}

/** Whether anything in the snapshot shows that pods have IPv6 addresses. */
function hasV6Evidence(snapshot: Snapshot, units: readonly Unit[], given: readonly AddressRange[]): boolean {
  if (given.some((range) => range.family === 6)) return true;
  if (snapshot.nodes.some((node) => node.podCidrs.some((cidr) => cidr.family === 6))) return true;
  if (snapshot.nodes.some((node) => node.addresses.some((address) => address.includes(':')))) return true;
  const dualStack = snapshot.services.some(
    (service) =>
      service.ipFamilies.includes('IPv6') ||
      service.ipFamilyPolicy === 'RequireDualStack' ||
      service.clusterIPs.some((address) => address.includes(':')),
  );
  return dualStack || units.some((unit) => unit.addresses.some((address) => address.includes(':')));
}
