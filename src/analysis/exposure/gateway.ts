import type { Exposure } from '#model/answers.ts';
import type { BackendRef, Gateway, GatewayRoute, Listener, ParentRef } from '#model/exposure.ts';
import { type Attachment, attachmentsOf, isGatewayParent } from './attachment.ts';
import { familyOfClass, familyOfController } from './controller-families.ts';
import { type Controller, controllersOf, podsWith } from './controllers.ts';
import type { Exposing, Scope } from './exposing.ts';
import { listenersOf, type ServedListener } from './listeners.ts';
import { scopeOfAddresses } from './load-balancer.ts';
import { portsOf, type RoutedBackend, routedExposures } from './routed.ts';

/** What each rule of each route leads to, through the Gateways that it attaches to. */
export function gatewayExposures(exposing: Exposing, ways: readonly Exposure[]): Exposure[] {
  const { gateways, routes } = exposing.engine.snapshot;
  const fronts = gateways.filter((gateway) => !isMeshGateway(gateway)).map((gateway) => frontOf(exposing, gateway));
  const served = fronts.flatMap((front) => listenersOf(exposing, front.gateway));
  return routes.flatMap((route) =>
    [...route.parents.entries()].flatMap(([index, parent]) => {
      if (!isGatewayParent(parent)) return [];
      const accepted = route.accepted.get(String(index));
      const attachments = attachmentsOf(exposing, route, { parent, served });
      if (attachments.length === 0)
        return ofAttachment(exposing, { route, ways, accepted, ...unseenFront(exposing, route, parent) });
      return attachments.flatMap((attachment) => {
        const front = fronts.find(({ gateway }) => gateway === attachment.served.gateway)!;
        return ofAttachment(exposing, { route, attachment, front, ways, accepted });
      });
    }),
  );
}

/** A parent that is not in the input, or has no such listener: the route is still told of, with what is not known. */
function unseenFront(
  exposing: Exposing,
  route: GatewayRoute,
  parent: ParentRef,
): Pick<Attached, 'attachment' | 'front'> {
  const { gateways, listenerSets } = exposing.engine.snapshot;
  const { kind, namespace, name, origin } = parent;
  const holder = [...gateways, ...listenerSets].find(
    (own) => own.kind === kind && own.namespace === namespace && own.name === name,
  );
  const why = `${kind} ${namespace}/${name} is not in the input`;
  const layer4 = route.kind === 'TCPRoute' || route.kind === 'UDPRoute';
  const listener: Listener = {
    name: parent.sectionName ?? '',
    port: parent.port ?? (layer4 ? 0 : 443),
    protocol: route.kind === 'UDPRoute' ? 'UDP' : layer4 ? 'TCP' : 'HTTPS',
    allowedNamespaces: 'All',
    allowedKinds: [],
    origin,
  };
  const gateway = standInFor(parent, listener);
  const refused =
    holder === undefined
      ? undefined
      : `no listener of ${kind} ${namespace}/${name} has the name or port that the route asks for`;
  return {
    attachment: {
      served: { gateway, listener, holder: gateway },
      hostnames: route.hostnames,
      unsure: false,
      notes: [],
      ...(refused !== undefined && { refused }),
    },
    front: {
      gateway,
      controllers: [{ kind: 'unknown', evidence: why }],
      scope: 'internet',
      notes: ['where it listens is not in the input: the widest is assumed'],
    },
  };
}

function standInFor({ namespace, name, origin }: ParentRef, listener: Listener): Gateway {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    namespace,
    name,
    labels: new Map(),
    annotations: new Map(),
    origin,
    className: '',
    listeners: [listener],
    addresses: [],
    statusAddresses: [],
    allowedListenerNamespaces: 'None',
  };
}

/** A Gateway as clients meet it. */
interface GatewayFront {
  readonly gateway: Gateway;
  readonly controllers: readonly Controller[];
  readonly scope: Scope;
  readonly notes: readonly string[];
}

/** Waypoints serve the mesh inside the cluster. */
function isMeshGateway({ className }: Gateway): boolean {
  return className === 'istio-waypoint' || className === 'istio-remote';
}

/** GEP-1762: what an implementation makes for a Gateway carries the Gateway's name. Envoy Gateway has labels of its own. */
function frontOf(exposing: Exposing, gateway: Gateway): GatewayFront {
  const { namespace, name, className } = gateway;
  const { world } = exposing.engine;
  const why = `Gateway ${namespace}/${name}`;
  const own = podsWith(exposing, [{ 'gateway.networking.k8s.io/gateway-name': name }], why).filter(({ points }) =>
    points.every((point) => world.points[point]!.namespace === namespace),
  );
  const envoy = {
    'gateway.envoyproxy.io/owning-gateway-name': name,
    'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
  };
  const made = own.length > 0 ? own : podsWith(exposing, [envoy], why);
  const known = exposing.engine.snapshot.gatewayClasses.find((entry) => entry.name === className);
  const family = known === undefined ? familyOfClass(className) : familyOfController(known.controller);
  const how =
    known === undefined ? `class ${className}, by its name` : `class ${className} with controller ${known.controller}`;
  const controllers = made.length > 0 ? made : controllersOf(exposing, family, how);
  return { gateway, controllers, ...scopeOf(gateway) };
}

/** Internal classes of Google's controller say so in their names. */
function scopeOf({ statusAddresses, addresses, className }: Gateway): Pick<GatewayFront, 'scope' | 'notes'> {
  const got = scopeOfAddresses(statusAddresses) ?? scopeOfAddresses(addresses);
  if (got !== undefined) return { scope: got, notes: [] };
  if (className.startsWith('gke-l7-rilb'))
    return { scope: 'network', notes: ['an internal load balancer, by its class'] };
  return { scope: 'internet', notes: ['where the Gateway listens is not in the input: the widest is assumed'] };
}

