import { members } from '#base/bits.ts';
import { frontendAddresses } from '#engine/compile/azure/load-balancers.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { FrontDoor, FrontDoorEndpoint, FrontDoorOrigin, FrontDoorRoute } from '#model/azure/edge.ts';
import type { Service } from '#model/exposure.ts';
import { internetPoints, pointsWithin } from '../outside.ts';
import { type Backend, backendsAt, isSame, publicAddress, rangeAt, senderIn } from './backends.ts';
import { gatewayWays } from './gateway-ways.ts';
import type { Inbound } from './inbound.ts';
import { loadBalancerSteps, servedBy } from './service-ways.ts';
import { wafStep } from './waf.ts';
import { type Leg, type Sender, told, type WayIn } from './way-in.ts';

/** The tag that all addresses belong to from which Front Door asks its origins. */
const BACKEND_TAG = 'AzureFrontDoor.Backend';

/** Front Doors whose origins are frontends of the cluster, or gateways before it. */
export function doorWays(inbound: Inbound): WayIn[] {
  return inbound.azure.view.estate.frontDoors.flatMap((door) =>
    door.endpoints
      .filter(({ isOn }) => isOn !== false)
      .flatMap((endpoint) =>
        endpoint.routes
          .filter(({ isOn }) => isOn !== false)
          .flatMap((route) => waysOfRoute(inbound, { door, endpoint, route })),
      ),
  );
}

interface Routing {
  readonly door: FrontDoor;
  readonly endpoint: FrontDoorEndpoint;
  readonly route: FrontDoorRoute;
}

function waysOfRoute(inbound: Inbound, routing: Routing): WayIn[] {
  const { door, route } = routing;
  const origins = door.origins.filter(({ group, isOn }) => group === route.group && isOn !== false);
  const protocols = route.protocols.length > 0 ? route.protocols : ['Http', 'Https'];
  return origins.flatMap((origin) =>
    protocols.flatMap((protocol) => {
      const isTls = protocol.toLowerCase() === 'https';
      const port = isTls ? origin.httpsPort : origin.httpPort;
      if (typeof port !== 'number') return [];
      return onward(inbound, origin, port).map((rest) =>
        wayThrough(inbound, routing, { ...rest, origin, port: isTls ? 443 : 80 }),
      );
    }),
  );
}

interface Onward {
  readonly legs: readonly Leg[];
  readonly to: WayIn['to'];
  readonly service?: Service;
}

function onward(inbound: Inbound, origin: FrontDoorOrigin, port: number): Onward[] {
  if (origin.privateLink !== undefined) return throughPrivateLink(inbound, origin, port);
  const host = typeof origin.host === 'string' ? rangeAt(origin.host) : undefined;
  if (host === undefined) return [];
  const from = doorSender(inbound);
  const direct = backendsAt(inbound, host, { port, protocol: 'TCP' }).map((backend) => onwardTo(backend, from));
  return [...direct, ...throughGateways(inbound, from, { host, port })];
}

function onwardTo({ target, steps, served }: Backend, from: Sender): Onward {
  return { to: target, legs: [{ from, steps }], ...(served !== undefined && { service: served.service }) };
}

/** An Application Gateway behind it has its own ways to the cluster. */
function throughGateways(
  inbound: Inbound,
  from: Sender,
  { host, port }: { host: ReturnType<typeof rangeAt>; port: number },
): Onward[] {
  const { estate } = inbound.azure.view;
  const behind = estate.applicationGateways.filter(({ frontends }) =>
    frontends.some(({ publicIp }) => {
      const own = publicAddress(inbound, publicIp);
      return own !== undefined && host !== undefined && isSame(own, host);
    }),
  );
  return gatewayWays(inbound)
    .filter(
      (way) => way.port === port && behind.some(({ name }) => way.through.startsWith(`Application Gateway ${name},`)),
    )
    .map(({ to, legs: [first, ...rest], service }) => ({
      to,
      legs: [{ from, steps: first!.steps }, ...rest],
      ...(service !== undefined && { service }),
    }));
}

/** The service's own addresses, of the subnet that it stands in, come in place of Front Door's. */
function throughPrivateLink(inbound: Inbound, { privateLink }: FrontDoorOrigin, port: number): Onward[] {
  const { view } = inbound.azure;
  const services = inbound.engine.snapshot.services.filter((service) => isBehind(inbound, service, privateLink));
  const subnets = view.cluster.pools.flatMap(({ subnet }) => subnet ?? []);
  const from = senderIn(inbound, 'the private link service', subnets);
  return servedBy(inbound, services)
    .filter((served) => served.port.port === port)
    .map((served) => ({
      to: served.target,
      service: served.service,
      legs: [{ from, steps: loadBalancerSteps(served) }],
    }));
}

const PLS = 'service.beta.kubernetes.io/azure-pls-';

/** By the name that its annotation gives the private link service, or by the frontend that the service stands behind. */
function isBehind({ azure: { view } }: Inbound, service: Service, link: FrontDoorOrigin['privateLink']): boolean {
  if (!isKey(link) || service.type !== 'LoadBalancer') return false;
  const named = service.annotations.get(`${PLS}name`)?.toLowerCase();
  if (service.annotations.get(`${PLS}create`) === 'true' && named !== undefined && link.endsWith(`/${named}`))
    return true;
  const fronts = view.estate.linkServices.find(({ key }) => key === link)?.frontends ?? [];
  const addresses = view.estate.loadBalancers
    .flatMap(({ frontends }) => frontends)
    .filter(({ key }) => fronts.includes(key))
    .flatMap(({ privateAddress }) => (privateAddress === undefined ? [] : rangesOf([privateAddress])));
  return frontendAddresses(service).some((own) => addresses.some((each) => isSame(own, each)));
}

/** By the published list of the tag where it is known, else anywhere on the internet and in the tag. */
function doorSender({ engine: { world }, azure: { view } }: Inbound): Sender {
  const known = view.estate.serviceTags.get(BACKEND_TAG.toLowerCase());
  const points = known === undefined ? internetPoints(world) : pointsWithin(world, known);
  return { id: 'Front Door', points: [...members(points)], tag: BACKEND_TAG };
}

function wayThrough(
  inbound: Inbound,
  { door, endpoint, route }: Routing,
  rest: Onward & { readonly origin: FrontDoorOrigin; readonly port: number },
): WayIn {
  const { to, legs, service, origin, port } = rest;
  const host = typeof endpoint.host === 'string' ? endpoint.host : endpoint.name;
  const at = `azure:${door.name}`;
  const link = origin.privateLink === undefined ? '' : ' by private link';
  const covered = door.associations.find(({ domains }) =>
    [endpoint.key, ...route.domains].some((key) => domains.includes(key)),
  );
  const waf = wafStep(
    inbound.azure.view,
    at,
    covered?.firewallPolicy === undefined ? [] : [{ of: 'the endpoint', policy: covered.firewallPolicy }],
  );
  return {
    scope: 'internet',
    through: `Front Door ${door.name}, route ${route.name}`,
    at: `${host}:${port}`,
    port,
    protocol: 'TCP',
    to,
    ...(service !== undefined && { service }),
    legs: [
      {
        steps: [
          told(
            'entrance',
            at,
            `endpoint ${host}, route ${route.name}, origin ${origin.name}${link}; it makes a connection of its own`,
          ),
          waf,
        ],
      },
      ...legs,
    ],
    notes: [],
    origin: route.origin,
  };
}
