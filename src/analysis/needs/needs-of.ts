import type { Snapshot } from '#model/snapshot.ts';
import { bookOf } from './book.ts';
import { addConfigured } from './configured.ts';
import { addInbound } from './inbound.ts';
import type { NeededEdge, Needs } from './needs.ts';
import { addPlatform } from './platform.ts';
import { addUnnamed } from './unnamed.ts';

/**
 * Which connections the input itself shows to be needed: what workloads are configured to ask, what routes and load
 * balancers lead to, who collects metrics, who uses the API server. It must have been read with its objects. What is in no
 * object (a host inside of an image, a value of a Secret) cannot be seen; `open` names what may stand for more.
 *
 * @example
 * needsOf(snapshot).edges[0]; // { from: { kind: 'workload', id: 'shop/Deployment/web' }, to: …, ports: [{ protocol: 'TCP', port: 8080 }], why: … }
 */
export function needsOf(snapshot: Snapshot): Needs {
  const book = bookOf(snapshot);
  addConfigured(book);
  addInbound(book);
  addPlatform(book);
  addUnnamed(book);
  return { edges: once(book.edges), open: book.open };
}

/** One edge for each pair and set of ports: the first reason speaks. */
function once(edges: readonly NeededEdge[]): readonly NeededEdge[] {
  const seen = new Map<string, NeededEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.ports]);
    if (!seen.has(key)) seen.set(key, edge);
  }
  return [...seen.values()];
}
