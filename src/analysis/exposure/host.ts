import { parseAddress } from '#base/address.ts';
import type { Unit } from '#engine/units.ts';
import type { Exposure } from '#model/answers.ts';
import type { ContainerPort } from '#model/resource.ts';
import { portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { withNotes } from './arrival.ts';
import type { Exposing, Scope } from './exposing.ts';
import { ALLOWED, type Judgement, judgeIngress } from './judge.ts';
import { nodeClients } from './service.ts';

/** Ports that pods open on the addresses of their nodes: `hostPort`, and everything that a host-network pod listens on. */
export function hostExposures(exposing: Exposing): Exposure[] {
  const listeners = new Map<string, Listener>();
  for (const [index, unit] of exposing.engine.world.units.entries()) {
    for (const listener of listenersOf(unit)) {
      const key = `${unit.owner} ${listener.through} ${listener.port?.protocol} ${listener.port?.hostPort} ${listener.port?.port} ${listener.port?.hostIP}`;
      const known = listeners.get(key);
      if (known === undefined) listeners.set(key, { ...listener, units: [index] });
      else known.units.push(index);
    }
  }
  return [...listeners.values()].map((listener) => exposureOf(exposing, listener));
}

interface Listener {
  readonly owner: number;
  readonly through: 'hostPort' | 'hostNetwork';
  /** Absent: a host-network pod that declares no port. */
  readonly port?: ContainerPort;
  readonly units: number[];
}

function listenersOf({ owner, shape }: Unit): Listener[] {
  const through = shape.hostNetwork ? 'hostNetwork' : 'hostPort';
  const open = shape.ports.filter((port) => shape.hostNetwork || port.hostPort !== undefined);
  if (open.length === 0 && shape.hostNetwork) return [{ owner, through, units: [] }];
  return open.map((port) => ({ owner, through, port, units: [] }));
}

function exposureOf(exposing: Exposing, listener: Listener): Exposure {
  const { owner, through, port } = listener;
  const scope = scopeOf(exposing, port);
  const judgement = judge(exposing, listener, scope);
  const number = port?.hostPort ?? port?.port ?? 0;
  const { id, origin } = exposing.engine.world.owners[owner]!;
  return {
    scope,
    through,
    at: `${port?.hostIP ?? '*'}:${port === undefined ? '(any port it listens on)' : number}`,
    protocol: port?.protocol ?? 'TCP',
    port: number,
    to: id,
    ...(port !== undefined && { targetPort: port.port }),
    verdict: judgement.verdict,
    notes: judgement.notes,
    reasons: judgement.reasons,
    origin: port?.origin ?? origin,
  };
}

/** A host port on the loopback address serves its node alone. */
function scopeOf(exposing: Exposing, port: ContainerPort | undefined): Scope {
  const address = port?.hostIP === undefined ? undefined : parseAddress(port.hostIP);
  const loopback = address?.family === 4 ? address.value >> 24n === 127n : address?.value === 1n;
  return loopback ? 'node' : exposing.nodeScope;
}

/** The node passes a host port on with the client's own address; what is on the host network gets it directly. */
function judge(exposing: Exposing, { units, port }: Listener, scope: Scope): Judgement {
  if (scope === 'node') return { ...ALLOWED, notes: ['open to its own node only, which policy does not hold back'] };
  const to = [...new Set(units.flatMap((unit) => exposing.services.units.pointsOf(unit)))];
  const judgement = judgeIngress(exposing.engine.reach, { from: nodeClients(exposing), to, traffic: trafficOf(port) });
  const undeclared = port === undefined ? ['it declares no port: whatever it listens on is open on its nodes'] : [];
  return withNotes(judgement, [...exposing.nodeNotes, ...undeclared]);
}

function trafficOf(port: ContainerPort | undefined): TrafficSet {
  return port === undefined ? protocolTraffic('TCP') : portTraffic(port.protocol, port.port);
}
