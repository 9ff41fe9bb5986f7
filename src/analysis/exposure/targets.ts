import { formatAddress } from '#base/address.ts';
import type { Exposure } from '#model/answers.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import { type PortProtocol, portTraffic, type TrafficSet } from '#model/traffic.ts';
import type { Backend } from '../services/backends.ts';
import type { Exposing } from './exposing.ts';
import { ALLOWED, type Judgement, unknownBecause } from './judge.ts';

/** Backends that an answer speaks of as one: those of one endpoint on one port. */
export interface Target {
  readonly to: string;
  /** Index into `World.owners`, of pods. */
  readonly owner?: number;
  readonly port: number;
  readonly points: readonly number[];
  readonly kind: Backend['kind'];
}

/** What a Service port leads to. */
export interface Aim {
  readonly targets: readonly Target[];
  readonly notes: readonly string[];
  /** `latent`: nothing is behind it now. `unknown`: the input does not say. */
  readonly state: 'live' | 'latent' | 'unknown';
}

/** The targets of a port of a Service, with what must be said of them. */
export function aimOf({ engine, services }: Exposing, service: Service, port: ServicePort): Aim {
  const backends = services.backendsOf(service);
  if (!backends.known) {
    return {
      targets: [],
      notes: ['the Service has no selector and its EndpointSlices are not in the input'],
      state: 'unknown',
    };
  }
  // A router or gateway goes to the addresses of a headless Service itself, on the target port.
  const listed = backends.kind === 'headless' ? headlessBackends(engine, backends.addresses, port) : undefined;
  const entry = backends.ports.find((own) => own.port === port);
  const now = listed ?? entry?.backends ?? [];
  const notes = backends.predicted && now.length > 0 ? ['backends predicted from selector and templates'] : [];
  if (now.length > 0) return { targets: targetsOf(engine, now, port.protocol), notes, state: 'live' };
  return { targets: [], notes: [latentText(service, port, entry?.waiting ?? [])], state: 'latent' };
}

export function judgeTarget(
  target: Target,
  protocol: PortProtocol,
  judge: (traffic: TrafficSet) => Judgement,
): Judgement {
  switch (target.kind) {
    case 'pod':
      return judge(portTraffic(protocol, target.port));
    case 'node':
      return { ...ALLOWED, notes: ['leads to a node, where pod policy has no say'] };
    case 'outside':
      return { ...ALLOWED, notes: ['leads to an address outside the cluster, where pod policy has no say'] };
    case 'unseen':
      return unknownBecause('backends-unknown', 'the pod behind it is not in the input');
  }
}

/** The parts of an exposure that a target settles. */
export function reachedAt(target: Target): Pick<Exposure, 'to' | 'targetPort'> {
  return { to: target.to, targetPort: target.port };
}

function headlessBackends({ world }: Exposing['engine'], addresses: readonly Backend[], port: ServicePort): Backend[] {
  return addresses.flatMap((backend) => {
    if (typeof port.targetPort === 'number') return [{ ...backend, port: port.targetPort }];
    if (backend.kind !== 'pod') return [];
    const named = world.units[backend.unit]!.shape.ports.find(
      (own) => own.name === port.targetPort && own.protocol === port.protocol,
    );
    return named === undefined ? [] : [{ ...backend, port: named.port }];
  });
}

function targetsOf({ world }: Exposing['engine'], backends: readonly Backend[], protocol: PortProtocol): Target[] {
  const groups = new Map<
    string,
    { to: string; owner?: number; port: number; points: Set<number>; kind: Backend['kind'] }
  >();
  for (const backend of backends) {
    const port = backend.port ?? 0;
    const to = nameOf(world, backend);
    const key = `${to} ${port} ${protocol}`;
    const group = groups.get(key) ?? {
      to,
      ...(backend.kind === 'pod' && { owner: backend.owner }),
      port,
      points: new Set(),
      kind: backend.kind,
    };
    groups.set(key, group);
    for (const point of pointsOf(backend)) group.points.add(point);
  }
  return [...groups.values()].map((group) => ({ ...group, points: [...group.points] }));
}

function nameOf(world: Exposing['engine']['world'], backend: Backend): string {
  switch (backend.kind) {
    case 'pod':
      return world.owners[backend.owner]!.id;
    case 'node':
      return `node:${[...world.points[backend.points[0]!]!.nodeNames].join()}`;
    case 'outside':
      return formatAddress(backend.address);
    case 'unseen':
      return `pod:${backend.pod}`;
  }
}

function pointsOf(backend: Backend): readonly number[] {
  switch (backend.kind) {
    case 'pod':
    case 'node':
      return backend.points;
    case 'outside':
      return [backend.point];
    case 'unseen':
      return [];
  }
}

function latentText(service: Service, port: ServicePort, waiting: readonly Backend[]): string {
  if (waiting.length > 0) return `latent: none of ${waiting.length} backends is ready`;
  if (service.selector === undefined) return 'latent: no endpoint is listed';
  return typeof port.targetPort === 'string'
    ? `latent: no pod that the Service selects has a port named ${port.targetPort}`
    : 'latent: the Service selects no pod of the input';
}
