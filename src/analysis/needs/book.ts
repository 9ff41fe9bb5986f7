import { matchesLabels } from '#engine/select.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import { entriesAt, listAt, numberAt, textAt } from '#model/plain.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type ObjectIndex, objectIndexOf } from '../controls/objects.ts';
import { type PodOwner, podOwnersOf } from '../controls/pod-owners.ts';
import type { NeedEnd, NeededEdge, NeededPort, OpenNeed } from './needs.ts';

/** What needs are gathered from, and into. */
export interface NeedBook {
  readonly snapshot: Snapshot;
  readonly objects: ObjectIndex;
  readonly owners: readonly PodOwner[];
  readonly services: ReadonlyMap<string, Service>;
  readonly serviceOfAddress: ReadonlyMap<string, Service>;
  readonly behind: (service: Service) => readonly PodOwner[];
  readonly ownersIn: (namespace: string) => readonly PodOwner[];
  readonly edges: NeededEdge[];
  readonly open: OpenNeed[];
}

export function bookOf(snapshot: Snapshot): NeedBook {
  const owners = podOwnersOf(snapshot.objects);
  const byNamespace = Map.groupBy(owners, ({ object }) => object.namespace);
  const ownersIn = (namespace: string) => byNamespace.get(namespace) ?? [];
  const behind = new Map<Service, readonly PodOwner[]>();
  return {
    snapshot,
    objects: objectIndexOf(snapshot.objects),
    owners,
    services: new Map(snapshot.services.map((service) => [`${service.namespace}/${service.name}`, service])),
    serviceOfAddress: new Map(snapshot.services.flatMap((each) => each.clusterIPs.map((address) => [address, each]))),
    ownersIn,
    behind(service) {
      const known = behind.get(service) ?? selectedBy(service, ownersIn(service.namespace));
      behind.set(service, known);
      return known;
    },
    edges: [],
    open: [],
  };
}

function selectedBy({ selector }: Service, owners: readonly PodOwner[]): readonly PodOwner[] {
  return selector === undefined ? [] : owners.filter((owner) => matchesLabels(selector, labelsOf(owner)));
}

export function labelsOf({ metadata }: PodOwner): Labels {
  return new Map(
    entriesAt(metadata, 'labels').flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
  );
}

export function workloadEnd({ endpoint }: PodOwner): NeedEnd {
  return { kind: 'workload', id: endpoint };
}

/** The port of the pod that a port of a Service leads to; undefined where its name is not found. */
export function targetOf({ protocol, targetPort }: ServicePort, owner: PodOwner): NeededPort | undefined {
  if (typeof targetPort === 'number') return { protocol, port: targetPort };
  return namedPort(owner, targetPort, protocol);
}

export function namedPort(owner: PodOwner, name: string, protocol = 'TCP'): NeededPort | undefined {
  for (const port of containerPorts(owner)) if (port.name === name && port.protocol === protocol) return port;
  return undefined;
}

export interface WrittenPort extends NeededPort {
  readonly name?: string;
  readonly hostPort?: number;
}

export function containerPorts({ containers }: PodOwner): readonly WrittenPort[] {
  return containers.flatMap(({ value }) =>
    listAt(value, 'ports').flatMap((item): WrittenPort[] => {
      const port = numberAt(item, 'containerPort');
      const protocol = textAt(item, 'protocol') ?? 'TCP';
      if (port === undefined || (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')) return [];
      const name = textAt(item, 'name');
      const hostPort = numberAt(item, 'hostPort');
      return [{ protocol, port, ...(name !== undefined && { name }), ...(hostPort !== undefined && { hostPort }) }];
    }),
  );
}

/** The ports at a workload behind a Service: of one of its ports, by number or name, or of all of them. */
export function portsBehind(service: Service, owner: PodOwner, asked?: number | string): readonly NeededPort[] {
  const own = service.ports.filter(({ port, name }) => asked === undefined || port === asked || name === asked);
  // Who asks the name of a headless Service gets addresses of pods, and asks them at any port.
  if (own.length === 0 && typeof asked === 'number') return [{ protocol: 'TCP', port: asked }];
  return own.flatMap((port) => targetOf(port, owner) ?? []);
}

/** `Deployment shop/web` */
export function nameOf({ object: { kind, namespace, name } }: PodOwner): string {
  return `${kind} ${namespace}/${name}`;
}

export function serviceName({ namespace, name }: Service): string {
  return `Service ${namespace}/${name}`;
}

interface AskedService extends Pick<NeededEdge, 'from' | 'cause' | 'why' | 'origin'> {
  readonly service: Service;
  readonly port?: number | string | undefined;
}

/** Connections from somebody to everything behind a Service. */
export function addToService(book: NeedBook, { service, port, ...edge }: AskedService): void {
  for (const owner of book.behind(service)) {
    const ports = portsBehind(service, owner, port);
    if (service.ports.length > 0 && ports.length === 0) continue;
    book.edges.push({ ...edge, to: workloadEnd(owner), ports });
  }
}
