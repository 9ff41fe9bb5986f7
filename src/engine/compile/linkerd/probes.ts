import { addBit, type Bits, difference, emptyBits, members } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import { includes } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { RequestMatch } from '#model/request.ts';
import type { PodShape } from '#model/resource.ts';
import { portTraffic, type TrafficSet, trafficPoint } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan } from '../../form.ts';
import { meetSpans, spanOf } from '../span-sets.ts';
import { type Mesh, networksOf } from './mesh.ts';

/** One path that the kubelet asks for at one port of some pods. */
interface Probe {
  readonly port: number;
  readonly path: string;
  /** Whether the proxy looks for no requests at the port while no Server says otherwise. */
  readonly opaque: boolean;
  readonly on: PointSpan;
}

/**
 * What probes may do: where a port has no route of its own, the paths of the pod's probes are open to the networks from
 * which probes come, which is everywhere unless the installation says otherwise (policy-controller,
 * `default_inbound_http_routes`).
 */
export function probeBoxes(
  mesh: Mesh,
  at: { readonly on: PointSpan; readonly traffic: TrafficSet },
  bare: boolean,
): Box[] {
  const { probeNetworks } = mesh.values;
  const peers =
    probeNetworks === undefined
      ? exactly(mesh.world.everything)
      : networksOf(
          mesh,
          probeNetworks.map((cidr) => ({ cidr, except: [] })),
        );
  return probesOf(mesh)
    .filter(({ port, opaque }) => includes(at.traffic, trafficPoint('TCP', port)) && !(bare && opaque))
    .map(({ port, path, on }) => ({
      on: meetSpans(at.on, on),
      peers,
      traffic: exactTraffic(portTraffic('TCP', port)),
      request: requestFor(path),
    }))
    .filter(({ on }) => on.may.some((word) => word !== 0));
}

function requestFor(path: string): RequestMatch {
  return {
    text: escapeControl(`GET ${path}`),
    matches: (request) => {
      if (request.kind !== 'http') return 'no';
      const answers = [
        request.method === undefined ? 'perhaps' : request.method === 'GET',
        request.path === undefined ? 'perhaps' : request.path === path,
      ];
      if (answers.includes(false)) return 'no';
      return answers.includes('perhaps') ? 'perhaps' : 'yes';
    },
  };
}

const KNOWN = new WeakMap<Mesh, readonly Probe[]>();

function probesOf(mesh: Mesh): readonly Probe[] {
  const known = KNOWN.get(mesh);
  if (known !== undefined) return known;
  const probes = gather(mesh);
  KNOWN.set(mesh, probes);
  return probes;
}

function gather({ world, members: { of, meshed } }: Mesh): Probe[] {
  const found = new Map<string, Omit<Probe, 'on'> & { readonly must: Bits; readonly may: Bits }>();
  for (const point of members(meshed.may)) {
    const units = world.points[point]!.units.map((unit) => askedOf(world.units[unit]!.shape));
    const all = new Map(units.flatMap((asked) => [...asked]));
    for (const [key, { port, path }] of all) {
      const opaque = includes(of[point]!.opaque, trafficPoint('TCP', port));
      const make = () => ({ port, path, opaque, must: emptyBits(world.size), may: emptyBits(world.size) });
      const probe = remembered(found, `${opaque} ${key}`, make);
      addBit(probe.may, point);
      if (units.every((asked) => asked.has(key))) addBit(probe.must, point);
    }
  }
  return [...found.values()].map(({ must, may, ...probe }) => ({
    ...probe,
    on: spanOf(must, difference(may, must), 'request-unknown'),
  }));
}

interface Asked {
  readonly port: number;
  readonly path: string;
}

function askedOf({ containers, ports }: PodShape): Map<string, Asked> {
  const out = new Map<string, Asked>();
  for (const { name, probes = [] } of containers) {
    for (const { port, path } of probes) {
      const number =
        typeof port === 'number' ? port : ports.find((own) => own.container === name && own.name === port)?.port;
      if (number !== undefined) out.set(`${number} ${path}`, { port: number, path });
    }
  }
  return out;
}
