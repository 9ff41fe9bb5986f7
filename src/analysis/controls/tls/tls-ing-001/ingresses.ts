import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged } from '#model/control.ts';
import type { Ingress } from '#model/exposure.ts';
import type { ClusterObject } from '#model/object.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { azureWays } from '../../ing/azure-ways.ts';
import { reachedBy, waysThrough } from '../../ing/ways.ts';
import { formatList } from '../../ing/words.ts';
import { coversHost } from '../hosts.ts';
import { familyOfIngress } from '../ingress-family.ts';
import { endsBefore } from './upstream.ts';

export function ingressPlaces(context: ControlContext): Judged[] {
  return context.snapshot.ingresses.flatMap((ingress): Judged[] => {
    const { namespace, name } = ingress;
    const object = context.objects.get({ group: 'networking.k8s.io', kind: 'Ingress', namespace, name });
    return object === undefined ? [] : [judged(context, ingress, object)];
  });
}

function judged(context: ControlContext, ingress: Ingress, object: ClusterObject): Judged {
  const where = placeOf(object);
  const bare = hostsWithoutTls(ingress);
  if (bare.length === 0) return { where, ...judgedRedirect(context, ingress, object) };
  const reached = reachedBy(waysThrough(context, object));
  const hosts = `\`${escapeControl(formatList(bare))}\``;
  const evidence = [seenAt(object, ['spec', 'tls'], ingress.hasTls ? 'does not cover every host' : 'there is none')];
  const upstream = endsBefore(context, object);
  if (upstream !== undefined)
    return {
      where,
      state: 'WARN',
      severity: 'medium',
      message: `TLS for ${hosts} ends at ${upstream}, and the rest of the way is plain`,
      evidence,
    };
  if (reached === 'network' || (reached === 'none' && azureWays(context) !== undefined))
    return {
      where,
      state: 'WARN',
      severity: 'medium',
      message: `${hosts} is served without TLS, to connected networks only`,
      evidence,
    };
  return { where, state: 'FAIL', message: `${hosts} is served without TLS`, evidence };
}

/** Certificates that a controller takes from elsewhere than the object. */
const TLS_ANNOTATIONS = [
  'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
  'kubernetes.azure.com/tls-cert-keyvault-uri',
  'alb.ingress.kubernetes.io/certificate-arn',
  'ingress.gcp.kubernetes.io/pre-shared-cert',
  'networking.gke.io/managed-certificates',
];

export function hostsWithoutTls(ingress: Ingress): string[] {
  const { rules, defaultBackend, tlsHosts, hasTls, annotations } = ingress;
  if (
    TLS_ANNOTATIONS.some((key) => annotations.has(key)) ||
    annotations.get('traefik.ingress.kubernetes.io/router.tls') === 'true'
  )
    return [];
  const hosts = [...new Set(rules.map(({ host }) => host ?? '*'))];
  const all = hosts.length === 0 && defaultBackend !== undefined ? ['*'] : hosts;
  if (hasTls && tlsHosts.length === 0) return [];
  return all.filter((host) => !tlsHosts.some((own) => coversHost(own, host)));
}

// ---------------------------------------------------------------- plain requests beside TLS

/** Annotations by which a controller is told to answer plain requests, or not to. */
export const REDIRECT_OFF: ReadonlyMap<string, RegExp> = new Map([
  ['nginx.ingress.kubernetes.io/ssl-redirect', /^false$/i],
  ['haproxy.org/ssl-redirect', /^false$/i],
]);
const REDIRECT_ON: ReadonlyMap<string, RegExp> = new Map([
  ['nginx.ingress.kubernetes.io/force-ssl-redirect', /^true$/i],
  ['ingress.kubernetes.io/force-ssl-redirect', /^true$/i],
  ['kubernetes.io/ingress.allow-http', /^false$/i],
  ['networking.gke.io/v1beta1.FrontendConfig', /./],
  ['konghq.com/protocols', /^https$/i],
  ['alb.ingress.kubernetes.io/ssl-redirect', /./],
]);
/** Controllers that answer plain requests beside TLS unless they are told not to (each project's documentation). */
const PLAIN_BY_DEFAULT: ReadonlySet<string> = new Set(['Contour', 'Kong', 'Google Cloud load balancing']);

function judgedRedirect(
  context: ControlContext,
  ingress: Ingress,
  object: ClusterObject,
): Pick<Judged, 'state' | 'message' | 'evidence'> {
  const found = (map: ReadonlyMap<string, RegExp>) =>
    [...map].find(([key, value]) => value.test(ingress.annotations.get(key) ?? ''))?.[0];
  const on = found(REDIRECT_ON);
  const off = found(REDIRECT_OFF);
  const at = (key: string | undefined): Evidence[] => [
    seenAt(object, key === undefined ? ['spec', 'tls'] : ['metadata', 'annotations', key]),
  ];
  if (on === undefined && off !== undefined)
    return {
      state: 'FAIL',
      message: 'it answers plain requests beside TLS: the redirect is turned off',
      evidence: at(off),
    };
  const family = familyOfIngress(context, ingress);
  if (on === undefined && family !== undefined && PLAIN_BY_DEFAULT.has(family))
    return {
      state: 'WARN',
      message: `${family} answers plain requests beside TLS unless it is told to redirect`,
      evidence: at(undefined),
    };
  return { state: 'PASS', message: 'TLS covers every host', evidence: at(on) };
}
