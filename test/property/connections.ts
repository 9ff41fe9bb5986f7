import { type Address, type AddressRange, type Family, formatAddress, HIGHEST, parseAddress } from '#base/address.ts';
import type { Node, Pod, PodShape } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { icmpTraffic, PORT_PROTOCOLS, type PortProtocol, trafficPoint } from '#model/traffic.ts';
import type { AddressParty, Connection, NodeParty, Party, PodParty } from '#oracle/connection.ts';

/** How many outside addresses of each family are asked about. */
const OUTSIDE = 8;
const FAMILIES: readonly Family[] = [4, 6];

/**
 * Every question that the snapshot gives rise to: each ordered pair of different parties of one family, at least one of
 * them a pod, with each kind of traffic that a rule may tell from its neighbours.
 */
export function* allConnections(snapshot: Snapshot): Generator<Connection> {
  for (const family of FAMILIES) {
    const parties = [...partiesOf(snapshot), ...outsideOf(snapshot)].filter((party) => familyOf(party) === family);
    const points = trafficOf(snapshot, family);
    for (const from of parties) {
      for (const to of parties) {
        if (from === to || (from.kind !== 'pod' && to.kind !== 'pod')) continue;
        for (const traffic of points) yield { from, to, traffic };
      }
    }
  }
}

/**
 * Pods, workloads of which no pod is in the snapshot, and nodes; one party for each address, and one for each family where
 * no address is known. The `shape` of a pod party is the very object of the pod or of the workload's template.
 */
export function partiesOf(snapshot: Snapshot): (PodParty | NodeParty)[] {
  const out: (PodParty | NodeParty)[] = [];
  for (const pod of snapshot.pods) {
    if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') out.push(...podParties(snapshot, pod));
  }
  for (const workload of snapshot.workloads) {
    const hasPods = snapshot.pods.some(
      ({ namespace, controller }) =>
        namespace === workload.namespace && controller?.kind === workload.kind && controller.name === workload.name,
    );
    if (!hasPods) out.push(...withAddresses(workload.namespace, workload.template, []));
  }
  for (const node of snapshot.nodes) out.push(...nodeParties(node));
  return out;
}

/** Addresses at the edges of the policies' CIDRs that no pod and no node owns, and one of each family that is in few. */
export function outsideOf(snapshot: Snapshot): AddressParty[] {
  const owned = new Set([...snapshot.pods, ...snapshot.nodes].flatMap((each) => each.addresses));
  const out: AddressParty[] = [];
  for (const family of FAMILIES) {
    const far = parseAddress(family === 4 ? '198.18.0.7' : '3fff::7')!.value;
    const edges = policyCidrs(snapshot).flatMap((cidr) =>
      cidr.family === family ? [cidr.lo - 1n, cidr.lo, cidr.hi, cidr.hi + 1n] : [],
    );
    const values = [...new Set([far, ...edges])].filter((value) => value >= 0n && value <= HIGHEST[family]);
    const free = values
      .map((value): Address => ({ family, value }))
      .filter((address) => !owned.has(formatAddress(address)));
    out.push(...spread(free, OUTSIDE).map((address): AddressParty => ({ kind: 'address', address })));
  }
  return out;
}

/** Every port that the snapshot mentions and its neighbours, the ends of TCP, an echo request, and GRE. */
export function trafficOf(snapshot: Snapshot, family: Family): number[] {
  const out = new Set([trafficPoint('TCP', 1), trafficPoint('TCP', 65535), trafficPoint('47')]);
  out.add(family === 4 ? icmpTraffic('ICMP', 8, 0)[0]! : icmpTraffic('ICMPv6', 128, 0)[0]!);
  for (const [protocol, port] of mentionedPorts(snapshot)) {
    for (const near of [port - 1, port, port + 1]) {
      if (near >= 1 && near <= 65535) out.add(trafficPoint(protocol, near));
    }
  }
  return [...out].sort((a, b) => a - b);
}

