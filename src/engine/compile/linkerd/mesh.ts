import type { Cidr } from '#base/address.ts';
import { addBit, type Bits, emptyBits } from '#base/bits.ts';
import { meet, subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { LinkerdBlock } from '#model/linkerd.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { type LinkerdValues, linkerdValuesOf } from '#parse/linkerd/mesh-values.ts';
import { type Box, exactly, exactTraffic, type PointSpan } from '../../form.ts';
import { within } from '../../spans.ts';
import type { World } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { meetSpans } from '../span-sets.ts';
import { type Member, type Membership, membershipOf } from './membership.ts';

/** What the compilers of Linkerd work with. */
export interface Mesh {
  readonly compiling: Compiling;
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly values: LinkerdValues;
  readonly members: Membership;
  /** Pods whose proxy leaves alone what comes from some addresses. */
  readonly detours: readonly Detour[];
  /** From whom, on what traffic, connections carry an identity. */
  readonly carriers: readonly Carrier[];
}

/** From these addresses to these pods: no proxy of the pod in between. */
export interface Detour {
  readonly pods: PointSpan;
  readonly peers: PointSpan;
}

export interface Carrier {
  readonly peers: PointSpan;
  readonly traffic: TrafficSet;
}

/** The proxy handles nothing else. */
export const TCP = protocolTraffic('TCP');

const KNOWN = new WeakMap<Compiling, Mesh>();

export function meshOf(compiling: Compiling, snapshot: Snapshot): Mesh {
  let mesh = KNOWN.get(compiling);
  if (mesh === undefined || mesh.snapshot !== snapshot) {
    const { world } = compiling;
    const values = linkerdValuesOf(snapshot);
    const members = membershipOf(world, snapshot, values);
    const detours = detoursOf(compiling, members);
    mesh = { compiling, world, snapshot, values, members, detours, carriers: carriersOf(world, members) };
    KNOWN.set(compiling, mesh);
  }
  return mesh;
}

/** Meshed clients, grouped by the ports that they keep out of the proxy. */
function carriersOf(world: World, { of, meshed }: Membership): Carrier[] {
  const groups = new Map<string, { readonly traffic: TrafficSet; readonly points: Bits }>();
  for (const [point, { meshed: joined, skippedOutbound }] of of.entries()) {
    if (joined === 'no') continue;
    const key = skippedOutbound.join();
    const group = remembered(groups, key, () => ({
      traffic: subtract(TCP, skippedOutbound),
      points: emptyBits(world.size),
    }));
    addBit(group.points, point);
  }
  return [...groups.values()].map(({ traffic, points }) => ({ traffic, peers: within(meshed, points) }));
}

/** Pods with a proxy that have one setting alike. */
export interface Alike {
  readonly on: PointSpan;
  readonly value: TrafficSet;
}

export function groupsBy({ world, members }: Mesh, valueOf: (member: Member) => TrafficSet): Alike[] {
  const groups = new Map<string, { readonly points: Bits; readonly value: TrafficSet }>();
  for (const [index, member] of members.of.entries()) {
    if (member.meshed === 'no') continue;
    const value = valueOf(member);
    addBit(remembered(groups, value.join(), () => ({ points: emptyBits(world.size), value })).points, index);
  }
  return [...groups.values()].map(({ points, value }) => ({ on: within(members.meshed, points), value }));
}

function detoursOf({ world, networks }: Compiling, { of, meshed }: Membership): Detour[] {
  const groups = new Map<string, { readonly points: Bits; readonly blocks: readonly Cidr[] }>();
  for (const [point, { meshed: joined, skippedSubnets }] of of.entries()) {
    if (joined === 'no' || skippedSubnets.length === 0) continue;
    const key = skippedSubnets.map(({ family, lo, hi }) => `${family} ${lo} ${hi}`).join();
    const group = remembered(groups, key, () => ({ points: emptyBits(world.size), blocks: skippedSubnets }));
    addBit(group.points, point);
  }
  return [...groups.values()].map(({ points, blocks }) => ({
    pods: within(meshed, points),
    peers: networks.coveredByAny(blocks.map((cidr) => ({ cidr, except: [] }))),
  }));
}

/** Who may come: from these addresses (any, where undefined), and with which identity. */
export interface Client {
  readonly networks?: PointSpan;
  /** `none`: not needed. `any`: some identity of the mesh. Else clients with one of these. */
  readonly identity: 'none' | 'any' | PointSpan;
}

/** The connections of a client to these pods on this traffic. */
export function boxesFor(
  mesh: Mesh,
  client: Client,
  at: { readonly on: PointSpan; readonly traffic: TrafficSet },
): Box[] {
  const everyone = client.networks ?? exactly(mesh.world.everything);
  if (client.identity === 'none') return [{ on: at.on, peers: everyone, traffic: exactTraffic(at.traffic) }];
  const { identity } = client;
  return mesh.carriers.flatMap(({ peers, traffic }): Box[] => {
    const carried = meet(at.traffic, traffic);
    if (carried.length === 0) return [];
    const known = meetSpans(identity === 'any' ? peers : meetSpans(peers, identity), everyone);
    return [{ on: at.on, peers: known, traffic: exactTraffic(carried) }];
  });
}

/** Clients whose identity is one of these: `*`, `*.suffix`, or the whole text `account.namespace.serviceaccount.identity.…`. */
export function withIdentity({ world, values, members }: Mesh, identities: readonly string[]): PointSpan {
  const bits = emptyBits(world.size);
  for (const [index, { kind, namespace, serviceAccount }] of world.points.entries()) {
    if (kind !== 'pod' || members.of[index]!.meshed === 'no') continue;
    const own = `${serviceAccount}.${namespace}.serviceaccount.identity.${values.namespace}.${values.trustDomain}`;
    if (identities.some((wanted) => matchesIdentity(wanted, own))) addBit(bits, index);
  }
  return exactly(bits);
}

function matchesIdentity(wanted: string, own: string): boolean {
  if (wanted === '*') return true;
  return wanted.startsWith('*.') ? own.endsWith(wanted.slice(1)) : own === wanted;
}

/** Clients that run under one of these accounts; without a name, under any of the namespace. */
export function withAccount(
  { world, members }: Mesh,
  accounts: readonly { readonly name?: string; readonly namespace: string }[],
): PointSpan {
  const bits = emptyBits(world.size);
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'pod' || members.of[index]!.meshed === 'no') continue;
    const fits = accounts.some(
      ({ name, namespace }) => namespace === point.namespace && (name === undefined || name === point.serviceAccount),
    );
    if (fits) addBit(bits, index);
  }
  return exactly(bits);
}

export function networksOf({ compiling }: Mesh, blocks: readonly LinkerdBlock[]): PointSpan {
  return blocks.length === 0 ? exactly(compiling.world.nothing) : compiling.networks.coveredByAny(blocks);
}

export function clusterNetworks(mesh: Mesh): PointSpan {
  return networksOf(
    mesh,
    mesh.values.clusterNetworks.map((cidr) => ({ cidr, except: [] })),
  );
}

/** Whom a default policy lets in; undefined for one that lets nobody in. */
export function defaultClient(mesh: Mesh, policy: string): Client | undefined {
  switch (policy) {
    case 'deny':
      return undefined;
    case 'all-authenticated':
    case 'all-tls-unauthenticated':
      return { identity: 'any' };
    case 'cluster-authenticated':
    case 'cluster-tls-unauthenticated':
      return { networks: clusterNetworks(mesh), identity: 'any' };
    case 'cluster-unauthenticated':
      return { networks: clusterNetworks(mesh), identity: 'none' };
    default:
      // all-unauthenticated, and audit, which lets in and writes down what it would not.
      return { identity: 'none' };
  }
}
