import {
  addAll,
  addCommon,
  type Bits,
  copyBits,
  emptyWords,
  isEmpty,
  keepAll,
  moveCommon,
  removeAll,
} from '#base/bits.ts';
import type { Program, ProgramBox, ProgramPolicy, ProgramRule, ProgramTier } from './program.ts';

/** Which peers a box matches for one kind of traffic; undefined for none. The fold is asked about all peers at once. */
export interface Probe {
  must(box: ProgramBox): Bits | undefined;
  may(box: ProgramBox): Bits | undefined;
}

/** Peers for which each end is possible. A peer in one only is decided; in both, unknown. */
export interface Outcome {
  readonly allow: Bits;
  readonly deny: Bits;
}

/** Watches a fold. `live` holds the peers that nothing has decided for certain yet; do not keep or change it. */
export interface FoldWatch {
  /** `live` at a level of allow-only policies is what it was when the level began: they are united, none comes first. */
  rule(step: {
    readonly tier: ProgramTier;
    readonly policy: ProgramPolicy;
    readonly rule: ProgramRule;
    readonly live: Bits;
  }): void;
  tierEnd(step: { readonly tier: ProgramTier; readonly certain: boolean; readonly live: Bits }): void;
  stackEnd(live: Bits): void;
}

/** Room for one fold at a time, to be used again: rows are computed by the hundred thousand. */
export interface FoldRoom {
  readonly allow: Bits;
  readonly deny: Bits;
  readonly passed: Bits;
  readonly live: Bits;
}

export function foldRoom(width: number): FoldRoom {
  return {
    allow: emptyWords(width),
    deny: emptyWords(width),
    passed: emptyWords(width),
    live: emptyWords(width),
  };
}

/**
 * The one evaluation of the engine: what is possible for each peer under one subject's program and one kind of
 * traffic. Written over sets of peers it computes a row; over sets of one peer, with a watch, it explains one answer.
 * `everyone` is the set of peers asked about; all sets of the probe have its width.
 */
// biome-ignore lint/complexity/useMaxParams: called for every cell of every row; an object for each call costs more than it tells
export function fold(program: Program, everyone: Bits, probe: Probe, options: FoldOptions = {}): Outcome {
  const { watch, room: state = foldRoom(everyone.length) } = options;
  state.allow.fill(0);
  state.deny.fill(0);
  state.live.set(everyone);
  for (const tier of program.tiers) {
    state.passed.fill(0);
    for (const level of tier.levels) foldLevel(level, { tier, state, probe, watch });
    endTier(tier, { state, probe }, watch);
  }
  watch?.stackEnd(state.live);
  addAll(state.allow, state.live);
  return state;
}

export interface FoldOptions {
  readonly watch?: FoldWatch;
  /** Used for the outcome too: it is good until the room is used again. */
  readonly room?: FoldRoom;
}

interface Frame {
  readonly tier: ProgramTier;
  readonly state: FoldRoom;
  readonly probe: Probe;
  readonly watch: FoldWatch | undefined;
}

/** Policies of one precedence are asked side by side; where they cannot disagree, one after the other is the same. */
function foldLevel(level: readonly ProgramPolicy[], frame: Frame): void {
  const { state } = frame;
  if (!canDisagree(level)) {
    const atStart = frame.watch === undefined ? state.live : copyBits(state.live);
    for (const policy of level) foldPolicy(policy, frame, atStart);
    return;
  }
  if (level.length === 1) {
    foldPolicy(level[0]!, frame, state.live);
    return;
  }
  const before = copyBits(state.live);
  const after = copyBits(state.live);
  for (const policy of level) {
    state.live.set(before);
    foldPolicy(policy, frame, state.live);
    keepAll(after, state.live);
  }
  state.live.set(after);
}

function canDisagree(level: readonly ProgramPolicy[]): boolean {
  for (const { rules } of level) {
    for (const { rule } of rules) if (rule.action !== 'allow' && rule.action !== 'log') return true;
  }
  return false;
}

function foldPolicy(policy: ProgramPolicy, { tier, state, probe, watch }: Frame, seen: Bits): void {
  for (const rule of policy.rules) {
    watch?.rule({ tier, policy, rule, live: seen });
    const target = targetOf(rule, state);
    if (target === undefined) continue;
    if (policy.certain && isExact(rule)) moveExact(rule, target, { state, probe });
    else weigh(rule, target, { state, probe, certain: policy.certain });
  }
}

function isExact({ boxes }: ProgramRule): boolean {
  for (const { certain, exact } of boxes) if (!certain || !exact) return false;
  return true;
}

interface Weighing {
  readonly state: FoldRoom;
  readonly probe: Probe;
}

/** What an exact rule matches is decided by it: one pass for both. */
function moveExact(rule: ProgramRule, target: Bits, { state, probe }: Weighing): void {
  for (const box of rule.boxes) {
    const peers = probe.must(box);
    if (peers !== undefined) moveCommon(target, state.live, peers);
  }
}

/** What a rule may match is possible; what it must match is decided, and stays possible for what comes before only. */
function weigh(
  rule: ProgramRule,
  target: Bits,
  { state, probe, certain }: Weighing & { readonly certain: boolean },
): void {
  for (const box of rule.boxes) {
    const may = probe.may(box);
    if (may !== undefined) addCommon(target, state.live, may);
  }
  if (certain) decide(rule, state, probe);
}

function targetOf({ rule }: ProgramRule, state: FoldRoom): Bits | undefined {
  switch (rule.action) {
    case 'allow':
      return state.allow;
    case 'deny':
      return state.deny;
    case 'pass':
      return state.passed;
    case 'log':
      return undefined;
  }
}

function decide(rule: ProgramRule, state: FoldRoom, probe: Probe): void {
  for (const box of rule.boxes) {
    const must = box.certain ? probe.must(box) : undefined;
    if (must !== undefined) removeAll(state.live, must);
  }
}

/** What is left in a tier that isolates the subject ends there; otherwise it joins what passed, for the next tier. */
function endTier(tier: ProgramTier, { state, probe }: Weighing, watch: FoldWatch | undefined): void {
  const isolation = isolationOf(tier);
  if (isolation !== 'no') watch?.tierEnd({ tier, certain: isolation === 'yes', live: state.live });
  if (isolation === 'yes') {
    addAll(state.deny, state.live);
    state.live.fill(0);
  } else if (isolation === 'perhaps') {
    denyPerhaps(tier, { state, probe });
  }
  if (!isEmpty(state.passed)) addAll(state.live, state.passed);
}

/** A policy that perhaps isolates denies, if it does, what its own rules do not admit: it is one doubt and not two. */
function denyPerhaps(tier: ProgramTier, { state, probe }: Weighing): void {
  for (const { policy, rules } of tier.levels.flat()) {
    if (!policy.isolates) continue;
    const denied = copyBits(state.live);
    for (const box of rules.flatMap(({ rule, boxes }) => (rule.action === 'log' ? [] : boxes))) {
      const must = box.certain ? probe.must(box) : undefined;
      if (must !== undefined) removeAll(denied, must);
    }
    addAll(state.deny, denied);
  }
}

/** Whether the end of a tier denies what no rule of it decided. */
export function isolationOf(tier: ProgramTier): 'yes' | 'no' | 'perhaps' {
  if (tier.tier.onEnd === 'pass') return 'no';
  let found: 'no' | 'perhaps' = 'no';
  for (const level of tier.levels) {
    for (const { policy, certain } of level) {
      if (!policy.isolates) continue;
      if (certain) return 'yes';
      found = 'perhaps';
    }
  }
  return found;
}
