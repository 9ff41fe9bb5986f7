import {
  addAll,
  type Bits,
  copyBits,
  countBits,
  difference,
  emptyWords,
  hasBit,
  intersection,
  intersects,
  isEmpty,
  isSubset,
  nextBit,
  removeAll,
} from '#base/bits.ts';
import type { Cell } from '#engine/cells.ts';
import { explainProgram, type Question } from '#engine/explain.ts';
import { type FoldWatch, fold } from '#engine/fold.ts';
import type { Policy, Rule } from '#engine/form.ts';
import type { ProgramPolicy, ProgramRule, ProgramTier } from '#engine/program.ts';
import { programAt } from '#engine/reach.ts';
import type { Row } from '#engine/rows.ts';
import { cellsOf, differenceIn, liveAt, peersIn, ruleIn, type Target, type View } from './effect.ts';
import type { Field, Group } from './ground.ts';
import { lensProbe, wholeLens } from './lens.ts';
import { withoutRule } from './removal.ts';

/** A rule that makes another one idle; without `rule`, the isolation of a policy. */
export interface Culprit {
  readonly policy: Policy;
  readonly rule?: Rule;
}

export interface Cover {
  /** No member can be left out. Always has one of another action where such a one decided any of it. */
  readonly culprits: readonly Culprit[];
  /** Whether what the rule matches was, in part or whole, decided otherwise than the rule says. */
  readonly otherwise: boolean;
  /** Whether the culprits cover all that the rule matches; else the rest ends as the rule says by default. */
  readonly whole: boolean;
}

/** What a rule matches for one group of subjects and one kind of traffic, and what could make that idle. */
interface Slice {
  readonly need: Bits;
  readonly candidates: readonly Candidate[];
}

interface Candidate {
  readonly culprit: Culprit;
  readonly settles: Bits;
  /** Whether it decided some of the need for certain, and otherwise than the rule would. */
  readonly otherwise: boolean;
}

/** The rules that had decided what a rule matches; for an allow-only tier, those that admit it as well. */
export function coverBefore(field: Field, target: Target): Cover {
  return coverOf([...slicesBefore(field, target, (matched) => matched.need)]);
}

/** The same, for what was decided before the rule only. */
export function coverDecided(field: Field, target: Target): Cover {
  return coverOf([
    ...slicesBefore(field, target, ({ group, cell, need }) => difference(need, liveAt(group, cell, target))),
  ]);
}

/** The rules that decide alike what is left for a rule, were it not there. */
export function coverAfter(field: Field, target: Target): Cover {
  return coverOf([...slicesAfter(field, target)]);
}

function coverOf(slices: readonly Slice[]): Cover {
  const chosen = new Map<object, Culprit>();
  const seed = slices.flatMap(({ candidates }) => candidates).find((candidate) => candidate.otherwise);
  if (seed !== undefined) chosen.set(idOf(seed.culprit), seed.culprit);
  let whole = true;
  for (const slice of slices) if (!extend(chosen, slice)) whole = false;
  prune(chosen, slices, seed === undefined ? undefined : idOf(seed.culprit));
  return { culprits: [...chosen.values()], otherwise: seed !== undefined, whole };
}

function idOf({ policy, rule }: Culprit): object {
  return rule ?? policy;
}

/** Adds the candidate that settles most until the slice is covered; false where none settles the rest. */
function extend(chosen: Map<object, Culprit>, { need, candidates }: Slice): boolean {
  const rest = copyBits(need);
  for (const { culprit, settles } of candidates) if (chosen.has(idOf(culprit))) removeAll(rest, settles);
  while (!isEmpty(rest)) {
    let best: Candidate | undefined;
    let most = 0;
    for (const candidate of candidates) {
      const count = intersects(candidate.settles, rest) ? countBits(intersection(candidate.settles, need)) : 0;
      if (count > most) [best, most] = [candidate, count];
    }
    if (best === undefined) return false;
    chosen.set(idOf(best.culprit), best.culprit);
    removeAll(rest, best.settles);
  }
  return true;
}

/** Drops members that the others make unnecessary, latest first. */
function prune(chosen: Map<object, Culprit>, slices: readonly Slice[], kept: object | undefined): void {
  if (chosen.size < 2) return;
  for (const id of [...chosen.keys()].reverse()) {
    if (id !== kept && slices.every((slice) => isCoveredWithout(chosen, slice, id))) chosen.delete(id);
  }
}

function isCoveredWithout(chosen: ReadonlyMap<object, Culprit>, { need, candidates }: Slice, id: object): boolean {
  const all = emptyWords(need.length);
  const others = emptyWords(need.length);
  for (const { culprit, settles } of candidates) {
    if (!chosen.has(idOf(culprit))) continue;
    addAll(all, settles);
    if (idOf(culprit) !== id) addAll(others, settles);
  }
  return isSubset(intersection(all, need), others);
}

// ---------------------------------------------------------------- slices

