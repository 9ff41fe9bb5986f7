import { type Family, parseAddress } from '#base/address.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { icmpTraffic, trafficPoint } from '#model/traffic.ts';
import type { Connection, Party } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { partiesOf } from './connections.ts';
import type { Manifest } from './manifests.ts';

/** Callers that no pod is: one among the addresses of pods, and one far away. */
const OUTSIDE = ['10.0.0.77', '198.18.0.7'];

/** Generated manifests as the parser reads them. One that is refused is a broken generator and throws. */
export function clusterOf(manifests: readonly Manifest[], tolerated: readonly string[] = []): Snapshot {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const snapshot = snapshotOf([{ file: 'generated.json', text }]);
  const refused = snapshot.diagnostics.filter(({ code }) => code.startsWith('RF2') && !tolerated.includes(code));
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

const EDGES = ['10.0.0.9', '10.0.1.0', '192.168.0.9', '198.18.0.7', 'fd00::9', '2001:db8::7'];
const EVERYWHERE = [
  ...[22, 53, 79, 80, 81, 443, 8080].map((port) => trafficPoint('TCP', port)),
  ...[53, 80].map((port) => trafficPoint('UDP', port)),
  trafficPoint('SCTP', 80),
  trafficPoint('47'),
];
const OF_FAMILY = {
  4: [icmpTraffic('ICMP', 8, 0)[0]!, icmpTraffic('ICMP', 8, 1)[0]!, icmpTraffic('ICMP', 3, 1)[0]!],
  6: [icmpTraffic('ICMPv6', 128, 0)[0]!],
};

/** Every pair of different ends of one family, nodes and outside addresses among them, with traffic of every kind. */
export function* connectionsBetween(snapshot: Snapshot): Generator<Connection> {
  const outside = EDGES.map((text): Party => ({ kind: 'address', address: parseAddress(text)! }));
  for (const family of [4, 6] as const) {
    const all = [...partiesOf(snapshot), ...outside].filter((party) => familyOf(party) === family);
    for (const from of all) {
      for (const to of all) {
        if (from === to || isOneHost(snapshot, from, to) || (from.kind === 'address' && to.kind === 'address'))
          continue;
        for (const traffic of [...EVERYWHERE, ...OF_FAMILY[family]]) yield { from, to, traffic };
      }
    }
  }
}

function familyOf(party: Party): Family {
  return party.kind === 'address' ? party.address.family : party.family;
}

/** What a host sends to itself passes no policy. A host-network pod whose node is not stated may be on any. */
function isOneHost(snapshot: Snapshot, from: Party, to: Party): boolean {
  const [a, b] = [from, to].map((party) => {
    if (party.kind === 'node') return party.name;
    return party.kind === 'pod' && party.shape.hostNetwork ? (party.shape.nodeName ?? '?') : undefined;
  });
  return a !== undefined && b !== undefined && (a === b || a === '?' || b === '?' || snapshot.nodes.length === 0);
}

/** `['x-team', 'red']` of headers. */
export function http(method: string, url: string, headers: Readonly<Record<string, string>> = {}): AskedRequest {
  const [host = '', ...path] = url.split('/');
  return { kind: 'http', method, path: `/${path.join('/')}`, host, headers: new Map(Object.entries(headers)) };
}
