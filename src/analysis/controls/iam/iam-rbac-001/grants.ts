import { escapeControl } from '#base/escape.ts';
import type { ControlSeverity, Judged } from '#model/control.ts';
import type { Grant } from '../../../rbac/access.ts';
import { type HeldPower, isWhole, isWild, type PowerId, powersOf } from '../../../rbac/powers.ts';
import { allowsEverything, type RbacRule } from '../../../rbac/rule.ts';
import type { Subject } from '../../../rbac/subject.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type Audience, audienceOf, audienceOfOne, ownersRunningAs } from '../accounts.ts';
import { evidenceOfGrant, roleText, scopeText, subjectsText } from '../grant-words.ts';
import { strongerAccountIn } from './stronger.ts';

/** A grant with those of its subjects that it is judged by. */
interface Weighed {
  readonly context: ControlContext;
  readonly grant: Grant;
  readonly audience: Audience;
  readonly subjects: readonly Subject[];
}

interface Verdict {
  readonly state: 'PASS' | 'FAIL' | 'WARN';
  readonly severity: ControlSeverity;
  /** Said after the message, from the comma on. */
  readonly more?: string;
}

/** What a binding gives, judged: one for each thing that is too much; a PASS where nothing is. */
export function judgeGrant(context: ControlContext, grant: Grant): readonly Judged[] {
  if (grant.isShipped) return [];
  if (grant.role === undefined) return [judgeMissing(context, grant)];
  const audience = audienceOf(context, grant.subjects);
  const subjects = grant.subjects.filter((subject) => audienceOfOne(context, subject) === audience);
  const weighed = { context, grant, audience, subjects };
  const found = [...judgeRules(weighed), ...judgeDefaultAccount(weighed), ...judgeMasters(weighed)];
  return found.length > 0 ? found : [passing(weighed)];
}

function judgeMissing({ kind }: ControlContext, grant: Grant): Judged {
  const where = placeOf(grant.binding);
  const evidence = [seenAt(grant.binding, ['roleRef', 'name'])];
  if (kind === 'live')
    return { where, state: 'PASS', message: `${roleText(grant)} is not there: it gives nothing`, evidence };
  const message = `${roleText(grant)}, which it gives, is not in the input: add it, or scan the cluster`;
  return { where, state: 'UNKNOWN', message, evidence };
}

function judgeRules(weighed: Weighed): readonly Judged[] {
  const { grant } = weighed;
  const { role } = grant;
  if (role === undefined || grant.subjects.length === 0) return [];
  if (isWhole(role)) return judgeWhole(weighed, role.rules.filter(allowsEverything));
  const wild = role.rules.filter(isWild);
  const powers = powersOf({ rules: role.rules.filter((rule) => !isWild(rule)) }, grant.scope);
  const parts =
    role.object === undefined ? judgeShippedRole(weighed, powers) : powers.flatMap((each) => judgePower(weighed, each));
  return [...(wild.length > 0 ? judgeWild(weighed, wild) : []), ...parts];
}

// ---------------------------------------------------------------- what is given

function judgeWhole(weighed: Weighed, rules: readonly RbacRule[]): readonly Judged[] {
  const { audience, grant, subjects } = weighed;
  const isKube = subjects.every(({ kind, namespace }) => kind === 'service-account' && /^kube-/.test(namespace));
  const severity = grant.scope === '' ? 'critical' : 'high';
  const fails = audience === 'everybody' || audience === 'accounts' || (audience === 'platform' && isKube);
  const verdict: Verdict = fails
    ? { state: 'FAIL', severity: audience === 'everybody' ? 'critical' : severity }
    : {
        state: 'WARN',
        severity: 'medium',
        more: audience === 'people' ? ', and always' : ', as parts of the platform do',
      };
  return [judged(weighed, { cis: '5.1.1', words: 'do everything', rules, verdict })];
}

function judgeWild(weighed: Weighed, rules: readonly RbacRule[]): readonly Judged[] {
  const { audience, grant } = weighed;
  const powers = powersOf({ rules }, grant.scope);
  if (audience === 'platform') return [];
  const given = powers.map(({ power }) => power.words).join(', ');
  const more = given === '' ? '' : `: among them, to ${given}`;
  const severity: ControlSeverity = powers.length === 0 ? 'low' : grant.scope === '' ? 'high' : 'medium';
  const state = audience === 'people' || powers.length === 0 ? 'WARN' : 'FAIL';
  const verdict: Verdict = { state, severity: audience === 'everybody' ? 'critical' : severity, more };
  const verbs = [...new Set(rules.flatMap((rule) => rule.verbs))]
    .map((verb) => `\`${escapeControl(verb)}\``)
    .join(', ');
  return [judged(weighed, { cis: '5.1.3', words: `use ${verbs} on every resource of an API group`, rules, verdict })];
}

