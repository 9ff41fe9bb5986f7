import { meet, unite } from '#base/intervals.ts';
import { hasIstio } from '#engine/compile/istio/membership.ts';
import type { Engine } from '#engine/engine.ts';
import { grantBetween } from '#engine/reach.ts';
import type { EncryptionFact } from '#model/encryption.ts';
import type { Labels } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet, trafficPoint } from '#model/traffic.ts';
import { type EncryptionBook, encryptionOf } from '../../encryption/book.ts';
import { type ControlContext, onceKey } from '../context.ts';

/** How one workload's connections to another are protected: the parts that are protected alike. */
export interface Edge {
  /** Ids of endpoints. */
  readonly from: string;
  readonly to: string;
  readonly traffic: TrafficSet;
  readonly fact: EncryptionFact;
}

export interface Edges {
  /** Of connections that every layer lets through. */
  readonly list: readonly Edge[];
  /** More pairs than are looked at. */
  readonly isCut: boolean;
}

/** So many pairs of points are asked: beyond, the answer is that there are too many. */
const MOST_PAIRS = 1_000_000;

const EDGES = onceKey<Edges>('edges between workloads');

/** Connections between pods of the pod network that are let through, on the ports that the destination is known to have. */
export function edgesIn(context: ControlContext): Edges {
  return context.once(EDGES, edgesOf);
}

function edgesOf({ analysis: { engine } }: ControlContext): Edges {
  const { world, reach } = engine;
  const book = encryptionOf(engine);
  const list: Edge[] = [];
  const points = world.owners.flatMap((owner, index) =>
    world.pointsOfOwner[index]!.filter((point) => !world.points[point]!.hostNetwork).map((point) => ({
      id: owner.id,
      point,
    })),
  );
  if (
    !mayEncrypt(
      engine,
      book,
      points.map(({ point }) => point),
    )
  )
    return { list, isCut: false };
  if (points.length ** 2 > MOST_PAIRS) return { list, isCut: true };
  for (const to of points) {
    const asked = knownPorts(engine, to.point);
    for (const from of points) {
      const allowed = meet(grantBetween(reach, from.point, to.point).allowed, asked);
      if (allowed.length > 0) list.push(...partsOf(book, { from, to, allowed }));
    }
  }
  return { list, isCut: false };
}

/** So many points show whether the network between nodes encrypts: its settings are those of the whole cluster. */
const PROBED = 24;

/** Without a mesh and without encryption between nodes there is nothing to tell apart. */
function mayEncrypt({ snapshot }: Engine, book: EncryptionBook, points: readonly number[]): boolean {
  if (hasIstio(snapshot) || hasLinkerd(snapshot)) return true;
  const some = points.slice(0, PROBED);
  return some.some((from) => some.some((to) => book.factOf({ from, to, traffic: ANY_TCP }).encryption !== 'plaintext'));
}

/** Whether anything in the input shows a Linkerd. */
export function hasLinkerd(snapshot: Snapshot): boolean {
  const joins = (annotations: Labels) => /^(?:enabled|ingress)$/.test(annotations.get('linkerd.io/inject') ?? '');
  return (
    snapshot.linkerdServers.length + snapshot.linkerdAuthorizations.length > 0 ||
    snapshot.namespaces.some(({ annotations }) => joins(annotations)) ||
    snapshot.workloads.some(({ template }) => joins(template.annotations)) ||
    snapshot.pods.some(
      ({ shape }) => joins(shape.annotations) || shape.containers.some(({ name }) => name === 'linkerd-proxy'),
    )
  );
}

interface Asked {
  readonly from: { readonly id: string; readonly point: number };
  readonly to: { readonly id: string; readonly point: number };
  readonly allowed: TrafficSet;
}

function partsOf(book: EncryptionBook, { from, to, allowed }: Asked): Edge[] {
  return book
    .partsOf({ from: from.point, to: to.point }, allowed)
    .map(({ traffic, fact }) => ({ from: from.id, to: to.id, traffic, fact }));
}

const TCP = protocolTraffic('TCP');
const ANY_TCP = trafficPoint('TCP', 80);

/** TCP ports that containers declare or Services lead to; all of TCP where none is known. */
export function knownPorts({ world, snapshot }: ControlContext['analysis']['engine'], point: number): TrafficSet {
  const { units, namespace, labels } = world.points[point]!;
  let ports: TrafficSet = NO_TRAFFIC;
  for (const unit of units)
    for (const { protocol, port } of world.units[unit]!.shape.ports)
      if (protocol === 'TCP') ports = unite(ports, portTraffic('TCP', port));
  for (const service of snapshot.services) {
    if (service.namespace !== namespace || service.selector === undefined) continue;
    if (!service.selector.requirements.every(({ key, values }) => values.includes(labels.get(key) ?? ''))) continue;
    for (const { protocol, targetPort } of service.ports)
      if (protocol === 'TCP' && typeof targetPort === 'number') ports = unite(ports, portTraffic('TCP', targetPort));
  }
  return ports.length === 0 ? TCP : ports;
}

const BY_CLIENT = onceKey<ReadonlyMap<string, readonly Edge[]>>('edges by client');

/** Connections that a workload may make, by the id of its endpoint. */
export function edgesFrom(context: ControlContext, id: string): readonly Edge[] {
  return context.once(BY_CLIENT, () => Map.groupBy(edgesIn(context).list, ({ from }) => from)).get(id) ?? [];
}

// ---------------------------------------------------------------- what facts come to

/** `tunnel`: between nodes. `open`: a mesh has a part in it and takes plain connections too. */
export type Protection = 'required' | 'tunnel' | 'app' | 'open' | 'plain' | 'unknown';

/** What a tunnel between nodes leaves on one node never reaches a wire. */
export function protectionOf({ encryption, why }: EncryptionFact): Protection {
  switch (encryption) {
    case 'mtls-required':
      return 'required';
    case 'mtls-opportunistic':
      return 'open';
    case 'encrypted-no-identity':
      return 'tunnel';
    case 'tls-app':
      return 'app';
    case 'plaintext':
      if (/both are on one node/.test(why)) return 'tunnel';
      // What clients outside of the mesh send to a gateway is for the gateway's own TLS to protect.
      return why.startsWith('the gateway takes') ? 'app' : 'plain';
    case 'unknown':
      return /if they run on different nodes/.test(why) ? 'tunnel' : 'unknown';
  }
}
