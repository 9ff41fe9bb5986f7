import { isEmpty } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import type { Engine } from '#engine/engine.ts';
import type { Policy, Rule } from '#engine/form.ts';
import type { PolicyProblem, RuleProblem } from '#model/answers.ts';
import type { Direction } from '#model/resource.ts';
import { type Cover, type Culprit, coverAfter, coverBefore, coverDecided, deniersOf } from './culprits.ts';
import { type Effect, effectOf, type Target, targetOf } from './effect.ts';
import type { Field } from './ground.ts';
import { isCoveredAsWritten, type Written } from './implies.ts';
import { listed, type Naming } from './naming.ts';
import { isNobody, whyNever, whyNobody } from './nobody.ts';
import type { Sheet, SheetRule } from './sheet.ts';

export interface JudgeContext {
  readonly engine: Engine;
  readonly naming: Naming;
  readonly fields: Readonly<Record<Direction, Field>>;
  /** The rule as written of each compiled one. */
  readonly written: ReadonlyMap<Rule, Written>;
  readonly disagreements: Readonly<Record<Direction, ReadonlyMap<Rule, ReadonlyMap<Rule, Policy>>>>;
}

/** What a rule's absence would change, and what is to be said about it. */
export interface Judgement {
  readonly effect: Effect;
  readonly problems: readonly PolicyProblem[];
}

/** Judges one rule of a policy that is enforced and selects somebody. */
export function judgeRule(context: JudgeContext, sheet: Sheet, rule: SheetRule): Judgement {
  const policy = sheet.compiled[rule.direction];
  if (rule.compiled === undefined || policy === undefined) return { effect: 'nothing', problems: leftOut(sheet, rule) };
  // Under an engine that counts it, its mere presence isolates: that alone is an effect.
  if (isOutsideTypes(sheet, rule)) return { effect: 'connection', problems: [] };
  const target = targetOf(policy, rule.compiled);
  const effect = effectOf(context.fields[rule.direction], target);
  if (neverMatches(sheet, rule).some((each) => each.rule === rule.path)) return { effect, problems: [] };
  const verdict = problemOf(context, { sheet, rule, target, effect });
  const disagreement = disagreementOf(context, rule, target);
  return { effect, problems: [verdict, disagreement].filter((problem) => problem !== undefined) };
}

/** What holds of a rule whatever the cluster holds: peers that nobody can be, a direction that does not count. */
export function neverMatches(sheet: Sheet, rule: SheetRule): PolicyProblem[] {
  if (isOutsideTypes(sheet, rule) && !sheet.countsOutsideTypes) {
    return [problem('dead', rule, { why: `never counts: \`policyTypes\` leaves out ${rule.direction}` })];
  }
  const { peers, gaps } = rule.written.rule;
  // A field that is not known may say anything, so nothing holds for ever.
  if (gaps.length > 0) return [];
  const reasons = peers.map((peer) => ({ peer, why: whyNever(peer) })).filter(({ why }) => why !== undefined);
  if (reasons.length === 0) return [];
  if (reasons.length === peers.length) return [problem('dead', rule, { why: `can never match: ${reasons[0]!.why}` })];
  return reasons.map(({ peer, why }) => problem('dead', peer, { why: `this peer can never match: ${why}` }));
}

/** A cluster-wide rule that the engine does not take over, as one about domains under Calico. */
function leftOut({ policy }: Sheet, rule: SheetRule): PolicyProblem[] {
  if (policy.kind === 'NetworkPolicy') return [];
  return [problem('dead', rule, { why: 'never counts: the engine leaves out what it names' })];
}

function isOutsideTypes({ policy }: Sheet, { direction }: SheetRule): boolean {
  return policy.kind === 'NetworkPolicy' && policy.gaps.length === 0 && !policy.policyTypes.includes(direction);
}

interface Asked {
  readonly sheet: Sheet;
  readonly rule: SheetRule;
  readonly target: Target;
  readonly effect: Effect;
}

function problemOf(context: JudgeContext, asked: Asked): PolicyProblem | undefined {
  const { rule, effect } = asked;
  switch (effect) {
    case 'connection':
    case 'unsettled':
      return undefined;
    case 'nothing':
      return problem('dead', rule, { why: `matches nothing in this input: ${whyNothing(context, asked)}` });
    case 'decided':
      return decided(context, asked);
    case 'same':
      return sameWithout(context, asked);
    case 'side':
      return deniedOverThere(context, asked);
  }
}

/** All that it matches was decided before: by tiers that are asked first, or by earlier rules of its own. */
function decided(context: JudgeContext, { rule, target }: Asked): PolicyProblem {
  const cover = coverBefore(context.fields[rule.direction], target);
  const culprits = cover.culprits;
  const inNetworkPolicy = target.policy.ref.kind === 'NetworkPolicy';
  if (!cover.otherwise) {
    const why = inNetworkPolicy
      ? 'cluster-wide rules that are asked first allow all of it'
      : `earlier rules ${saysAlready(rule)} all of it`;
    return problem('redundant', rule, { why: `${why} ${scopeOf(context, rule, cover)}`, culprits });
  }
  if (inNetworkPolicy) {
    return problem('contradictory', rule, {
      why: 'can never take effect: cluster-wide rules that are asked first deny it, in part or whole',
      culprits,
    });
  }
  const why = `everything that it matches is decided before it, in part or whole otherwise ${scopeOf(context, rule, cover)}`;
  return problem('shadowed', rule, { why, culprits });
}

