import { escapeControl } from '#base/escape.ts';
import type { Judged } from '#model/control.ts';
import type { Gateway, GatewayRoute, Listener } from '#model/exposure.ts';
import type { IstioGateway, IstioServer } from '#model/istio.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type Reached, reachedBy } from '../../ing/ways.ts';
import { exposuresIn } from '../../shared.ts';

const GROUP = 'gateway.networking.k8s.io';

/** Listeners of Gateway API, each a place of its own. Gateways of a mesh serve the cluster and no one outside. */
export function gatewayPlaces(context: ControlContext): Judged[] {
  return context.snapshot.gateways.flatMap((gateway) => {
    const { namespace, name, className, listeners } = gateway;
    const object = context.objects.get({ group: GROUP, kind: 'Gateway', namespace, name });
    if (object === undefined || /^istio-(?:waypoint|remote|east-west)$/.test(className)) return [];
    return listeners.flatMap((listener, index) => judgedListener(context, { gateway, listener, object, index }));
  });
}

interface Listening {
  readonly gateway: Gateway;
  readonly listener: Listener;
  readonly object: ClusterObject;
  readonly index: number;
}

function judgedListener(context: ControlContext, { gateway, listener, object, index }: Listening): Judged[] {
  const base = {
    where: placeOf(object),
    evidence: [seenAt(object, ['spec', 'listeners', index, 'protocol'])],
    detail: `listener ${escapeControl(listener.name)}`,
  };
  const said = `listener \`${escapeControl(listener.name)}\``;
  if (listener.protocol === 'HTTPS' || listener.protocol === 'TLS')
    return [{ ...base, state: 'PASS', message: `${said} speaks TLS` }];
  if (listener.protocol !== 'HTTP') return [];
  const routes = attachedRoutes(context, gateway, listener);
  if (routes.length === 0) {
    return listener.allowedNamespaces === 'Same' && context.kind === 'live'
      ? [{ ...base, state: 'PASS', message: `nothing is attached to ${said}` }]
      : [
          {
            ...base,
            state: 'UNKNOWN',
            message: `${said} takes plain requests, and no route that is attached to it is in the input`,
          },
        ];
  }
  const serving = routes.filter((route) => !onlyRedirects(context, route));
  if (serving.length === 0)
    return [{ ...base, state: 'PASS', message: `what is attached to ${said} only redirects to HTTPS` }];
  const reached = reachedOf(context, gateway);
  const names = serving.map(({ namespace, name }) => `${namespace}/${name}`);
  const message = `${said} serves \`${names[0]}\` without TLS${names.length > 1 ? ` and ${names.length - 1} more` : ''}`;
  return [{ ...base, state: reached === 'network' ? 'WARN' : 'FAIL', message }];
}

function reachedOf(context: ControlContext, { namespace, name }: Gateway): Reached {
  const end = ` on Gateway ${namespace}/${name}`;
  return reachedBy(exposuresIn(context).filter(({ through }) => through.endsWith(end)));
}

function attachedRoutes({ snapshot }: ControlContext, gateway: Gateway, listener: Listener): GatewayRoute[] {
  return snapshot.routes.filter(
    ({ kind, parents }) =>
      (kind === 'HTTPRoute' || kind === 'GRPCRoute') &&
      parents.some(
        (parent) =>
          parent.kind === 'Gateway' &&
          parent.namespace === gateway.namespace &&
          parent.name === gateway.name &&
          (parent.sectionName === undefined || parent.sectionName === listener.name) &&
          (parent.port === undefined || parent.port === listener.port),
      ),
  );
}

function onlyRedirects({ objects }: ControlContext, { kind, namespace, name }: GatewayRoute): boolean {
  const object = objects.get({ group: GROUP, kind, namespace, name });
  const rules = listAt(object?.value, 'spec', 'rules');
  return (
    rules.length > 0 &&
    rules.every((rule) =>
      listAt(rule, 'filters').some((filter) => textAt(filter, 'requestRedirect', 'scheme') === 'https'),
    )
  );
}

// ---------------------------------------------------------------- Istio

/** Servers of Istio Gateways, each a place of its own. */
export function istioPlaces(context: ControlContext): Judged[] {
  return context.snapshot.istioGateways.flatMap((gateway) => {
    const { namespace, name, servers } = gateway;
    const object = context.objects.get({ group: 'networking.istio.io', kind: 'Gateway', namespace, name });
    return object === undefined
      ? []
      : servers.flatMap((server, index) => judgedServer(context, { gateway, server, object, index }));
  });
}

interface Serving {
  readonly gateway: IstioGateway;
  readonly server: IstioServer;
  readonly object: ClusterObject;
  readonly index: number;
}

function judgedServer(context: ControlContext, { gateway, server, object, index }: Serving): Judged[] {
  const { protocol, port, httpsRedirect, tls } = server;
  const base = { where: placeOf(object), detail: `port ${port}` };
  const path = ['spec', 'servers', index];
  if (protocol === 'HTTPS' || protocol === 'TLS' || (tls !== undefined && !httpsRedirect))
    return [
      { ...base, state: 'PASS', message: `port ${port} speaks TLS`, evidence: [seenAt(object, [...path, 'tls'])] },
    ];
  if (!/^(?:HTTP|HTTP2|GRPC|GRPC-WEB)$/.test(protocol)) return [];
  if (httpsRedirect)
    return [
      {
        ...base,
        state: 'PASS',
        message: `port ${port} only redirects to HTTPS`,
        evidence: [seenAt(object, [...path, 'tls', 'httpsRedirect'])],
      },
    ];
  const isInternal =
    [...gateway.selector.values()].some((value) => /internal/.test(value)) ||
    reachedOfPods(context, gateway) === 'network';
  const message = `port ${port} takes plain requests${isInternal ? ' from connected networks' : ''}`;
  return [{ ...base, state: isInternal ? 'WARN' : 'FAIL', message, evidence: [seenAt(object, [...path, 'port'])] }];
}

function reachedOfPods(context: ControlContext, { selector }: IstioGateway): Reached {
  const pods = context.podOwners.filter(({ metadata }) =>
    [...selector].every(([key, value]) => textAt(metadata, 'labels', key) === value),
  );
  const ids = new Set(pods.map(({ endpoint }) => endpoint));
  return reachedBy(exposuresIn(context).filter(({ to, through }) => ids.has(to) && through.startsWith('Service ')));
}