function* slicesBefore(field: Field, target: Target, needOf: (matched: Matched) => Bits): Generator<Slice> {
  for (const matched of matchedBy(field, target)) {
    const { group, cell } = matched;
    const need = needOf(matched);
    if (isEmpty(need)) continue;
    const found = candidatesBefore(group, cell, target);
    const candidates = found.map((each) => candidateOf(each, { cell, need, target }));
    yield { need, candidates: candidates.filter(({ settles }) => intersects(settles, need)) };
  }
}

function* slicesAfter(field: Field, target: Target): Generator<Slice> {
  for (const { group, cell, need: matched } of matchedBy(field, target)) {
    const need = intersection(matched, liveAt(group, cell, target));
    if (isEmpty(need)) continue;
    const candidates = [...candidatesAfter(group, cell, target)].filter(({ settles }) => intersects(settles, need));
    yield { need, candidates };
  }
}

interface Matched {
  readonly group: Group;
  readonly cell: Cell;
  readonly need: Bits;
}

function* matchedBy(field: Field, target: Target): Generator<Matched> {
  for (const group of field.groupsOf.get(target.policy) ?? []) {
    const own = ruleIn(group.program, target);
    if (own === undefined) continue;
    for (const cell of cellsOf(field, group.program)) {
      const need = peersIn(own, { cell, lens: target.lens }, group.everyone);
      const open = isOpenTraffic(own, cell);
      if (!open && !isEmpty(need)) yield { group, cell, need };
    }
  }
}

/** Protocols that the API leaves open for every rule without ports: no rule is the reason for that. */
function isOpenTraffic({ boxes }: ProgramRule, { within }: Cell): boolean {
  return boxes.every(
    ({ box, mayTraffic, mustTraffic }) =>
      !within.has(mayTraffic) || (box.trafficDoubt === 'protocol-undefined' && !within.has(mustTraffic)),
  );
}

/** A rule, or the end of a tier, with what was live when its turn came. */
interface Turn {
  readonly tier: ProgramTier;
  readonly policy: ProgramPolicy;
  readonly rule?: ProgramRule;
  readonly live: Bits;
}

/** What has its turn before the rule and settles traffic for it; within an allow-only tier every other rule does. */
function candidatesBefore(group: Group, cell: Cell, target: Target): Turn[] {
  const turns = turnsOf(group, { cell, lens: target.lens });
  const own = turns.findIndex(({ rule }) => rule?.rule === target.rule);
  const { tier, policy } = turns[own]!;
  const level = levelOf(tier, policy);
  return turns.filter((turn, index) => {
    if (turn.rule?.rule === target.rule || turn.rule?.rule.action === 'log') return false;
    if (turn.rule !== undefined && isOpenTraffic(turn.rule, cell)) return false;
    if (turn.tier === tier && tier.tier.onEnd === 'deny') return turn.rule !== undefined;
    if (index > own) return false;
    if (turn.tier !== tier) return turn.rule?.rule.action !== 'pass';
    return turn.policy === policy || levelOf(tier, turn.policy) < level;
  });
}

function levelOf(tier: ProgramTier, policy: ProgramPolicy): number {
  return tier.levels.findIndex((level) => level.includes(policy));
}

function turnsOf(group: Group, { cell, lens }: View): Turn[] {
  const turns: Turn[] = [];
  const watch: FoldWatch = {
    rule({ tier, policy, rule, live }) {
      turns.push({ tier, policy, rule, live: copyBits(live) });
    },
    tierEnd({ tier, certain, live }) {
      if (!certain) return;
      for (const policy of tier.levels.flat())
        if (policy.policy.isolates && policy.certain) turns.push({ tier, policy, live: copyBits(live) });
    },
    stackEnd() {
      // What is left at the end is allowed by default: nobody's doing.
    },
  };
  fold(group.program, lens.narrow(group.everyone), lensProbe(cell, lens), { watch });
  return turns;
}

function candidateOf(
  { tier, policy, rule, live }: Turn,
  { cell, need, target }: Pick<Matched, 'cell' | 'need'> & { readonly target: Target },
): Candidate {
  if (rule === undefined) {
    const otherwise = target.rule.action !== 'deny' && intersects(live, need);
    return { culprit: { policy: policy.policy }, settles: need, otherwise };
  }
  const view = { cell, lens: target.lens };
  const certain = settledBy(policy, rule, view);
  const doubtful = isEmpty(certain) && tier.tier.onEnd === 'deny';
  const otherwise = rule.rule.action !== target.rule.action && intersects(intersection(certain, live), need);
  return {
    culprit: { policy: policy.policy, rule: rule.rule },
    settles: doubtful ? mayIn(rule, view) : certain,
    otherwise,
  };
}

function settledBy(policy: ProgramPolicy, rule: ProgramRule, { cell, lens }: View): Bits {
  const bits = emptyWords(lens.width);
  if (!policy.certain) return bits;
  for (const { box, certain, mustTraffic } of rule.boxes)
    if (certain && cell.within.has(mustTraffic)) addAll(bits, lens.narrow(box.peers.must));
  return bits;
}

function mayIn(rule: ProgramRule, { cell, lens }: View): Bits {
  const bits = emptyWords(lens.width);
  for (const { box, mayTraffic } of rule.boxes)
    if (cell.within.has(mayTraffic)) addAll(bits, lens.narrow(box.peers.may));
  return bits;
}

