import { cidrOf, parseAddress } from '#base/address.ts';
import { addBit, type Bits, difference, emptyBits, hasBit, intersection, isEmpty } from '#base/bits.ts';
import { unite } from '#base/intervals.ts';
import type { CiliumEgressGateway, CiliumRedirect, CiliumRedirectPort } from '#model/cilium.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { exactly, type Level, type PointSpan, type Policy, type Tier } from '../../form.ts';
import { unionOf, within } from '../../spans.ts';
import type { Compiling } from '../context.ts';
import { type Cilium, ciliumOf } from './context.ts';
import { NAMESPACE_KEY, NAMESPACE_LABELS } from './identities.ts';
import { subjectOf } from './peers.ts';

/** What Cilium does to the path of connections besides allowing and denying them. */
export interface CiliumPathFacts {
  readonly redirects: readonly CiliumRedirectFact[];
  readonly gateways: readonly CiliumGatewayFact[];
}

/** Connections that are taken to a pod on the sender's own node. */
export interface CiliumRedirectFact {
  readonly ref: PolicyRef;
  /** Pods with, or perhaps with, a backend beside them. */
  readonly from: PointSpan;
  /** The address that they ask for; undefined where it is a Service. */
  readonly to?: PointSpan;
  readonly service?: { readonly namespace: string; readonly name: string };
  readonly traffic: TrafficSet;
  readonly backends: PointSpan;
  readonly backendTraffic: TrafficSet;
  /** False where the input does not say that redirects are on. */
  readonly isOn: boolean;
}

/** Connections to outside that leave through a gateway, and are seen there as coming from it. */
export interface CiliumGatewayFact {
  readonly ref: PolicyRef;
  readonly from: PointSpan;
  readonly to: PointSpan;
  /** The address that they leave with; undefined where the gateway's own interface gives it. */
  readonly address?: string;
  /** False where the input does not say that egress gateways are on. */
  readonly isOn: boolean;
}

/** Redirects and egress gateways that are not known to be off. */
export function ciliumPathFacts(compiling: Compiling, snapshot: Snapshot): CiliumPathFacts {
  const cilium = ciliumOf(compiling, snapshot);
  const { redirects, gateways } = cilium.mode;
  return {
    redirects: redirects === false ? [] : snapshot.ciliumRedirects.map((redirect) => redirectFact(cilium, redirect)),
    gateways: gateways === false ? [] : snapshot.ciliumEgressGateways.map((gateway) => gatewayFact(cilium, gateway)),
  };
}

function redirectFact(cilium: Cilium, redirect: CiliumRedirect): CiliumRedirectFact {
  const backends = subjectOf(cilium, redirect.backends, redirect.namespace);
  const beside = besideAny(cilium, backends.may);
  const { address, service } = redirect;
  return {
    ref: refOf(redirect),
    from: redirect.skipsBackends ? within(beside, difference(cilium.world.pods, backends.must)) : beside,
    ...(address !== undefined && { to: pointsOfAddress(cilium, address) }),
    ...(service !== undefined && { service }),
    traffic: redirect.ports.length === 0 ? ALL_TRAFFIC : trafficOf(redirect.ports),
    backends,
    backendTraffic: trafficOf(redirect.backendPorts),
    isOn: cilium.mode.redirects === true,
  };
}

function refOf({ kind, namespace, name, origin }: Resource): PolicyRef {
  return { kind, namespace, name, origin };
}

function trafficOf(ports: readonly CiliumRedirectPort[]): TrafficSet {
  let traffic = NO_TRAFFIC;
  for (const { protocol, port } of ports) traffic = unite(traffic, portTraffic(protocol, port));
  return traffic;
}

function pointsOfAddress({ compiling, world }: Cilium, text: string): PointSpan {
  const address = parseAddress(text.trim());
  if (address === undefined) return exactly(world.nothing);
  return within(compiling.networks.covered(cidrOf(address, address.family === 4 ? 32 : 128), []), world.externals);
}

