import type { Family } from '#base/address.ts';
import type { World } from '#engine/world.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import type { LabelSelector } from '#model/resource.ts';
import type { PodBackend, PortBackends } from './backends.ts';
import type { Cluster } from './slice-backends.ts';
import { inFamily } from './unit-index.ts';

/** The backends that the endpoint controller would find: pods by selector, each with its own number for a named port. */
export function predictedPorts(cluster: Cluster, service: Service, selector: LabelSelector): PortBackends[] {
  const pods = predictedPods(cluster, service, selector);
  return service.ports.map((port) => ({
    port,
    backends: pods.flatMap((pod) => onPort(cluster.world, pod, port)),
    waiting: [],
  }));
}

export function predictedPods({ world, units }: Cluster, service: Service, selector: LabelSelector): PodBackend[] {
  const families = familiesOf(service, world);
  return units.selectedBy(service.namespace, selector).map((unit) => {
    const { owner, shape, nodeName } = world.units[unit]!;
    const points = units.pointsOf(unit);
    const own = families.flatMap((family) => inFamily(world, points, family));
    return {
      kind: 'pod',
      unit,
      owner,
      points: own.length > 0 ? [...new Set(own)] : points,
      hostNetwork: shape.hostNetwork,
      ...(nodeName !== undefined && { nodeName }),
    };
  });
}

/**
 * The address families in which a Service is asked for. A manifest that says nothing gets the cluster's first family,
 * which is IPv4 unless every pod speaks IPv6 only.
 */
export function familiesOf(service: Service, world: World): readonly Family[] {
  if (service.ipFamilies.length > 0) return service.ipFamilies.map((family) => (family === 'IPv6' ? 6 : 4));
  const addresses = new Set(service.clusterIPs.map((address): Family => (address.includes(':') ? 6 : 4)));
  if (addresses.size > 0) return [...addresses];
  const speaksV6 = world.points.some((point) => point.kind === 'pod' && point.families === 2);
  const dual =
    service.ipFamilyPolicy === 'RequireDualStack' || (service.ipFamilyPolicy === 'PreferDualStack' && speaksV6);
  if (dual) return [4, 6];
  const speaksV4 = world.points.some((point) => point.kind === 'pod' && (point.families & 1) !== 0);
  return speaksV4 || !speaksV6 ? [4] : [6];
}

/** A pod without a container port of that name and protocol is no backend of the port (endpoint controller, `FindPort`). */
function onPort(world: World, pod: PodBackend, { targetPort, protocol }: ServicePort): PodBackend[] {
  if (typeof targetPort === 'number') return [{ ...pod, port: targetPort }];
  const { ports } = world.units[pod.unit]!.shape;
  const named = ports.find((port) => port.name === targetPort && port.protocol === protocol);
  return named === undefined ? [] : [{ ...pod, port: named.port }];
}
