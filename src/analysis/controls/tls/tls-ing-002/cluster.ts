import type { Judged } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, plainAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { controllerWorkloads } from '../../ing/controllers.ts';

/** Whether anything in the input ends TLS for clients outside. */
export function hasTlsEdge({ snapshot }: ControlContext): boolean {
  return (
    snapshot.ingresses.some(({ hasTls }) => hasTls) ||
    snapshot.gateways.some(({ listeners }) =>
      listeners.some(({ protocol, tlsMode }) => protocol === 'HTTPS' && tlsMode !== 'Passthrough'),
    )
  );
}

/** Edges in the cluster whose settings are in the input. */
export function clusterFloors(context: ControlContext): Judged[] {
  const { objects } = context;
  return [
    ...objects.of('', 'ConfigMap').flatMap(nginxFloor),
    ...defaultFloors(context),
    ...objects.of('networking.istio.io', 'Gateway').flatMap(istioFloors),
    ...objects
      .of('traefik.io', 'TLSOption')
      .map((object) => floorOf(object, ['spec', 'minVersion'], /^VersionTLS1[01]$/)),
    ...objects
      .of('gateway.envoyproxy.io', 'ClientTrafficPolicy')
      .filter(({ value }) => plainAt(value, 'spec', 'tls') !== undefined)
      .map((object) => floorOf(object, ['spec', 'tls', 'minVersion'], /^1\.[01]$/)),
  ];
}

/** Of NGINX: the versions that it takes. */
export const FLOOR = 'ssl-protocols';

function nginxFloor(object: ClusterObject): Judged[] {
  const text = textAt(object.value, 'data', FLOOR);
  if (text === undefined) return [];
  const old = text.split(/\s+/).filter((each) => /^(?:SSLv[23]|TLSv1(?:\.1)?)$/.test(each));
  const message =
    old.length > 0 ? `the controller takes ${old.join(' and ')}` : 'TLS 1.2 is the lowest version of the controller';
  return [
    {
      where: placeOf(object),
      state: old.length > 0 ? 'FAIL' : 'PASS',
      message,
      evidence: [seenAt(object, ['data', FLOOR])],
    },
  ];
}

/** Controllers of NGINX take TLS from 1.2 on unless their ConfigMap says otherwise; it is in their namespace. */
function defaultFloors(context: ControlContext): Judged[] {
  const controllers = controllerWorkloads(context);
  return context.podOwners.flatMap(({ object, endpoint }): Judged[] => {
    const product = controllers.get(endpoint);
    if (product !== 'ingress-nginx' && product !== 'NGINX Ingress Controller') return [];
    const maps = context.objects.inNamespace(object.namespace).filter(({ kind }) => kind === 'ConfigMap');
    const isSaid = maps.some(({ value }) => textAt(value, 'data', FLOOR) !== undefined);
    if (isSaid || maps.length === 0) return [];
    return [
      {
        where: placeOf(object),
        state: 'PASS',
        message: `${product} takes TLS from 1.2 on, and no ConfigMap beside it says otherwise`,
        evidence: maps.slice(0, 2).map((map) => seenAt(map, [])),
      },
    ];
  });
}

/** Istio's own lowest version is 1.2. */
function istioFloors(object: ClusterObject): Judged[] {
  return listAt(object.value, 'spec', 'servers').flatMap((server, index): Judged[] => {
    const mode = textAt(server, 'tls', 'mode');
    if (mode === undefined || /PASSTHROUGH$/.test(mode)) return [];
    const path = ['spec', 'servers', index, 'tls', 'minProtocolVersion'];
    return [{ ...floorOf(object, path, /^TLSV1_[01]$/), detail: `server ${index}` }];
  });
}

function floorOf(object: ClusterObject, path: FieldPath, old: RegExp): Judged {
  const isOld = old.test(textAt(object.value, ...path) ?? '');
  const message = isOld ? 'it takes TLS before 1.2' : 'TLS 1.2 is its lowest version';
  return { where: placeOf(object), state: isOld ? 'FAIL' : 'PASS', message, evidence: [seenAt(object, path)] };
}
