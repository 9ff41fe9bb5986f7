import type { Cluster, ClusterPod, Labels, Policy, PolicyPeer, PolicyPort, PolicyRule, Selector } from './cluster.ts';

/**
 * NetworkPolicies as nftables rules: one chain for each isolated pod and direction, one `return` for each way in which
 * a rule admits traffic, a refusal at the end. Literal and slow on purpose, from the text of the API, and it shares
 * nothing with the engine; addresses and blocks go to the kernel as they are written.
 */
export interface TranslateOptions {
  /** A conntrack zone of its own, so that no earlier connection counts as established. */
  readonly zone: number;
}

export function rulesetOf(cluster: Cluster, options: TranslateOptions): string {
  const chains: string[] = [];
  const jumps: string[] = [];
  for (const [index, pod] of cluster.pods.entries()) {
    if (isIsolated(cluster, pod, 'Egress')) {
      jumps.push(`iifname "${interfaceOf(index)}" jump egress-${index}`);
      chains.push(chain(`egress-${index}`, egressOf(cluster, pod)));
    }
  }
  for (const [index, pod] of cluster.pods.entries()) {
    if (isIsolated(cluster, pod, 'Ingress')) {
      jumps.push(`oifname "${interfaceOf(index)}" jump ingress-${index}`);
      chains.push(chain(`ingress-${index}`, ingressOf(cluster, pod)));
    }
  }
  return table(options.zone, chains, jumps);
}

/** The fabric's end of the cable to owner number `index`. */
export function interfaceOf(index: number): string {
  return `p${index}`;
}

/** No rules at all: what everything is compared with first. */
export function emptyRuleset(zone: number): string {
  return table(zone, [], []);
}

type PolicyType = 'Ingress' | 'Egress';

function table(zone: number, chains: readonly string[], jumps: readonly string[]): string {
  const zoneChain = ['type filter hook prerouting priority raw; policy accept;', `ct zone set ${zone}`];
  const forward = [
    'type filter hook forward priority filter; policy accept;',
    'ct state established,related accept',
    ...jumps,
  ];
  return [
    'flush ruleset',
    'table inet ringfence {',
    ...chains,
    chain('zone', zoneChain),
    chain('forward', forward),
    '}',
    '',
  ].join('\n');
}

function chain(name: string, lines: readonly string[]): string {
  return [`  chain ${name} {`, ...lines.map((line) => `    ${line}`), '  }'].join('\n');
}

const REFUSE = 'reject with icmpx type admin-prohibited';

function egressOf(cluster: Cluster, pod: ClusterPod): string[] {
  const lines = ownNode(cluster, pod, 'daddr');
  for (const policy of policiesFor(cluster, pod, 'Egress')) {
    for (const [index, rule] of (policy.spec.egress ?? []).entries()) {
      const peers = peersOf(cluster, { policy, peers: rule.to ?? [], side: 'daddr' });
      lines.push(`# ${policy.namespace}/${policy.name} egress[${index}]`);
      lines.push(...combine(peers, portsAtPeers(cluster, rule)));
    }
  }
  return [...lines, REFUSE];
}

function ingressOf(cluster: Cluster, pod: ClusterPod): string[] {
  const lines = ownNode(cluster, pod, 'saddr');
  for (const policy of policiesFor(cluster, pod, 'Ingress')) {
    for (const [index, rule] of (policy.spec.ingress ?? []).entries()) {
      const peers = peersOf(cluster, { policy, peers: rule.from ?? [], side: 'saddr' });
      lines.push(`# ${policy.namespace}/${policy.name} ingress[${index}]`);
      lines.push(...combine(peers, portsAtPod(pod, rule)));
    }
  }
  return [...lines, REFUSE];
}

/** NetworkPolicy spec: traffic between a pod and the node it runs on is always allowed. */
function ownNode(cluster: Cluster, pod: ClusterPod, side: Side): string[] {
  const node = cluster.nodes.find((candidate) => candidate.name === pod.node);
  return (node?.addresses ?? []).map((address) => `${ipMatch(side, address)} return`);
}

// ---------------------------------------------------------------- whom a policy is for

function isIsolated(cluster: Cluster, pod: ClusterPod, type: PolicyType): boolean {
  return policiesFor(cluster, pod, type).length > 0;
}

function policiesFor(cluster: Cluster, pod: ClusterPod, type: PolicyType): Policy[] {
  return cluster.policies.filter(
    (policy) =>
      policy.namespace === pod.namespace &&
      matches(policy.spec.podSelector ?? {}, pod.labels) &&
      typesOf(policy).includes(type),
  );
}

