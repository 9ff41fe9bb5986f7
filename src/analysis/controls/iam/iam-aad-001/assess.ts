import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { assessmentOf, placeOf } from '../../assessment.ts';
import {
  evidenceOf,
  managedClustersOf,
  resourcesOfType,
  settingAt,
  unknownOf,
  withoutCluster,
} from '../../azure-facts.ts';
import { isAksCluster } from '../../azure-signs.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { counted, worded } from '../../worded.ts';
import { accessIn } from '../accounts.ts';
import { judgedResource, openOf, switchOf } from '../clusters.ts';

export function assessSignIn(context: ControlContext): Assessment {
  const places = [
    ...managedClustersOf(context).map(({ resource }) => judgeCluster(resource)),
    ...resourcesOfType(context, 'Microsoft.Kubernetes/connectedClusters').map(judgeConnected),
    ...judgeUsers(context),
  ];
  const bad = counted(
    'cluster or binding lets people in past Entra ID',
    'clusters and bindings let people in past Entra ID',
  );
  const good = counted('cluster signs people in by Entra ID alone', 'clusters sign people in by Entra ID alone');
  return assessmentOf(places, withoutCluster(context, 'how people sign in'), worded(places, { bad, good }));
}

function judgeCluster(resource: AzureResource): Judged {
  const managed = settingAt(resource, 'properties', 'aadProfile', 'managed');
  const local = settingAt(resource, 'properties', 'disableLocalAccounts');
  const open = openOf([managed, local]);
  if (open !== undefined) return unknownOf(resource, open);
  const evidence = [evidenceOf(resource, managed), evidenceOf(resource, local)];
  if (switchOf(resource, 'properties', 'aadProfile', 'managed') !== true) {
    const message = 'people do not sign in by Entra ID: whoever has the file with its certificate is an administrator';
    return judgedResource(resource, { state: 'FAIL', message, evidence });
  }
  if (switchOf(resource, 'properties', 'disableLocalAccounts') !== true) {
    const message = 'people sign in by Entra ID, and the local administrator account is on beside it';
    return judgedResource(resource, { state: 'WARN', message, evidence });
  }
  return judgedResource(resource, { state: 'PASS', message: 'people sign in by Entra ID alone', evidence });
}

/** A cluster of Azure Arc: its own administrator stays, and is kept by who set it up. */
function judgeConnected(resource: AzureResource): Judged {
  const rbac = settingAt(resource, 'properties', 'aadProfile', 'enableAzureRBAC');
  const admins = settingAt(resource, 'properties', 'aadProfile', 'adminGroupObjectIDs');
  const open = openOf([rbac, admins]);
  if (open !== undefined) return unknownOf(resource, open);
  const evidence = [evidenceOf(resource, rbac), evidenceOf(resource, admins)];
  const isSet = switchOf(resource, 'properties', 'aadProfile', 'enableAzureRBAC') === true || admins.state === 'value';
  const message = isSet ? 'people sign in by Entra ID' : 'nothing says that people sign in by Entra ID';
  return judgedResource(resource, { state: isSet ? 'PASS' : 'WARN', message, evidence });
}

/** With Entra ID, users are object ids or names with a domain; others come with certificates (CIS Kubernetes 3.1.1). */
function judgeUsers(context: ControlContext): readonly Judged[] {
  const isAks = context.snapshot.azure.clusters.length > 0 || isAksCluster(context).state === 'aks';
  if (!isAks) return [];
  return accessIn(context).grants.flatMap(({ binding, subjects, isShipped }) => {
    const users = isShipped ? [] : subjects.filter(({ kind, name }) => kind === 'user' && isCertificateUser(name));
    return users.map(
      ({ name, path }): Judged => ({
        where: placeOf(binding),
        state: 'WARN',
        severity: 'medium',
        message: `user \`${escapeControl(name)}\` is none of Entra ID: who has that certificate cannot be kept out again`,
        evidence: [seenAt(binding, path)],
        detail: `user ${name}`,
      }),
    );
  });
}

const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isCertificateUser(name: string): boolean {
  // A name with a placeholder is filled in later.
  return !name.includes('@') && !OBJECT_ID.test(name) && !/^system:|^cluster(?:Admin|User)$|[<>${}]/.test(name);
}
