import type { AzureResource } from '#model/azure/resource.ts';
import type { Evidence, Judged } from '#model/control.ts';
import { listAt, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import { CLUSTER } from '../../assessment.ts';
import {
  evidenceOf,
  isOn,
  managedClustersOf,
  placeOfResource,
  settingAt,
  unknownOf,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { variablePaths } from './variables.ts';

/** Where secrets are kept: outside of the cluster, encrypted by a key of one's own, or as the platform keeps everything. */
export function judgeStorage(context: ControlContext): readonly Judged[] {
  const uses = usesOf(context);
  if (uses.length === 0) return [];
  const outside = outsideStores(context);
  const clusters = managedClustersOf(context);
  if (clusters.length > 0) return clusters.map(({ resource }) => judgeAks(resource, outside, uses));
  return [judgeOther(context, outside, uses)];
}

/** What shows that workloads have secrets. */
function usesOf(context: ControlContext): readonly Evidence[] {
  const secrets = context.objects
    .of('', 'Secret')
    .filter(({ namespace, value }) => !isSystemNamespace(context, namespace) && !isMachine(textAt(value, 'type')));
  const asVariables = context.podOwners.flatMap((owner) => {
    const [path] = isSystemNamespace(context, owner.object.namespace) ? [] : variablePaths(owner);
    return path === undefined ? [] : [seenAt(owner.object, path, 'a secret as a variable')];
  });
  const volumes = context.podOwners.flatMap(({ object, spec, path }) => {
    if (isSystemNamespace(context, object.namespace)) return [];
    const index = listAt(spec, 'volumes').findIndex((volume) => plainAt(volume, 'secret') !== undefined);
    return index < 0 ? [] : [seenAt(object, [...path, 'spec', 'volumes', index, 'secret'])];
  });
  return [...asVariables, ...volumes, ...secrets.map((secret) => seenAt(secret, ['type']))].slice(0, SHOWN);
}

const SHOWN = 5;

/** Secrets that Kubernetes and Helm keep for themselves. */
export function isMachine(type: string | undefined): boolean {
  return /^(?:kubernetes\.io\/service-account-token|helm\.sh\/release|bootstrap\.kubernetes\.io\/token)/.test(
    type ?? '',
  );
}

/** Objects that bring secrets from a vault: those of drivers that are used, and of operators. */
function outsideStores({ objects, podOwners }: ControlContext): readonly Evidence[] {
  const used = podOwners.flatMap(({ object, spec, path }) =>
    listAt(spec, 'volumes').flatMap((volume, index) =>
      textAt(volume, 'csi', 'driver') === 'secrets-store.csi.k8s.io'
        ? [seenAt(object, [...path, 'spec', 'volumes', index, 'csi'])]
        : [],
    ),
  );
  const synced = objects.all.filter(
    ({ group, kind }) =>
      (group === 'external-secrets.io' && /^(?:Cluster)?ExternalSecret$/.test(kind)) ||
      (group === 'secrets.hashicorp.com' && /^Vault\w+Secret$/.test(kind)) ||
      (group === 'spv.no' && kind === 'AzureKeyVaultSecret') ||
      (group === 'secret-sync.x-k8s.io' && kind === 'SecretSync'),
  );
  return [...used, ...synced.map((object) => seenAt(object, ['kind']))].slice(0, SHOWN);
}

function judgeAks(resource: AzureResource, outside: readonly Evidence[], uses: readonly Evidence[]): Judged {
  const where = placeOfResource(resource);
  const kms = settingAt(resource, 'properties', 'securityProfile', 'azureKeyVaultKms', 'enabled');
  const profile = ['properties', 'securityProfile', 'kubernetesResourceObjectEncryptionProfile'];
  const platform = settingAt(resource, ...profile, 'infrastructureEncryption');
  const addon = settingAt(resource, 'properties', 'addonProfiles', 'azureKeyvaultSecretsProvider', 'enabled');
  const open = [kms, platform, addon].find((setting) => setting.state === 'unsettled');
  const evidence = [kms, platform, addon].map((setting) => evidenceOf(resource, setting));
  if (isOn(kms, false) === true || wordOf(platform, 'disabled') === 'enabled')
    return { where, state: 'PASS', message: 'secrets are encrypted in etcd by a key of its own', evidence };
  if (outside.length > 0)
    return { where, state: 'PASS', message: 'secrets come from a vault', evidence: [...evidence, ...outside] };
  if (open?.state === 'unsettled') return unknownOf(resource, open);
  const message =
    isOn(addon, false) === true
      ? 'the driver for Key Vault is on, and no workload of the input takes a secret by it'
      : 'secrets are kept in the cluster, encrypted only as Azure encrypts everything';
  return { where, state: 'WARN', message, evidence: [...evidence, ...uses] };
}

function judgeOther(context: ControlContext, outside: readonly Evidence[], uses: readonly Evidence[]): Judged {
  if (outside.length > 0)
    return { where: CLUSTER, state: 'PASS', message: 'secrets come from a vault', evidence: outside };
  const configured = encryptionConfigured(context) ?? encryptionFlag(context);
  if (configured !== undefined) return configured;
  return {
    where: CLUSTER,
    state: 'UNKNOWN',
    message:
      'whether secrets are encrypted where the cluster keeps them is not in the input: `--azure` would show it for AKS',
    evidence: uses,
  };
}

/** EncryptionConfiguration of the API server: the first provider of a kind encrypts what is written. */
function encryptionConfigured({ objects }: ControlContext): Judged | undefined {
  for (const object of objects.all) {
    if (object.kind !== 'EncryptionConfiguration') continue;
    for (const [index, resource] of listAt(object.value, 'resources').entries()) {
      if (!textsAt(resource, 'resources').some((name) => /^(?:secrets|\*\.|\*\.\*)$/.test(name))) continue;
      const path = ['resources', index, 'providers', 0];
      const evidence = [seenAt(object, [...path.slice(0, -1)], 'the first provider encrypts')];
      return isEncrypting(plainAt(object.value, ...path))
        ? { where: CLUSTER, state: 'PASS', message: 'secrets are encrypted in etcd', evidence }
        : { where: CLUSTER, state: 'FAIL', message: 'the first provider for secrets encrypts nothing', evidence };
    }
  }
  return undefined;
}

function isEncrypting(provider: PlainValue | undefined): boolean {
  return ['kms', 'secretbox', 'aesgcm', 'aescbc'].some((name) => plainAt(provider, name) !== undefined);
}

function encryptionFlag({ podOwners }: ControlContext): Judged | undefined {
  const server = podOwners.find(
    ({ object }) => object.namespace === 'kube-system' && /^kube-apiserver(?:-|$)/.test(object.name),
  );
  const container = server?.containers[0];
  if (server === undefined || container === undefined) return undefined;
  const words = [...textsAt(container.value, 'command'), ...textsAt(container.value, 'args')];
  const flag = words.find((word) => word.startsWith('--encryption-provider-config='));
  const evidence = [
    { ...seenAt(server.object, [...container.path, 'command']), ...(flag !== undefined && { value: flag }) },
  ];
  return flag === undefined
    ? { where: CLUSTER, state: 'FAIL', message: 'the API server is given no configuration of encryption', evidence }
    : {
        where: CLUSTER,
        state: 'UNKNOWN',
        message: 'the API server has a configuration of encryption, which is not in the input',
        evidence,
      };
}
