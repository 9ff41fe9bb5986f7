import type { Exposure } from '#model/answers.ts';
import type { OpenShiftRoute, ServicePort } from '#model/exposure.ts';
import type { ServiceBackends } from '../services/backends.ts';
import { familyOfClass } from './controller-families.ts';
import { type Controller, controllersOf } from './controllers.ts';
import type { Exposing } from './exposing.ts';
import { portsOf, type RoutedBackend, routedExposures } from './routed.ts';

/** What each backend of each OpenShift Route is reachable at. `ways` are the exposures of the routers themselves. */
export function openShiftRouteExposures(exposing: Exposing, ways: readonly Exposure[]): Exposure[] {
  const { openShiftRoutes } = exposing.engine.snapshot;
  if (openShiftRoutes.length === 0) return [];
  const controllers = controllersOf(exposing, familyOfClass('openshift-default'), 'Route');
  return openShiftRoutes.flatMap((route) =>
    doorsOf(route).flatMap((door) =>
      route.backends.flatMap((_, index) => ofBackend(exposing, { route, door, index, controllers, ways })),
    ),
  );
}

interface Door {
  readonly scheme: 'http' | 'https';
  readonly port: 80 | 443;
}

/** Without TLS plain HTTP; with it HTTPS, and HTTP beside it where the Route allows insecure requests. */
function doorsOf({ termination, insecurePolicy }: OpenShiftRoute): Door[] {
  const plain: Door = { scheme: 'http', port: 80 };
  if (termination === undefined) return [plain];
  const secure: Door = { scheme: 'https', port: 443 };
  return insecurePolicy === 'Allow' ? [secure, plain] : [secure];
}

interface Part {
  readonly route: OpenShiftRoute;
  readonly door: Door;
  readonly index: number;
  readonly controllers: readonly Controller[];
  readonly ways: readonly Exposure[];
}

function ofBackend(exposing: Exposing, { route, door, index, controllers, ways }: Part): Exposure[] {
  const { service: name, weight, origin } = route.backends[index]!;
  const closed = closedBy(route, weight);
  const host = route.host === undefined ? '(host given by the router)' : `${route.wildcard ? '*.' : ''}${route.host}`;
  return routedExposures(exposing, {
    through: `Route ${route.namespace}/${route.name}`,
    at: `${door.scheme}://${host}${route.path ?? '/'}`,
    front: { port: door.port, protocol: 'TCP', scope: 'internet', notes: [] },
    controllers,
    ways,
    backend: backendOf(exposing, route, name),
    notes: notesOf(route),
    ...(closed !== undefined && { closed }),
    origin,
  });
}

function closedBy(route: OpenShiftRoute, weight: number): string | undefined {
  if (route.admitted === false) return 'no router admitted the Route: not exposed';
  return weight === 0 ? 'weight 0: gets no traffic' : undefined;
}

function backendOf({ services }: Exposing, { namespace, targetPort }: OpenShiftRoute, name: string): RoutedBackend {
  const service = services.serviceNamed(namespace, name);
  const shown = `svc:${namespace}/${name}`;
  return service === undefined
    ? { ports: [], name: shown }
    : { service, ports: portsMeant(services.backendsOf(service), targetPort), name: shown };
}

/** A name is a port of the Service; a number is a port of the pods. The router speaks TCP only. */
function portsMeant({ service, ports }: ServiceBackends, targetPort: number | string | undefined): ServicePort[] {
  if (typeof targetPort !== 'number') return portsOf(service, targetPort, 'TCP');
  const leading = ports
    .filter(({ backends }) => backends.some((backend) => backend.port === targetPort))
    .map(({ port }) => port);
  return portsOf(service, undefined, 'TCP').filter((port) => port.targetPort === targetPort || leading.includes(port));
}

const TLS_NOTES = {
  edge: 'TLS ends at the router; the way to the pod is plaintext',
  reencrypt: 'TLS ends at the router and begins anew to the pod',
  passthrough: 'TLS goes through to the pod',
} as const;

function notesOf({ termination, admitted, annotations }: OpenShiftRoute): string[] {
  const notes: string[] = termination === undefined ? [] : [TLS_NOTES[termination]];
  if (admitted === undefined) notes.push('predicted: no status says whether a router admitted it');
  for (const key of ['haproxy.router.openshift.io/ip_allowlist', 'haproxy.router.openshift.io/ip_whitelist']) {
    const list = annotations.get(key);
    if (list !== undefined) notes.push(`the router admits only ${list}, by annotation ${key}`);
  }
  return notes;
}