/** Pods that share a node with one of these, for certain where all of both are known to be on that one node. */
function besideAny({ world }: Cilium, backends: Bits): PointSpan {
  const hosts = world.points.filter((_, point) => hasBit(backends, point));
  if (hosts.length === 0) return exactly(world.nothing);
  const names = new Set(hosts.flatMap(({ nodeNames }) => [...nodeNames]));
  const certain = new Set(
    hosts.flatMap(({ placed, nodeNames }) => (placed && nodeNames.size === 1 ? [...nodeNames] : [])),
  );
  const allPlaced = hosts.every(({ placed }) => placed);
  const [must, may] = [emptyBits(world.size), emptyBits(world.size)];
  for (const [point, { kind, hostNetwork, placed, nodeNames }] of world.points.entries()) {
    if (kind !== 'pod' || hostNetwork) continue;
    const own = [...nodeNames];
    if (!placed || !allPlaced || own.some((name) => names.has(name))) addBit(may, point);
    if (placed && own.every((name) => certain.has(name))) addBit(must, point);
  }
  return { must, may, doubts: [{ reason: 'backends-unknown', points: difference(may, must) }] };
}

function gatewayFact(cilium: Cilium, gateway: CiliumEgressGateway): CiliumGatewayFact {
  const { world, compiling, mode } = cilium;
  const senders = gateway.podSelectors.map(({ pods, namespaces }) => {
    const space = (namespaces?.requirements ?? []).map((each) => ({ ...each, key: keyOfNamespaces(each.key) }));
    const requirements = [...(pods?.requirements ?? []), ...space];
    return cilium.identities.pods({ requirements, origin: gateway.origin });
  });
  const blocks = gateway.destinations.map((cidr) => ({ cidr, except: gateway.excluded }));
  return {
    ref: refOf(gateway),
    from: senders.length === 0 ? exactly(world.nothing) : unionOf(senders),
    to: blocks.length === 0 ? exactly(world.nothing) : within(compiling.networks.coveredByAny(blocks), world.externals),
    ...(gateway.egressIp !== undefined && { address: gateway.egressIp }),
    isOn: mode.gateways === true,
  };
}

function keyOfNamespaces(key: string): string {
  return key === NAMESPACE_KEY ? key : `${NAMESPACE_LABELS}${key}`;
}

/**
 * What redirects leave open: policy judges the pod that the connection is taken to. It can matter to whom a policy
 * selects on the way out, and where one selects the backends on the way in.
 */
export function redirectTier(cilium: Cilium, allows: { readonly out: Bits; readonly into: Bits }): Tier | undefined {
  if (cilium.mode.redirects === false) return undefined;
  const facts = cilium.snapshot.ciliumRedirects.map((redirect) => redirectFact(cilium, redirect));
  const level = (action: 'allow' | 'deny'): Level =>
    facts.flatMap((fact) => {
      const from = isEmpty(intersection(fact.backends.may, allows.into))
        ? intersection(fact.from.may, allows.out)
        : fact.from.may;
      return fact.to === undefined || isEmpty(from) ? [] : [openPolicy(fact, { action, from, to: fact.to.may })];
    });
  const levels = [level('allow'), level('deny')].filter((policies) => policies.length > 0);
  return levels.length === 0 ? undefined : { name: 'Redirect', levels, onEnd: 'pass' };
}

interface Opening {
  readonly action: 'allow' | 'deny';
  readonly from: Bits;
  readonly to: Bits;
}

function openPolicy({ ref, traffic }: CiliumRedirectFact, { action, from, to }: Opening): Policy {
  const box = {
    peers: exactly(to),
    traffic: { must: NO_TRAFFIC, may: traffic },
    trafficDoubt: 'backends-unknown' as const,
  };
  const rule = { action, boxes: [box], path: 'spec.redirectFrontend', origin: ref.origin };
  return { ref, subject: exactly(from), isolates: false, rules: [rule] };
}
