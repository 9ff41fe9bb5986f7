import {
  addAll,
  type Bits,
  copyBits,
  emptyBits,
  equalBits,
  hasBit,
  intersection,
  nextBit,
  removeAll,
} from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { Direction, NetworkPolicy } from '#model/resource.ts';
import { atomsWithin } from './atoms.ts';
import { isEnforced, NETWORK_POLICY_TIER } from './compile/kubernetes.ts';
import { compileNetworkPolicy, networkPolicyMentions } from './compile/network-policy.ts';
import { compileOwnNode, isOwnNode } from './compile/own-node.ts';
import { buildEngine, type Engine } from './engine.ts';
import type { Layer, Policy, Tier } from './form.ts';
import type { Grant } from './grants.ts';
import { combineRows, grantBetween, type Reach, rowAt, rowKey, type Side, type SidePart } from './reach.ts';
import type { Row } from './rows.ts';
import { reselect, withPolicies } from './signatures.ts';
import { coversLabel, type World } from './world.ts';

/** One NetworkPolicy taken out, put in, or put in place of another. */
export interface PolicyEdit {
  readonly remove?: NetworkPolicy;
  readonly add?: NetworkPolicy;
}

/** A subject whose row is another than before. */
export interface ChangedRow {
  readonly direction: Direction;
  readonly point: number;
}

export interface Edited {
  readonly engine: Engine;
  /** What changed, where the points of both engines are the same; undefined when the world had to be cut anew. */
  readonly changed: readonly ChangedRow[] | undefined;
}

/**
 * The engine after one policy was edited. Only rows of subjects that the policy selected or selects are computed; the
 * rest is shared. The result answers as one built from scratch. A policy that mentions a label or an address that the
 * world does not tell apart yet makes a new world.
 */
export function editPolicy(engine: Engine, edit: PolicyEdit): Edited {
  const snapshot = { ...engine.snapshot, networkPolicies: replaced(engine.snapshot.networkPolicies, edit) };
  if (!isEditable(engine, edit)) return { engine: buildEngine(snapshot, engine.options), changed: undefined };
  const sides = (['egress', 'ingress'] as const).map((direction) => editSide(engine, edit, direction));
  const [out, into] = [sides[0]!, sides[1]!];
  const [, ...otherLayers] = engine.reach.layers;
  const layer: Layer = { ...podLayer(engine.reach), egress: out.stack, ingress: into.stack };
  const reach: Reach = { ...engine.reach, layers: [layer, ...otherLayers], egress: out.side, ingress: into.side };
  return { engine: { ...engine, snapshot, reach }, changed: [...out.changed, ...into.changed] };
}

/** Whether an edit fits into the world that is there, so that only the rows of its subjects have to be computed. */
export function isEditable(engine: Engine, edit: PolicyEdit): boolean {
  const { profile } = engine.compiling;
  if (profile.model !== 'kubernetes' || !isEnforced(engine.compiling, 'NetworkPolicy')) return false;
  if (edit.add !== undefined && !worldCovers(engine.world, edit.add)) return false;
  const compiled = (direction: Direction) => edit.add && compileNetworkPolicy(engine.compiling, edit.add, direction);
  const hasTier = (direction: Direction) =>
    tierIn(podLayer(engine.reach)[direction]) !== undefined || compiled(direction) === undefined;
  // What a policy says of a point on the way changes the rows of others.
  const isStraight = podLayer(engine.reach).rewrites?.every(({ via }) => via === undefined) ?? true;
  return isStraight && hasTier('ingress') && hasTier('egress');
}

function replaced(policies: readonly NetworkPolicy[], { remove, add }: PolicyEdit): NetworkPolicy[] {
  const index = remove === undefined ? -1 : policies.indexOf(remove);
  const out = policies.slice();
  if (index < 0) return add === undefined ? out : [...out, add];
  out.splice(index, 1, ...(add === undefined ? [] : [add]));
  return out;
}

function worldCovers(world: World, policy: NetworkPolicy): boolean {
  const { labelKeys, ranges } = networkPolicyMentions([policy]);
  return (
    [...labelKeys].every((key) => coversLabel(world, key)) &&
    ranges.every((range) => atomsWithin(world.atoms[range.family], range))
  );
}

function podLayer({ layers }: Reach): Layer {
  return layers[0]!;
}

function tierIn(stack: readonly Tier[]): Tier | undefined {
  return stack.find((tier) => tier.name === NETWORK_POLICY_TIER);
}

interface EditedSide {
  readonly side: Side;
  readonly stack: readonly Tier[];
  readonly changed: readonly ChangedRow[];
}

/** Policies that leave and enter the level of NetworkPolicy in one direction. */
interface Swap {
  readonly gone: readonly Policy[];
  readonly came: readonly Policy[];
  readonly level: readonly Policy[];
}

function editSide({ compiling, world, reach }: Engine, edit: PolicyEdit, direction: Direction): EditedSide {
  const before = reach[direction];
  const stack = podLayer(reach)[direction];
  const tier = tierIn(stack);
  // No NetworkPolicy has a say in this direction, before or after.
  if (tier === undefined) return { side: before, stack, changed: [] };
  const swap = swapIn(tier.levels[0]!, {
    remove: edit.remove,
    add: edit.add && compileNetworkPolicy(compiling, edit.add, direction),
    ownNode: (level) =>
      direction === 'egress' && compiling.profile.podToOwnNode === 'policed'
        ? undefined
        : compileOwnNode(compiling, level),
  });
  const side = reselected(before, { world, grants: reach.grants }, swap);
  const newTier: Tier = { ...tier, levels: [swap.level] };
  const changed: ChangedRow[] = [];
  for (const [point, row] of side.rows.entries()) {
    if (row !== before.rows[point] && !equalRows(row, before.rows[point]!)) changed.push({ direction, point });
  }
  return { side, stack: stack.map((each) => (each === tier ? newTier : each)), changed };
}

