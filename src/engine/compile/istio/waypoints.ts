import type { Gateway } from '#model/exposure.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Point, World } from '../../world.ts';
import type { Binding } from './hosts.ts';

/** A proxy for the traffic of Services or workloads of the ambient mesh: a Gateway of the class `istio-waypoint`. */
export interface Waypoint {
  readonly gateway: Gateway;
  /** The service account it runs as: the name of the Gateway. */
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly takes: 'service' | 'workload' | 'all' | 'none';
  /** The pods that Istio made for it; none where they are not in the input. */
  readonly pods: readonly number[];
}

export interface Waypoints {
  readonly all: readonly Waypoint[];
  /** The waypoint of traffic that is addressed to a Service. */
  ofService(binding: Binding): Waypoint | undefined;
  /** The waypoint of traffic that is addressed to the pod itself. */
  ofPod(point: Point): Waypoint | undefined;
}

export const WAYPOINT_CLASS = 'istio-waypoint';
const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';
const TAKES = ['service', 'workload', 'all', 'none'] as const;

export function waypointsOf({ gateways }: Pick<Snapshot, 'gateways'>, world: World): Waypoints {
  const all = gateways
    .filter(({ className }) => className === WAYPOINT_CLASS)
    .map((gateway) => waypointOf(gateway, world));
  const named = new Map(all.map((waypoint) => [`${waypoint.namespace}/${waypoint.gateway.name}`, waypoint]));
  const labelsOf = (namespace: string) => world.namespaces.get(namespace)?.labels;
  return {
    all,
    ofService: ({ host: { service } }) => {
      const ref =
        waypointRef(service.labels, service.namespace) ?? waypointRef(labelsOf(service.namespace), service.namespace);
      const found = named.get(ref ?? '');
      return found?.takes === 'service' || found?.takes === 'all' ? found : undefined;
    },
    // What is on the host's network is no workload of the mesh.
    ofPod: ({ labels, namespace, hostNetwork }) => {
      if (hostNetwork) return undefined;
      const ref = waypointRef(labels, namespace) ?? waypointRef(labelsOf(namespace), namespace);
      const found = named.get(ref ?? '');
      return found?.takes === 'workload' || found?.takes === 'all' ? found : undefined;
    },
  };
}

/** `namespace/name` of the waypoint that labels ask for; `none` opts out; undefined where they do not say. */
export function waypointRef(labels: Labels | undefined, namespace: string): string | undefined {
  const name = labels?.get(USE);
  if (name === undefined) return undefined;
  return name === 'none' ? 'none' : `${labels?.get(USE_NAMESPACE) ?? namespace}/${name}`;
}

function waypointOf(gateway: Gateway, world: World): Waypoint {
  const label = gateway.labels.get('istio.io/waypoint-for');
  return {
    gateway,
    namespace: gateway.namespace,
    serviceAccount: gateway.name,
    takes: TAKES.find((known) => known === label) ?? 'service',
    pods: podsOf(gateway, world),
  };
}

/** Which Gateway a pod was made for. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

function podsOf({ namespace, name }: Gateway, world: World): number[] {
  const isOwn = ({ kind, units, labels, namespace: home }: Point) =>
    kind === 'pod' && units.length > 0 && home === namespace && labels.get(GATEWAY_NAME) === name;
  return [...world.points.keys()].filter((point) => isOwn(world.points[point]!));
}