/** NetworkPolicy spec: without policyTypes a policy is for Ingress, and for Egress too when it has any egress rule. */
function typesOf(policy: Policy): readonly string[] {
  const { policyTypes, egress } = policy.spec;
  if (policyTypes !== undefined && policyTypes !== null && policyTypes.length > 0) return policyTypes;
  return (egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function matches(selector: Selector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels.get(key) !== value) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const value = labels.get(key);
    const isListed = value !== undefined && (values ?? []).includes(value);
    if (operator === 'In' && !isListed) return false;
    if (operator === 'NotIn' && isListed) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}

// ---------------------------------------------------------------- what a rule admits

type Side = 'saddr' | 'daddr';

interface PeersOfRule {
  readonly policy: Policy;
  readonly peers: readonly PolicyPeer[];
  readonly side: Side;
}

/** One nftables match for each way to be a peer. Missing and empty lists mean everybody: the empty match. */
function peersOf(cluster: Cluster, { policy, peers, side }: PeersOfRule): string[] {
  if (peers.length === 0) return [''];
  const out: string[] = [];
  for (const peer of peers) {
    if (peer.ipBlock !== undefined && peer.ipBlock !== null) {
      const except = (peer.ipBlock.except ?? []).map((block) => ipMatch(side, block, '!= '));
      out.push([ipMatch(side, peer.ipBlock.cidr), ...except].join(' '));
      continue;
    }
    for (const pod of cluster.pods) {
      if (!isPeer(cluster, policy, peer, pod)) continue;
      for (const address of pod.addresses) out.push(ipMatch(side, address));
    }
  }
  return out;
}

function isPeer(cluster: Cluster, policy: Policy, peer: PolicyPeer, pod: ClusterPod): boolean {
  const { namespaceSelector, podSelector } = peer;
  const isInNamespace =
    namespaceSelector === undefined || namespaceSelector === null
      ? pod.namespace === policy.namespace
      : matches(namespaceSelector, namespaceLabels(cluster, pod.namespace));
  return isInNamespace && matches(podSelector ?? {}, pod.labels);
}

/** The API server puts the name on every namespace as a label. */
function namespaceLabels(cluster: Cluster, name: string): Labels {
  return new Map([...(cluster.namespaces.get(name) ?? []), ['kubernetes.io/metadata.name', name]]);
}

/** For ingress a named port is the subject's own. */
function portsAtPod(pod: ClusterPod, rule: PolicyRule): string[] {
  const ports = rule.ports ?? [];
  if (ports.length === 0) return [''];
  return ports.flatMap((entry) =>
    typeof entry.port === 'string' ? numbersOf(pod, entry).map((port) => portMatch(entry, port)) : [numbered(entry)],
  );
}

/** For egress a named port is the destination's: one match for each pod that has it. */
function portsAtPeers(cluster: Cluster, rule: PolicyRule): string[] {
  const ports = rule.ports ?? [];
  if (ports.length === 0) return [''];
  const out: string[] = [];
  for (const entry of ports) {
    if (typeof entry.port !== 'string') {
      out.push(numbered(entry));
      continue;
    }
    for (const pod of cluster.pods) {
      for (const port of numbersOf(pod, entry)) {
        for (const address of pod.addresses) out.push(`${ipMatch('daddr', address)} ${portMatch(entry, port)}`);
      }
    }
  }
  return out;
}

function numbersOf(pod: ClusterPod, entry: PolicyPort): string[] {
  const named = pod.ports.filter((port) => port.name === entry.port && port.protocol === protocolOf(entry));
  return named.map((port) => String(port.port));
}

function numbered(entry: PolicyPort): string {
  if (entry.port === undefined || entry.port === null) return `meta l4proto ${protocolOf(entry).toLowerCase()}`;
  const hasEnd = entry.endPort !== undefined && entry.endPort !== null;
  return portMatch(entry, hasEnd ? `${entry.port}-${entry.endPort}` : String(entry.port));
}

function portMatch(entry: PolicyPort, ports: string): string {
  return `${protocolOf(entry).toLowerCase()} dport ${ports}`;
}

function protocolOf(entry: PolicyPort): string {
  return entry.protocol ?? 'TCP';
}

function ipMatch(side: Side, block: string, operator = ''): string {
  return `${block.includes(':') ? 'ip6' : 'ip'} ${side} ${operator}${block}`;
}

/** Peers are alternatives, and so are ports: every pair of them is one way in. */
function combine(peers: readonly string[], ports: readonly string[]): string[] {
  const pairs = peers.flatMap((peer) => ports.map((port) => `${peer} ${port} return`.trim().replace(/ +/g, ' ')));
  return pairs.filter((line) => !isOfBothFamilies(line));
}

/** No packet is of both families, and nftables refuses to be asked. */
function isOfBothFamilies(line: string): boolean {
  return /\bip /.test(line) && /\bip6 /.test(line);
}