function saysAlready({ compiled }: SheetRule): string {
  return compiled?.action ?? 'decide';
}

/** It is asked, and what it says would come out without it too. */
function sameWithout(context: JudgeContext, { rule, target }: Asked): PolicyProblem {
  const field = context.fields[rule.direction];
  if (target.policy.ref.kind === 'NetworkPolicy') {
    const cover = coverBefore(field, target);
    return problem('redundant', rule, {
      why: `all that it allows is settled without it ${scopeOf(context, rule, cover)}`,
      culprits: cover.culprits,
    });
  }
  const before = coverDecided(field, target).culprits;
  const after = coverAfter(field, target);
  const culprits = [
    ...new Map([...before, ...after.culprits].map((each) => [each.rule ?? each.policy, each])).values(),
  ];
  const why =
    culprits.length === 0
      ? 'nothing else decides what it matches, and that ends the same way'
      : 'what it matches ends the same way without it';
  return problem('redundant', rule, { why: `${why} (in this input)`, culprits });
}

/** Whether the text alone shows it, so that pods that come later change nothing. */
function scopeOf({ written }: JudgeContext, rule: SheetRule, { culprits }: Cover): string {
  const others = culprits.flatMap((culprit) => (culprit.rule === undefined ? [] : (written.get(culprit.rule) ?? [])));
  const asWritten = others.length > 0 && isCoveredAsWritten(rule.written, others);
  return asWritten ? '(by what is written: for pods that are not in the input too)' : '(in this input)';
}

function deniedOverThere({ engine, naming, fields }: JudgeContext, { rule, target }: Asked): PolicyProblem {
  const { culprits, peers } = deniersOf(fields[rule.direction], target);
  const bits = new Uint32Array(engine.world.everything.length);
  for (const peer of peers) bits[peer >>> 5]! |= 1 << (peer & 31);
  const whom = listed(naming.namesOf({ must: bits, may: bits }));
  if (rule.compiled?.action !== 'allow') {
    return problem('redundant', rule, {
      why: `the policies of ${whom} deny all that it matches anyway (in this input)`,
      culprits,
    });
  }
  const end = rule.direction === 'egress' ? 'does not let it in' : 'does not let it out';
  return problem('contradictory', rule, {
    why: `half open: the other side (${whom}) ${end}, so nothing that only this rule allows gets through`,
    culprits,
  });
}

function disagreementOf(context: JudgeContext, rule: SheetRule, target: Target): PolicyProblem | undefined {
  const others = context.disagreements[rule.direction].get(target.rule);
  if (others === undefined) return undefined;
  const culprits = [...others].map(([other, policy]): Culprit => ({ policy, rule: other }));
  return problem('contradictory', rule, {
    why: 'a policy of the same priority says otherwise about the same traffic, and the API leaves open which one is asked first',
    culprits,
  });
}

function whyNothing({ engine }: JudgeContext, { rule, target }: Asked): string {
  const { peers } = rule.written.rule;
  const namespace = rule.written.policy.namespace;
  const known = peers.filter((peer) => peer.kind !== 'unread');
  if (peers.length > 0 && known.length === 0) return 'its peers cannot be told';
  const first = known.find((peer) => peer.kind === 'pods');
  if (peers.length > 0 && known.every((peer) => isNobody(engine, peer, namespace))) {
    return first === undefined ? 'no node of the input is meant' : whyNobody(engine, { ...first, namespace });
  }
  const noPort = target.rule.boxes.every(
    ({ on, peers: span }) => isEmpty(span.may) || (on !== undefined && isEmpty(on.may)),
  );
  if (noPort || target.rule.boxes.some(({ on }) => on !== undefined))
    return 'nobody whom it is about has a port of that name';
  return 'nobody whom it is about speaks an address family in common with the pods that the policy selects';
}

// ---------------------------------------------------------------- problems

interface Said {
  readonly why: string;
  readonly culprits?: readonly Culprit[];
}

export function problem(
  kind: RuleProblem,
  at: { readonly path: string; readonly origin: PolicyProblem['origin'] },
  { why, culprits = [] }: Said,
): PolicyProblem {
  return {
    problem: kind,
    rule: at.path,
    why: escapeControl(why),
    culprits: culprits.map(culpritEntry),
    origin: at.origin,
  };
}

function culpritEntry({ policy, rule }: Culprit): PolicyProblem['culprits'][number] {
  const { kind, namespace, name, origin } = policy.ref;
  const object = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  if (rule === undefined || rule.path === 'spec' || kind === 'Node') return { rule: escapeControl(object), origin };
  return { rule: escapeControl(`${object} ${rule.path}`), origin: rule.origin };
}
