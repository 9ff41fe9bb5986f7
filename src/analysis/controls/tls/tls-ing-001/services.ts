import type { Judged } from '#model/control.ts';
import type { ServicePort } from '#model/exposure.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { controllerWorkloads } from '../../ing/controllers.ts';
import { isHttpPort } from '../../ing/http.ts';
import { type WrittenService, writtenServices } from '../../ing/services.ts';
import { reachedBy, waysThrough } from '../../ing/ways.ts';

/** Public Services that lead to workloads themselves. Those of controllers are judged by what the controllers serve. */
export function servicePlaces(context: ControlContext): Judged[] {
  return writtenServices(context).flatMap((written) => judgedService(context, written));
}

function judgedService(context: ControlContext, { service, object }: WrittenService): Judged[] {
  if (service.type !== 'LoadBalancer') return [];
  const controllers = controllerWorkloads(context);
  const ways = waysThrough(context, object).filter(({ through }) => through.endsWith('(LoadBalancer)'));
  if (ways.length === 0 || ways.every(({ to }) => controllers.has(to))) return [];
  const open = service.ports.filter((port) => isHttpPort(port) && !isTlsPort(port));
  const http = service.ports.filter(isHttpPort);
  if (http.length === 0) return [];
  const where = placeOf(object);
  const evidence = service.ports.flatMap((port, index) =>
    http.includes(port) ? [seenAt(object, ['spec', 'ports', index, 'port'])] : [],
  );
  if (open.length === 0)
    return [{ where, state: 'PASS', message: 'its ports are those of TLS, which ends at the pods', evidence }];
  const ports = open.map(({ port }) => port).join(', ');
  const reached = reachedBy(ways);
  if (reached !== 'internet')
    return [
      {
        where,
        state: 'WARN',
        severity: 'low',
        message: `port ${ports} is plain HTTP, to connected networks only`,
        evidence,
      },
    ];
  if (open.length < http.length)
    return [
      {
        where,
        state: 'WARN',
        message: `port ${ports} is plain HTTP beside TLS, and whether the application redirects is not in the input`,
        evidence,
      },
    ];
  return [{ where, state: 'FAIL', message: `the internet is served by plain HTTP on port ${ports}`, evidence }];
}

function isTlsPort({ name, appProtocol, port }: ServicePort): boolean {
  if (/^https/i.test(appProtocol ?? '') || /wss$/i.test(appProtocol ?? '')) return true;
  return port === 443 || port === 8443 || port === 9443 || /^(?:https|tls)/i.test(name ?? '');
}

/** Routes of OpenShift. */
export function routePlaces(context: ControlContext): Judged[] {
  return context.snapshot.openShiftRoutes.flatMap((route): Judged[] => {
    const { namespace, name, termination, insecurePolicy } = route;
    const object = context.objects.get({ group: 'route.openshift.io', kind: 'Route', namespace, name });
    if (object === undefined) return [];
    const where = placeOf(object);
    if (termination === undefined)
      return [
        { where, state: 'FAIL', message: 'it is served without TLS', evidence: [seenAt(object, ['spec', 'tls'])] },
      ];
    const evidence = [seenAt(object, ['spec', 'tls', 'insecureEdgeTerminationPolicy'])];
    return insecurePolicy === 'Allow'
      ? [{ where, state: 'FAIL', message: 'it answers plain requests beside TLS', evidence }]
      : [{ where, state: 'PASS', message: 'it speaks TLS and redirects or refuses plain requests', evidence }];
  });
}
