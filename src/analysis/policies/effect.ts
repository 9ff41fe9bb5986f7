import {
  addAll,
  type Bits,
  copyBits,
  difference,
  emptyWords,
  equalBits,
  fullBits,
  hasBit,
  intersects,
  isEmpty,
  keepAll,
  nextBit,
} from '#base/bits.ts';
import { includes, overlaps } from '#base/intervals.ts';
import type { Cell } from '#engine/cells.ts';
import { type FoldWatch, fold, foldRoom, type Probe } from '#engine/fold.ts';
import type { Policy, Rule } from '#engine/form.ts';
import { verdictOf } from '#engine/grants.ts';
import type { Program, ProgramRule } from '#engine/program.ts';
import { grantIn, trafficNumbers } from '#engine/rows.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Field, Group } from './ground.ts';
import { type Lens, lensOn, lensProbe, wholeLens } from './lens.ts';
import { heardFrom } from './other-side.ts';
import { withCertain, withoutPolicy, withoutRule } from './removal.ts';

/**
 * What taking a rule away would change. `nothing`: it matches nobody. `decided`: all that it matches is decided before
 * it. `same`: what it decides would be decided alike without it. `side`: its own side would decide otherwise, and the
 * other side denies all of that anyway. `unsettled`: no verdict would change, but only because it is open whom the rule
 * is about. `connection`: a connection of the input would change.
 */
export type Effect = 'nothing' | 'decided' | 'same' | 'side' | 'unsettled' | 'connection';

const ORDER: readonly Effect[] = ['nothing', 'decided', 'same', 'side', 'unsettled', 'connection'];
/** Groups that are tried by single connections first: most rules show their effect on the first. */
const QUICK_GROUPS = 16;

export interface Target {
  readonly policy: Policy;
  readonly rule: Rule;
  /** On the peers of the rule. */
  readonly lens: Lens;
}

export function targetOf(policy: Policy, rule: Rule): Target {
  return { policy, rule, lens: lensOn(rule.boxes.map(({ peers }) => peers.may)) };
}

/** Exact over every connection of the input: leaves the rule out of the engine's own fold and compares. */
export function effectOf(field: Field, target: Target): Effect {
  const groups = field.groupsOf.get(target.policy) ?? [];
  for (const group of groups.slice(0, QUICK_GROUPS)) if (showsAtOnce(field, group, target)) return 'connection';
  let effect: Effect = 'nothing';
  for (const group of groups) {
    effect = greater(effect, effectIn(field, group, target));
    if (effect === 'connection') break;
  }
  return effect;
}

/** Whether a policy's own side would decide anything otherwise without it. */
export function policyMatters(field: Field, policy: Policy): boolean {
  const own = lensOn(policy.rules.flatMap(({ boxes }) => boxes.map(({ peers }) => peers.may)));
  const whole = wholeLens(field.world.everything.length);
  for (const group of field.groupsOf.get(policy) ?? []) {
    const without = withoutPolicy(group.program, policy);
    const lens = isIsolatedElse(group, policy) ? own : whole;
    for (const cell of cellsOf(field, group.program)) {
      const { possible, allowed } = differenceIn(group, { without, cell, lens });
      if (!isEmpty(possible) || !isEmpty(allowed)) return true;
    }
  }
  return false;
}

/** Where others isolate for certain, a policy can matter only to peers of its own rules. */
function isIsolatedElse({ program }: Group, policy: Policy): boolean {
  if (!policy.isolates) return true;
  return program.tiers.some((tier) =>
    tier.levels.flat().some((entry) => entry.policy.isolates && entry.certain && entry.policy !== policy),
  );
}

function greater(a: Effect, b: Effect): Effect {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? b : a;
}

export function cellsOf(field: Field, program: Program): readonly Cell[] {
  return field.side.policies.cells.cut(trafficNumbers(program));
}

export function ruleIn(program: Program, { policy, rule }: Target): ProgramRule | undefined {
  for (const tier of program.tiers) {
    for (const entry of tier.levels.flat()) {
      if (entry.policy === policy) return entry.rules.find((each) => each.rule === rule);
    }
  }
  return undefined;
}

/** Some peers of one group and one kind of traffic. */
export interface View {
  readonly cell: Cell;
  readonly lens: Lens;
}

/** The peers that a rule matches, perhaps or for certain. */
export function peersIn(rule: ProgramRule, { cell, lens }: View, everyone: Bits): Bits {
  const bits = emptyWords(lens.width);
  for (const box of rule.boxes) if (cell.within.has(box.mayTraffic)) addAll(bits, lens.narrow(box.box.peers.may));
  keepAll(bits, lens.narrow(everyone));
  return bits;
}

function effectIn(field: Field, group: Group, target: Target): Effect {
  const own = ruleIn(group.program, target);
  if (own === undefined) return 'nothing';
  const without = withoutRule(group.program, target.policy, target.rule);
  const certain = isCertain(group.program, target);
  let effect: Effect = 'nothing';
  for (const cell of cellsOf(field, group.program)) {
    const view = { cell, lens: target.lens };
    const matched = peersIn(own, view, group.everyone);
    if (isEmpty(matched)) continue;
    effect = greater(effect, intersects(liveAt(group, cell, target), matched) ? 'same' : 'decided');
    const changed = differenceIn(group, { ...view, without });
    const isSame = isEmpty(changed.possible) && isEmpty(changed.allowed);
    if (!certain && mattersIfCertain(field, group, { ...view, target, isSame })) effect = greater(effect, 'unsettled');
    if (isSame) continue;
    effect = greater(effect, isHeard(field, group, { ...changed, ...view }) ? 'connection' : 'side');
    if (effect === 'connection') return effect;
  }
  return effect;
}

