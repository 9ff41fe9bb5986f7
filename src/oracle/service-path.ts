import { formatAddress } from '#base/address.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import { trafficPoint } from '#model/traffic.ts';
import { isToPort, type PodParty, type Question } from './party.ts';
import { selects } from './selector.ts';
import { addressOf } from './where.ts';

/** A Service, and the port of it that leads to the port that is asked about. */
export interface ServicePath {
  readonly service: Service;
  readonly port: ServicePort;
}

/** The TCP port that the connection is to, where it is to one. */
export function tcpPort({ connection }: Question): number | undefined {
  const port = connection.traffic - trafficPoint('TCP', 0);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/**
 * How the client gets to the pod: through a Service that selects it and has a port for the one asked about; where several
 * do, through any of them; undefined where none does: by the pod's own address.
 */
export function servicePath(question: Question): ServicePath | undefined {
  const { to } = question.connection;
  if (to.kind !== 'pod') return undefined;
  const paths = pathsTo(question, to);
  return paths.length === 0 ? undefined : question.world.choose('the Service that leads there', paths);
}

/** Every Service port that leads to the port of the pod that is asked about. */
export function pathsTo(question: Question, pod: PodParty): ServicePath[] {
  return question.snapshot.services
    .filter((service) => service.namespace === pod.namespace && isFor(service, pod))
    .flatMap((service) =>
      service.ports.filter((port) => leadsThere(question, pod, port)).map((port) => ({ service, port })),
    );
}

export function isFor({ namespace, selector, type }: Service, pod: PodParty): boolean {
  if (type === 'ExternalName' || selector === undefined || namespace !== pod.namespace) return false;
  return selects(selector, (key) => pod.shape.labels.get(key));
}

function leadsThere(question: Question, pod: PodParty, { protocol, targetPort }: ServicePort): boolean {
  if (typeof targetPort === 'number') return isToPort(question, protocol, [targetPort, targetPort]);
  return pod.shape.ports.some(
    (own) => own.name === targetPort && own.protocol === protocol && isToPort(question, protocol, [own.port, own.port]),
  );
}

/** What the application dials: the Service's address and port; without either the pod's own. */
export function dialedBy(question: Question, path: ServicePath | undefined): { address: string; port: number } {
  const port = tcpPort(question) ?? 0;
  const family = addressOf(question, 'to').family;
  const own = path?.service.clusterIPs.find((address) => address.includes(':') === (family === 6));
  if (path === undefined || path.service.headless || own === undefined) {
    return { address: formatAddress(addressOf(question, 'to')), port: path?.port.port ?? port };
  }
  return { address: own, port: path.port.port };
}
