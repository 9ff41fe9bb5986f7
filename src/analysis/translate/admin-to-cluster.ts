import type { PlainObject, PlainValue } from '#model/plain.ts';
import type {
  ClusterPeer,
  ClusterPodsPeer,
  ClusterPolicy,
  ClusterPolicyPort,
  ClusterPolicyRule,
  Direction,
} from '#model/resource.ts';
import { metadataOf, selectorObject } from './labels.ts';
import { type Objecting, object } from './plain.ts';
import type { Said } from './said.ts';
import { cidrText } from './write-calico.ts';

/** Of rules in one direction; of peers, ports and blocks in one rule or peer. The older form takes 100 of each. */
const MOST = 25;

/**
 * AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) as ClusterNetworkPolicy (v1alpha2): Admin keeps its
 * priority, the only baseline comes first in its tier. What exceeds the newer limits is cut into rules that follow each
 * other, which means the same: they have one action.
 */
export function adminToCluster(policy: ClusterPolicy): Said {
  const to: Objecting = { objections: [], origin: policy.origin };
  const { name, tier, priority, subject } = policy;
  for (const gap of policy.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const notes = new Set<string>();
  const [ingress, egress] = (['ingress', 'egress'] as const).map((direction) =>
    rulesIn(to, policy, { direction, notes }),
  );
  const document: PlainObject = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: metadataOf(policy, { namespace: '', name }),
    spec: {
      tier,
      priority,
      subject: podsOf(subject),
      ...(ingress!.length > 0 && { ingress: ingress! }),
      ...(egress!.length > 0 && { egress: egress! }),
    },
  };
  return { source: policy, documents: [document], notes: [...notes], objections: to.objections };
}

interface Way {
  readonly direction: Direction;
  readonly notes: Set<string>;
}

function rulesIn(to: Objecting, policy: ClusterPolicy, way: Way): PlainObject[] {
  const { direction } = way;
  const rules = policy[direction].flatMap((rule) => rulesOf(to, rule, way));
  if (rules.length > MOST)
    object(to, { path: `spec.${direction}`, origin: policy.origin }, [
      'too-large',
      `it needs ${rules.length} rules; ClusterNetworkPolicy takes ${MOST} in one direction`,
    ]);
  return rules;
}

const ACTIONS = { allow: 'Accept', deny: 'Deny', pass: 'Pass' } as const;
const EXPERIMENTAL = 'is in the experimental channel of ClusterNetworkPolicy only';

function rulesOf(to: Objecting, rule: ClusterPolicyRule, { direction, notes }: Way): PlainObject[] {
  for (const gap of rule.gaps) object(to, gap, ['not-read', `\`${gap.path}\` is not read`]);
  const head = { ...(rule.name !== undefined && { name: rule.name }), action: ACTIONS[rule.action] };
  const key = direction === 'ingress' ? 'from' : 'to';
  for (const { kind } of rule.peers)
    if (kind === 'nodes' || kind === 'domains') notes.add(`\`${PEER_KEYS[kind]}\` ${EXPERIMENTAL}`);
  const told = chunks(rule.peers.flatMap((peer) => peerOf(to, peer)));
  const protocols = rule.protocols.map(portOf);
  // Without `protocols` all traffic is meant.
  if (protocols.length === 0) return told.map((some): PlainObject => ({ ...head, [key]: some }));
  return told.flatMap((some) =>
    chunks(protocols).map((few): PlainObject => ({ ...head, [key]: some, protocols: few })),
  );
}

const PEER_KEYS = { nodes: 'nodes', domains: 'domainNames' } as const;

function chunks<T>(list: readonly T[]): T[][] {
  const out: T[][] = [];
  for (let first = 0; first < list.length; first += MOST) out.push(list.slice(first, first + MOST));
  return out;
}

function podsOf({ namespaceSelector, podSelector }: ClusterPodsPeer): PlainObject {
  const namespaces = selectorObject(namespaceSelector.requirements);
  if (podSelector === undefined) return { namespaces };
  return { pods: { namespaceSelector: namespaces, podSelector: selectorObject(podSelector.requirements) } };
}

function peerOf(to: Objecting, peer: ClusterPeer): PlainObject[] {
  switch (peer.kind) {
    case 'pods':
      return [podsOf(peer)];
    case 'networks':
      return chunks(peer.cidrs).map((some): PlainObject => ({ networks: some.map(cidrText) }));
    case 'nodes':
      return [{ nodes: selectorObject(peer.selector.requirements) }];
    case 'domains':
      return chunks(peer.names).map((some): PlainObject => ({ domainNames: some }));
    case 'unread':
      object(to, peer, ['not-read', `\`${peer.gap.path}\` is not read`]);
      return [];
  }
}

function portOf(port: ClusterPolicyPort): PlainValue {
  if (port.kind === 'named') return { destinationNamedPort: port.name };
  const { protocol, from, to } = port;
  const destinationPort = from === to ? { number: from } : { range: { start: from, end: to } };
  return { [protocol.toLowerCase()]: { destinationPort } };
}
