import { type Address, type AddressRange, type Family, parseAddress, parseCidr, wholeFamily } from '#base/address.ts';
import type { LabelSelector, Node } from '#model/resource.ts';
import { ciliumNodeLabelValues } from './cilium/mentions.ts';
import { mentionedNamespaceValues, mentionedRanges, valuesOf } from './mentioned.ts';
import { isNetworkedPod, isNodeTraffic, isPerhaps, type Question, type Side } from './party.ts';
import type { LabelOf } from './selector.ts';

/** The label that the API server sets on every namespace and that nobody can change. */
const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Stands for any value that no selector of the snapshot names: no selector tells such values apart. */
const ANOTHER_VALUE = '\u0000another value';
/** Where a pod may be while nothing says otherwise: RFC 1918, RFC 6598 and RFC 4193. */
const PRIVATE_RANGES: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
].map((text) => parseCidr(text)!.cidr);

/**
 * The labels of a namespace: of one in the snapshot exactly those it states and its name; of any other only its name is
 * known, and every other label may be absent or have any value.
 */
export function namespaceLabels(question: Question, name: string): LabelOf {
  const namespace = question.snapshot.namespaces.find((each) => each.name === name);
  return (key) => {
    if (key === NAME_LABEL) return name;
    if (namespace !== undefined) return namespace.labels.get(key);
    return openLabel(question, {
      key,
      of: `namespace ${name}`,
      values: mentionedNamespaceValues(question.snapshot, key),
    });
  };
}

interface OpenLabel {
  readonly key: string;
  /** Whose label it is, for the fact. */
  readonly of: string;
  /** The values that selectors tell apart. */
  readonly values: readonly string[];
}

/** A label that is not known: absent, any value that is told from others, or another one. */
export function openLabel(question: Question, { key, of, values }: OpenLabel): string | undefined {
  return question.world.choose(`label ${key} of ${of}`, [undefined, ...new Set(values), ANOTHER_VALUE]);
}

/** The labels of the node that a node or host-network pod is. */
export function nodeLabels(question: Question, side: Side): LabelOf {
  const party = question.connection[side];
  if (party.kind === 'node') return (key) => party.labels.get(key);
  const { name, node } = placeOf(question, side);
  if (node !== undefined) return (key) => node.labels.get(key);
  const values = nodeSelectors(question);
  return (key) => {
    const fact = `label ${key} of ${name === undefined ? `the unlisted node of ${side}` : `node ${name}`}`;
    const told = [...valuesOf(values, key), ...ciliumNodeLabelValues(question.snapshot, key)];
    return question.world.choose(fact, [undefined, ...new Set(told), ANOTHER_VALUE]);
  };
}

/** The name of the node that an end is, or is on; undefined in worlds where it is a node that is not in the snapshot. */
export function nodeNameOf(question: Question, side: Side): string | undefined {
  return placeOf(question, side).name;
}

/** Whether both ends are on one node. Ends of which that is not known may be on any node, listed or not. */
export function onSameNode(question: Question): boolean {
  const a = placeOf(question, 'from');
  const b = placeOf(question, 'to');
  if (a.name !== undefined && b.name !== undefined) return a.name === b.name;
  if (a.node !== undefined || b.node !== undefined) return false;
  return isPerhaps(question, 'both ends are on the same unlisted node');
}

/** The address of one end: its own, or in each world one of those that it may have. */
export function addressOf(question: Question, side: Side): Address {
  const party = question.connection[side];
  if (party.kind === 'address') return party.address;
  if (party.address !== undefined) return party.address;
  return question.world.choose(`address of ${side}`, possibleAddresses(question, side, party.family));
}

/** A node, by name where that is known; `node` is there when the snapshot lists it. Neither: some node not listed. */
interface Place {
  readonly name?: string;
  readonly node?: Node;
}

function placeOf(question: Question, side: Side): Place {
  const { nodes } = question.snapshot;
  const party = question.connection[side];
  if (party.kind === 'address') return {};
  const name = party.kind === 'node' ? party.name : (party.nodeName ?? party.shape.nodeName);
  if (name !== undefined)
    return listed(
      name,
      nodes.find((node) => node.name === name),
    );
  const { address } = party;
  if (address !== undefined && isNodeTraffic(party)) {
    const owner = nodes.find((node) => addressesOf(node, address.family).some((own) => own.value === address.value));
    if (owner !== undefined) return listed(owner.name, owner);
  }
  const places: Place[] = nodes.map((node) => listed(node.name, node));
  return question.world.choose(`node of ${side}`, [...places, {}]);
}

function listed(name: string, node: Node | undefined): Place {
  return node === undefined ? { name } : { name, node };
}

function addressesOf(node: Node, family: Family): Address[] {
  return node.addresses.flatMap((text) => parseAddress(text) ?? []).filter((address) => address.family === family);
}

/**
 * A pod: somewhere in the ranges of pods. A node or host-network pod without a stated address: an address of its node
 * where the snapshot has one, else any address at all.
 */
function possibleAddresses(question: Question, side: Side, family: Family): Address[] {
  const party = question.connection[side];
  if (isNetworkedPod(party)) return representatives(question, podRanges(question, family));
  const { node } = placeOf(question, side);
  const known = node === undefined ? [] : addressesOf(node, family);
  return known.length > 0 ? known : representatives(question, [wholeFamily(family)]);
}

/** What the caller says; else what the nodes state; else private addresses: for each family by itself. */
function podRanges(question: Question, family: Family): AddressRange[] {
  const stated = question.snapshot.nodes.flatMap((node) => node.podCidrs);
  for (const ranges of [question.podRanges, stated]) {
    const own = ranges.filter((range) => range.family === family);
    if (own.length > 0) return own;
  }
  return PRIVATE_RANGES.filter((range) => range.family === family);
}

/** One address of every part into which the CIDRs of the snapshot's policies cut the ranges. */
function representatives(question: Question, ranges: readonly AddressRange[]): Address[] {
  const out: Address[] = [];
  for (const range of ranges) {
    const cuts = mentionedRanges(question).filter((cidr) => cidr.family === range.family);
    const starts = new Set([range.lo, ...cuts.map((cidr) => cidr.lo), ...cuts.map((cidr) => cidr.hi + 1n)]);
    for (const value of starts) {
      if (value >= range.lo && value <= range.hi) out.push({ family: range.family, value });
    }
  }
  return out;
}

function nodeSelectors(question: Question): LabelSelector[] {
  const peers = question.snapshot.clusterPolicies.flatMap((policy) => policy.egress).flatMap((rule) => rule.peers);
  return peers.flatMap((peer) => (peer.kind === 'nodes' ? peer.selector : []));
}
