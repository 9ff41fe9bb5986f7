import type { Assessment, Judged } from '#model/control.ts';
import { isShipped } from '../../../rbac/access.ts';
import { isWild } from '../../../rbac/powers.ts';
import type { RbacRole } from '../../../rbac/roles.ts';
import { assessmentOf, CLUSTER, placeOf, plain } from '../../assessment.ts';
import { evidenceOf, isOn, managedClustersOf, placeOfResource, settingAt, unknownOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { counted, worded } from '../../worded.ts';
import { accessIn } from '../accounts.ts';
import { RBAC_DETAIL } from './fix.ts';
import { judgeGrant } from './grants.ts';
import { judgeToken } from './tokens.ts';

const HOW =
  'add what `kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o yaml` prints, or scan the cluster';

export function assessRbac(context: ControlContext): Assessment {
  const { grants } = accessIn(context);
  const tokens = context.podOwners.flatMap((owner) => judgeToken(context, owner));
  const places = [
    ...judgeClusters(context),
    ...grants.flatMap((grant) => judgeGrant(context, grant)),
    ...judgeUnbound(context),
    ...tokens,
  ];
  const isPart = context.kind === 'manifests' && grants.length === 0 && places.length > 0;
  const absent = plain('UNKNOWN', `no role, binding or workload is in the input: ${HOW}`);
  const all = isPart ? [...places, NO_BINDINGS] : places;
  const bad = counted(
    'binding or workload holds more than it needs',
    'bindings and workloads hold more than they need',
  );
  const good = counted(
    'binding or workload holds no more than it needs',
    'bindings and workloads hold no more than they need',
  );
  return assessmentOf(all, absent, worded(all, { bad, good }));
}

const NO_BINDINGS: Judged = {
  where: CLUSTER,
  state: 'UNKNOWN',
  message: `no binding is in the input: ${HOW}`,
  evidence: [{ object: 'the input', why: 'has no RoleBinding and no ClusterRoleBinding' }],
};

/** Roles that nothing in the input binds may be bound elsewhere, or later. */
function judgeUnbound(context: ControlContext): readonly Judged[] {
  const { roles, grants } = accessIn(context);
  const bound = new Set(grants.map(({ role }) => role));
  return roles.all.flatMap((role) => (bound.has(role) ? [] : judgeUnboundRole(role)));
}

function judgeUnboundRole({ object, rules }: RbacRole): readonly Judged[] {
  if (object === undefined || isShipped(object)) return [];
  const wild = rules.filter((rule) => isWild(rule) && rule.written?.role === object);
  if (wild.length === 0) return [];
  return [
    {
      where: placeOf(object),
      state: 'WARN',
      severity: 'low',
      message: 'it takes every resource of an API group, and nothing in the input binds it',
      evidence: wild.flatMap(({ written }) => (written === undefined ? [] : [seenAt(object, written.path)])),
      detail: '5.1.3',
    },
  ];
}

function judgeClusters(context: ControlContext): readonly Judged[] {
  return managedClustersOf(context).map(({ resource }): Judged => {
    const setting = settingAt(resource, 'properties', 'enableRBAC');
    if (setting.state === 'unsettled') return unknownOf(resource, setting);
    const base = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)], detail: RBAC_DETAIL };
    if (setting.state === 'absent')
      return { ...base, state: 'WARN', severity: 'low', message: 'it does not say that RBAC is on' };
    return isOn(setting, false) === true
      ? { ...base, state: 'PASS', message: 'RBAC is on' }
      : { ...base, state: 'FAIL', severity: 'critical', message: 'RBAC is off: whoever signs in may do everything' };
  });
}
