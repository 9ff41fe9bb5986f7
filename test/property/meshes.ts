import { parseAddress } from '#base/address.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Connection, Party } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { partiesOf } from './connections.ts';
import type { Manifest } from './manifests.ts';

/** Callers that no pod is: one among the addresses of pods, and one far away. */
const OUTSIDE = ['10.0.0.77', '198.18.0.7'];

/** Generated manifests as the parser reads them. One that is refused is a broken generator and throws. */
export function clusterOf(manifests: readonly Manifest[]): Snapshot {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const snapshot = snapshotOf([{ file: 'generated.json', text }]);
  const refused = snapshot.diagnostics.filter(({ code }) => code.startsWith('RF2'));
  if (refused.length > 0) throw new Error(refused.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return snapshot;
}

/** Every pair of different ends of which one is a pod, over IPv4. */
export function* connectionsOver(snapshot: Snapshot, traffic: readonly number[]): Generator<Connection> {
  const inside = partiesOf(snapshot).filter(({ family }) => family === 4);
  const outside = OUTSIDE.map((text): Party => ({ kind: 'address', address: parseAddress(text)! }));
  const all = [...inside, ...outside];
  for (const from of all) {
    for (const to of all) {
      if (from === to || (from.kind === 'address' && to.kind === 'address')) continue;
      for (const point of traffic) yield { from, to, traffic: point };
    }
  }
}

/** `['x-team', 'red']` of headers. */
export function http(method: string, url: string, headers: Readonly<Record<string, string>> = {}): AskedRequest {
  const [host = '', ...path] = url.split('/');
  return { kind: 'http', method, path: `/${path.join('/')}`, host, headers: new Map(Object.entries(headers)) };
}
