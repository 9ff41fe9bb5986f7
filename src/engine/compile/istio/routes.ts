import { hasBit } from '#base/bits.ts';
import type { IstioGateway, IstioServer, RouteDestination, ServerTlsMode, VirtualService } from '#model/istio.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { matchesHost } from './client-scopes.ts';
import { hostName } from './hosts.ts';
import type { Mesh } from './mesh.ts';

/** One way from a Gateway of `networking.istio.io` to a Service: what the leg behind a gateway needs to know. */
export interface IstioRoute {
  readonly gateway: IstioGateway;
  readonly server: IstioServer;
  readonly service: VirtualService;
  /** Hosts that both take. */
  readonly hosts: readonly string[];
  /** What a request must look like, for people; empty: any. */
  readonly matches: readonly string[];
  /** TLS between the client and the gateway; absent: none. */
  readonly tls?: ServerTlsMode;
  readonly destination: RouteDestination;
  /** The Service of the cluster that the destination names, as `namespace/name`; absent where it is another host. */
  readonly backend?: string;
}

/** Where Gateways lead: each VirtualService that names a Gateway, for hosts that both of them have. */
export function istioRoutes(snapshot: Snapshot): readonly IstioRoute[] {
  const gateways = new Map(snapshot.istioGateways.map((gateway) => [`${gateway.namespace}/${gateway.name}`, gateway]));
  const names = new Map(
    snapshot.services.map((service) => [hostName(service), `${service.namespace}/${service.name}`]),
  );
  const delegates = new Map(
    snapshot.virtualServices.map((service) => [`${service.namespace}/${service.name}`, service]),
  );
  const out: IstioRoute[] = [];
  for (const service of snapshot.virtualServices) {
    for (const ref of service.gateways) {
      const gateway = gateways.get(ref.includes('/') ? ref : `${service.namespace}/${ref}`);
      for (const server of gateway?.servers ?? []) {
        out.push(...routesAt({ gateway: gateway!, server, service }, names, delegates));
      }
    }
  }
  return out;
}

function routesAt(
  at: Pick<IstioRoute, 'gateway' | 'server' | 'service'>,
  names: ReadonlyMap<string, string>,
  delegates: ReadonlyMap<string, VirtualService>,
): IstioRoute[] {
  const { server, service } = at;
  const hosts = service.hosts.filter((host) => server.hosts.some((entry) => takes(entry, host, at)));
  if (hosts.length === 0) return [];
  const out: IstioRoute[] = [];
  for (const { matches, destinations, delegate } of service.routes) {
    const lent = delegate && delegates.get(`${delegate.namespace}/${delegate.name}`);
    const all = [...destinations, ...(lent?.routes.flatMap((route) => route.destinations) ?? [])];
    for (const destination of all) {
      const backend = names.get(fullName(destination.host, (lent ?? service).namespace));
      out.push({
        ...at,
        hosts,
        matches,
        ...(server.tls !== undefined && { tls: server.tls }),
        destination,
        ...(backend !== undefined && { backend }),
      });
    }
  }
  return out;
}

/** `namespace/host` of a server: `.` is the Gateway's own namespace, `*` any. Either side may have a star in front. */
function takes(entry: string, host: string, { gateway, service }: Pick<IstioRoute, 'gateway' | 'service'>): boolean {
  const slash = entry.indexOf('/');
  const namespace = slash < 0 ? '*' : entry.slice(0, slash);
  const pattern = entry.slice(slash + 1);
  const fits = namespace === '*' || service.namespace === (namespace === '.' ? gateway.namespace : namespace);
  return fits && (pattern === host || matchesHost(pattern, host) || matchesHost(host, pattern));
}

function fullName(host: string, namespace: string): string {
  return host.includes('.') ? host : hostName({ name: host, namespace });
}

/** The server of a Gateway that takes TLS at a port of a gateway's pod. */
export function isGatewayTls(
  mesh: Mesh,
  point: number,
  port: number,
): { readonly gateway: IstioGateway; readonly server: IstioServer } | undefined {
  const known = mesh.hosts.bindings[point]!.filter(({ target }) => target === port).map((binding) => binding.port.port);
  const numbers = [port, ...known];
  for (const gateway of mesh.snapshot.istioGateways) {
    const { labels } = mesh.world.points[point]!;
    if (![...gateway.selector].every(([key, value]) => labels.get(key) === value)) continue;
    const server = gateway.servers.find((own) => numbers.includes(own.port) && own.tls !== undefined);
    if (server !== undefined && hasBit(mesh.membership.gateway.may, point)) return { gateway, server };
  }
  return undefined;
}
