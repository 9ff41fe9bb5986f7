import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged, Place } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { secretKindIn } from '#model/object.ts';
import { entriesAt, listAt, plainAt, textAt, textsAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import { evidenceOf, isOn, managedClustersOf, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type CertificateReference, certificateReferences, type Maker, makerOf, secretOf } from '../references.ts';

/** Keys in ConfigMaps, and (where the input is files) in Secrets that were written with their values. */
export function keyPlaces(context: ControlContext): Judged[] {
  const maps = context.objects.of('', 'ConfigMap').flatMap((object) => {
    const found = entriesAt(object.value, 'data').filter(
      ([, text]) => typeof text === 'string' && secretKindIn(text) === 'private-key',
    );
    return found.map(
      ([key]): Judged => ({
        where: placeOf(object),
        state: 'FAIL',
        message: `\`${escapeControl(key)}\` holds a private key, which whoever may read ConfigMaps reads`,
        evidence: [{ ...seenAt(object, []), field: `data["${escapeControl(key)}"]` }],
        detail: escapeControl(key),
      }),
    );
  });
  return context.kind === 'live' ? maps : [...maps, ...tlsSecrets(context).filter(hasKey).map(judgedManifest)];
}

function tlsSecrets({ objects }: ControlContext): ClusterObject[] {
  return objects.of('', 'Secret').filter(({ value }) => textAt(value, 'type') === 'kubernetes.io/tls');
}

function hasKey({ value }: ClusterObject): boolean {
  return ['data', 'stringData'].some((field) => {
    const key = plainAt(value, field, 'tls.key');
    return key !== undefined && key !== null && key !== '';
  });
}

function judgedManifest(object: ClusterObject): Judged {
  const field = plainAt(object.value, 'data', 'tls.key') === undefined ? 'stringData' : 'data';
  return {
    where: placeOf(object),
    state: 'FAIL',
    message: 'its private key stands in a manifest: whoever reads the repository has it',
    evidence: [seenAt(object, [field, 'tls.key'], 'the value is left out here')],
  };
}

// ---------------------------------------------------------------- what ways in refer to

export function referencePlaces(context: ControlContext): Judged[] {
  const byName = Map.groupBy(certificateReferences(context), ({ namespace, name }) => `${namespace}/${name}`);
  return [...byName.values()].flatMap(([first]) => (first === undefined ? [] : judgedReference(context, first)));
}

const MADE: Readonly<Record<Exclude<Maker, 'by-hand' | 'unknown'>, string>> = {
  'cert-manager': 'cert-manager makes it and its key never leaves the cluster',
  'key-vault': 'it comes from Key Vault',
  'external-secrets': 'it comes from a store outside of the cluster',
};

function judgedReference(context: ControlContext, reference: CertificateReference): Judged[] {
  const { by, path, name } = reference;
  const secret = secretOf(context, reference);
  const where: Place = secret === undefined ? absentPlace(reference) : placeOf(secret);
  const evidence: Evidence[] = [seenAt(by, path)];
  const readers = secret === undefined ? undefined : openReaders(context, secret.namespace);
  if (readers !== undefined)
    return [
      {
        where,
        state: 'FAIL',
        message: 'everybody who has an account may read it',
        evidence: [...evidence, readers],
        detail: 'readers',
      },
    ];
  const maker = makerOf(context, reference);
  if (maker === 'unknown')
    return [
      { where, state: 'UNKNOWN', message: `who makes Secret \`${escapeControl(name)}\` is not in the input`, evidence },
    ];
  if (maker !== 'by-hand') return [{ where, state: 'PASS', message: MADE[maker], evidence }];
  // Its key in a manifest was told already.
  if (context.kind !== 'live' && secret !== undefined && hasKey(secret)) return [];
  const plainStore = withoutKeyVault(context);
  if (plainStore !== undefined)
    return [
      {
        where,
        state: 'WARN',
        message: 'it was made by hand and is kept in the cluster without encryption by Key Vault',
        evidence: [...evidence, plainStore],
      },
    ];
  return [{ where, state: 'PASS', message: 'it is a Secret that few can read', evidence }];
}

function absentPlace({ namespace, name, by, path }: CertificateReference): Place {
  const home = namespace === '' ? by.namespace : namespace;
  return { kind: 'Secret', namespace: home, name, id: `/Secret/${home}/${name}`, origin: by.originAt(path) };
}

function withoutKeyVault(context: ControlContext): Evidence | undefined {
  const [cluster] = managedClustersOf(context);
  if (cluster === undefined) return undefined;
  const setting = settingAt(cluster.resource, 'properties', 'securityProfile', 'azureKeyVaultKms', 'enabled');
  return isOn(setting, false) === false ? evidenceOf(cluster.resource, setting) : undefined;
}

// ---------------------------------------------------------------- who may read them

const EVERYBODY = /^system:(?:authenticated|unauthenticated|serviceaccounts|anonymous)$/;

/** A binding that gives everybody a role that reads Secrets there. */
function openReaders({ objects }: ControlContext, namespace: string): Evidence | undefined {
  const group = 'rbac.authorization.k8s.io';
  const bindings = [
    ...objects.of(group, 'ClusterRoleBinding'),
    ...objects.of(group, 'RoleBinding').filter((binding) => binding.namespace === namespace),
  ];
  const open = bindings.find((binding) => {
    const isOpen = listAt(binding.value, 'subjects').some((subject) => EVERYBODY.test(textAt(subject, 'name') ?? ''));
    const kind = textAt(binding.value, 'roleRef', 'kind') ?? '';
    const role = objects.get({
      group,
      kind,
      namespace: kind === 'Role' ? namespace : '',
      name: textAt(binding.value, 'roleRef', 'name') ?? '',
    });
    const isAdmin = textAt(binding.value, 'roleRef', 'name') === 'cluster-admin';
    return isOpen && (isAdmin || (role !== undefined && readsSecrets(role)));
  });
  return open === undefined ? undefined : seenAt(open, ['subjects']);
}

function readsSecrets({ value }: ClusterObject): boolean {
  return listAt(value, 'rules').some(
    (rule) =>
      textsAt(rule, 'apiGroups').some((each) => each === '' || each === '*') &&
      textsAt(rule, 'resources').some((each) => each === 'secrets' || each === '*') &&
      textsAt(rule, 'verbs').some((each) => ['get', 'list', 'watch', '*'].includes(each)) &&
      listAt(rule, 'resourceNames').length === 0,
  );
}

/** Grants that open every Secret of a namespace to Gateways of another one. */
export function grantPlaces({ objects }: ControlContext): Judged[] {
  return objects.of('gateway.networking.k8s.io', 'ReferenceGrant').flatMap((object) =>
    listAt(object.value, 'spec', 'to').flatMap((to, index): Judged[] => {
      if (textAt(to, 'kind') !== 'Secret') return [];
      const isOpen = textAt(to, 'name') === undefined;
      const message = isOpen
        ? 'Gateways of another namespace may use every Secret of this one'
        : 'Gateways of another namespace may use one named Secret';
      return [
        {
          where: placeOf(object),
          state: isOpen ? 'WARN' : 'PASS',
          message,
          evidence: [seenAt(object, ['spec', 'to', index])],
          detail: `to ${index}`,
        },
      ];
    }),
  );
}
