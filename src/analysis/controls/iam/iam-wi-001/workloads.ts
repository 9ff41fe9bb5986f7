import { escapeControl } from '#base/escape.ts';
import type { Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { accountObject, accountOf } from '../accounts.ts';

const CLIENT_ID = ['metadata', 'annotations', 'azure.workload.identity/client-id'];
const USE = 'azure.workload.identity/use';

/** The identity of Azure that a service account stands for. */
export function clientIdOf(account: ClusterObject | undefined): string | undefined {
  return textAt(account?.value, ...CLIENT_ID);
}

/** Whether anything in the input asks for a federated identity. */
export function isUsed({ objects, podOwners }: ControlContext): boolean {
  return (
    objects.of('', 'ServiceAccount').some((account) => clientIdOf(account) !== undefined) ||
    podOwners.some(({ metadata }) => textAt(metadata, 'labels', USE) === 'true')
  );
}

/** A workload whose account stands for an identity gets it only with the label on its pods, and the other way round. */
export function judgeFederated(context: ControlContext, owner: PodOwner): readonly Judged[] {
  const account = accountObject(context, accountOf(owner));
  const clientId = clientIdOf(account);
  const label = [...owner.path, 'metadata', 'labels', USE];
  const isLabelled = textAt(owner.metadata, 'labels', USE) === 'true';
  const where = placeOf(owner.object);
  const endpoints = [owner.endpoint];
  if (!isLabelled && clientId === undefined) return [];
  const evidence = [seenAt(owner.object, label), ...(account === undefined ? [] : [seenAt(account, CLIENT_ID)])];
  if (account === undefined) {
    const message = `its service account \`${escapeControl(accountOf(owner).name)}\` is not in the input: whether it stands for an identity is open`;
    return [{ where, state: 'UNKNOWN', message, evidence, endpoints }];
  }
  if (!isLabelled) {
    const message =
      'its account stands for an identity, and its pods do not ask for it: they fall back on that of the node';
    return [{ where, state: 'WARN', message, evidence, endpoints, detail: 'label' }];
  }
  if (clientId === undefined) {
    const message = 'its pods ask for a federated identity, and their account stands for none';
    return [{ where, state: 'WARN', severity: 'low', message, evidence, endpoints }];
  }
  return [{ where, state: 'PASS', message: 'it has a federated identity of its own', evidence, endpoints }];
}

/** Microsoft Entra pod-managed identity: taken out of support in September 2025. */
export function judgePodIdentity({ objects, podOwners }: ControlContext): readonly Judged[] {
  const kinds = ['AzureIdentity', 'AzureIdentityBinding', 'AzureAssignedIdentity', 'AzurePodIdentityException'];
  const found = kinds.flatMap((kind) => objects.of('aadpodidentity.k8s.io', kind));
  const pods = podOwners.filter(({ metadata }) => textAt(metadata, 'labels', 'aadpodidbinding') !== undefined);
  return [
    ...found.map(
      (object): Judged => ({
        where: placeOf(object),
        state: 'FAIL',
        message: 'it is of pod-managed identity, which nobody supports any more',
        evidence: [seenAt(object, ['kind'])],
      }),
    ),
    ...pods.map(
      ({ object, path, endpoint }): Judged => ({
        where: placeOf(object),
        state: 'FAIL',
        message: 'it takes its identity from pod-managed identity, which nobody supports any more',
        evidence: [seenAt(object, [...path, 'metadata', 'labels', 'aadpodidbinding'])],
        endpoints: [endpoint],
      }),
    ),
  ];
}

/** The Key Vault driver may sign in as the node: then every pod of the node can. */
export function judgeProviders({ objects }: ControlContext): readonly Judged[] {
  return objects.of('secrets-store.csi.x-k8s.io', 'SecretProviderClass').flatMap((object): Judged[] => {
    const path = ['spec', 'parameters', 'useVMManagedIdentity'];
    if (textAt(object.value, 'spec', 'provider') !== 'azure' || textAt(object.value, ...path) !== 'true') return [];
    const message = 'it reads the vault as the identity of the node, which every pod of the node can be';
    return [{ where: placeOf(object), state: 'WARN', message, evidence: [seenAt(object, path)] }];
  });
}
