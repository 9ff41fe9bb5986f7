import { type Bits, intersection, isEmpty } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import type { Policy, Rule } from '#engine/form.ts';
import type { PoliciesAnswer, PolicyEntry, PolicyProblem } from '#model/answers.ts';
import { REASONS } from '#model/reason.ts';
import type { ClusterPolicy, Direction, NetworkPolicy } from '#model/resource.ts';
import type { Analysis } from '../analysis.ts';
import { type CompiledContext, compiledPolicies } from './compiled-policies.ts';
import { disagreementsIn } from './culprits.ts';
import type { Effect } from './effect.ts';
import { existingPoints, type Field, fieldsOf, keyOfPolicy } from './ground.ts';
import type { Written } from './implies.ts';
import { type JudgeContext, judgeRule, neverMatches, problem } from './judge.ts';
import { namingOf } from './naming.ts';
import { contradictionIn, whyNobody } from './nobody.ts';
import { clusterRuleText, networkRuleText, type SaysContext } from './says.ts';
import { peersOfRule, type Sheet, type SheetRule, selectedBySheet, sheetsOf } from './sheet.ts';
import { wholePolicyProblem } from './whole-policy.ts';

/**
 * What each policy does, and the rules that do not do what they seem to. See `PoliciesAnswer` for its shape; README.md
 * for what each problem claims.
 *
 * @example
 * const { policies } = policiesOf(analyseSnapshot(snapshot));
 * policies[0].problems; // [{ problem: 'dead', rule: 'spec.ingress[0]', why: 'matches nothing in this input: …', … }]
 */
