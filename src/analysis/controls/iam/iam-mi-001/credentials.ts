import type { Judged } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { entriesAt, listAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { OwnedContainer, PodOwner } from '../../pod-owners.ts';

/** Names by which the libraries of Azure take the secret of a service principal. */
const SECRET_NAMES =
  /^(?:AZURE|ARM|AAD|AZ|SP)_?(?:CLIENT|SP|APP|SERVICE_PRINCIPAL)_?(?:SECRET|PASSWORD|CERTIFICATE_PATH|CERTIFICATE_PASSWORD)$|^AZURE_PASSWORD$/i;

export function isPrincipalSecret(name: string): boolean {
  return SECRET_NAMES.test(name.replaceAll('-', '_'));
}

/** Workloads that sign in to Azure with a secret of their own. */
export function judgeWorkload(context: ControlContext, owner: PodOwner): readonly Judged[] {
  const paths = [...owner.containers.flatMap((container) => secretsOf(context, owner, container)), ...mountsOf(owner)];
  if (paths.length === 0) return [];
  return [
    {
      where: placeOf(owner.object),
      state: 'FAIL',
      message: 'it signs in to Azure as a service principal with a secret of its own',
      evidence: paths.map((path) => seenAt(owner.object, path)),
      endpoints: [owner.endpoint],
    },
  ];
}

function secretsOf(
  context: ControlContext,
  { object }: PodOwner,
  { value, path }: OwnedContainer,
): readonly FieldPath[] {
  const own = listAt(value, 'env').flatMap((entry, index) =>
    isPrincipalSecret(textAt(entry, 'name') ?? '') && isSet(entry) ? [[...path, 'env', index, 'name']] : [],
  );
  const taken = listAt(value, 'envFrom').flatMap((entry, index) =>
    keysOf(context, object.namespace, entry).some(isPrincipalSecret) ? [[...path, 'envFrom', index]] : [],
  );
  return [...own, ...taken];
}

function isSet(entry: PlainValue): boolean {
  return plainAt(entry, 'valueFrom') !== undefined || (textAt(entry, 'value') ?? '') !== '';
}

function keysOf({ objects }: ControlContext, namespace: string, entry: PlainValue): readonly string[] {
  for (const [field, kind] of [
    ['secretRef', 'Secret'],
    ['configMapRef', 'ConfigMap'],
  ] as const) {
    const name = textAt(entry, field, 'name');
    if (name === undefined) continue;
    const object = objects.get({ group: '', kind, namespace, name });
    return [...entriesAt(object?.value, 'data'), ...entriesAt(object?.value, 'stringData')].map(([key]) => key);
  }
  return [];
}

/** The Key Vault driver takes a service principal from the Secret that a volume names. */
function mountsOf({ path, spec }: PodOwner): readonly FieldPath[] {
  return listAt(spec, 'volumes').flatMap((volume, index) =>
    textAt(volume, 'csi', 'driver') === 'secrets-store.csi.k8s.io' &&
    textAt(volume, 'csi', 'nodePublishSecretRef', 'name') !== undefined
      ? [[...path, 'spec', 'volumes', index, 'csi', 'nodePublishSecretRef', 'name']]
      : [],
  );
}

/** Objects of operators that are given a service principal: paths from the top, by kind. */
const OPERATORS: readonly {
  readonly group: string;
  readonly kinds: readonly string[];
  readonly paths: readonly FieldPath[];
}[] = [
  {
    group: 'external-secrets.io',
    kinds: ['SecretStore', 'ClusterSecretStore'],
    paths: [['spec', 'provider', 'azurekv', 'authSecretRef', 'clientSecret']],
  },
  {
    group: 'cert-manager.io',
    kinds: ['Issuer', 'ClusterIssuer'],
    paths: [0, 1, 2, 3].map((index) => [
      'spec',
      'acme',
      'solvers',
      index,
      'dns01',
      'azureDNS',
      'clientSecretSecretRef',
    ]),
  },
];

export function judgeOperators({ objects }: ControlContext): readonly Judged[] {
  return OPERATORS.flatMap(({ group, kinds, paths }) =>
    kinds.flatMap((kind) => objects.of(group, kind)).flatMap((object) => judgeOperator(object, paths)),
  );
}

function judgeOperator(object: ClusterObject, paths: readonly FieldPath[]): readonly Judged[] {
  const found = paths.filter((path) => plainAt(object.value, ...path) !== undefined);
  if (found.length === 0) return [];
  const message = 'it is given a service principal with a secret';
  const evidence = found.map((path) => seenAt(object, path));
  return [{ where: placeOf(object), state: 'FAIL', message, evidence }];
}
