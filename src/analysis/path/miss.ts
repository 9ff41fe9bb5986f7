import { matchesLabels } from '#engine/select.ts';
import { NAMESPACE_NAME_LABEL, type Point, type World } from '#engine/world.ts';
import type {
  ClusterPeer,
  ClusterPolicyRule,
  LabelSelector,
  Labels,
  NetworkPolicyPeer,
  NetworkPolicyRule,
  PodPeer,
} from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { RuleRef, RuleStep } from '#model/verdict.ts';
import { cidrWords, clusterPortWords, namespaceWords, portWords, requirementWords } from '../words.ts';

/** Who and what was asked about, to say why a rule does not match. */
export interface Asked {
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly peer: Point;
  readonly peerId: string;
  /** `TCP 5432` */
  readonly traffic: string;
}

/** Why a rule does not match, in words: what it wants and what there is. */
export function missWords(step: RuleStep, asked: Asked): string {
  if (step.miss === undefined) return '';
  if (step.miss.request !== undefined) return `means other requests: ${step.miss.request}`;
  const rule = ruleOf(asked.snapshot, step.rule);
  if (rule === undefined) return step.miss.peer ? `does not name ${asked.peerId}` : `does not cover ${asked.traffic}`;
  const peer = step.miss.peer ? peerMiss(rule, step, asked) : undefined;
  return peer ?? `admits ${portsOf(rule)}, not ${asked.traffic}`;
}

export type AnyRule = NetworkPolicyRule | ClusterPolicyRule;

/** The rule of the snapshot that a compiled rule came from; undefined for what policies do without a rule. */
export function ruleOf(snapshot: Snapshot, ref: RuleRef): AnyRule | undefined {
  const { kind, namespace, name } = ref.policy;
  const policy = policiesByName(snapshot).get(`${kind}/${namespace}/${name}`);
  return policy && [...policy.ingress, ...policy.egress].find((rule) => rule.path === ref.path);
}

type AnyPolicy = Snapshot['networkPolicies'][number] | Snapshot['clusterPolicies'][number];

/** Every rule on a way is looked up, and a snapshot is asked about many ways. */
const POLICIES = new WeakMap<Snapshot, ReadonlyMap<string, AnyPolicy>>();

function policiesByName(snapshot: Snapshot): ReadonlyMap<string, AnyPolicy> {
  const known = POLICIES.get(snapshot);
  if (known !== undefined) return known;
  const all = [...snapshot.networkPolicies, ...snapshot.clusterPolicies];
  const made = new Map(all.map((each): [string, AnyPolicy] => [`${each.kind}/${each.namespace}/${each.name}`, each]));
  POLICIES.set(snapshot, made);
  return made;
}

export function portsOf(rule: AnyRule): string {
  return 'ports' in rule ? portWords(rule.ports) : clusterPortWords(rule.protocols);
}

/**
 * Of several peers the one that comes nearest speaks: the last check that fails. Undefined where the rule does name the
 * peer: a port name that the destination does not have is a miss of both to the engine.
 */
function peerMiss(rule: AnyRule, step: RuleStep, asked: Asked): string | undefined {
  const misses = rule.peers.map((peer) => missOfPeer(peer, step.rule.policy.namespace, asked));
  return misses.sort((a, b) => b.near - a.near)[0]?.words;
}

interface Miss {
  /** Undefined where it is none. */
  readonly words: string | undefined;
  /** Higher is nearer. */
  readonly near: number;
}

function missOfPeer(peer: NetworkPolicyPeer | ClusterPeer, namespace: string, asked: Asked): Miss {
  switch (peer.kind) {
    case 'pods':
      return missOfPods(peer, namespace, asked);
    case 'ipBlock':
      return {
        words: `names ${cidrWords(peer.cidr)}${peer.except.length > 0 ? ` except ${peer.except.map(cidrWords).join(', ')}` : ''}`,
        near: 0,
      };
    case 'networks':
      return { words: `names ${peer.cidrs.map(cidrWords).join(', ')}`, near: 0 };
    case 'nodes':
      return { words: 'names nodes', near: 0 };
    case 'domains':
      return { words: `names ${peer.names.join(', ')}`, near: 0 };
    case 'unread':
      return { words: 'has a peer that is not understood', near: 0 };
  }
}

function missOfPods(peer: PodPeer, namespace: string, { world, peer: point, peerId }: Asked): Miss {
  if (point.kind !== 'pod') return { words: `selects pods, and ${peerId} is none`, near: 0 };
  if (point.hostNetwork) return { words: `selects pods, and ${peerId} uses its node's network`, near: 1 };
  const labelsFit = peer.podSelector === undefined || matchesLabels(peer.podSelector, point.labels);
  if (peer.namespaceSelector === undefined) {
    if (point.namespace !== namespace) {
      const words = `a podSelector alone looks only in namespace ${namespace}, and ${peerId} is in ${point.namespace}`;
      return { words, near: labelsFit ? 3 : 1 };
    }
  } else {
    const labels = world.namespaces.get(point.namespace)?.labels ?? new Map([[NAMESPACE_NAME_LABEL, point.namespace]]);
    const unmet = unmetWords(peer.namespaceSelector, labels);
    if (unmet !== undefined) {
      const words = `wants ${namespaceWords(peer.namespaceSelector)}, and ${peerId} is in ${point.namespace}`;
      return { words, near: labelsFit ? 3 : 1 };
    }
  }
  const unmet = peer.podSelector === undefined ? undefined : unmetWords(peer.podSelector, point.labels);
  return unmet === undefined ? { words: undefined, near: 4 } : { words: `wants pods with ${unmet}`, near: 2 };
}

/** The first requirement that labels do not meet, with what they have instead. */
function unmetWords(selector: LabelSelector, labels: Labels): string | undefined {
  const unmet = selector.requirements.find(
    (requirement) => !matchesLabels({ ...selector, requirements: [requirement] }, labels),
  );
  if (unmet === undefined) return undefined;
  const has = labels.get(unmet.key);
  return `${requirementWords(unmet)}, and it has ${has === undefined ? `no ${unmet.key}` : `${unmet.key}=${has}`}`;
}