/**
 * Whether a rule that matches only perhaps would matter if it matched for certain. Two doubts about one thing are one
 * doubt in the cluster and two in the engine, so that a rule can leave every verdict open and still be needed.
 */
function mattersIfCertain(
  field: Field,
  group: Group,
  { target, isSame, ...view }: View & { readonly target: Target; readonly isSame: boolean },
): boolean {
  const program = withCertain(group.program, target.policy, target.rule);
  const without = withoutRule(program, target.policy, target.rule);
  const changed = differenceIn({ ...group, program }, { ...view, without });
  if (isEmpty(changed.possible) && isEmpty(changed.allowed)) return false;
  return isSame || isHeard(field, group, { ...changed, ...view });
}

function isCertain(program: Program, { policy, rule }: Target): boolean {
  const entry = program.tiers.flatMap((tier) => tier.levels.flat()).find((each) => each.policy === policy);
  const own = entry?.rules.find((each) => each.rule === rule);
  return (
    entry?.certain === true &&
    own!.boxes.every(({ box, certain }) => certain && equalBits(box.peers.must, box.peers.may))
  );
}

/** What nothing has decided when a rule is asked; in a tier whose rules are a union, when the tier begins. */
export function liveAt(group: Group, cell: Cell, { rule, lens }: Target): Bits {
  let found: Bits | undefined;
  let start: { readonly tier: object; readonly live: Bits } | undefined;
  const watch: FoldWatch = {
    rule(step) {
      if (start?.tier !== step.tier) start = { tier: step.tier, live: copyBits(step.live) };
      if (step.rule.rule === rule) found = step.tier.tier.onEnd === 'deny' ? start.live : copyBits(step.live);
    },
    tierEnd: ignore,
    stackEnd: ignore,
  };
  fold(group.program, lens.narrow(group.everyone), lensProbe(cell, lens), { watch });
  return found ?? emptyWords(lens.width);
}

function ignore(): void {
  // This watch asks about rules only.
}

/** Peers whose outcome differs: what is possible, and what is allowed for certain. */
export interface Difference {
  readonly possible: Bits;
  readonly allowed: Bits;
}

export function differenceIn(group: Group, { without, cell, lens }: View & { readonly without: Program }): Difference {
  const probe = lensProbe(cell, lens);
  const everyone = lens.narrow(group.everyone);
  const a = fold(group.program, everyone, probe);
  const b = fold(without, everyone, probe);
  return {
    possible: differing(a.allow, b.allow),
    allowed: differing(difference(a.allow, a.deny), difference(b.allow, b.deny)),
  };
}

function differing(a: Bits, b: Bits): Bits {
  const out = emptyWords(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}

/** Whether the other side lets any of what differs through, so that a connection differs. */
function isHeard({ other }: Field, group: Group, { possible, allowed, cell, lens }: Difference & View): boolean {
  const heard = (peer: number) => heardFrom(other.rows[lens.wide(peer)]!, group.members, group.heard);
  return (
    anyPeer(possible, (peer) => overlaps(heard(peer).possible, cell.traffic)) ||
    anyPeer(allowed, (peer) => overlaps(heard(peer).allowed, cell.traffic))
  );
}

function anyPeer(bits: Bits, test: (peer: number) => boolean): boolean {
  for (let peer = nextBit(bits, 0); peer >= 0; peer = nextBit(bits, peer + 1)) if (test(peer)) return true;
  return false;
}

// ---------------------------------------------------------------- single connections

const ONE = fullBits(1);
const ROOM = foldRoom(1);

/** Tries a few connections that the rule matches: one whose verdict needs the rule is proof. */
function showsAtOnce(field: Field, group: Group, target: Target): boolean {
  const own = ruleIn(group.program, target);
  if (own === undefined) return false;
  const without = withoutRule(group.program, target.policy, target.rule);
  const subject = group.points[0]!;
  for (const { box } of own.boxes.slice(0, 3)) {
    for (const peer of samplePeers(field, box.peers.may, group.everyone)) {
      for (let i = 0; i < Math.min(box.traffic.may.length, 6); i += 2) {
        const traffic = box.traffic.may[i]!;
        const there = verdictOf(grantIn(field.other.rows[peer]!, subject, field.grants), traffic);
        if (both(verdictAt(group.program, peer, traffic), there) !== both(verdictAt(without, peer, traffic), there))
          return true;
      }
    }
  }
  return false;
}

/** The first two, one from the middle, and the first outside address. */
function samplePeers({ world }: Field, peers: Bits, everyone: Bits): Set<number> {
  const out = new Set<number>();
  const first = nextBit(peers, 0);
  for (const from of [0, first + 1, world.size >>> 1, world.firstExternal[4], world.firstExternal[6]]) {
    const peer = nextBit(peers, from);
    if (peer >= 0 && hasBit(everyone, peer)) out.add(peer);
  }
  return out;
}

function verdictAt(program: Program, peer: number, traffic: number): Verdict {
  const { allow, deny } = fold(program, ONE, pointProbe(peer, traffic), { room: ROOM });
  if (!hasBit(deny, 0)) return 'allowed';
  return hasBit(allow, 0) ? 'unknown' : 'denied';
}

function pointProbe(peer: number, traffic: number): Probe {
  return {
    must: ({ box }) => (includes(box.traffic.must, traffic) && hasBit(box.peers.must, peer) ? ONE : undefined),
    may: ({ box }) => (includes(box.traffic.may, traffic) && hasBit(box.peers.may, peer) ? ONE : undefined),
  };
}

function both(own: Verdict, other: Verdict): Verdict {
  if (own === 'denied' || other === 'denied') return 'denied';
  return own === 'allowed' ? other : 'unknown';
}
