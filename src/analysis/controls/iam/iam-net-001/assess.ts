import { escapeControl } from '#base/escape.ts';
import type { Assessment, ControlSeverity, Judged } from '#model/control.ts';
import type { Grant } from '../../../rbac/access.ts';
import { isWhole } from '../../../rbac/powers.ts';
import { rulesWritten } from '../../../rbac/rule.ts';
import { assessmentOf, placeOf, plain } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { counted, worded } from '../../worded.ts';
import { type Audience, accessIn, audienceOf, audienceOfOne, ownersRunningAs } from '../accounts.ts';
import { evidenceOfGrant, roleText, scopeText, subjectsText } from '../grant-words.ts';
import { type HeldNetworkPower, networkPowersOf } from './network-powers.ts';
import { judgeTrusted, namespaceLabelsTrusted, trustedLabels } from './trusted-labels.ts';

export function assessNetworkRights(context: ControlContext): Assessment {
  const places = [
    ...accessIn(context).grants.flatMap((grant) => judgeGrant(context, grant)),
    ...judgeShippedEdit(context),
    ...trustedLabels(context).flatMap((trusted) => judgeTrusted(context, trusted)),
  ];
  const absent = plain(
    'UNKNOWN',
    'no binding is in the input: add what `kubectl get roles,rolebindings,clusterroles,clusterrolebindings -A -o yaml` prints, or scan the cluster',
  );
  const bad = counted(
    'binding or policy leaves the fence to others',
    'bindings and policies leave the fence to others',
  );
  const good = counted('binding gives no right over the network', 'bindings give no right over the network');
  return assessmentOf(places, absent, worded(places, { bad, good }));
}

function judgeGrant(context: ControlContext, grant: Grant): readonly Judged[] {
  if (grant.isShipped || grant.subjects.length === 0) return [];
  const where = placeOf(grant.binding);
  const roleRef = seenAt(grant.binding, ['roleRef', 'name']);
  if (grant.role === undefined) {
    if (context.kind === 'live') return [];
    const message = `${roleText(grant)}, which it gives, is not in the input: add it, or scan the cluster`;
    return [{ where, state: 'UNKNOWN', message, evidence: [roleRef] }];
  }
  const audience = weighedAudience(context, grant);
  const held = networkPowersOf(grant);
  if (held.length === 0 || audience === 'platform') {
    const why = held.length === 0 ? 'gives no right over the network' : 'is held by parts of the platform';
    return [{ where, state: 'PASS', message: `${roleText(grant)} ${why}`, evidence: [roleRef] }];
  }
  return [judgeHeld(context, { grant, audience, held })];
}

/** What somebody puts into kube-system with every right is no part of the platform. */
function weighedAudience(context: ControlContext, { subjects, role }: Grant): Audience {
  const audience = audienceOf(context, subjects);
  const isKube = subjects.some(({ kind, namespace }) => kind === 'service-account' && /^kube-/.test(namespace));
  return audience === 'platform' && isKube && role !== undefined && isWhole(role) ? 'accounts' : audience;
}

interface Held {
  readonly grant: Grant;
  readonly audience: Audience;
  readonly held: readonly HeldNetworkPower[];
}

function judgeHeld(context: ControlContext, { grant, audience, held }: Held): Judged {
  const own = grant.subjects.filter((subject) => audienceOfOne(context, subject) === audience);
  const subjects = own.length === 0 ? grant.subjects : own;
  const owners = ownersRunningAs(context, subjects);
  const isOwners = areNetworkOwners(context, grant);
  const { state, severity } = isOwners
    ? ({ state: 'PASS', severity: 'low' } as const)
    : verdictOf(grant, audience, { held, runs: owners.length > 0 });
  const words = held.map(({ power }) => power.words).join(', and ');
  const labels = held.some(({ power }) => power.id === 'namespace-labels') ? namespaceLabelsTrusted(context) : [];
  const shown = labels.slice(0, 5).map((key) => `\`${escapeControl(key)}\``);
  const trusted = labels.length === 0 ? '' : `; policies here choose by ${shown.join(', ')}`;
  return {
    where: placeOf(grant.binding),
    state,
    severity,
    message: `${subjectsText(subjects)} may ${words} ${scopeText(grant)}${isOwners ? ', and owns the network by `controls.networkOwners`' : trusted}`,
    evidence: evidenceOfGrant(grant, subjects, [...new Set(held.map(({ rule }) => rule))]),
    endpoints: owners.map(({ endpoint }) => endpoint),
  };
}

/** All whom the binding names are people of whom the configuration says so; what runs owns no network (`system:`). */
function areNetworkOwners({ settings }: ControlContext, { subjects }: Grant): boolean {
  return subjects.every(
    ({ kind, name }) =>
      kind !== 'service-account' && !name.startsWith('system:') && settings.networkOwners?.includes(name),
  );
}

interface Weight {
  readonly held: readonly HeldNetworkPower[];
  readonly runs: boolean;
}

/** What runs can be broken into, and must not lift its own fence. Who delivers, or looks after a namespace, has a reason. */
function verdictOf(
  { scope }: Grant,
  audience: Audience,
  { held, runs }: Weight,
): { readonly state: 'FAIL' | 'WARN'; readonly severity: ControlSeverity } {
  const isFence = held.some(({ power }) => power.id === 'policies' || power.id === 'namespace-labels');
  if (audience === 'everybody') return { state: 'FAIL', severity: 'critical' };
  if (audience === 'accounts' && runs) {
    if (isFence) return { state: 'FAIL', severity: 'high' };
    const diverts = scope === '' && held.some(({ power }) => power.id === 'endpoints');
    return diverts ? { state: 'FAIL', severity: 'medium' } : { state: 'WARN', severity: 'low' };
  }
  return { state: 'WARN', severity: scope === '' && isFence ? 'medium' : 'low' };
}

/** Clusters made before Kubernetes 1.22 let everybody with `edit` write endpoints (CVE-2021-25740). */
function judgeShippedEdit({ objects }: ControlContext): readonly Judged[] {
  const group = 'rbac.authorization.k8s.io';
  const role = objects.get({ group, kind: 'ClusterRole', namespace: '', name: 'system:aggregate-to-edit' });
  if (role === undefined) return [];
  const rules = networkPowersOf({
    role: { kind: 'ClusterRole', namespace: '', name: role.name, rules: rulesWritten(role) },
  });
  const found = rules.find(({ power }) => power.id === 'endpoints');
  if (found?.rule.written === undefined) return [];
  const evidence = [seenAt(role, found.rule.written.path)];
  const message = 'everybody with the role `edit` may point Services at other addresses (endpoints)';
  return [{ where: placeOf(role), state: 'WARN', severity: 'medium', message, evidence, detail: 'endpoints' }];
}