/** For people: `n0/pod1 10.0.0.1 -> node:node0 192.168.0.1, TCP 80`. */
export function describeConnection(snapshot: Snapshot, { from, to, traffic }: Connection): string {
  return `${describeParty(snapshot, from)} -> ${describeParty(snapshot, to)}, ${describeTraffic(traffic)}`;
}

function describeParty(snapshot: Snapshot, party: Party): string {
  if (party.kind === 'address') return formatAddress(party.address);
  const at = party.address === undefined ? `IPv${party.family}` : formatAddress(party.address);
  if (party.kind === 'node') return `node:${party.name} ${at}`;
  const pod = snapshot.pods.find((each) => each.shape === party.shape);
  const workload = snapshot.workloads.find((each) => each.template === party.shape);
  return `${party.namespace}/${pod?.name ?? workload?.name ?? '?'} ${at}`;
}

function describeTraffic(traffic: number): string {
  for (const protocol of [...PORT_PROTOCOLS, 'ICMP', 'ICMPv6'] as const) {
    const detail = traffic - trafficPoint(protocol);
    if (detail >= 0 && detail < 65536) return `${protocol} ${detail}`;
  }
  return `protocol ${traffic - trafficPoint('0')}`;
}

function familyOf(party: Party): Family {
  return party.kind === 'address' ? party.address.family : party.family;
}

/** A host-network pod without an address in its status has those of its node, where the node is known. */
function podParties(snapshot: Snapshot, pod: Pod): PodParty[] {
  const node = snapshot.nodes.find((each) => each.name === pod.shape.nodeName);
  const texts = pod.shape.hostNetwork && pod.addresses.length === 0 ? (node?.addresses ?? []) : pod.addresses;
  return withAddresses(pod.namespace, pod.shape, texts);
}

function withAddresses(namespace: string, shape: PodShape, texts: readonly string[]): PodParty[] {
  const base = { kind: 'pod', namespace, shape } as const;
  if (texts.length === 0) return FAMILIES.map((family): PodParty => ({ ...base, family }));
  return texts
    .flatMap((text) => parseAddress(text) ?? [])
    .map((address): PodParty => ({ ...base, address, family: address.family }));
}

function nodeParties(node: Node): NodeParty[] {
  const base = { kind: 'node', name: node.name, labels: node.labels } as const;
  if (node.addresses.length === 0) return FAMILIES.map((family): NodeParty => ({ ...base, family }));
  return node.addresses
    .flatMap((text) => parseAddress(text) ?? [])
    .map((address): NodeParty => ({ ...base, address, family: address.family }));
}

function policyCidrs(snapshot: Snapshot): AddressRange[] {
  const out: AddressRange[] = [];
  for (const policy of [...snapshot.networkPolicies, ...snapshot.clusterPolicies]) {
    for (const peer of [...policy.ingress, ...policy.egress].flatMap((rule) => [...rule.peers])) {
      if (peer.kind === 'ipBlock') out.push(peer.cidr, ...peer.except);
      if (peer.kind === 'networks') out.push(...peer.cidrs);
    }
  }
  return out;
}

function mentionedPorts(snapshot: Snapshot): [PortProtocol, number][] {
  const out: [PortProtocol, number][] = [];
  for (const shape of [
    ...snapshot.pods.map((pod) => pod.shape),
    ...snapshot.workloads.map((workload) => workload.template),
  ]) {
    for (const port of shape.ports) out.push([port.protocol, port.port]);
  }
  for (const rule of snapshot.networkPolicies.flatMap((policy) => [...policy.ingress, ...policy.egress])) {
    for (const { protocol, port, endPort } of rule.ports) {
      if (typeof port === 'number') out.push([protocol, port], [protocol, endPort ?? port]);
      else out.push([protocol, 1]);
    }
  }
  for (const rule of snapshot.clusterPolicies.flatMap((policy) => [...policy.ingress, ...policy.egress])) {
    for (const entry of rule.protocols) {
      if (entry.kind === 'range') out.push([entry.protocol, entry.from], [entry.protocol, entry.to]);
    }
  }
  return out;
}

/** At most `count` of the list, from all over it, the first one always. */
function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.ceil(list.length / count));
  return list.filter((_item, index) => index % step === 0);
}
