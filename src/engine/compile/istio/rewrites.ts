import { isEmpty } from '#base/bits.ts';
import { subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import { type TrafficSet, trafficPoint } from '#model/traffic.ts';
import { exactly, type PointSpan, type Rewrite, type Via } from '../../form.ts';
import { unionOf, within } from '../../spans.ts';
import { allInDoubt, lessSpan, meetSpans } from '../span-sets.ts';
import { type ArrivalGroup, pointsOfKind, type ThroughWaypoint } from './arrivals.ts';
import { TCP } from './capture.ts';
import type { Mesh } from './mesh.ts';

/** The port of HBONE, as a point of the traffic axis. */
export const HBONE = trafficPoint('TCP', 15008);
const NAME = 'HBONE, TCP 15008';

/**
 * Between two pods of the ambient mesh every TCP connection is carried as HBONE, and so between ztunnel and a sidecar
 * that speaks it; over a waypoint, to the waypoint and from there. What stays as it is: UDP, and whatever has an end
 * outside of the mesh.
 */
export function rewritesOf(mesh: Mesh): readonly Rewrite[] {
  const { membership, config } = mesh;
  const { ambient, waypoint } = membership;
  if (isEmpty(ambient.may)) return [];
  // Nobody captures what is sent to a waypoint: what does not go through it arrives as it is.
  const captured = lessSpan(ambient, waypoint);
  const out: Rewrite[] = [...rewritesOverWaypoints(mesh), rewrite(ambient, captured)];
  const speaking = speakers(mesh);
  if (isEmpty(speaking.may)) return out;
  out.push(rewrite(ambient, speaking));
  // A sidecar uses HBONE only to the hosts that it knows, and plain connections to an address by itself.
  if (config.sidecarsSpeakHbone !== false) out.push(rewrite(allInDoubt(mesh.proxies, 'mesh-transport'), captured));
  return out;
}

/** Pods behind one waypoint that are reached alike. */
interface Behind {
  readonly through: ThroughWaypoint;
  readonly traffic: TrafficSet;
  readonly onward: Pick<Via, 'onward' | 'onwardDoubt'>;
  readonly spans: PointSpan[];
}

function rewritesOverWaypoints(mesh: Mesh): Rewrite[] {
  const found = new Map<string, Behind>();
  for (const group of mesh.arrivals().groups) {
    for (const { via: through, traffic } of group.slices) {
      if (through === undefined) continue;
      for (const { span, ...onward } of onwardTo(mesh, group)) {
        const names = through.waypoints.map(({ namespace, gateway }) => `${namespace}/${gateway.name}`);
        const key = JSON.stringify([names, isEmpty(through.clients.must), traffic, onward]);
        remembered(found, key, () => ({ through, traffic, onward, spans: [] })).spans.push(span);
      }
    }
  }
  return [...found.values()].map(overWaypoint);
}

function overWaypoint({ through, traffic, onward, spans }: Behind): Rewrite {
  const { waypoints, clients } = through;
  const names = waypoints.map(({ namespace, gateway }) => `${namespace}/${gateway.name}`).join(' or ');
  const points = waypoints.every(({ pods }) => pods.length > 0) ? waypoints.flatMap(({ pods }) => pods) : [];
  const to = unionOf(spans);
  return {
    ...rewrite(clients, to),
    traffic: subtract(traffic, [HBONE, HBONE]),
    name: `HBONE over waypoint ${names}`,
    via: { points, ...onward, reason: 'waypoint-unknown' },
  };
}

interface Onward extends Pick<Via, 'onward' | 'onwardDoubt'> {
  readonly span: PointSpan;
}

/** A waypoint speaks HBONE to whom it can, and passes on what was sent to all others. */
function onwardTo(mesh: Mesh, { proxy, on }: ArrivalGroup): readonly Onward[] {
  const span = within(pointsOfKind(mesh, proxy), on);
  if (proxy === 'ambient') return [{ span, onward: HBONE }];
  if (proxy === 'gateway') return [{ span }];
  const speaking = speakers(mesh);
  const unsure = lessSpan(exactly(speaking.may), exactly(speaking.must));
  return [
    { span: within(span, speaking.must), onward: HBONE },
    { span: meetSpans(span, unsure), onward: HBONE, onwardDoubt: 'mesh-transport' as const },
    { span: lessSpan(span, exactly(speaking.may)) },
  ].filter((each) => !isEmpty(each.span.may));
}

/** Sidecars that take HBONE. */
function speakers({ membership, config, world }: Mesh): PointSpan {
  const { sidecar } = membership;
  if (config.sidecarsSpeakHbone === true) return sidecar;
  const labelled = sidecar.may.slice();
  for (const [point, { labels }] of world.points.entries()) {
    if (labels.get('networking.istio.io/tunnel') !== 'http') labelled[point >>> 5]! &= ~(1 << (point & 31));
  }
  const known = meetSpans(sidecar, exactly(labelled));
  return config.sidecarsSpeakHbone === false ? known : unionOf([known, allInDoubt(sidecar, 'mesh-transport')]);
}

function rewrite(from: PointSpan, to: PointSpan): Rewrite {
  const traffic = subtract(TCP, [HBONE, HBONE]);
  const reason = [...from.doubts, ...to.doubts][0]?.reason ?? 'mesh-membership';
  return { from, to, traffic, as: HBONE, name: NAME, reason };
}
