import { type Address, formatAddress, parseAddress } from '#base/address.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { ContainerPort, Labels, Namespace, Node, Pod, Workload } from '#model/resource.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '#model/snapshot.ts';
import { combinationsOf } from './combinations.ts';
import type { PolicyLists } from './lists.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A small cluster in which everything that policies name makes a difference. */
export interface MadeUpWorld {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  /** Combinations of the labels of pods: how many there are, and how many have a pod. */
  readonly combinations: number;
  readonly tried: number;
}

const MOST_LABELS = 96;
const MOST_NAMESPACES = 8;
const MOST_PODS = 512;
const NODES = ['node-1', 'node-2'];

export function madeUpWorld(words: Vocabulary, known: readonly Namespace[], own: string): MadeUpWorld {
  const namespaces = namespacesOf(words, known, own);
  const most = Math.min(MOST_LABELS, Math.floor(MOST_PODS / namespaces.length));
  const { tried, all } = combinationsOf(words.pods, words.selections, most);
  const pods = namespaces.flatMap((namespace, place) =>
    tried.map((labels, index) => podOf({ namespace: namespace.name, labels, place, index, words })),
  );
  return {
    namespaces,
    pods: [...pods, ...podsInBlocks(words, namespaces[0]!.name, tried), hostPod(namespaces[0]!.name, tried[0])],
    nodes: NODES.map(nodeOf),
    combinations: all,
    tried: tried.length,
  };
}

/** The snapshot of the made-up world under policies, with the settings of the real one. */
export function snapshotWith(world: MadeUpWorld, real: Snapshot, lists: PolicyLists): Snapshot {
  const { networkPolicies, clusterPolicies, calicoPolicies, calicoTiers, ciliumPolicies } = lists;
  return {
    ...EMPTY_SNAPSHOT,
    namespaces: world.namespaces,
    pods: world.pods,
    nodes: world.nodes,
    workloads: real.workloads.filter(isAgent),
    configMaps: real.configMaps,
    calicoNetworkSets: real.calicoNetworkSets,
    calicoSettings: real.calicoSettings,
    calicoControllers: real.calicoControllers,
    ciliumCidrGroups: real.ciliumCidrGroups,
    networkPolicies,
    clusterPolicies,
    calicoPolicies,
    calicoTiers,
    ciliumPolicies,
  };
}

/** It tells which version of the engine runs. */
export function isAgent({ kind, name }: Workload): boolean {
  return kind === 'DaemonSet' && name === 'cilium';
}

// ---------------------------------------------------------------- namespaces

/** Those that are named, the policies' own first, as they are where the input knows them; then combinations of labels. */
function namespacesOf(words: Vocabulary, known: readonly Namespace[], own: string): Namespace[] {
  const names = [...new Set([...(own === '' ? [] : [own]), ...words.names])].slice(0, MOST_NAMESPACES - 2);
  const named = names.map((name) => known.find((each) => each.name === name) ?? namespaceOf(name, new Map()));
  const { tried } = combinationsOf(words.namespaces, [], MOST_NAMESPACES - named.length);
  const made = tried.map((labels, index) => namespaceOf(`made-up-${index + 1}`, labels));
  // What is said of other namespaces needs two that nothing names.
  return [...named, ...made, ...(made.length < 2 ? [namespaceOf('made-up-0', new Map())] : [])];
}

function namespaceOf(name: string, labels: Labels): Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    ...NAMELESS,
    name,
    labels: new Map([...labels, [NAMESPACE_NAME_LABEL, name]]),
  };
}

const NAMELESS = { namespace: '', annotations: new Map<string, string>(), origin: NO_ORIGIN } as const;

function nodeOf(name: string, index: number): Node {
  const addresses = [`172.31.250.${index + 1}`, `fd00:31::${index + 1}`];
  return { apiVersion: 'v1', kind: 'Node', ...NAMELESS, name, labels: new Map(), addresses, podCidrs: [] };
}

// ---------------------------------------------------------------- pods

interface PodFacts {
  readonly namespace: string;
  readonly labels: Labels;
  /** Number of the namespace, and of the pod in it. */
  readonly place: number;
  readonly index: number;
  readonly words: Vocabulary;
}

/** The first pods of each namespace have addresses of both families. */
const DUAL = 6;

function podOf({ namespace, labels, place, index, words }: PodFacts): Pod {
  const addresses = [`10.244.${place + 1}.${index + 1}`];
  if (index < DUAL) addresses.push(`fd00:244::${place + 1}:${index + 1}`);
  return madePod({
    name: nameOf(labels, index),
    namespace,
    labels,
    addresses,
    nodeName: NODES[index % NODES.length]!,
    ports: portsOf(words, place + index),
  });
}

/** What a reader of a witness sees: `p3-app-web-tier-db`. */
function nameOf(labels: Labels, index: number): string {
  const words = [...labels].flatMap(([key, value]) => [key.slice(key.lastIndexOf('/') + 1), value]);
  const text = [`p${index + 1}`, ...words].join('-').toLowerCase();
  return text.replace(/[^a-z0-9-]/g, '-').slice(0, 63);
}

/** Every name of a port: one number, another protocol, or not there. */
function portsOf({ ports }: Vocabulary, turn: number): ContainerPort[] {
  if (turn % 3 === 2) return [];
  const protocol = turn % 3 === 0 ? 'TCP' : 'UDP';
  return [...ports].map((name, index) => ({
    name,
    protocol,
    port: 8080 + index,
    container: 'main',
    origin: NO_ORIGIN,
  }));
}

const MOST_BLOCKS = 8;

/** Pods with an address in each block that is named, so that a block that means pods is told from one that does not. */
function podsInBlocks({ blocks }: Vocabulary, namespace: string, tried: readonly Labels[]): Pod[] {
  const distinct = [...new Map(blocks.map((block) => [`${block.family} ${block.lo} ${block.hi}`, block])).values()];
  const addresses = distinct.slice(0, MOST_BLOCKS).map(({ family, lo, hi }): Address => {
    return { family, value: lo + (hi - lo) / 3n };
  });
  return [...new Set(addresses.map(formatAddress))].map((address, index) =>
    madePod({
      name: `in-block-${index + 1}`,
      namespace,
      labels: tried[index % tried.length] ?? new Map(),
      addresses: [address],
      nodeName: NODES[0]!,
      ports: [],
    }),
  );
}

function hostPod(namespace: string, labels: Labels = new Map()): Pod {
  const pod = madePod({ name: 'on-host', namespace, labels, addresses: [], nodeName: NODES[0]!, ports: [] });
  const { addresses } = nodeOf(NODES[0]!, 0);
  return { ...pod, addresses, shape: { ...pod.shape, hostNetwork: true } };
}

interface MadePod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly nodeName: string;
  readonly ports: readonly ContainerPort[];
}

function madePod({ name, namespace, labels, addresses, nodeName, ports }: MadePod): Pod {
  const nothing = new Map<string, string>();
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace,
    name,
    labels,
    annotations: nothing,
    origin: NO_ORIGIN,
    shape: {
      labels,
      annotations: nothing,
      serviceAccount: 'default',
      hostNetwork: false,
      nodeName,
      containers: [],
      ports,
      origin: NO_ORIGIN,
    },
    addresses: addresses.map(canonical),
    phase: 'Running',
  };
}

function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}