interface LevelEdit {
  readonly remove: NetworkPolicy | undefined;
  readonly add: Policy | undefined;
  readonly ownNode: (level: readonly Policy[]) => Policy | undefined;
}

function swapIn(level: readonly Policy[], { remove, add, ownNode }: LevelEdit): Swap {
  const gone = level.filter(
    ({ ref }) =>
      remove !== undefined &&
      ref.name === remove.name &&
      ref.namespace === remove.namespace &&
      ref.kind === remove.kind,
  );
  const came = add === undefined ? [] : [add];
  const policies = [...level.filter((policy) => !gone.includes(policy) && !isOwnNode(policy)), ...came];
  const oldExemption = level.find(isOwnNode);
  const newExemption = ownNode(policies);
  const same = oldExemption !== undefined && newExemption !== undefined && equalSubjects(oldExemption, newExemption);
  const exemption = same ? oldExemption : newExemption;
  if (!same && oldExemption !== undefined) gone.push(oldExemption);
  if (!same && newExemption !== undefined) came.push(newExemption);
  return { gone, came, level: exemption === undefined ? policies : [exemption, ...policies] };
}

function equalSubjects(a: Policy, b: Policy): boolean {
  return equalBits(a.subject.must, b.subject.must) && equalBits(a.subject.may, b.subject.may);
}

function reselected(before: Side, { world, grants }: Pick<Reach, 'world' | 'grants'>, { gone, came }: Swap): Side {
  const [pod, ...others] = before.parts;
  const { places } = pod!.policies;
  const beside = places.findIndex(({ tier }) => tier.name === NETWORK_POLICY_TIER);
  const policies = withPolicies(pod!.policies, beside, came);
  const goneNumbers = new Set(places.keys().filter((number) => gone.includes(places[number]!.policy)));
  const affected = emptyBits(world.size);
  for (const policy of [...gone, ...came]) addAll(affected, policy.subject.may);
  const selected = pod!.selected.slice();
  const rows = pod!.rows.slice();
  const part: SidePart = { ...pod!, policies, selected, rows };
  const bySignature = new Map<string, Row>();
  for (let point = nextBit(affected, 0); point >= 0; point = nextBit(affected, point + 1)) {
    const cameCodes = came.flatMap(({ subject }, index) => {
      if (!hasBit(subject.may, point)) return [];
      return [2 * (places.length + index) + (hasBit(subject.must, point) ? 1 : 0)];
    });
    selected[point] = reselect(policies, selected[point]!, { gone: goneNumbers, came: cameCodes });
    const at = { world, grants, direction: before.direction };
    const key = rowKey(part, point, at);
    rows[point] = remembered(bySignature, key, () => rowAt(part, point, at));
  }
  const parts = [part, ...others];
  return { ...before, parts, rows: combineRows(parts, grants) };
}

function equalRows(a: Row, b: Row): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ grant, peers }) => b.some((other) => other.grant === grant && equalBits(peers, other.peers)));
}

/** A connection that is another than before. */
export interface ChangedPair {
  readonly from: number;
  readonly to: number;
  readonly before: Grant;
  readonly after: Grant;
}

/** Every ordered pair of points whose grant an edit changed, once. Cost follows what changed in the rows. */
export function* changedPairs(before: Reach, after: Reach, changed: readonly ChangedRow[]): Generator<ChangedPair> {
  const senders = new Set(changed.filter(({ direction }) => direction === 'egress').map(({ point }) => point));
  for (const { direction, point } of changed) {
    const peers = differingPeers(
      before[direction].rows[point]!,
      after[direction].rows[point]!,
      before.world.everything,
    );
    for (let peer = nextBit(peers, 0); peer >= 0; peer = nextBit(peers, peer + 1)) {
      const [from, to] = direction === 'egress' ? [point, peer] : [peer, point];
      if (direction === 'ingress' && senders.has(from) && differsAt(before, after, { from, to })) continue;
      const pair = { from, to, before: grantBetween(before, from, to), after: grantBetween(after, from, to) };
      if (pair.before !== pair.after) yield pair;
    }
  }
}

/** Whether the egress row of a sender already differs at a peer, so that the pair was told with the sender. */
function differsAt(before: Reach, after: Reach, { from, to }: { from: number; to: number }): boolean {
  const grantAt = (row: Row) => row.find(({ peers }) => hasBit(peers, to))?.grant;
  return grantAt(before.egress.rows[from]!) !== grantAt(after.egress.rows[from]!);
}

function differingPeers(before: Row, after: Row, everything: Bits): Bits {
  const differing = copyBits(everything);
  const empty = copyBits(everything);
  for (const { peers } of [...before, ...after]) removeAll(empty, peers);
  removeAll(differing, empty);
  for (const old of before) {
    for (const fresh of after)
      if (old.grant === fresh.grant) removeAll(differing, intersection(old.peers, fresh.peers));
  }
  return differing;
}
