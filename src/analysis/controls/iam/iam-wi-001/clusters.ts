import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import { evidenceOf, resourcesOfType, settingAt, unknownOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { judgedResource, openOf, switchOf } from '../clusters.ts';
import { isUsed } from './workloads.ts';

export const FEDERATION = 'federation';

export function judgeCluster(context: ControlContext, resource: AzureResource): readonly Judged[] {
  const pods = settingAt(resource, 'properties', 'podIdentityProfile', 'enabled');
  return [
    judgeFederation(context, resource),
    ...(pods.state === 'value' && String(pods.value).toLowerCase() === 'true'
      ? [
          judgedResource(resource, {
            state: 'FAIL',
            message: 'pod-managed identity is on, which nobody supports any more',
            evidence: [evidenceOf(resource, pods)],
            detail: 'pod identity',
          }),
        ]
      : []),
  ];
}

function judgeFederation(context: ControlContext, resource: AzureResource): Judged {
  const paths = [
    ['properties', 'oidcIssuerProfile', 'enabled'],
    ['properties', 'securityProfile', 'workloadIdentity', 'enabled'],
  ];
  const settings = paths.map((path) => settingAt(resource, ...path));
  const open = openOf(settings);
  if (open !== undefined) return unknownOf(resource, open);
  const evidence = settings.map((setting) => evidenceOf(resource, setting));
  const isReady = paths.every((path) => switchOf(resource, ...path) === true);
  const used = isUsed(context);
  const hasWorkloads = context.podOwners.length > 0;
  if (!isReady) {
    const message = used
      ? 'workloads ask for federated identities, and it gives none: the issuer or workload identity is off'
      : 'workloads cannot have identities of their own: the issuer or workload identity is off';
    return judgedResource(resource, {
      state: used ? 'FAIL' : 'WARN',
      severity: used ? 'medium' : 'low',
      message,
      evidence,
      detail: FEDERATION,
    });
  }
  const message =
    used || !hasWorkloads ? 'workload identity is on' : 'workload identity is on, and no workload of the input uses it';
  return judgedResource(resource, { state: 'PASS', message, evidence, detail: FEDERATION });
}

/** A credential for an account that is not there is one that somebody may make (its subject is only a name). */
export function judgeCredentials(context: ControlContext): readonly Judged[] {
  const type = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials';
  const namespaces = new Set(context.podOwners.map(({ object }) => object.namespace));
  return resourcesOfType(context, type).flatMap((resource) => {
    const subject = settingAt(resource, 'properties', 'subject');
    if (subject.state === 'unsettled') return [unknownOf(resource, subject)];
    const [, namespace, name] =
      /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject.state === 'value' ? String(subject.value) : '') ?? [];
    if (namespace === undefined || name === undefined || !namespaces.has(namespace)) return [];
    const account = context.objects.get({ group: '', kind: 'ServiceAccount', namespace, name });
    const evidence = [evidenceOf(resource, subject)];
    if (account !== undefined)
      return [
        judgedResource(resource, { state: 'PASS', message: 'it is for a service account of the input', evidence }),
      ];
    const message = `service account \`${escapeControl(`${namespace}/${name}`)}\` is not there: whoever makes it has the identity`;
    return [judgedResource(resource, { state: 'WARN', severity: 'low', message, evidence })];
  });
}
