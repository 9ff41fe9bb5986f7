import { formatAddress, parseAddress } from '#base/address.ts';
import { addAll, type Bits, intersection, isEmpty } from '#base/bits.ts';
import type { Exposure } from '#model/answers.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import { pointsWithin } from '../outside.ts';
import { type Arrival, judgeArrival } from './arrival.ts';
import { clientsOf, type Exposing, type Scope } from './exposing.ts';
import { inTurn, type Judgement, unify, unknownBecause } from './judge.ts';
import { loadBalancerFacts, scopeOfAddresses } from './load-balancer.ts';
import { sourceRangesOf } from './source-ranges.ts';
import { aimOf, judgeTarget, reachedAt, type Target } from './targets.ts';

/** Load balancers, node ports and external IPs of every Service. A ClusterIP alone opens nothing to the outside. */
export function serviceExposures(exposing: Exposing): Exposure[] {
  return exposing.engine.snapshot.services.flatMap((service) => {
    // A headless Service has no address to be asked at, and ExternalName none of the cluster.
    if (service.type === 'ExternalName' || service.headless) return [];
    return service.ports.flatMap((port) =>
      entrancesOf(exposing, service, port).flatMap((entrance) => through(exposing, { service, port, entrance })),
    );
  });
}

/** One address on which a Service port is open to the outside. */
interface Entrance {
  readonly through: string;
  readonly scope: Scope;
  readonly at: string;
  readonly port: number;
  readonly clients: Bits;
  readonly notes: readonly string[];
  /** Whether the entrance may not exist: the verdict is at best unknown. */
  readonly uncertain: boolean;
}

function entrancesOf(exposing: Exposing, service: Service, port: ServicePort): Entrance[] {
  return [
    ...loadBalancerEntrances(exposing, service, port),
    ...nodePortEntrances(exposing, service, port),
    ...externalIpEntrances(exposing, service, port),
  ];
}

function loadBalancerEntrances(exposing: Exposing, service: Service, port: ServicePort): Entrance[] {
  if (service.type !== 'LoadBalancer') return [];
  const facts = loadBalancerFacts(service);
  const sources = sourceRangesOf(service);
  const limited = sources.ranges.length === 0 ? undefined : pointsWithin(exposing.engine.world, sources.ranges);
  const fromInternet =
    facts.scope === 'internet' && (limited === undefined || !isEmpty(intersection(limited, exposing.internet)));
  const scope = fromInternet ? 'internet' : 'network';
  const base = { through: titleOf(service), scope, port: port.port, uncertain: facts.uncertain } as const;
  return addressesOf(service).map((address) => ({
    ...base,
    at: `${address}:${port.port}`,
    clients: limited ?? clientsOf(exposing, scope),
    notes: [...facts.notes, ...sources.notes],
  }));
}

/** What it has, else what it asks for, else a placeholder: a cloud gives the address later. */
function addressesOf(service: Service): readonly string[] {
  if (service.loadBalancerAddresses.length > 0) return service.loadBalancerAddresses.map(bracketed);
  const asked = ['ipv4', 'ipv6'].flatMap(
    (family) => service.annotations.get(`service.beta.kubernetes.io/azure-load-balancer-${family}`) ?? [],
  );
  return asked.length > 0 ? asked.map(bracketed) : ['(load balancer)'];
}

function bracketed(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return text;
  return address.family === 6 ? `[${formatAddress(address)}]` : formatAddress(address);
}

/** Source ranges do not hold here: every node opens the port to whoever reaches the node. */
function nodePortEntrances(exposing: Exposing, service: Service, port: ServicePort): Entrance[] {
  const given =
    service.type === 'NodePort' || (service.type === 'LoadBalancer' && service.allocateLoadBalancerNodePorts);
  if (!given && (service.type !== 'LoadBalancer' || port.nodePort === undefined)) return [];
  const beside = service.type === 'LoadBalancer' && sourceRangesOf(service).ranges.length > 0;
  return [
    {
      through: `Service ${service.namespace}/${service.name} (NodePort)`,
      scope: exposing.nodeScope,
      at: port.nodePort === undefined ? '*:(node port)' : `*:${port.nodePort}`,
      port: port.nodePort ?? port.port,
      clients: nodeClients(exposing),
      notes: [
        ...exposing.nodeNotes,
        ...(port.nodePort === undefined ? ['the cluster chooses the node port, 30000-32767 by default'] : []),
        ...(beside ? ['source ranges do not protect node ports'] : []),
      ],
      uncertain: false,
    },
  ];
}

/** Whoever reaches a node: its networks, and the internet where it has a public address. */
export function nodeClients(exposing: Exposing): Bits {
  const clients = exposing.network.slice();
  if (exposing.nodeScope === 'internet') addAll(clients, exposing.internet);
  return clients;
}

function externalIpEntrances(exposing: Exposing, service: Service, port: ServicePort): Entrance[] {
  return service.externalIPs.map((address) => {
    const scope = scopeOfAddresses([address]) ?? 'network';
    return {
      through: `Service ${service.namespace}/${service.name} (externalIPs)`,
      scope,
      at: `${bracketed(address)}:${port.port}`,
      port: port.port,
      clients: clientsOf(exposing, scope),
      notes: ['every node answers for this address; nothing checks who owns it'],
      uncertain: false,
    };
  });
}

interface Way {
  readonly service: Service;
  readonly port: ServicePort;
  readonly entrance: Entrance;
}

function through(exposing: Exposing, way: Way): Exposure[] {
  const { service, port } = way;
  const aim = aimOf(exposing, service, port);
  if (aim.state === 'live') return aim.targets.map((target) => toTarget(exposing, way, { target, notes: aim.notes }));
  const judgement = aim.state === 'unknown' ? unknownBecause('backends-unknown') : unify([]);
  const base = exposureOf(way, judgement, aim.notes);
  return [
    { ...base, scope: aim.state === 'latent' ? 'none' : base.scope, to: `svc:${service.namespace}/${service.name}` },
  ];
}

function toTarget(
  exposing: Exposing,
  way: Way,
  { target, notes }: { target: Target; notes: readonly string[] },
): Exposure {
  const { service, port, entrance } = way;
  const arrival: Arrival = {
    clients: entrance.clients,
    seenAs: service.externalTrafficPolicy === 'Local' ? 'client' : 'client-or-node',
  };
  const judgement = judgeTarget(target, port.protocol, (traffic) =>
    judgeArrival(exposing, arrival, { to: target.points, traffic }),
  );
  return { ...exposureOf(way, judgement, notes), ...reachedAt(target) };
}

function exposureOf({ service, port, entrance }: Way, judgement: Judgement, notes: readonly string[]): Exposure {
  const known = entrance.uncertain ? inTurn([judgement, unknownBecause('unsupported-field')]) : judgement;
  return {
    scope: entrance.scope,
    through: entrance.through,
    at: entrance.at,
    protocol: port.protocol,
    port: entrance.port,
    to: '',
    verdict: known.verdict,
    notes: [...entrance.notes, ...known.notes, ...notes],
    reasons: known.reasons,
    origin: service.origin,
  };
}

function titleOf(service: Service): string {
  return `Service ${service.namespace}/${service.name} (${service.type})`;
}
