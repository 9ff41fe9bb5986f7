import { formatAddress, formatRange } from '#base/address.ts';
import { nodesDomain, serviceDomain } from '#engine/compile/azure/fronts.ts';
import { accessOf, frontendAddresses, NODE_PORTS } from '#engine/compile/azure/load-balancers.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import { portTraffic, type TrafficSet } from '#model/traffic.ts';
import { loadBalancerFacts } from '../exposure/load-balancer.ts';
import { aimOf, type Target } from '../exposure/targets.ts';
import type { Inbound } from './inbound.ts';
import { type Step, told, toldUnknown, type WayIn } from './way-in.ts';

/** A port of a Service that leads to pods. */
export interface Served {
  readonly service: Service;
  readonly port: ServicePort;
  readonly target: Target;
}

/** What every port of every Service of a type leads to. Ports without a backend lead nowhere and are left out. */
export function servedBy({ exposing }: Inbound, services: readonly Service[]): Served[] {
  return services.flatMap((service) =>
    service.headless || service.type === 'ExternalName'
      ? []
      : service.ports.flatMap((port): Served[] => {
          const aim = aimOf(exposing, service, port);
          if (aim.state === 'unknown') return [{ service, port, target: unseen(service, port) }];
          return aim.targets.map((target) => ({ service, port, target }));
        }),
  );
}

/** Of a Service whose backends are not in the input. */
function unseen({ namespace, name }: Service, { port }: ServicePort): Target {
  return { to: `svc:${namespace}/${name}`, port, points: [], kind: 'unseen' };
}

// ---------------------------------------------------------------- load balancers

export function loadBalancerWays(inbound: Inbound): WayIn[] {
  const { services } = inbound.engine.snapshot;
  return servedBy(
    inbound,
    services.filter(({ type }) => type === 'LoadBalancer'),
  ).map((served): WayIn => {
    const { service, port, target } = served;
    const facts = loadBalancerFacts(service);
    return {
      scope: facts.scope,
      through: `Service ${service.namespace}/${service.name} (LoadBalancer)`,
      at: `${addressText(service)}:${port.port}`,
      port: port.port,
      protocol: port.protocol,
      to: target,
      service,
      legs: [{ steps: loadBalancerSteps(served) }],
      notes: facts.notes,
      origin: service.origin,
    };
  });
}

/** From the frontend on: security groups, what nodes hold themselves, and policy at the pods. */
export function loadBalancerSteps({ service, port, target }: Served): Step[] {
  const at = `svc:${service.namespace}/${service.name}`;
  const { scope } = loadBalancerFacts(service);
  const isLocal = service.externalTrafficPolicy === 'Local';
  return [
    told(
      'entrance',
      at,
      `${scope === 'internet' ? 'public' : 'internal'} load balancer at ${addressText(service)}; ${portText({ service, port, target })}`,
    ),
    ...securitySteps(service, port),
    { kind: 'return', id: at, domain: serviceDomain(service), protocol: port.protocol },
    ...fieldStep(service),
    told(
      'translation',
      at,
      isLocal
        ? 'the address of the client is kept (externalTrafficPolicy: Local)'
        : 'pods see the address of a node in place of the client, except perhaps on the node that took it (externalTrafficPolicy: Cluster)',
    ),
    { kind: 'arrival', to: target, protocol: port.protocol, seenAs: isLocal ? 'client' : 'client-or-node' },
  ];
}

/** Which of both ports is which. */
export function portText({ port, target }: Pick<Served, 'port' | 'target'> & { readonly service?: Service }): string {
  return port.port === target.port
    ? `${port.protocol} ${port.port} there and at the pod`
    : `${port.protocol} ${port.port} there is ${port.protocol} ${target.port} of the pod`;
}

function addressText(service: Service): string {
  const known = frontendAddresses(service).map(({ family, lo }) => formatAddress({ family, value: lo }));
  return known.length > 0 ? known.join(', ') : (service.loadBalancerAddresses[0] ?? '(load balancer)');
}

/** The groups before the frontend. */
export function securitySteps(service: Service, port: ServicePort): Step[] {
  const id = `svc:${service.namespace}/${service.name}`;
  const access = accessOf(service);
  if (access === undefined)
    return [
      toldUnknown('network-security-ingress', id, {
        why: `the load balancer class ${service.loadBalancerClass} is served by a controller that is not known`,
        reason: 'unsupported-field',
      }),
    ];
  const traffic = access.floatingIp ? portTraffic(port.protocol, port.port) : nodePortTraffic(port);
  return [{ kind: 'security', id, domain: serviceDomain(service), traffic }];
}

export function nodePortTraffic({ protocol, nodePort }: ServicePort): TrafficSet {
  return nodePort === undefined
    ? portTraffic(protocol, NODE_PORTS.from, NODE_PORTS.to)
    : portTraffic(protocol, nodePort);
}

