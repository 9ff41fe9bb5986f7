import type { Cidr } from '#base/address.ts';
import type { MeshConfig } from '#model/istio.ts';
import type { Profile } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Direction } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import { calicoAllows } from './calico/calico.ts';
import { ciliumAllows } from './cilium/cilium.ts';
import { clusterPolicyTier } from './cluster-policy.ts';
import { DEFAULT_MESH } from './istio/settings.ts';
import { DEFAULT_INSTALLATION, type Installation } from './linkerd/settings.ts';
import { asSeenByPods, type Detour, detourOf, meshesAllow } from './mesh.ts';
import { networkPolicyTier } from './network-policy.ts';
import { type Connection, isPerhaps, type Question } from './party.ts';
import { outcomesOf, type World } from './world.ts';

export type { AddressParty, Connection, NodeParty, Party, PodParty } from './party.ts';

export interface OracleVerdict {
  readonly verdict: Verdict;
  readonly egress: Verdict;
  readonly ingress: Verdict;
  /** False: there were too many worlds to try, and an `unknown` may be due to that alone. */
  readonly complete: boolean;
}

/** What all questions to one oracle have in common. */
export interface OracleSetting {
  readonly snapshot: Snapshot;
  readonly profile: Profile;
  /** Where pods without an address may be, instead of what the nodes state or private addresses; for each family. */
  readonly podRanges?: readonly Cidr[];
  /** What Istio is told for the whole mesh; its defaults where absent. */
  readonly mesh?: MeshConfig;
  /** How Linkerd is installed; the chart's defaults where absent. */
  readonly linkerd?: Installation;
  /** Asks about one request inside the connection. */
  readonly request?: AskedRequest;
}

/** The verdict of pod policy and of the meshes on one connection. Both ends must be of one address family. */
export function oracleVerdict(snapshot: Snapshot, profile: Profile, connection: Connection): OracleVerdict {
  return oracleOf({ snapshot, profile })(connection);
}

export function oracleOf(setting: OracleSetting): (connection: Connection) => OracleVerdict {
  const settings = { podRanges: [], mesh: DEFAULT_MESH, linkerd: DEFAULT_INSTALLATION, ...setting };
  return (connection) => {
    const questionIn = (world: World): Question => ({ ...settings, connection, world });
    const egress = inAllWorlds((world) => isAllowed(questionIn(world), 'egress'));
    const ingress = inAllWorlds((world) => isAllowed(questionIn(world), 'ingress'));
    // Not the two verdicts combined: where both hang on the same fact they may never both allow.
    const both = inAllWorlds((world) => {
      const question = questionIn(world);
      return isAllowed(question, 'egress') && isAllowed(question, 'ingress');
    });
    const complete = egress.complete && ingress.complete && both.complete;
    return { verdict: both.verdict, egress: egress.verdict, ingress: ingress.verdict, complete };
  };
}

function inAllWorlds(holds: (world: World) => boolean): { verdict: Verdict; complete: boolean } {
  const { values, complete } = outcomesOf(holds, 2);
  if (values.size > 1 || !complete) return { verdict: 'unknown', complete };
  return { verdict: values.has(true) ? 'allowed' : 'denied', complete };
}

/** Pod policy lets what it sees of the connection pass, and the meshes the connection itself. */
function isAllowed(question: Question, direction: Direction): boolean {
  const detour = detourOf(question);
  if (detour !== undefined) return detourAllows(question, detour, direction);
  return podPolicyAllows(asSeenByPods(question), direction) && meshesAllow(question, direction);
}

/** Leaving is to the waypoint; arriving is all the rest of the way. */
function detourAllows(question: Question, { first, second, isKnown, allows }: Detour, direction: Direction): boolean {
  const hasPolicies = podPolicies(question.snapshot).some((list) => list.length > 0);
  const passes = (leg: Question, side: Direction) =>
    isKnown || !hasPolicies
      ? podPolicyAllows(leg, side)
      : isPerhaps(question, `the way over the waypoint is open for ${direction}`);
  if (direction === 'egress') return passes(first, 'egress');
  const carried = asSeenByPods(second);
  const isOpen = passes(first, 'ingress') && passes(carried, 'egress') && passes(carried, 'ingress');
  return isOpen && allows() && meshesAllow(second, 'egress') && meshesAllow(second, 'ingress');
}

/** Everything that is judged at pods. */
function podPolicies({ networkPolicies, clusterPolicies, calicoPolicies, ciliumPolicies }: Snapshot) {
  return [networkPolicies, clusterPolicies, calicoPolicies, ciliumPolicies];
}

function podPolicyAllows(question: Question, direction: Direction): boolean {
  switch (question.profile.model) {
    case 'kubernetes':
      return kubernetesAllows(question, direction);
    case 'calico':
      return calicoAllows(question, direction);
    case 'cilium':
      return ciliumAllows(question, direction);
  }
}

/** Admin tier, NetworkPolicy, Baseline tier, default allow. What is no pod has no policy. */
function kubernetesAllows(question: Question, direction: Direction): boolean {
  const subject = question.connection[direction === 'ingress' ? 'to' : 'from'];
  if (subject.kind !== 'pod') return true;
  const admin = clusterPolicyTier(question, 'Admin', direction);
  if (admin === 'allow' || admin === 'deny') return admin === 'allow';
  const network = networkPolicyTier(question, direction);
  if (network !== 'none') return network === 'allow';
  return clusterPolicyTier(question, 'Baseline', direction) !== 'deny';
}
