import type { Service } from '#model/exposure.ts';
import type { ClusterObject } from '#model/object.ts';
import type { Snapshot } from '#model/snapshot.ts';

/**
 * What a blueprint wants for the workloads that run: its own objects, and of the live cluster what a blueprint does not
 * make, which is workloads, their namespaces and accounts, the Services between them, and nodes. What the live cluster has of
 * policies, rights and ways in is left out: that it is there, and not designed, is what is looked for.
 */
export function designFor(design: Snapshot, live: Snapshot): Snapshot {
  const own = <T extends Named>(designed: readonly T[], running: readonly T[]) => merged(designed, running, keyOf);
  const services = live.services.filter(isInside);
  const inside = new Set(services.map(keyOf));
  return {
    ...design,
    namespaces: own(design.namespaces, live.namespaces),
    nodes: own(design.nodes, live.nodes),
    serviceAccounts: own(design.serviceAccounts, live.serviceAccounts),
    pods: live.pods,
    workloads: own(design.workloads, live.workloads),
    services: own(design.services, services),
    endpointSlices: own(design.endpointSlices, live.endpointSlices),
    objects: merged(
      design.objects,
      live.objects.filter((object) => isRunning(object, inside)),
      objectKey,
    ),
  };
}

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function keyOf({ kind, namespace, name }: Named): string {
  return `${kind}/${namespace}/${name}`;
}

function objectKey({ group, ...named }: ClusterObject): string {
  return `${group}/${keyOf(named)}`;
}

/** What was designed counts before what runs under its name. */
function merged<T>(designed: readonly T[], running: readonly T[], keyFor: (each: T) => string): readonly T[] {
  const known = new Set(designed.map(keyFor));
  return [...designed, ...running.filter((each) => !known.has(keyFor(each)))];
}

/** A Service that opens the cluster is no part of a workload. One with an address of the network alone is made for a gateway. */
function isInside({ type, externalIPs, annotations }: Service): boolean {
  if (externalIPs.length > 0 || type === 'NodePort') return false;
  return type !== 'LoadBalancer' || annotations.get(INTERNAL) === 'true';
}

const INTERNAL = 'service.beta.kubernetes.io/azure-load-balancer-internal';

/** Kinds that a blueprint leaves to those who run workloads. */
const RUNNING: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'ServiceAccount',
  'Pod',
  'ReplicationController',
  'Endpoints',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  'batch/CronJob',
  'discovery.k8s.io/EndpointSlice',
]);

function isRunning(object: ClusterObject, inside: ReadonlySet<string>): boolean {
  const { group, kind } = object;
  if (group === '' && kind === 'Service') return inside.has(keyOf(object));
  return RUNNING.has(group === '' ? kind : `${group}/${kind}`);
}
