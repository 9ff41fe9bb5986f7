import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { assessmentOf } from '../../assessment.ts';
import {
  evidenceOf,
  evidenceOfResource,
  managedClustersOf,
  resourcesOfType,
  settingAt,
  unknownOf,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { counted, worded } from '../../worded.ts';
import { isAutomatic, judgedResource, switchOf } from '../clusters.ts';
import { judgeAssignment } from './assignments.ts';

export const AUTHORIZATION = 'authorization';
export const LOCKDOWN = 'node resource group';

export function assessAzureRights(context: ControlContext): Assessment {
  const assignments = resourcesOfType(context, 'Microsoft.Authorization/roleAssignments');
  const clusters = managedClustersOf(context);
  const places = [
    ...clusters.flatMap(({ resource }) => [judgeAuthorization(resource), judgeLockdown(resource)]),
    ...assignments.flatMap((assignment) => judgeAssignment(context, assignment)),
    ...(assignments.length === 0 ? clusters.map(({ resource }) => withoutAssignments(resource)) : []),
  ];
  const bad = counted(
    'cluster or role assignment gives more than is needed',
    'clusters and role assignments give more than is needed',
  );
  const good = counted(
    'cluster or role assignment is as narrow as it can be',
    'clusters and role assignments are as narrow as they can be',
  );
  return assessmentOf(places, withoutCluster(context, 'who may change it'), worded(places, { bad, good }));
}

function judgeAuthorization(resource: AzureResource): Judged {
  const setting = settingAt(resource, 'properties', 'aadProfile', 'enableAzureRBAC');
  const evidence = [evidenceOf(resource, setting)];
  const isOn = switchOf(resource, 'properties', 'aadProfile', 'enableAzureRBAC');
  if (setting.state === 'unsettled') return { ...unknownOf(resource, setting), detail: AUTHORIZATION };
  const message =
    isOn === true
      ? 'rights in the cluster are given by Azure RBAC too'
      : 'rights in the cluster are not given by Azure RBAC: they are reviewed apart from those in Azure';
  return judgedResource(resource, {
    state: isOn === true ? 'PASS' : 'WARN',
    severity: 'low',
    message,
    evidence,
    detail: AUTHORIZATION,
  });
}

/** What is changed by hand in the group of the nodes is out of support, and goes around every policy of the cluster. */
function judgeLockdown(resource: AzureResource): Judged {
  const setting = settingAt(resource, 'properties', 'nodeResourceGroupProfile', 'restrictionLevel');
  if (setting.state === 'unsettled') return { ...unknownOf(resource, setting), detail: LOCKDOWN };
  const isLocked = (wordOf(setting, 'unrestricted') ?? '') === 'readonly' || isAutomatic(resource);
  const message = isLocked
    ? 'the resources of its nodes can only be read'
    : 'whoever has rights over the resource group of its nodes can change their network past the cluster';
  return judgedResource(resource, {
    state: isLocked ? 'PASS' : 'WARN',
    severity: 'low',
    message,
    evidence: [evidenceOf(resource, setting)],
    detail: LOCKDOWN,
  });
}

function withoutAssignments(resource: AzureResource): Judged {
  return judgedResource(resource, {
    state: 'UNKNOWN',
    message:
      'no role assignment is in the input: read the subscription live with --azure, or add what `az role assignment list --all` prints',
    evidence: [evidenceOfResource(resource)],
    detail: 'role assignments',
  });
}