/** Whatever decides in the rule's place, were the rule not there. */
function* candidatesAfter(group: Group, cell: Cell, target: Target): Generator<Candidate> {
  const program = withoutRule(group.program, target.policy, target.rule);
  const view = { cell, lens: target.lens };
  for (const { policy, rule, live } of turnsOf({ ...group, program }, view)) {
    if (rule?.rule.action === 'log' || (rule !== undefined && isOpenTraffic(rule, cell))) continue;
    const settles = rule === undefined ? live : intersection(live, mayIn(rule, view));
    const culprit = rule === undefined ? { policy: policy.policy } : { policy: policy.policy, rule: rule.rule };
    yield { culprit, settles, otherwise: false };
  }
}

// ---------------------------------------------------------------- the other side

/** Which policies of the peers deny all that only this rule admits, and those peers: one for each way to be protected. */
export function deniersOf(
  field: Field,
  target: Target,
): { readonly culprits: readonly Culprit[]; readonly peers: readonly number[] } {
  const chosen = new Map<object, Culprit>();
  const witnesses = new Map<Row, number>();
  const { lens } = target;
  for (const group of field.groupsOf.get(target.policy) ?? []) {
    const without = withoutRule(group.program, target.policy, target.rule);
    for (const cell of cellsOf(field, group.program)) {
      const { possible, allowed } = differenceIn(group, { without, cell, lens });
      addAll(possible, allowed);
      for (let member = nextBit(possible, 0); member >= 0; member = nextBit(possible, member + 1)) {
        const subject = lens.wide(member);
        const row = field.other.rows[subject]!;
        if (witnesses.has(row)) continue;
        witnesses.set(row, subject);
        if (isDeniedBy(chosen, subject)) continue;
        addDenier(chosen, field, {
          direction: field.other.direction,
          subject,
          peer: group.points[0]!,
          traffic: cell.traffic[0]!,
        });
      }
    }
  }
  return { culprits: [...chosen.values()], peers: [...witnesses.values()] };
}

/** A policy that isolates one peer accounts for every other peer that it isolates too: none of them lets this in. */
function isDeniedBy(chosen: ReadonlyMap<object, Culprit>, subject: number): boolean {
  return [...chosen.values()].some(({ policy, rule }) => rule === undefined && hasBit(policy.subject.must, subject));
}

function addDenier(chosen: Map<object, Culprit>, field: Field, question: Question): void {
  const program = programAt(field.other.parts[0]!, question.subject);
  const trace = explainProgram(program, question);
  const entries = program.tiers.flatMap((tier) => tier.levels.flat());
  const denying = trace.steps.find(({ decides, rule }) => decides && rule.action === 'deny')?.rule;
  const by = entries.find(({ policy }) => policy.ref === denying?.policy);
  const rule = by?.rules.find((each) => each.rule.path === denying?.path)?.rule;
  if (by !== undefined && rule !== undefined) {
    chosen.set(rule, { policy: by.policy, rule });
    return;
  }
  const isolating = entries.find(({ policy }) => policy.isolates && trace.isolatedBy.includes(policy.ref));
  if (isolating !== undefined) chosen.set(isolating.policy, { policy: isolating.policy });
}

// ---------------------------------------------------------------- equal priority

/** Rules of equal priority that match the same connection and say different things, by rule. */
export function disagreementsIn(field: Field): ReadonlyMap<Rule, ReadonlyMap<Rule, Policy>> {
  const found = new Map<Rule, Map<Rule, Policy>>();
  if (
    !field.side.policies.places.some(
      ({ tier }) => tier.onEnd === 'pass' && tier.levels.some((level) => level.length > 1),
    )
  )
    return found;
  const lens = wholeLens(field.world.everything.length);
  for (const group of field.groups) {
    const contested = group.program.tiers.some(
      (tier) => tier.tier.onEnd === 'pass' && tier.levels.some((level) => level.length > 1),
    );
    if (!contested) continue;
    for (const cell of cellsOf(field, group.program))
      addDisagreements(found, turnsOf(group, { cell, lens }), { cell, lens });
  }
  return found;
}

function addDisagreements(found: Map<Rule, Map<Rule, Policy>>, turns: readonly Turn[], view: View): void {
  const byLevel = Map.groupBy(
    turns.filter(({ tier, rule }) => tier.tier.onEnd === 'pass' && rule !== undefined && rule.rule.action !== 'log'),
    ({ tier, policy }) => tier.levels[levelOf(tier, policy)]!,
  );
  for (const [level, own] of byLevel) {
    if (level.length < 2) continue;
    const decided = own.map((turn) => intersection(turn.live, mayIn(turn.rule!, view)));
    for (const [i, a] of own.entries()) {
      for (const [j, b] of own.entries()) {
        if (
          a.policy === b.policy ||
          a.rule!.rule.action === b.rule!.rule.action ||
          !intersects(decided[i]!, decided[j]!)
        )
          continue;
        const list = found.get(a.rule!.rule) ?? new Map<Rule, Policy>();
        found.set(a.rule!.rule, list.set(b.rule!.rule, b.policy.policy));
      }
    }
  }
}
