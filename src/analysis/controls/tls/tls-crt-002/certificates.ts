import { escapeControl } from '#base/escape.ts';
import type { Judged } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { entriesAt, listAt, textAt } from '#model/plain.ts';
import { readCertificates } from '#parse/certificate.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { makerOf } from '../references.ts';
import { judgedEnd } from './ends.ts';

/** Certificates in Secrets. The first of a chain is the one that is served. */
export function certificatePlaces(context: ControlContext): Judged[] {
  return context.objects.of('', 'Secret').flatMap((object) =>
    ['tls.crt', 'ca.crt'].flatMap((key): Judged[] => {
      const field = ['data', 'stringData'].find((each) => textAt(object.value, each, key) !== undefined);
      const text = field === undefined ? undefined : textAt(object.value, field, key);
      const [certificate] = text === undefined ? [] : readCertificates(text);
      if (certificate === undefined || field === undefined) return [];
      const said = judgedEnd(context.today, certificate);
      const { origin } = seenAt(object, [field, key]);
      const evidence = [
        {
          object: `Secret ${object.namespace}/${object.name}`,
          field: `${field}["${key}"]`,
          value: `${certificate.notBefore} to ${certificate.notAfter}`,
          ...(origin !== undefined && { origin }),
        },
      ];
      const base = { where: placeOf(object), evidence, detail: key };
      const { namespace, name } = object;
      const isManual =
        key === 'tls.crt' &&
        said.state === 'PASS' &&
        makerOf(context, { namespace, name }) === 'by-hand' &&
        context.kind === 'live';
      return [
        isManual
          ? {
              ...base,
              state: 'WARN',
              severity: 'medium',
              message: `${said.message}, and nothing in the cluster renews it`,
            }
          : { ...base, ...said },
      ];
    }),
  );
}

const KINDS = [
  ['admissionregistration.k8s.io', 'ValidatingWebhookConfiguration', ['webhooks']],
  ['admissionregistration.k8s.io', 'MutatingWebhookConfiguration', ['webhooks']],
  ['apiregistration.k8s.io', 'APIService', []],
] as const;

/** Authorities by which the API server knows webhooks: only those that are near their end are told of. */
export function webhookPlaces(context: ControlContext): Judged[] {
  return KINDS.flatMap(([group, kind, list]) =>
    context.objects
      .of(group, kind)
      .flatMap((object) => bundlesOf(object, list).flatMap((bundle) => judgedBundle(context, object, bundle))),
  );
}

interface Bundle {
  readonly text: string;
  readonly path: FieldPath;
  readonly name: string;
}

function bundlesOf({ value }: ClusterObject, list: readonly string[]): Bundle[] {
  if (list.length === 0) {
    const text = textAt(value, 'spec', 'caBundle');
    return text === undefined ? [] : [{ text, path: ['spec', 'caBundle'], name: 'caBundle' }];
  }
  return listAt(value, ...list).flatMap((webhook, index) => {
    const text = textAt(webhook, 'clientConfig', 'caBundle');
    const path = [...list, index, 'clientConfig', 'caBundle'];
    return text === undefined ? [] : [{ text, path, name: textAt(webhook, 'name') ?? `${index}` }];
  });
}

function judgedBundle(context: ControlContext, object: ClusterObject, { text, path, name }: Bundle): Judged[] {
  const [certificate] = readCertificates(text);
  if (certificate === undefined) return [];
  const said = judgedEnd(context.today, { ...certificate, isAuthority: true });
  const isInjected = entriesAt(object.value, 'metadata', 'annotations').some(([key]) =>
    key.startsWith('cert-manager.io/inject-ca-from'),
  );
  if (said.state === 'PASS' || (said.state === 'WARN' && isInjected)) return [];
  const { field, origin } = seenAt(object, path);
  const evidence = [
    {
      object: `${object.kind} ${object.name}`,
      ...(field !== undefined && { field }),
      value: `to ${certificate.notAfter}`,
      ...(origin !== undefined && { origin }),
    },
  ];
  return [
    {
      where: placeOf(object),
      ...said,
      message: `the authority of \`${escapeControl(name)}\`: ${said.message}`,
      evidence,
      detail: escapeControl(name),
    },
  ];
}