/** `edit` and `admin` are meant for teams in their own namespaces; they hold many powers, which are told at once. */
function judgeShippedRole(weighed: Weighed, powers: readonly HeldPower[]): readonly Judged[] {
  const verdicts = powers.map((held) => ({ held, verdict: verdictOf(weighed, held) }));
  const bad = verdicts.filter(({ verdict }) => verdict.state !== 'PASS');
  const [first] = bad;
  if (first === undefined) return [];
  const words = bad.map(({ held }) => held.power.words).join(', ');
  const fails = bad.find(({ verdict }) => verdict.state === 'FAIL') ?? first;
  const { cis } = fails.held.power;
  return [judged(weighed, { cis, words, rules: bad.map(({ held }) => held.rule), verdict: fails.verdict })];
}

function judgePower(weighed: Weighed, held: HeldPower): readonly Judged[] {
  const verdict = verdictOf(weighed, held);
  if (verdict.state === 'PASS') return [];
  const { cis, words, risk } = held.power;
  const said = { ...verdict, more: verdict.more ?? `: ${risk}` };
  return [judged(weighed, { cis, words, rules: [held.rule], verdict: said, id: held.power.id })];
}

const FINE: Verdict = { state: 'PASS', severity: 'info' };

function verdictOf(weighed: Weighed, { power }: HeldPower): Verdict {
  const { audience, grant } = weighed;
  if (audience === 'platform') return FINE;
  if (audience === 'everybody') return { state: 'FAIL', severity: 'critical' };
  const inCluster = grant.scope === '';
  if (audience === 'people') {
    if (inCluster) return { state: 'WARN', severity: 'medium' };
    return power.id === 'escalate' ? { state: 'WARN', severity: 'medium' } : FINE;
  }
  return inCluster ? { state: 'FAIL', severity: power.severity } : inNamespace(weighed, power.id);
}

/** What a service account may do in one namespace. Whoever deploys there starts pods: it is too much where that gives more. */
function inNamespace({ context, grant, subjects }: Weighed, power: PowerId): Verdict {
  if (power === 'escalate') return { state: 'FAIL', severity: 'high' };
  const runs = ownersRunningAs(context, subjects).length > 0;
  if (power === 'secrets') return runs ? { state: 'FAIL', severity: 'medium' } : { state: 'WARN', severity: 'low' };
  const stronger = strongerAccountIn(context, grant.scope, subjects);
  if (stronger !== undefined)
    return {
      state: 'FAIL',
      severity: 'high',
      more: `: service account \`${escapeControl(stronger)}\` is there, which may do more`,
    };
  return power === 'exec' && runs ? { state: 'WARN', severity: 'medium' } : FINE;
}

// ---------------------------------------------------------------- to whom

/** CIS 5.1.5: whatever says nothing of its account runs as `default`, so that its rights are everybody's there. */
function judgeDefaultAccount({ grant, context }: Weighed): readonly Judged[] {
  const subjects = grant.subjects.filter(
    (subject) =>
      subject.kind === 'service-account' &&
      subject.name === 'default' &&
      audienceOfOne(context, subject) === 'accounts',
  );
  if (subjects.length === 0) return [];
  const weighed: Weighed = { context, grant, audience: 'accounts', subjects };
  const words = `use ${roleText(grant)}`;
  const more = ', and so may every pod there that names no account of its own';
  const verdict: Verdict = { state: 'FAIL', severity: 'medium', more };
  return [judged(weighed, { cis: '5.1.5', words, rules: [], verdict })];
}

/** CIS 5.1.7: the group is past every check of RBAC already. */
function judgeMasters({ grant, context }: Weighed): readonly Judged[] {
  const subjects = grant.subjects.filter(({ kind, name }) => kind === 'group' && name === 'system:masters');
  if (subjects.length === 0) return [];
  const verdict: Verdict = { state: 'WARN', severity: 'medium', more: ': nothing takes a right from it again' };
  const weighed: Weighed = { context, grant, audience: 'people', subjects };
  return [judged(weighed, { cis: '5.1.7', words: 'do everything whatever a binding says', rules: [], verdict })];
}

interface Found {
  readonly cis: string;
  readonly words: string;
  readonly rules: readonly RbacRule[];
  readonly verdict: Verdict;
  readonly id?: PowerId;
}

function judged({ context, grant, subjects }: Weighed, { cis, words, rules, verdict, id }: Found): Judged {
  const owners = ownersRunningAs(context, subjects);
  return {
    where: placeOf(grant.binding),
    state: verdict.state,
    severity: verdict.severity,
    message: `${subjectsText(subjects)} may ${words} ${scopeText(grant)}${verdict.more ?? ''}`,
    evidence: evidenceOfGrant(grant, subjects, rules),
    detail: id === undefined ? cis : `${cis} ${id}`,
    endpoints: owners.map(({ endpoint }) => endpoint),
  };
}

function passing({ grant }: Weighed): Judged {
  const message = `${roleText(grant)} gives ${subjectsText(grant.subjects)} nothing that leads to more`;
  return {
    where: placeOf(grant.binding),
    state: 'PASS',
    message,
    evidence: [seenAt(grant.binding, ['roleRef', 'name'])],
  };
}
