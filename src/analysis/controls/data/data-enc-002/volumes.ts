import type { Judged } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, plainAt, textAt, textsAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';

/** Classes, volumes and mounts of the cluster, by how their data travels. */
export function judgeVolumes(context: ControlContext): readonly Judged[] {
  const { objects, podOwners } = context;
  return [
    ...objects.of('storage.k8s.io', 'StorageClass').flatMap(judgeClass),
    ...objects.of('', 'PersistentVolume').flatMap(judgeVolume),
    ...podOwners.flatMap((owner) => (isSystemNamespace(context, owner.object.namespace) ? [] : judgeMounts(owner))),
  ];
}

const AZURE_FILES = /^(?:file\.csi\.azure\.com|kubernetes\.io\/azure-file)$/;

function judgeClass(object: ClusterObject): readonly Judged[] {
  const provisioner = textAt(object.value, 'provisioner') ?? '';
  const isBlob = provisioner === 'blob.csi.azure.com';
  if (!isBlob && !AZURE_FILES.test(provisioner)) return [];
  const where = placeOf(object);
  const isNfs = /^nfs/i.test(parameterOf(object, 'protocol'));
  const old = oldDialect(object, ['mountOptions']);
  if (isNfs) return [judgeNfsClass(object, isBlob)];
  if (parameterOf(object, 'enableHttpsTrafficOnly') === 'false') {
    const evidence = [seenAt(object, ['parameters', 'enableHttpsTrafficOnly'])];
    return [
      { where, state: 'FAIL', message: 'the accounts that it makes take requests that are not encrypted', evidence },
    ];
  }
  if (old !== undefined)
    return [
      {
        where,
        state: 'FAIL',
        message: 'it mounts shares by a version of SMB that does not encrypt',
        evidence: [seenAt(object, old)],
      },
    ];
  const message = isBlob ? 'its volumes are read by HTTPS' : 'its shares are mounted by SMB 3 with encryption';
  return [{ where, state: 'PASS', message, evidence: [seenAt(object, ['provisioner'])] }];
}

/** NFS of Azure is plain, but for Azure Files with encryption in transit; a private endpoint keeps it on private networks. */
function judgeNfsClass(object: ClusterObject, isBlob: boolean): Judged {
  const where = placeOf(object);
  const protocol = seenAt(object, ['parameters', 'protocol']);
  if (!isBlob && parameterOf(object, 'encryptInTransit') === 'true') {
    const evidence = [protocol, seenAt(object, ['parameters', 'encryptInTransit'])];
    return { where, state: 'PASS', message: 'its shares are mounted by NFS inside of TLS', evidence };
  }
  const path = ['parameters', 'networkEndpointType'];
  const evidence = [protocol, seenAt(object, path)];
  if (parameterOf(object, 'networkEndpointType').toLowerCase() === 'privateendpoint') {
    const message = 'its shares are mounted by NFS, which is plain, and only over a private endpoint';
    return { where, state: 'WARN', severity: 'low', message, evidence };
  }
  return {
    where,
    state: 'FAIL',
    message: 'its shares are mounted by NFS, which is plain, over the public endpoint',
    evidence,
  };
}

function parameterOf({ value }: ClusterObject, name: string): string {
  return textAt(value, 'parameters', name) ?? '';
}

/** SMB 2 and 1 know no encryption. */
function oldDialect({ value }: ClusterObject, path: FieldPath): FieldPath | undefined {
  const index = textsAt(value, ...path).findIndex((option) => /^vers=(?:1|2)(?:\.|$)/.test(option));
  return index === -1 ? undefined : [...path, index];
}

function judgeVolume(object: ClusterObject): readonly Judged[] {
  const where = placeOf(object);
  const old = oldDialect(object, ['spec', 'mountOptions']);
  if (old !== undefined && /azure-?file|smb/i.test(textAt(object.value, 'spec', 'csi', 'driver') ?? '')) {
    const message = 'it is mounted by a version of SMB that does not encrypt';
    return [{ where, state: 'FAIL', message, evidence: [seenAt(object, old)] }];
  }
  const path = nfsOf(object);
  if (path === undefined) return [];
  const options = textsAt(object.value, 'spec', 'mountOptions');
  const isSealed = options.some((option) => /^sec=krb5p$|^xprtsec=m?tls$/.test(option));
  const evidence = [seenAt(object, path), seenAt(object, ['spec', 'mountOptions'])];
  return isSealed
    ? [{ where, state: 'PASS', message: 'it is mounted by NFS with encryption', evidence }]
    : [{ where, state: 'WARN', severity: 'low', message: 'it is mounted by NFS, which is plain', evidence }];
}

function nfsOf({ value }: ClusterObject): FieldPath | undefined {
  if (plainAt(value, 'spec', 'nfs') !== undefined) return ['spec', 'nfs'];
  return textAt(value, 'spec', 'csi', 'driver') === 'nfs.csi.k8s.io' ? ['spec', 'csi'] : undefined;
}

function judgeMounts({ object, path, spec, endpoint }: PodOwner): readonly Judged[] {
  return listAt(spec, 'volumes').flatMap((volume, index): Judged[] => {
    if (plainAt(volume, 'nfs') === undefined) return [];
    const evidence = [seenAt(object, [...path, 'spec', 'volumes', index, 'nfs'])];
    const detail = `volume ${textAt(volume, 'name') ?? index}`;
    const message = 'it mounts a volume by NFS, which is plain';
    return [
      { where: placeOf(object), state: 'WARN', severity: 'low', message, evidence, endpoints: [endpoint], detail },
    ];
  });
}
