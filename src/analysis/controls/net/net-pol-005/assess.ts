import { escapeControl } from '#base/escape.ts';
import type { PolicyProblem, RuleProblem } from '#model/answers.ts';
import type { Assessment, Judged, Place } from '#model/control.ts';
import type { NetworkPolicy, NetworkPolicyRule } from '#model/resource.ts';
import { type JudgedPolicy, policyProblemsOf } from '../../../policies/policies.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey, titleOf } from '../../context.ts';
import { firstBy } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { hasWorkloads } from '../places.ts';
import { placeOfPolicy, policiesWritten } from '../policy-places.ts';

const ENTRIES = onceKey<readonly JudgedPolicy[]>('what policies do');

export function entriesIn(context: ControlContext): readonly JudgedPolicy[] {
  return context.once(ENTRIES, ({ analysis, snapshot }) => {
    const ofPods = new Set([...policiesWritten(context), ...snapshot.istioAuthorizations].map(keyOf));
    return policyProblemsOf(analysis).filter((entry) => ofPods.has(keyOf(entry)));
  });
}

const BY_PLACE = onceKey<ReadonlyMap<string, JudgedPolicy>>('what policies do, by place');

/** What the policy of a place does. */
export function entryAt(context: ControlContext, id: string): JudgedPolicy | undefined {
  return context.once(BY_PLACE, () => firstBy(entriesIn(context), (entry) => placeOfPolicy(context, entry).id)).get(id);
}

/** Rules of the network around the cluster are judged elsewhere. */
function keyOf({ kind, namespace, name }: Pick<JudgedPolicy, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

export function assess(context: ControlContext): Assessment {
  const places = entriesIn(context).flatMap((entry) => judgeEntry(context, entry));
  return assessed(places, plain('NA', 'the input has no policy'), ['policy or rule', 'policies or rules']);
}

function judgeEntry(context: ControlContext, entry: JudgedPolicy): Judged[] {
  const where = placeOfPolicy(context, entry);
  const problems = entry.problems.filter((problem) => isTold(context, entry, problem));
  if (problems.length > 0) return problems.map((problem) => judge(context, { entry, problem, where }));
  const evidence = [{ object: titleOf(entry), origin: entry.origin }];
  return [{ where, state: 'PASS', message: `every rule of \`${escapeControl(entry.name)}\` has an effect`, evidence }];
}

/**
 * What is idle for the pods of today only is left alone: a policy that denies by default is there for those of tomorrow, a
 * rule that another one covers by chance is what its own workload needs, and one for whole namespaces waits for who comes.
 */
function isTold(context: ControlContext, entry: JudgedPolicy, { problem, rule, why }: PolicyProblem): boolean {
  if (entry.kind !== 'NetworkPolicy' || why.includes('by what is written')) return true;
  if (problem === 'redundant') return false;
  const isForNow = problem === 'contradictory' || (problem === 'shadowed' && why.includes('in this input'));
  return !(isForNow && isForWhole(context, entry, rule));
}

/** Whether no peer of a rule names pods by labels. */
function isForWhole(context: ControlContext, entry: JudgedPolicy, path: string): boolean {
  const rule = ruleAt(context, entry, path);
  return (
    rule?.peers.every((peer) => peer.kind === 'pods' && (peer.podSelector?.requirements.length ?? 0) === 0) === true
  );
}

interface Found {
  readonly entry: JudgedPolicy;
  readonly problem: PolicyProblem;
  readonly where: Place;
}

function judge(context: ControlContext, { entry, problem, where }: Found): Judged {
  const { rule } = problem;
  const state = stateOf(context, entry, problem);
  const mild = problem.problem === 'redundant' || problem.problem === 'shadowed' ? ({ severity: 'low' } as const) : {};
  return {
    where,
    state,
    detail: rule === '' ? problem.problem : `${problem.problem} ${rule}`,
    message: `${toldOf(problem)}${state === 'UNKNOWN' ? `; ${PART}` : ''}`,
    evidence: [
      { object: titleOf(entry), ...(rule !== '' && { field: rule }), origin: problem.origin },
      ...problem.culprits.slice(0, MOST).map((culprit) => ({ object: culprit.rule, origin: culprit.origin })),
    ],
    ...mild,
  };
}

function toldOf({ problem, rule, why }: PolicyProblem): string {
  if (problem === 'selects-nothing') return `selects nobody: ${why}`;
  return rule === '' ? why : `\`${escapeControl(rule)}\` ${why}`;
}

const MOST = 5;
const PART = 'the input is a part of a cluster, and what it means may be elsewhere';

function stateOf(context: ControlContext, entry: JudgedPolicy, problem: PolicyProblem): Judged['state'] {
  const found = stateOfProblem(context, entry, problem);
  return found === 'FAIL' && isSystemNamespace(context, entry.namespace) ? 'WARN' : found;
}

function stateOfProblem(
  context: ControlContext,
  entry: JudgedPolicy,
  { problem, rule, why }: PolicyProblem,
): Judged['state'] {
  switch (problem satisfies RuleProblem) {
    case 'unsupported':
      return 'FAIL';
    case 'inert':
      // Which engine decides is not known: its kinds may be the right ones.
      return context.analysis.profile.id === 'upstream' && entry.kind !== 'NetworkPolicy' ? 'UNKNOWN' : 'FAIL';
    case 'selects-nothing':
      return isWhole(context, entry) ? 'FAIL' : 'UNKNOWN';
    case 'dead':
    case 'contradictory':
      // What can never match is so whatever else there is.
      return context.kind === 'live' || !why.includes('in this input') || !namesOthers(context, entry, rule)
        ? 'WARN'
        : 'UNKNOWN';
    case 'shadowed':
    case 'redundant':
      return context.kind === 'live' || entry.kind === 'NetworkPolicy' ? 'WARN' : 'UNKNOWN';
  }
}

/** The input is whole for the namespaces whose workloads it has. */
function isWhole(context: ControlContext, { namespace }: JudgedPolicy): boolean {
  if (context.kind === 'live') return true;
  return namespace !== '' && hasWorkloads(context, namespace);
}

/** Whether a rule means pods of other namespaces, or addresses: they may be where the input does not reach. */
function namesOthers(context: ControlContext, entry: JudgedPolicy, path: string): boolean {
  const rule = ruleAt(context, entry, path);
  return rule === undefined || rule.peers.some((peer) => peer.kind !== 'pods' || peer.namespaceSelector !== undefined);
}

const WRITTEN = onceKey<ReadonlyMap<string, NetworkPolicy>>('network policies by name');

function ruleAt(
  context: ControlContext,
  { kind, namespace, name }: JudgedPolicy,
  path: string,
): NetworkPolicyRule | undefined {
  if (kind !== 'NetworkPolicy') return undefined;
  const policy = context
    .once(WRITTEN, ({ snapshot }) => firstBy(snapshot.networkPolicies, (each) => `${each.namespace}/${each.name}`))
    .get(`${namespace}/${name}`);
  return [...(policy?.ingress ?? []), ...(policy?.egress ?? [])].find((each) => each.path === path);
}
