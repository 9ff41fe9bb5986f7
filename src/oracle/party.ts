import type { Address, Cidr, Family } from '#base/address.ts';
import type { MeshConfig } from '#model/istio.ts';
import type { Profile } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { ContainerPort, Labels, PodShape } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { PORT_PROTOCOLS, type PortProtocol, trafficPoint } from '#model/traffic.ts';
import type { Installation } from './linkerd/settings.ts';
import type { World } from './world.ts';

/** One pod of one address family. Of a host-network pod, `address` is its node's. */
export interface PodParty {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly shape: PodShape;
  readonly address?: Address;
  readonly family: Family;
  /** Where it differs from, or is missing in, `shape.nodeName`. */
  readonly nodeName?: string;
}

/** One address of a node, or a node that states no address. */
export interface NodeParty {
  readonly kind: 'node';
  readonly name: string;
  readonly address?: Address;
  readonly family: Family;
  readonly labels: Labels;
}

/** An address that no pod and no node of the snapshot owns. */
export interface AddressParty {
  readonly kind: 'address';
  readonly address: Address;
}

export type Party = PodParty | NodeParty | AddressParty;

export interface Connection {
  readonly from: Party;
  readonly to: Party;
  /** A point of the traffic axis. */
  readonly traffic: number;
}

/** Port 0 is no port. */
export const EVERY_PORT = [1, 65535] as const;

export type Side = 'from' | 'to';

/** One question in one world: what every rule of the oracle looks at. */
export interface Question {
  readonly snapshot: Snapshot;
  readonly profile: Profile;
  readonly podRanges: readonly Cidr[];
  readonly connection: Connection;
  readonly world: World;
  /** What Istio is told for the whole mesh. */
  readonly mesh: MeshConfig;
  /** Set where it is asked who is let in besides the kubelet. */
  readonly ignoresProbes?: boolean;
  /** How Linkerd is installed. */
  readonly linkerd: Installation;
  /** The request inside the connection, where one is asked about. */
  readonly request?: AskedRequest;
}

/** A fact that may be or not be: each in some worlds. */
export function isPerhaps(question: Question, fact: string): boolean {
  return question.world.choose(fact, [false, true]);
}

/** A node, or a pod on the host's network: to the cluster's network both are the node. */
export function isNodeTraffic(party: Party): boolean {
  return party.kind === 'node' || (party.kind === 'pod' && party.shape.hostNetwork);
}

/** A pod with an address of its own: all that the cluster-wide policy kinds call a pod. */
export function isNetworkedPod(party: Party): party is PodParty {
  return party.kind === 'pod' && !party.shape.hostNetwork;
}

/**
 * Whether NetworkPolicy treats the party as a pod: selected, named by selectors, known by its named ports. The API's text
 * allows two readings of host-network pods: as pods like others, or as nothing but their node's address. An engine has
 * one of them, so it is one fact for the whole world.
 */
export function isPolicyPod(question: Question, party: Party): party is PodParty {
  if (party.kind !== 'pod') return false;
  if (!party.shape.hostNetwork) return true;
  if (question.profile.hostNetworkPods === 'never') return false;
  return isPerhaps(question, 'NetworkPolicy selectors match host-network pods');
}

/** Whether the connection is to one of the ports `lo … hi` of the protocol. */
export function isToPort(question: Question, protocol: PortProtocol, [lo, hi]: readonly [number, number]): boolean {
  const { traffic } = question.connection;
  return traffic >= trafficPoint(protocol, lo) && traffic <= trafficPoint(protocol, hi);
}

/** Whether the traffic is TCP, UDP or SCTP. */
export function hasPorts(question: Question): boolean {
  return PORT_PROTOCOLS.some((protocol) => isToPort(question, protocol, EVERY_PORT));
}

/** The container ports of this name on the pod that the connection is to: several containers may have the name. */
export function namedPorts(question: Question, pod: PodParty, name: string): ContainerPort[] {
  const named = pod.shape.ports.filter((port) => port.name === name);
  return named.filter((port) => isToPort(question, port.protocol, [port.port, port.port]));
}
