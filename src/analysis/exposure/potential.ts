import { meet, unite } from '#base/intervals.ts';
import { NETWORK_POLICY_TIER } from '#engine/compile/kubernetes.ts';
import type { Engine } from '#engine/engine.ts';
import { explain } from '#engine/explain.ts';
import type { Stack } from '#engine/form.ts';
import { type Reach, reachOf, type Side } from '#engine/reach.ts';
import { grantIn } from '#engine/rows.ts';
import type { PotentialExposure } from '#model/answers.ts';
import type { Origin } from '#model/origin.ts';
import type { Direction, Labels } from '#model/resource.ts';
import { ALL_PORTS, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { trafficList } from '../traffic-list.ts';
import { type Claim, claimsOf } from './claims.ts';
import type { PossiblePods } from './possible-pods.ts';

/**
 * Who could come that is not in the input: which possible pods each workload would let in and reach. It counts the
 * workload's own policies and the cluster-wide ones of both sides; NetworkPolicies of the possible pod are left out,
 * because whoever makes the pod in a namespace makes those too. `engine` must have been built with these pods as its
 * `potentials`.
 */
export function potentialExposures(engine: Engine, pods: PossiblePods): PotentialExposure[] {
  const context = contextOf(engine, pods);
  const out: PotentialExposure[] = [];
  for (const [owner, { id }] of engine.world.owners.entries()) {
    for (const direction of ['ingress', 'egress'] as const) {
      for (const { text, traffic, origin } of told(context, owner, direction)) {
        const exposure = { endpoint: id, direction, peer: text, allowed: trafficList(traffic, ALL_PORTS) };
        out.push(origin === undefined ? exposure : { ...exposure, origin });
      }
    }
  }
  return out;
}

/** What each possible pod exchanges with an endpoint for certain, by the number of its owner. */
export function possibleTraffic(
  engine: Engine,
  pods: PossiblePods,
): (owner: number, direction: Direction) => TrafficSet[] {
  const context = contextOf(engine, pods);
  return (owner, direction) => trafficOfAll(context, engine.world.pointsOfOwner[owner]!, direction);
}

interface Context {
  readonly reach: Reach;
  /** The stack of a possible pod: cluster-wide policies only. */
  readonly peer: Reach;
  readonly pods: PossiblePods;
  /** The point of each possible pod. */
  readonly points: readonly number[];
  readonly remembered: Map<string, readonly Told[]>;
  /** Numbers for rows, so that endpoints with the same rows are worked out once. */
  readonly rowNumbers: Map<object, number>;
}

interface Told extends Claim {
  readonly origin?: Origin;
}

function contextOf({ world, reach }: Engine, pods: PossiblePods): Context {
  const byLabels = new Map<Labels, number>();
  for (const point of world.potentials) byLabels.set(world.points[point]!.labels, point);
  // INVARIANT: every possible pod has a label map of its own, which its point keeps.
  const points = pods.pods.map(({ pod }) => byLabels.get(pod.labels)!);
  const layer = {
    name: 'pod' as const,
    ingress: clusterWide(reach.layers[0]!.ingress),
    egress: clusterWide(reach.layers[0]!.egress),
  };
  return { reach, peer: reachOf(world, [layer]), pods, points, remembered: new Map(), rowNumbers: new Map() };
}

function clusterWide(stack: Stack): Stack {
  return stack.filter((tier) => tier.name !== NETWORK_POLICY_TIER);
}

function told(context: Context, owner: number, direction: Direction): readonly Told[] {
  const points = context.reach.world.pointsOfOwner[owner]!;
  const key = keyOf(context, points, direction);
  let answer = context.remembered.get(key);
  if (answer === undefined) {
    const traffic = trafficOfAll(context, points, direction);
    answer = claimsOf(context.pods, traffic).map((claim) => withOrigin(context, claim, { points, direction }));
    context.remembered.set(key, answer);
  }
  return answer;
}

/** Endpoints with equal rows get equal answers, unless cluster-wide policies at the other end tell them apart. */
function keyOf({ reach, peer, rowNumbers }: Context, points: readonly number[], direction: Direction): string {
  const { rows } = reach[direction];
  const numbers = points.map((point) => {
    const number = rowNumbers.get(rows[point]!) ?? rowNumbers.size;
    rowNumbers.set(rows[point]!, number);
    return number;
  });
  const otherSide = peer.layers[0]![direction === 'ingress' ? 'egress' : 'ingress'];
  return `${direction} ${numbers.join()} ${otherSide.length === 0 ? '' : points.join()}`;
}

function trafficOfAll(context: Context, points: readonly number[], direction: Direction): TrafficSet[] {
  return context.points.map((peer) => trafficWith(context, points, { peer, direction }));
}

/** What any pod of the endpoint exchanges with a possible pod for certain. */
function trafficWith(
  { reach, peer: other }: Context,
  points: readonly number[],
  { peer, direction }: { peer: number; direction: Direction },
): TrafficSet {
  const theirs: Side = direction === 'ingress' ? other.egress : other.ingress;
  let all = NO_TRAFFIC;
  for (const point of points) {
    const own = grantIn(reach[direction].rows[point]!, peer, reach.grants);
    const there = grantIn(theirs.rows[peer]!, point, other.grants);
    all = unite(all, meet(meet(own.allowed, there.allowed), ALL_PORTS));
  }
  return all;
}

/** The rule that admits the witness; none where nothing isolates the endpoint. */
function withOrigin(
  { reach, points: peers }: Context,
  claim: Claim,
  { points, direction }: { points: readonly number[]; direction: Direction },
): Told {
  for (const subject of points) {
    const trace = explain(reach, { direction, subject, peer: peers[claim.witness]!, traffic: claim.traffic[0]! });
    const step = trace.steps.find(({ decides, rule }) => decides && rule.action === 'allow');
    if (step !== undefined) return { ...claim, origin: step.rule.origin };
  }
  return claim;
}
