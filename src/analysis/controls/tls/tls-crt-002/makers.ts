import { escapeControl } from '#base/escape.ts';
import type { Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import { evidenceOf, isOn, managedClustersOf, placeOfResource, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type CertificateReference, certificateReferences, type Maker, makerOf, secretOf } from '../references.ts';
import { daysLeft } from './ends.ts';

/** Certificates of cert-manager, and what ways in refer to and the input has no date of. */
export function madePlaces(context: ControlContext): Judged[] {
  const own = context.objects.of('cert-manager.io', 'Certificate');
  const named = new Set(own.map(({ value, namespace }) => `${namespace}/${textAt(value, 'spec', 'secretName')}`));
  const references = new Map(certificateReferences(context).map((each) => [`${each.namespace}/${each.name}`, each]));
  return [
    ...own.map((object) => judgedCertificate(context, object)),
    ...[...references]
      .filter(([key]) => !named.has(key))
      .flatMap(([, reference]) => judgedReference(context, reference)),
  ];
}

function judgedCertificate(context: ControlContext, object: ClusterObject): Judged {
  const where = placeOf(object);
  const notAfter = textAt(object.value, 'status', 'notAfter');
  const isReady = listAt(object.value, 'status', 'conditions').every(
    (each) => textAt(each, 'type') !== 'Ready' || textAt(each, 'status') === 'True',
  );
  const left = notAfter === undefined ? undefined : daysLeft(context.today, notAfter);
  if (left !== undefined && left < 7)
    return {
      where,
      state: 'FAIL',
      message: `it ends on ${notAfter!.slice(0, 10)} and was not renewed`,
      evidence: [seenAt(object, ['status', 'notAfter'])],
    };
  if (!isReady)
    return {
      where,
      state: 'WARN',
      message: 'cert-manager does not get it made',
      evidence: [seenAt(object, ['status', 'conditions'])],
    };
  return {
    where,
    state: 'PASS',
    message: 'cert-manager renews it',
    evidence: [seenAt(object, ['spec', 'secretName'])],
  };
}

const RENEWED: Readonly<Partial<Record<Maker, string>>> = {
  'cert-manager': 'cert-manager renews it',
  'key-vault': 'Key Vault keeps it, and the driver fetches new ones',
  'external-secrets': 'it is fetched again from a store outside of the cluster',
};

/** A Secret with its dates was judged by them. */
function judgedReference(context: ControlContext, reference: CertificateReference): Judged[] {
  const { by, path, name } = reference;
  const maker = makerOf(context, reference);
  if (maker === 'by-hand' || secretOf(context, reference) !== undefined) return [];
  const place = { kind: 'Secret', namespace: reference.namespace || by.namespace, name };
  const where = { ...place, id: `/Secret/${place.namespace}/${name}`, origin: by.originAt(path) };
  const evidence = [seenAt(by, path)];
  const said = RENEWED[maker];
  if (said !== undefined) return [{ where, state: 'PASS', message: said, evidence }];
  return [
    {
      where,
      state: 'UNKNOWN',
      message: `Secret \`${escapeControl(name)}\` is not in the input, nor who renews it`,
      evidence,
    },
  ];
}

/** The driver fetches certificates once for each pod unless it is told to look again. */
export function rotationPlaces(context: ControlContext): Judged[] {
  if (context.objects.of('secrets-store.csi.x-k8s.io', 'SecretProviderClass').length === 0) return [];
  return managedClustersOf(context).flatMap(({ resource }): Judged[] => {
    const addon = ['properties', 'addonProfiles', 'azureKeyvaultSecretsProvider'];
    if (isOn(settingAt(resource, ...addon, 'enabled'), false) !== true) return [];
    const setting = settingAt(resource, ...addon, 'config', 'enableSecretRotation');
    const on = isOn(setting, false);
    const where = placeOfResource(resource);
    const evidence = [evidenceOf(resource, setting)];
    if (on === 'unsettled')
      return [
        {
          where,
          state: 'UNKNOWN',
          message: 'whether the Key Vault driver fetches new certificates comes from an expression',
          evidence,
          detail: 'rotation',
        },
      ];
    return on
      ? [
          {
            where,
            state: 'PASS',
            message: 'the Key Vault driver fetches new certificates',
            evidence,
            detail: 'rotation',
          },
        ]
      : [
          {
            where,
            state: 'WARN',
            message: 'the Key Vault driver fetches certificates once and never again',
            evidence,
            detail: 'rotation',
          },
        ];
  });
}