/** "Traffic through the load balancer will be restricted to these": kube-proxy holds the field, and no annotation. */
export function fieldStep(service: Service): Step[] {
  if (service.sourceRanges.length === 0) return [];
  const list = `spec.loadBalancerSourceRanges (${service.sourceRanges.flatMap(formatRange).join(', ')}), held by every node,`;
  const ranges = service.sourceRanges;
  return [
    {
      kind: 'sources',
      layer: 'service',
      at: `svc:${service.namespace}/${service.name}`,
      list,
      must: ranges,
      may: ranges,
    },
  ];
}

// ---------------------------------------------------------------- nodes with public addresses

/** Node ports and host ports, on the addresses of pools whose nodes have public ones. */
export function nodeWays(inbound: Inbound): WayIn[] {
  const { azure, engine } = inbound;
  const pools = azure.view.cluster.pools.filter(({ nodePublicIps }) => nodePublicIps !== false);
  const services = engine.snapshot.services.filter(
    ({ type, allocateLoadBalancerNodePorts }) =>
      type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts),
  );
  return pools.flatMap((pool) => {
    const first = isUnsettled(pool.nodePublicIps)
      ? toldUnknown('entrance', `pool ${pool.name}`, {
          why: 'whether its nodes have public addresses comes from an expression',
          reason: 'cloud-expression',
        })
      : undefined;
    return [
      ...servedBy(inbound, services).map((served) => nodePortWay(served, pool.name, first)),
      ...hostPorts(inbound).map((host) => hostPortWay(host, pool.name, first)),
    ];
  });
}

function nodePortWay({ service, port, target }: Served, pool: string, first: Step | undefined): WayIn {
  const through = `Service ${service.namespace}/${service.name} (NodePort)`;
  const number = port.nodePort ?? port.port;
  const isLocal = service.externalTrafficPolicy === 'Local';
  const asked =
    port.nodePort === undefined ? 'the node port that the cluster chooses' : `${port.protocol} ${port.nodePort}`;
  return {
    scope: 'internet',
    through,
    at: `public addresses of nodes of pool ${pool}:${port.nodePort ?? '(node port)'}`,
    port: number,
    protocol: port.protocol,
    to: target,
    service,
    legs: [
      {
        steps: [
          first ??
            told(
              'entrance',
              `pool ${pool}`,
              `its nodes have public addresses; ${asked} there is ${port.protocol} ${target.port} of the pod`,
            ),
          { kind: 'security', id: `nodes of pool ${pool}`, domain: nodesDomain(pool), traffic: nodePortTraffic(port) },
          { kind: 'return', id: `nodes of pool ${pool}`, domain: nodesDomain(pool), protocol: port.protocol },
          { kind: 'arrival', to: target, protocol: port.protocol, seenAs: isLocal ? 'client' : 'client-or-node' },
        ],
      },
    ],
    notes: [],
    origin: service.origin,
  };
}

interface HostPort {
  readonly target: Target;
  readonly hostPort: number;
  readonly protocol: ServicePort['protocol'];
  readonly origin: WayIn['origin'];
}

function hostPorts({ engine: { world }, exposing }: Inbound): HostPort[] {
  const found = new Map<string, HostPort>();
  for (const [index, { owner, shape }] of world.units.entries()) {
    for (const port of shape.ports) {
      const hostPort = port.hostPort ?? (shape.hostNetwork ? port.port : undefined);
      if (hostPort === undefined) continue;
      const key = `${owner} ${port.protocol} ${hostPort} ${port.port}`;
      const known = found.get(key)?.target.points ?? [];
      const points = [...new Set([...known, ...exposing.services.units.pointsOf(index)])];
      const target: Target = { to: world.owners[owner]!.id, owner, port: port.port, points, kind: 'pod' };
      found.set(key, { target, hostPort, protocol: port.protocol, origin: port.origin });
    }
  }
  return [...found.values()];
}

function hostPortWay({ target, hostPort, protocol, origin }: HostPort, pool: string, first: Step | undefined): WayIn {
  return {
    scope: 'internet',
    through: 'hostPort',
    at: `public addresses of nodes of pool ${pool}:${hostPort}`,
    port: hostPort,
    protocol,
    to: target,
    legs: [
      {
        steps: [
          first ??
            told(
              'entrance',
              `pool ${pool}`,
              `its nodes have public addresses; ${protocol} ${hostPort} there is ${protocol} ${target.port} of the pod`,
            ),
          {
            kind: 'security',
            id: `nodes of pool ${pool}`,
            domain: nodesDomain(pool),
            traffic: portTraffic(protocol, hostPort),
          },
          { kind: 'return', id: `nodes of pool ${pool}`, domain: nodesDomain(pool), protocol },
          { kind: 'arrival', to: target, protocol, seenAs: 'client' },
        ],
      },
    ],
    notes: ['where its pods run may be another pool'],
    origin,
  };
}
