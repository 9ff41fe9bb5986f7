import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, plainAt, textAt } from '#model/plain.ts';
import { type ControlContext, onceKey } from '../context.ts';

/** A Secret with a certificate that a way in serves. */
export interface CertificateReference {
  /** Empty: one of whatever namespace the gateway's pods are in. */
  readonly namespace: string;
  readonly name: string;
  readonly by: ClusterObject;
  readonly path: FieldPath;
}

/** Who makes a Secret and renews it. */
export type Maker = 'cert-manager' | 'key-vault' | 'external-secrets' | 'by-hand' | 'unknown';

const REFERENCES = onceKey<readonly CertificateReference[]>('certificate references');

export function certificateReferences(context: ControlContext): readonly CertificateReference[] {
  return context.once(REFERENCES, ({ objects }) => [
    ...objects.of('networking.k8s.io', 'Ingress').flatMap(ofIngress),
    ...objects.of('gateway.networking.k8s.io', 'Gateway').flatMap(ofGateway),
    ...objects.of('networking.istio.io', 'Gateway').flatMap(ofIstio),
  ]);
}

function ofIngress(by: ClusterObject): CertificateReference[] {
  return listAt(by.value, 'spec', 'tls').flatMap((entry, index) => {
    const name = textAt(entry, 'secretName');
    return name === undefined || name === ''
      ? []
      : [{ namespace: by.namespace, name, by, path: ['spec', 'tls', index, 'secretName'] }];
  });
}

function ofGateway(by: ClusterObject): CertificateReference[] {
  return listAt(by.value, 'spec', 'listeners').flatMap((listener, index) =>
    listAt(listener, 'tls', 'certificateRefs').flatMap((reference, at) => {
      const name = textAt(reference, 'name');
      if (name === undefined || (textAt(reference, 'kind') ?? 'Secret') !== 'Secret') return [];
      const path = ['spec', 'listeners', index, 'tls', 'certificateRefs', at];
      return [{ namespace: textAt(reference, 'namespace') ?? by.namespace, name, by, path }];
    }),
  );
}

/** The Secret is in the namespace of the pods, which is mostly not that of the Gateway. */
function ofIstio(by: ClusterObject): CertificateReference[] {
  return listAt(by.value, 'spec', 'servers').flatMap((server, index) => {
    const name = textAt(server, 'tls', 'credentialName');
    return name === undefined || name.includes('://')
      ? []
      : [{ namespace: '', name, by, path: ['spec', 'servers', index, 'tls', 'credentialName'] }];
  });
}

/** The Secret itself, where the input has it. */
export function secretOf(
  { objects }: ControlContext,
  { namespace, name }: Pick<CertificateReference, 'namespace' | 'name'>,
): ClusterObject | undefined {
  if (namespace !== '') return objects.get({ group: '', kind: 'Secret', namespace, name });
  return objects.of('', 'Secret').find((secret) => secret.name === name);
}

const BY_ANNOTATION: readonly (readonly [RegExp, Maker])[] = [
  [/^cert-manager\.io\/(?:cluster-)?issuer$|^kubernetes\.io\/tls-acme$/, 'cert-manager'],
  [/^kubernetes\.azure\.com\/tls-cert-keyvault-uri$/, 'key-vault'],
];

/** Who makes a Secret, by what refers to it and by objects that name it. */
export function makerOf(
  context: ControlContext,
  { namespace, name, by }: Pick<CertificateReference, 'namespace' | 'name'> & { readonly by?: ClusterObject },
): Maker {
  const keys = Object.keys(annotationsOf(by));
  const said = BY_ANNOTATION.find(([pattern]) => keys.some((key) => pattern.test(key)));
  if (said !== undefined) return said[1];
  const isThere = (object: ClusterObject) => namespace === '' || object.namespace === namespace;
  const { objects } = context;
  if (
    objects
      .of('cert-manager.io', 'Certificate')
      .some((object) => isThere(object) && textAt(object.value, 'spec', 'secretName') === name)
  )
    return 'cert-manager';
  const classes = objects.of('secrets-store.csi.x-k8s.io', 'SecretProviderClass');
  if (
    classes.some(
      (object) =>
        isThere(object) &&
        listAt(object.value, 'spec', 'secretObjects').some((each) => textAt(each, 'secretName') === name),
    )
  )
    return 'key-vault';
  const external = objects.of('external-secrets.io', 'ExternalSecret');
  if (
    external.some(
      (object) => isThere(object) && (textAt(object.value, 'spec', 'target', 'name') ?? object.name) === name,
    )
  )
    return 'external-secrets';
  const secret = secretOf(context, { namespace, name });
  if (secret === undefined) return 'unknown';
  const own = annotationsOf(secret);
  return 'cert-manager.io/certificate-name' in own ? 'cert-manager' : 'by-hand';
}

function annotationsOf(object: ClusterObject | undefined): Readonly<Record<string, unknown>> {
  const found = plainAt(object?.value, 'metadata', 'annotations');
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? { ...found } : {};
}
