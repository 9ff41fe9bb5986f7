import { addToService, labelsOf, type NeedBook, serviceName } from './book.ts';
import type { NeedCause, NeedEnd } from './needs.ts';

/** What shows who asks a workload; metrics are asked of everything. */
const BY_CLIENTS: ReadonlySet<NeedCause> = new Set(['configuration', 'route', 'load-balancer', 'host-port', 'webhook']);

/**
 * A Service is there to be asked. Where nothing shows by whom (the name stands inside of an image), it is taken to be the
 * pods of its own namespace: DNS is everybody's.
 */
export function addUnnamed(book: NeedBook): void {
  const asked = new Set(
    book.edges.flatMap(({ to, cause }) => (to.kind === 'workload' && BY_CLIENTS.has(cause) ? [to.id] : [])),
  );
  for (const service of book.snapshot.services) {
    const owners = book.behind(service);
    if (owners.length === 0) continue;
    const isDns = owners.some((owner) => labelsOf(owner).get('k8s-app') === 'kube-dns');
    if (!isDns && owners.some(({ endpoint }) => asked.has(endpoint))) continue;
    const from: NeedEnd = { kind: 'pods', labels: {}, ...(!isDns && { namespace: service.namespace }) };
    const why = `${serviceName(service)} is there to be asked, and nothing in the input shows by whom`;
    addToService(book, { from, service, cause: 'service', why, origin: service.origin });
  }
}