export function policiesOf(analysis: Analysis): PoliciesAnswer {
  const context = contextOf(analysis);
  return {
    schema: 'ringfence.dev/policies/v1',
    engine: analysis.entry,
    policies: [
      ...context.sheets.map((sheet) => entryOf(context, sheet)),
      ...compiledPolicies(context.allFields, others(context)),
    ],
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
}

/**
 * Of every policy only what is said against it: without whom it selects and what each rule allows, which costs as much.
 * That pods of today could do without a whole NetworkPolicy is left out, too: it counts for those that may come.
 */
export function policyProblemsOf(analysis: Analysis): readonly JudgedPolicy[] {
  const context = { ...contextOf(analysis), rulesAlone: true };
  return [
    ...context.sheets.map((sheet) => judgedPolicy(context, sheet)),
    ...compiledPolicies(context.allFields, others(context)),
  ];
}

export type JudgedPolicy = Pick<PolicyEntry, 'kind' | 'namespace' | 'name' | 'origin' | 'problems'>;

function others({ naming, exists, sheets }: Context): CompiledContext {
  const told = new Set(sheets.map(({ policy }) => keyOfPolicy(policy)));
  return { naming, exists, told };
}

interface Context extends JudgeContext {
  readonly analysis: Analysis;
  readonly exists: Bits;
  /** Of every layer. */
  readonly allFields: readonly Field[];
  readonly sheets: readonly Sheet[];
  /** Nothing is said of a whole NetworkPolicy, but where its rules are not told for it. */
  readonly rulesAlone: boolean;
}

function contextOf(analysis: Analysis): Context {
  const { engine } = analysis;
  const exists = existingPoints(engine.world);
  const all = { ingress: fieldsOf(engine, 'ingress', exists), egress: fieldsOf(engine, 'egress', exists) };
  const fields = { ingress: all.ingress[0]!, egress: all.egress[0]! };
  const sheets = sheetsOf(engine, { ingress: compiledIn(fields.ingress), egress: compiledIn(fields.egress) });
  return {
    analysis,
    rulesAlone: false,
    engine,
    exists,
    fields,
    allFields: [...all.ingress, ...all.egress],
    sheets,
    naming: namingOf(engine),
    written: writtenOf(sheets),
    disagreements: { ingress: disagreementsIn(fields.ingress), egress: disagreementsIn(fields.egress) },
  };
}

function compiledIn(field: Field): (policy: NetworkPolicy | ClusterPolicy) => Policy | undefined {
  return (policy) => field.compiled.get(keyOfPolicy(policy));
}

function writtenOf(sheets: readonly Sheet[]): Map<Rule, Written> {
  const out = new Map<Rule, Written>();
  for (const { rules } of sheets) {
    for (const { compiled, written } of rules) if (compiled !== undefined) out.set(compiled, written);
  }
  return out;
}

function entryOf(context: Context, sheet: Sheet): PolicyEntry {
  const selected = selectedBySheet(sheet, context.engine.world.size);
  const { problems, ...policy } = judgedPolicy(context, sheet);
  return {
    ...policy,
    selects: context.naming.namesOf(selected),
    isolates: isolatedBy(sheet, selected.may),
    rules: sheet.rules.map((rule) => ruleEntry(context, sheet, rule)),
    problems,
  };
}

function judgedPolicy(context: Context, sheet: Sheet): JudgedPolicy {
  const { kind, namespace, name, origin } = sheet.policy;
  const selected = selectedBySheet(sheet, context.engine.world.size);
  return {
    kind,
    namespace,
    name,
    origin,
    problems: problemsOf(context, sheet, intersection(selected.may, context.exists)),
  };
}

function isolatedBy({ compiled, enforced }: Sheet, selected: Bits): Direction[] {
  if (!enforced || isEmpty(selected)) return [];
  return (['ingress', 'egress'] as const).filter((direction) => compiled[direction]?.isolates === true);
}

function ruleEntry(context: Context, sheet: Sheet, rule: SheetRule): PolicyEntry['rules'][number] {
  const { path, origin, direction, written, compiled } = rule;
  const subject = sheet.compiled[direction]?.subject ?? selectedBySheet(sheet, context.engine.world.size);
  const peers = peersOfRule(compiled, subject.may);
  const says: SaysContext = {
    compiling: context.engine.compiling,
    naming: context.naming,
    direction,
    destinations: direction === 'ingress' ? subject : peers,
  };
  return {
    rule: path,
    action: written.kind === 'network' ? 'allow' : written.rule.action,
    says: textOf(written, says),
    peers: context.naming.namesOf(peers),
    origin,
  };
}

function textOf(written: Written, says: SaysContext): string {
  if (written.kind === 'network') return escapeControl(networkRuleText(written.rule, written.policy.namespace, says));
  return escapeControl(clusterRuleText(written.rule, says));
}

// ---------------------------------------------------------------- problems

function problemsOf(context: Context, sheet: Sheet, selected: Bits): PolicyProblem[] {
  if (!sheet.enforced) return [inert(context.analysis, sheet)];
  const unread = sheet.gaps.map((gap) =>
    problem('unsupported', gap, { why: `\`${gap.path}\`: ${REASONS[gap.reason]}` }),
  );
  const never = sheet.rules.flatMap((rule) => neverMatches(sheet, rule));
  if (isEmpty(selected)) return [...selectsNothing(context, sheet), ...unread, ...never];
  return [...unread, ...never, ...judged(context, sheet)];
}

function judged(context: Context, sheet: Sheet): PolicyProblem[] {
  // A field of `spec` that is not known may change all that the policy says.
  if (sheet.policy.gaps.length > 0) return [];
  const judgements = sheet.rules.map((rule) => judgeRule(context, sheet, rule));
  const effects: readonly Effect[] = judgements.map(({ effect }) => effect);
  const problems = judgements.flatMap((each) => each.problems);
  const addsUp = sheet.policy.kind === 'NetworkPolicy';
  if (context.rulesAlone && addsUp && !problems.some(isIdle)) return problems;
  const whole = wholePolicyProblem(context, sheet, effects);
  if (whole === undefined) return problems;
  const others = problems.filter((each) => !isIdle(each));
  if (context.rulesAlone && addsUp) return others;
  // Order matters to first-match rules: each says for itself what is in its way.
  if (!addsUp) return sheet.rules.length > 1 ? [whole, ...problems] : problems;
  return [whole, ...others];
}

function isIdle({ problem: kind }: PolicyProblem): boolean {
  return kind === 'redundant' || kind === 'shadowed';
}

function inert({ profile }: Analysis, { policy }: Sheet): PolicyProblem {
  return problem(
    'inert',
    { path: '', origin: policy.origin },
    { why: `has no effect: the profile \`${profile.id}\` does not enforce ${policy.kind}` },
  );
}

/** Of an input without any pod there is nothing to say: nobody expects a policy to select there. */
function selectsNothing({ engine }: Context, { policy, subject }: Sheet): PolicyProblem[] {
  const origin = subject.podSelector?.origin ?? subject.namespaceSelector?.origin ?? policy.origin;
  const never = contradictionIn(subject.podSelector) ?? contradictionIn(subject.namespaceSelector);
  if (never !== undefined)
    return [problem('selects-nothing', { path: '', origin }, { why: `can never select a pod: ${never}` })];
  if (engine.world.units.length === 0) return [];
  return [problem('selects-nothing', { path: '', origin }, { why: whyNobody(engine, subject) })];
}
