import type { CiliumRule, CiliumSpec } from '#model/cilium.ts';
import type { Direction } from '#model/resource.ts';
import { isNodeTraffic, isPerhaps, type Question, type Side } from '../party.ts';
import { onSameNode } from '../where.ts';
import { kubernetesGoverns, kubernetesRuleMatches } from './network-policy.ts';
import { isProxied, type PlacedRule, ruleMatches } from './rule.ts';
import { isOff, isOn, isSince, settingOf } from './settings.ts';
import { isSpecSubject } from './subject.ts';
import { isTaken } from './validity.ts';

/** A policy that is for the subject and has entries for the direction. */
interface Governing {
  readonly isolates: boolean;
  readonly denies: boolean;
  readonly allows: boolean;
  /** Whether an entry sends the connection through a proxy, which takes only the requests that entries name. */
  readonly proxies: boolean;
  /** Whether an entry narrows the rules of all. */
  readonly narrows: boolean;
}

/** Whether Cilium lets a connection through at one of its ends: what is denied is, else what is allowed is. */
export function ciliumAllows(question: Question, direction: Direction): boolean {
  const subject = question.connection[direction === 'ingress' ? 'to' : 'from'];
  const isHost = isNodeTraffic(subject);
  if (subject.kind === 'address' || (isHost && !isOn(question, 'enable-host-firewall'))) return true;
  const mode = settingOf(question, 'enable-policy') ?? 'default';
  if (mode === 'never') return true;
  const governing = [...ciliumGoverning(question, direction), ...kubernetesGoverning(question, direction)];
  if (governing.some(({ denies }) => denies)) return false;
  const isNarrowed =
    governing.some(({ narrows }) => narrows) && isPerhaps(question, `what ${direction} requires holds`);
  if (governing.some(({ allows }) => allows) && !isNarrowed) return true;
  if (!isHost && direction === 'ingress' && isOwnNode(question, governing.length > 0)) return true;
  return mode !== 'always' && !governing.some(({ isolates, proxies }) => isolates || proxies);
}

/** A node reaches its own pods, unless it is told otherwise. Where no rule is for a pod versions differ. */
function isOwnNode(question: Question, hasRules: boolean): boolean {
  if (!isNodeTraffic(question.connection.from) || settingOf(question, 'allow-localhost') === 'policy') return false;
  return onSameNode(question) && (hasRules || isPerhaps(question, 'a node reaches pods that no rule is for'));
}

// ---------------------------------------------------------------- Cilium's own kinds

function* ciliumGoverning(question: Question, direction: Direction): Generator<Governing> {
  const { snapshot, profile } = question;
  for (const policy of snapshot.ciliumPolicies) {
    if (!profile.enforces.includes(policy.kind) || !isTaken(question, policy)) continue;
    for (const spec of policy.specs) {
      const { allow, deny } = entriesOf(spec, direction);
      if (allow.length + deny.length === 0 && spec.gaps.length === 0) continue;
      if (!isSpecSubject(question, { policy, spec, direction })) continue;
      const placed = (rule: CiliumRule, denies = false): PlacedRule => ({ rule, policy, direction, denies });
      yield {
        isolates: isOff(question, 'enable-non-default-deny-policies') || (spec.defaultDeny[direction] ?? true),
        denies: deny.some((rule) => ruleMatches(question, placed(rule, true))),
        allows: allow.some((rule) => ruleMatches(question, placed(rule))),
        proxies: allow.some((rule) => isProxied(question, placed(rule))),
        narrows: allow.some(({ requires }) => requires) && !isSince(question, 19),
      };
    }
  }
}

function entriesOf(
  spec: CiliumSpec,
  direction: Direction,
): { allow: readonly CiliumRule[]; deny: readonly CiliumRule[] } {
  if (direction === 'ingress') return { allow: spec.ingress, deny: spec.ingressDeny };
  return { allow: spec.egress, deny: spec.egressDeny };
}

// ---------------------------------------------------------------- NetworkPolicy

function* kubernetesGoverning(question: Question, direction: Direction): Generator<Governing> {
  if (!question.profile.enforces.includes('NetworkPolicy')) return;
  const side: Side = direction === 'ingress' ? 'from' : 'to';
  for (const policy of question.snapshot.networkPolicies) {
    if (!kubernetesGoverns(question, policy, direction)) continue;
    const allows = policy[direction].some((rule) => kubernetesRuleMatches(question, { policy, rule, side }));
    yield { isolates: true, denies: false, allows, proxies: false, narrows: false };
  }
}
