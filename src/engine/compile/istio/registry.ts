import { addBit, type Bits, emptyBits, isEmpty, members } from '#base/bits.ts';
import { subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { ServiceEntry } from '#model/istio.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Policy } from '../../form.ts';
import { TCP, tcpPorts } from './capture.ts';
import { type ClientScope, matchesHost } from './client-scopes.ts';
import { cidrsOf } from './conditions.ts';
import type { Mesh } from './mesh.ts';
import { meetSpans, outsideOf } from './spans.ts';

/**
 * REGISTRY_ONLY: a sidecar drops connections to what it does not know. It knows Services, as far as its Sidecar lists
 * them, and ServiceEntries. One policy for each group of clients; the API says that it is no security boundary.
 */
export function compileRegistry(mesh: Mesh): Policy[] {
  const scopes = mesh.scopes.filter(({ outboundMode }) => outboundMode === 'REGISTRY_ONLY');
  return scopes.map((scope) => policyOf(mesh, scope)).filter((policy) => !isEmpty(policy.subject.may));
}

function policyOf(mesh: Mesh, scope: ClientScope): Policy {
  const { sidecar } = scope;
  const origin = sidecar?.origin ?? mesh.config.origin;
  const bySidecar = sidecar?.outboundMode !== undefined;
  const ref = bySidecar
    ? { kind: 'Sidecar', namespace: sidecar.namespace, name: sidecar.name, origin }
    : { kind: 'Istio', namespace: mesh.config.rootNamespace, name: 'mesh configuration', origin };
  const boxes = [...unseen(mesh, scope), ...knownPods(mesh, scope), ...knownOutside(mesh, scope)];
  const rules = [{ action: 'allow' as const, boxes, path: 'known hosts', origin }];
  // A gateway has no application whose traffic it captures.
  return { ref, subject: meetSpans(scope.clients, mesh.membership.sidecar), isolates: true, rules };
}

function unseen({ world }: Mesh, { capture, captured }: ClientScope): Box[] {
  const everyone = exactly(world.everything);
  const boxes: Box[] = [{ peers: everyone, traffic: exactTraffic(subtract(ALL_TRAFFIC, capture.outbound)) }];
  if (captured !== undefined) {
    boxes.push({ peers: outsideOf(world.everything, captured), traffic: exactTraffic(TCP) });
  }
  return boxes;
}

/** Pods behind Services that the clients know, at the ports that Services lead to. */
function knownPods(mesh: Mesh, scope: ClientScope): Box[] {
  const byPorts = new Map<string, { readonly traffic: TrafficSet; readonly sure: Bits; readonly maybe: Bits }>();
  const { size } = mesh.world;
  const sees = new Map(mesh.hosts.all.map((host) => [host, scope.sees(host)]));
  for (const [point, bindings] of mesh.hosts.bindings.entries()) {
    const known = bindings.filter(({ host }) => sees.get(host));
    if (known.length === 0) continue;
    for (const certain of [true, false]) {
      const ports = known.filter((binding) => binding.certain === certain).map(({ target }) => target);
      if (ports.length === 0) continue;
      const traffic = tcpPorts(ports);
      const make = () => ({ traffic, sure: emptyBits(size), maybe: emptyBits(size) });
      const cell = remembered(byPorts, traffic.join(), make);
      addBit(certain ? cell.sure : cell.maybe, point);
    }
  }
  return [...byPorts.values()].flatMap(({ traffic, sure, maybe }) => [
    ...(isEmpty(sure) ? [] : [{ peers: exactly(sure), traffic: exactTraffic(traffic) }]),
    ...(isEmpty(maybe) ? [] : [{ peers: perhapsAt(mesh, maybe, 'label-generated'), traffic: exactTraffic(traffic) }]),
  ]);
}

function perhapsAt({ world }: Mesh, points: Bits, reason: 'label-generated' | 'domain-name'): PointSpan {
  return { must: world.nothing, may: points, doubts: [{ reason, points }] };
}

function knownOutside(mesh: Mesh, scope: ClientScope): Box[] {
  return mesh.snapshot.serviceEntries
    .filter((entry) => isSeen(entry, scope, mesh))
    .flatMap((entry) => boxesOf(mesh, entry));
}

/**
 * A ServiceEntry with addresses is known by them. One with host names only is known by the name in the request: which
 * addresses that is, is known at run time.
 */
function boxesOf(mesh: Mesh, entry: ServiceEntry): Box[] {
  const ports = tcpPorts([
    ...entry.ports.map(({ number }) => number),
    ...entry.ports.map(({ targetPort }) => targetPort),
  ]);
  if (ports.length === 0) return [];
  if (entry.gaps.length > 0) return [doubtfulEntry(mesh, ports)];
  const { networks } = mesh.compiling;
  const blocks = [...entry.addresses, ...cidrsOf(entry.endpoints.map(({ address }) => address))];
  const boxes: Box[] = [];
  if (blocks.length > 0) {
    const peers = networks.coveredByAny(blocks.map((cidr) => ({ cidr, except: [] })));
    boxes.push({ peers, traffic: exactTraffic(ports) });
  }
  const domains = domainsOf(mesh, entry);
  if (!isEmpty(domains)) boxes.push({ peers: exactly(domains), traffic: exactTraffic(ports) });
  if (entry.addresses.length > 0) return boxes;
  const { externals } = mesh.world;
  const peers = perhapsAt(mesh, externals, 'domain-name');
  return [...boxes, { peers, traffic: exactTraffic(ports) }];
}

function doubtfulEntry({ world }: Mesh, traffic: TrafficSet): Box {
  return {
    peers: exactly(world.everything),
    traffic: { must: NO_TRAFFIC, may: traffic },
    trafficDoubt: 'unread-field',
  };
}

function domainsOf({ world }: Mesh, { hosts }: ServiceEntry): Bits {
  const out = emptyBits(world.size);
  for (const [name, points] of world.domains) {
    if (!hosts.some((host) => matchesHost(host, name.toLowerCase()))) continue;
    for (const point of points) addBit(out, point);
  }
  return out;
}

/** `exportTo` says which namespaces see it; the Sidecar, which hosts its pods know. */
function isSeen(entry: ServiceEntry, { clients, sidecar }: ClientScope, { world, config }: Mesh): boolean {
  const namespaces = new Set([...members(clients.may)].map((point) => world.points[point]!.namespace));
  const shared = entry.exportTo.length === 0 || entry.exportTo.includes('*');
  const exported =
    shared ||
    [...namespaces].every(
      (name) => entry.exportTo.includes(name) || (entry.exportTo.includes('.') && name === entry.namespace),
    );
  if (!exported || sidecar === undefined || sidecar.egress.length === 0) return exported;
  const own = sidecar.namespace === config.rootNamespace ? undefined : sidecar.namespace;
  return sidecar.egress.some(({ hosts }) =>
    hosts.some((text) => {
      const [namespace = '', host = ''] = text.split('/');
      const where = namespace === '.' ? own : namespace;
      return (
        (where === '*' || where === entry.namespace) &&
        entry.hosts.some((name) => host === '*' || matchesHost(host, name))
      );
    }),
  );
}
