import { type Bits, difference, hasBit, intersection, intersects, members, union } from '#base/bits.ts';
import { meet } from '#base/intervals.ts';
import type { Box, Policy, Rule } from '#engine/form.ts';
import type { Row } from '#engine/rows.ts';
import type { UnneededRule } from '#model/egress.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { resourceOf } from './deciding.ts';
import { neededTraffic, type PodClass, podClasses } from './disagreements.ts';
import type { EgressWorld } from './egress-world.ts';

const LISTS: ReadonlySet<string> = new Set(['AzureFirewall', 'NetworkSecurityGroup']);
/** Rules that every security group ends with: nobody wrote them. */
const DEFAULT_RULE = /\(65\d{3}\)$/;

/**
 * Outbound rules that somebody wrote, that allow something, and that nobody needs: no pod's policy lets it send any of what
 * the rule means, and no node must reach any of it. A rule of which it is not certain whom it means counts as needed.
 */
export function unneededRules(world: EgressWorld): readonly UnneededRule[] {
  const classes = podClasses(world);
  const required = neededTraffic(world);
  const policies = world.outer.layers.flatMap(({ egress }) => egress.flatMap(({ levels }) => levels.flat()));
  const out = policies.flatMap((policy) =>
    LISTS.has(policy.ref.kind)
      ? policy.rules
          .filter((rule) => isWritten(policy, rule) && !isNeeded(world, { policy, rule, classes, required }))
          .map((rule) => entryOf(world, policy, rule))
      : [],
  );
  return [...new Map(out.map((each) => [`${each.evidence.resource} ${each.rule}`, each])).values()];
}

function isWritten({ ref }: Policy, { action, path, origin }: Rule): boolean {
  if (action !== 'allow' && action !== 'pass') return false;
  return origin !== ref.origin && path !== '' && !DEFAULT_RULE.test(path);
}

interface Asked {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly classes: readonly PodClass[];
  readonly required: ReadonlyMap<number, TrafficSet>;
}

function isNeeded({ engine, inner }: EgressWorld, { policy, rule, classes, required }: Asked): boolean {
  const { world } = engine;
  // Pods and nodes are reached without these rules; where their addresses are not known, rules seem to mean them.
  const outside = difference(world.everything, union(world.pods, world.hosts));
  const byPod = classes.some(
    ({ point }) =>
      hasBit(policy.subject.may, point) &&
      rule.boxes.some((box) => isFor(box, point) && sendsInto(inner.egress.rows[point]!, box, outside)),
  );
  if (byPod) return true;
  const nodes = [...members(world.hosts)].filter((point) => hasBit(policy.subject.may, point));
  return rule.boxes.some(
    (box) =>
      nodes.some((point) => isFor(box, point)) &&
      [...required].some(([peer, traffic]) => hasBit(box.peers.may, peer) && meet(traffic, box.traffic.may).length > 0),
  );
}

function isFor({ on }: Box, point: number): boolean {
  return on === undefined || hasBit(on.may, point);
}

function sendsInto(row: Row, { peers, traffic }: Box, outside: Bits): boolean {
  const meant = intersection(peers.may, outside);
  return row.some(({ grant, peers: own }) => intersects(own, meant) && meet(grant.possible, traffic.may).length > 0);
}

function entryOf({ engine }: EgressWorld, { ref }: Policy, { path, action, origin }: Rule): UnneededRule {
  const resource = resourceOf(engine.snapshot.azure, ref);
  return {
    kind: ref.kind,
    name: ref.name,
    rule: path,
    evidence: { resource, field: path, value: action === 'pass' ? 'allow' : action, origin },
  };
}
