import { addBit, type Bits, bitsOf, difference, emptyBits, isEmpty, members } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { ServiceEntry } from '#model/istio.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type Policy } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { World } from '../../world.ts';
import { meetSpans, outsideOf } from '../span-sets.ts';
import { TCP, tcpPorts } from './capture.ts';
import { type ClientScope, matchesHost } from './client-scopes.ts';
import { cidrsOf } from './conditions.ts';
import { type Answer, type Through, takesThrough } from './dialing.ts';
import type { Mesh } from './mesh.ts';

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
  const ruled = [...mesh.hosts.bindings.keys()].filter((point) => mesh.hosts.bindings[point]!.length > 0);
  const direct = difference(mesh.world.everything, bitsOf(mesh.world.size, ruled));
  const boxes = [...unseen(mesh, scope, direct), ...throughServices(mesh, scope, ruled), ...knownOutside(mesh, scope)];
  const rules = [{ action: 'allow' as const, boxes, path: 'known hosts', origin }];
  // A gateway has no application whose traffic it captures.
  return { ref, subject: meetSpans(scope.clients, mesh.membership.sidecar), isolates: true, rules };
}

/** What the sidecar does not take: other protocols, and addresses and ports that its annotations leave out. */
function unseen({ world }: Mesh, scope: ClientScope, direct: Bits): Box[] {
  const { capture, included, excluded } = scope;
  const boxes: Box[] = [{ peers: exactly(world.everything), traffic: exactTraffic(subtract(ALL_TRAFFIC, TCP)) }];
  const own = exactly(direct);
  boxes.push({ peers: own, traffic: exactTraffic(subtract(TCP, capture.outbound)) });
  if (excluded !== undefined) boxes.push({ peers: meetSpans(own, excluded), traffic: exactTraffic(TCP) });
  if (included !== undefined) {
    const traffic = exactTraffic(subtract(TCP, capture.always));
    boxes.push({ peers: meetSpans(own, outsideOf(world.everything, included)), traffic });
  }
  return boxes;
}

/**
 * Ports of pods that Services lead to: a connection passes where the client knows the Service, and where its sidecar does
 * not take what is dialed. At the other ports of such a pod its own address is dialed.
 */
function throughServices(mesh: Mesh, scope: ClientScope, ruled: readonly number[]): Box[] {
  const cells = new Map<string, { readonly ports: Ports; readonly points: Bits }>();
  for (const point of ruled) {
    const ports = portsThrough(mesh, scope, point);
    const key = `${ports.sure.join()};${ports.maybe.join()};${ports.none.join()}`;
    addBit(remembered(cells, key, () => ({ ports, points: emptyBits(mesh.world.size) })).points, point);
  }
  return [...cells.values()].flatMap(({ ports, points }) => {
    const peers = exactly(points);
    const may = unite(ports.sure, ports.maybe);
    const boxes: Box[] =
      may.length === 0 ? [] : [{ peers, traffic: { must: ports.sure, may }, trafficDoubt: 'mesh-transport' }];
    const others = subtract(TCP, unite(may, ports.none));
    const free = unseen(mesh, scope, points).slice(1);
    return [...boxes, ...free.map((box) => limited(box, others))];
  });
}

function limited(box: Box, traffic: TrafficSet): Box {
  return { ...box, traffic: { must: meet(box.traffic.must, traffic), may: meet(box.traffic.may, traffic) } };
}

interface Ports {
  readonly sure: TrafficSet;
  readonly maybe: TrafficSet;
  readonly none: TrafficSet;
}

function portsThrough({ hosts, world }: Mesh, scope: ClientScope, point: number): Ports {
  const found: Record<keyof Ports, number[]> = { sure: [], maybe: [], none: [] };
  for (const [target, bindings] of Map.groupBy(hosts.bindings[point]!, (binding) => binding.target)) {
    const answers = bindings.map((binding) => passes(world, scope, { point, binding }));
    const same = answers.every((answer) => answer === answers[0]) && bindings.every(({ certain }) => certain);
    found[same && answers[0] !== 'perhaps' ? (answers[0] === 'yes' ? 'sure' : 'none') : 'maybe'].push(target);
  }
  return { sure: tcpPorts(found.sure), maybe: tcpPorts(found.maybe), none: tcpPorts(found.none) };
}

function passes(world: World, scope: ClientScope, through: Through): Answer {
  const { host, port } = through.binding;
  if (scope.sees(host, port.port)) return 'yes';
  const taken = takesThrough(world, scope, through);
  return taken === 'perhaps' ? taken : taken === 'yes' ? 'no' : 'yes';
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
  const peers = perhaps(externals, 'domain-name');
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
function isSeen(entry: ServiceEntry, { clients, sidecar, namespace: own }: ClientScope, { world }: Mesh): boolean {
  const namespaces = new Set([...members(clients.may)].map((point) => world.points[point]!.namespace));
  const shared = entry.exportTo.length === 0 || entry.exportTo.includes('*');
  const exported =
    shared ||
    [...namespaces].every(
      (name) => entry.exportTo.includes(name) || (entry.exportTo.includes('.') && name === entry.namespace),
    );
  if (!exported || sidecar === undefined || sidecar.egress.length === 0) return exported;
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
