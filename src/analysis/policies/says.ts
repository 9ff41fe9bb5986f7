import { type Cidr, formatAddress } from '#base/address.ts';
import { intersection, isEmpty } from '#base/bits.ts';
import type { Compiling } from '#engine/compile/context.ts';
import type { PointSpan } from '#engine/form.ts';
import type {
  ClusterPeer,
  ClusterPolicyPort,
  ClusterPolicyRule,
  Direction,
  LabelSelector,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from '#model/resource.ts';
import type { PortProtocol } from '#model/traffic.ts';
import { conditionsText, onlyNameOf } from '../exposure/witness.ts';
import { listed, type Naming } from './naming.ts';

export interface SaysContext {
  readonly compiling: Compiling;
  readonly naming: Naming;
  readonly direction: Direction;
  /** Those in whom a named port is looked up: the subjects for ingress, the peers for egress. */
  readonly destinations: PointSpan;
}

export function networkRuleText(rule: NetworkPolicyRule, namespace: string, context: SaysContext): string {
  const peers = rule.peers.map((peer) => networkPeerText(peer, namespace));
  const ports = rule.ports.length === 0 ? 'every port' : portsText(rule.ports.map(portEntry), context);
  return `${wordOf(context)} ${peers.length === 0 ? 'everyone' : peers.join(' or ')} on ${ports}`;
}

export function clusterRuleText(rule: ClusterPolicyRule, context: SaysContext): string {
  const ports =
    rule.protocols.length === 0 ? 'every port and protocol' : portsText(rule.protocols.map(clusterPortEntry), context);
  return `${wordOf(context)} ${rule.peers.map(clusterPeerText).join(' or ')} on ${ports}`;
}

function wordOf({ direction }: SaysContext): string {
  return direction === 'ingress' ? 'from' : 'to';
}

export function networkPeerText(peer: NetworkPolicyPeer, namespace: string): string {
  switch (peer.kind) {
    case 'pods':
      return podsText(peer.podSelector, peer.namespaceSelector, namespace);
    case 'ipBlock':
      return blockText(peer.cidr, peer.except);
    case 'unread':
      return unreadText(peer.gap.path);
  }
}

export function clusterPeerText(peer: ClusterPeer): string {
  switch (peer.kind) {
    case 'pods':
      return podsText(peer.podSelector, peer.namespaceSelector, '');
    case 'networks':
      return `networks ${peer.cidrs.map(cidrText).join(', ')}`;
    case 'nodes':
      return isAny(peer.selector) ? 'every node' : `nodes ${conditionsText(peer.selector)}`;
    case 'domains':
      return `domains ${peer.names.join(', ')}`;
    case 'unread':
      return unreadText(peer.gap.path);
  }
}

/** `pods app=web of namespaces team=a` */
export function podsText(pods: LabelSelector | undefined, namespaces: LabelSelector | undefined, own: string): string {
  const who = pods === undefined || isAny(pods) ? 'every pod' : `pods ${conditionsText(pods)}`;
  return `${who} of ${namespacesText(namespaces, own)}`;
}

export function namespacesText(selector: LabelSelector | undefined, own: string): string {
  if (selector === undefined) return `namespace ${own}`;
  if (isAny(selector)) return 'every namespace';
  const name = onlyNameOf(selector);
  return name === undefined ? `namespaces ${conditionsText(selector)}` : `namespace ${name}`;
}

function isAny({ requirements }: LabelSelector): boolean {
  return requirements.length === 0;
}

export function blockText(cidr: Cidr, except: readonly Cidr[]): string {
  return except.length === 0 ? cidrText(cidr) : `${cidrText(cidr)} except ${except.map(cidrText).join(', ')}`;
}

function cidrText({ family, lo, length }: Cidr): string {
  return `${formatAddress({ family, value: lo })}/${length}`;
}

function unreadText(path: string): string {
  return `peers that cannot be told (\`${path}\` is not known)`;
}

// ---------------------------------------------------------------- ports

type PortEntry =
  | { readonly kind: 'number'; readonly protocol: PortProtocol; readonly text: string }
  | { readonly kind: 'all'; readonly protocol: PortProtocol }
  | { readonly kind: 'named'; readonly name: string; readonly protocol?: PortProtocol };

function portEntry({ protocol, port, endPort }: NetworkPolicyPort): PortEntry {
  if (port === undefined) return { kind: 'all', protocol };
  if (typeof port === 'string') return { kind: 'named', name: port, protocol };
  return { kind: 'number', protocol, text: rangeText(port, endPort ?? port) };
}

function clusterPortEntry(port: ClusterPolicyPort): PortEntry {
  if (port.kind === 'named') return { kind: 'named', name: port.name };
  const { protocol, from, to } = port;
  return from <= 1 && to === 65535
    ? { kind: 'all', protocol }
    : { kind: 'number', protocol, text: rangeText(from, to) };
}

function rangeText(from: number, to: number): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/** Numbers by protocol first, then names with what they stand for. */
function portsText(entries: readonly PortEntry[], context: SaysContext): string {
  const out: string[] = [];
  for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
    const own = entries.filter((entry) => entry.protocol === protocol);
    const numbers = own.flatMap((entry) => (entry.kind === 'number' ? [entry.text] : []));
    if (own.some(({ kind }) => kind === 'all')) out.push(`every ${protocol} port`);
    else if (numbers.length > 0) out.push(`${protocol} ${numbers.join()}`);
  }
  for (const entry of entries) if (entry.kind === 'named') out.push(namedText(entry, context));
  return out.join(' and ');
}

function namedText(
  { name, protocol }: { readonly name: string; readonly protocol?: PortProtocol },
  context: SaysContext,
): string {
  const { compiling, naming, destinations } = context;
  const meanings: string[] = [];
  for (const entry of compiling.namedPorts.get(name) ?? []) {
    if (protocol !== undefined && protocol !== entry.protocol) continue;
    const points = intersection(entry.points, destinations.may);
    if (isEmpty(points)) continue;
    const number = protocol === undefined ? `${entry.protocol} ${entry.port}` : `${entry.port}`;
    meanings.push(`${number} on ${listed(naming.namesOf({ must: points, may: points }))}`);
  }
  const text = `${protocol === undefined ? 'the port' : `the ${protocol} port`} named \`${name}\``;
  return meanings.length === 0 ? `${text} (on nobody in this input)` : `${text} (${meanings.join('; ')})`;
}
