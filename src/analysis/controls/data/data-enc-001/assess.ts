import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { textAt, textsAt } from '#model/plain.ts';
import { assessmentOf, placeOf } from '../../assessment.ts';
import {
  evidenceOf,
  evidenceOfResource,
  managedClustersOf,
  placeOfResource,
  poolsOf,
  resourcesOfType,
  settingAt,
  unknownOf,
  type WrittenCluster,
  type WrittenPool,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { counted, worded } from '../../worded.ts';

/** The built-in definition that asks for keys of the customer on disks. */
const OWN_KEYS = '7d7be79c-23ba-4033-84dd-45e2a5ccdd67';

export function assessAtRest(context: ControlContext): Assessment {
  const places = [
    ...managedClustersOf(context).flatMap((each) => [judgeDisks(context, each), ...judgePools(context, each)]),
    ...judgeClasses(context),
    ...context.podOwners.flatMap(judgeApiServer),
  ];
  const bad = counted(
    'place keeps data that is not encrypted as it could be',
    'places keep data that is not encrypted as it could be',
  );
  const good = counted('place encrypts what it keeps', 'places encrypt what they keep');
  const assessment = assessmentOf(
    places,
    withoutCluster(context, 'how its disks are encrypted'),
    worded(places, { bad, good }),
  );
  // Azure encrypts every disk and its own etcd whatever the user says: nobody of the cluster did it.
  const byAzure = assessment.state === 'PASS' && places.every(({ detail }) => detail === BY_AZURE);
  return byAzure
    ? { ...assessment, state: 'PASS-PLATFORM', why: 'Azure encrypts every disk with keys of its own' }
    : assessment;
}

const BY_AZURE = 'keys of Azure';

function judgeDisks(context: ControlContext, { resource }: WrittenCluster): Judged {
  const setting = settingAt(resource, 'properties', 'diskEncryptionSetID');
  const where = placeOfResource(resource);
  const evidence = [evidenceOf(resource, setting)];
  if (setting.state === 'unsettled' && !IS_SET.test(setting.expression))
    return { ...unknownOf(resource, setting), detail: 'disks' };
  if (setting.state !== 'absent')
    return {
      where,
      state: 'PASS',
      message: 'its disks are encrypted with keys of the customer',
      evidence,
      detail: 'disks',
    };
  const asked = resourcesOfType(context, 'Microsoft.Authorization/policyAssignments').find(asksForOwnKeys);
  if (asked !== undefined) {
    const message = 'a policy asks for keys of the customer, and its disks are encrypted with keys of Azure';
    const said = evidenceOfResource(asked, 'asks for keys of the customer');
    return { where, state: 'FAIL', severity: 'medium', message, evidence: [...evidence, said], detail: 'disks' };
  }
  return { where, state: 'PASS', message: 'its disks are encrypted with keys of Azure', evidence, detail: BY_AZURE };
}

/** The id of a set, in Terraform and in templates: which one it is does not matter, only that there is one. */
const IS_SET =
  /^(?:data\.)?azurerm_disk_encryption_set\.[\w.[\]"-]+\.id$|^resourceId\((?:[^']*)'Microsoft\.Compute\/diskEncryptionSets'/i;

function asksForOwnKeys(assignment: AzureResource): boolean {
  return (wordOf(settingAt(assignment, 'properties', 'policyDefinitionId'), '') ?? '').endsWith(OWN_KEYS);
}

/** Caches and temporary disks are on the host, and only that switch encrypts them there. */
function judgePools(context: ControlContext, cluster: WrittenCluster): readonly Judged[] {
  return poolsOf(context, cluster).map((written) => judgePool(written, cluster.resource));
}

function judgePool({ pool, resource, at }: WrittenPool, cluster: AzureResource): Judged {
  const setting = at('enableEncryptionAtHost');
  const where = { ...placeOfResource(resource), id: pool.key, kind: pool.type, name: `${cluster.name}/${pool.name}` };
  const evidence = [evidenceOf(resource, setting)];
  if (setting.state === 'unsettled') return { ...unknownOf(resource, setting), where };
  const word = wordOf(setting, 'false');
  return word === 'true'
    ? { where, state: 'PASS', message: 'caches and temporary disks of its nodes are encrypted on the host', evidence }
    : {
        where,
        state: 'WARN',
        severity: 'low',
        message: 'caches and temporary disks of its nodes are not encrypted on the host',
        evidence,
      };
}

/** Volumes of other clouds are encrypted where their class says so, or the account does. */
function judgeClasses({ objects }: ControlContext): readonly Judged[] {
  return objects.of('storage.k8s.io', 'StorageClass').flatMap((object): Judged[] => {
    const where = placeOf(object);
    const provisioner = textAt(object.value, 'provisioner') ?? '';
    const evidence = [seenAt(object, ['provisioner'])];
    if (/^(?:disk|file|blob)\.csi\.azure\.com$|^kubernetes\.io\/azure-/.test(provisioner)) {
      const path = ['parameters', 'diskEncryptionSetID'];
      if (textAt(object.value, ...path) === undefined)
        return [
          { where, state: 'PASS', message: 'its volumes are encrypted with keys of Azure', evidence, detail: BY_AZURE },
        ];
      const message = 'its volumes are encrypted with keys of the customer';
      return [{ where, state: 'PASS', message, evidence: [seenAt(object, path)] }];
    }
    if (!/^(?:ebs|efs)\.csi\.aws\.com$|^kubernetes\.io\/aws-ebs$/.test(provisioner)) return [];
    const path = ['parameters', 'encrypted'];
    const word = textAt(object.value, ...path);
    const seen = [...evidence, seenAt(object, path)];
    if (word === 'true') return [{ where, state: 'PASS', message: 'its volumes are encrypted', evidence: seen }];
    if (word === 'false')
      return [
        {
          where,
          state: 'FAIL',
          severity: 'medium',
          message: 'it asks for volumes that are not encrypted',
          evidence: seen,
        },
      ];
    const message = 'whether its volumes are encrypted is for the account to say, which is not in the input';
    return [{ where, state: 'UNKNOWN', message, evidence: seen }];
  });
}

/** A server of one's own keeps Secrets as they are unless it is told how to encrypt them (CIS Kubernetes 1.2.27). */
function judgeApiServer({ object, containers }: PodOwner): readonly Judged[] {
  return containers.flatMap(({ value, path }): Judged[] => {
    const words = [...textsAt(value, 'command'), ...textsAt(value, 'args')];
    if (!words.some((word) => /(?:^|\/)kube-apiserver$/.test(word))) return [];
    const isSet = words.some((word) => word.startsWith('--encryption-provider-config'));
    const message = isSet
      ? 'the API server encrypts what it is told to before it keeps it'
      : 'the API server keeps Secrets in etcd as they are';
    const evidence = [
      seenAt(object, [...path, 'command'], isSet ? undefined : 'has no `--encryption-provider-config`'),
    ];
    return [{ where: placeOf(object), state: isSet ? 'PASS' : 'FAIL', severity: 'medium', message, evidence }];
  });
}