interface Attached {
  readonly route: GatewayRoute;
  readonly attachment: Attachment;
  readonly front: GatewayFront;
  readonly ways: readonly Exposure[];
  /** What status says. */
  readonly accepted: boolean | undefined;
}

function ofAttachment(exposing: Exposing, attached: Attached): Exposure[] {
  return attached.route.rules.flatMap((rule) =>
    rule.backends.flatMap((backend) =>
      addressesOf(attached, rule.matches).flatMap((at) => ofBackend(exposing, attached, { backend, at })),
    ),
  );
}

function ofBackend(
  exposing: Exposing,
  { route, attachment, front, ways, accepted }: Attached,
  { backend, at }: { backend: BackendRef; at: string },
): Exposure[] {
  const { served } = attachment;
  const closed = closedBy(exposing, route, { backend, attachment, accepted });
  return routedExposures(exposing, {
    through: `${route.kind} ${route.namespace}/${route.name} on Gateway ${front.gateway.namespace}/${front.gateway.name}`,
    at,
    front: { port: served.listener.port, protocol: protocolOf(served), scope: front.scope, notes: front.notes },
    controllers: front.controllers,
    ways,
    backend: backendOf(exposing, backend, protocolOf(served)),
    notes: [
      ...(accepted === undefined ? ['attachment predicted: no status says whether it was accepted'] : []),
      ...attachment.notes,
      ...tlsNotes(served),
      ...(backend.mirror ? ['gets a copy of the requests (filter)'] : []),
    ],
    ...(closed !== undefined && { closed }),
    ...(attachment.unsure && accepted === undefined && { unsure: 'labels-unknown' as const }),
    origin: backend.origin,
  });
}

function protocolOf({ listener }: ServedListener): 'TCP' | 'UDP' {
  return listener.protocol === 'UDP' ? 'UDP' : 'TCP';
}

interface Sent {
  readonly backend: BackendRef;
  readonly attachment: Attachment;
  readonly accepted: boolean | undefined;
}

/** Status knows better than we do, both ways; without it the attachment is worked out. */
function closedBy(
  exposing: Exposing,
  route: GatewayRoute,
  { backend, attachment, accepted }: Sent,
): string | undefined {
  if (accepted === false) return 'the Gateway did not accept the route: not exposed';
  if (accepted === undefined && attachment.refused !== undefined) return `not attached: ${attachment.refused}`;
  if (backend.weight === 0) return 'weight 0: gets no traffic';
  return isGranted(exposing, route, backend)
    ? undefined
    : `no ReferenceGrant in namespace ${backend.namespace} lets ${route.kind} of ${route.namespace} refer to ${backend.name}: not exposed`;
}

/** A backend in another namespace needs a grant there. */
function isGranted({ engine }: Exposing, route: GatewayRoute, backend: BackendRef): boolean {
  if (backend.namespace === route.namespace) return true;
  return engine.snapshot.referenceGrants.some(
    ({ namespace, from, to }) =>
      namespace === backend.namespace &&
      from.some(
        (own) =>
          own.group === 'gateway.networking.k8s.io' && own.kind === route.kind && own.namespace === route.namespace,
      ) &&
      to.some(
        (own) =>
          own.group === backend.group &&
          own.kind === backend.kind &&
          (own.name === undefined || own.name === backend.name),
      ),
  );
}

function backendOf(
  { services }: Exposing,
  { group, kind, namespace, name, port }: BackendRef,
  protocol: 'TCP' | 'UDP',
): RoutedBackend {
  if (group !== '' || kind !== 'Service') return { ports: [], name: `${group}/${kind}/${name}` };
  const service = services.serviceNamed(namespace, name);
  const shown = `svc:${namespace}/${name}`;
  return service === undefined
    ? { ports: [], name: shown }
    : { service, ports: portsOf(service, port, protocol), name: shown };
}

/** Where one rule is asked for: each hostname with each match, without hostname the bare port. */
function addressesOf({ route, attachment }: Attached, matches: readonly string[]): string[] {
  const { port, protocol } = attachment.served.listener;
  if (route.kind === 'TCPRoute' || route.kind === 'UDPRoute') return [`*:${port}`];
  const hosts = attachment.hostnames.length > 0 ? attachment.hostnames : ['*'];
  if (route.kind === 'TLSRoute') return hosts.map((host) => `${host}:${port}`);
  const scheme = protocol === 'HTTPS' || protocol === 'TLS' ? 'https' : 'http';
  const suffix = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  const paths = matches.length > 0 ? matches : ['/*'];
  return hosts.flatMap((host) => paths.map((match) => `${scheme}://${host}${suffix}${pathOf(match)}`));
}

/** `GET /orders/*` is asked for at `/orders/* (GET)`. */
function pathOf(match: string): string {
  const parts = match.split(' ');
  const at = parts.findIndex((part) => part.startsWith('/') || part.startsWith('~'));
  const path = at < 0 ? `/${parts[0]}` : parts[at]!;
  const rest = parts.filter((_, index) => index !== Math.max(at, 0));
  return rest.length === 0 ? path : `${path} (${rest.join(' ')})`;
}

function tlsNotes({ listener }: ServedListener): string[] {
  if (listener.tlsMode === 'Passthrough') return ['TLS goes through to the pod'];
  return listener.tlsMode === 'Terminate' ? ['TLS ends at the gateway'] : [];
}
