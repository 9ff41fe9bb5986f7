import { type Cidr, cidrOf } from '#base/address.ts';
import { addCommon, type Bits, emptyBits, intersection, intersects } from '#base/bits.ts';
import { isNothing, meet, subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { PeerAuthentication } from '#model/istio.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { ALL_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type Policy, type Rule } from '../../form.ts';
import { perhaps, unionOf, within } from '../../spans.ts';
import { type ArrivalGroup, anyIdentity, type Slice, withoutIdentity } from './arrivals.ts';
import { TCP, tcpPorts } from './capture.ts';
import type { Mesh } from './mesh.ts';
import { ambientModes, type ModeBy, type ServerGroup, type ServerModes } from './server-modes.ts';

/** STRICT refuses what shows no identity of the mesh; DISABLE refuses what does. One policy for each PeerAuthentication. */
export function compileTransport(mesh: Mesh): Policy[] {
  const found = new Map<PeerAuthentication, { readonly boxes: Box[]; readonly on: Bits }>();
  for (const group of mesh.servers.groups) {
    for (const arrivals of mesh.arrivals().groups) {
      if (arrivals.proxy === 'gateway' || arrivals.proxy === 'none' || !intersects(group.on, arrivals.on)) continue;
      const modes = arrivals.proxy === 'ambient' ? ambientModes(group.modes) : group.modes;
      for (const { by, boxes } of boxesOf(mesh, { group, arrivals, modes })) {
        const own = remembered(found, by, () => ({ boxes: [], on: emptyBits(mesh.world.size) }));
        own.boxes.push(...boxes);
        addCommon(own.on, group.on, arrivals.on);
      }
    }
  }
  return [...found].map(([policy, own]) => policyOf(mesh, policy, own));
}

function policyOf(
  { membership }: Mesh,
  policy: PeerAuthentication,
  { boxes, on }: { readonly boxes: readonly Box[]; readonly on: Bits },
): Policy {
  const { namespace, name, origin } = policy;
  const ref: PolicyRef = { kind: 'PeerAuthentication', namespace, name, origin };
  const rule: Rule = { action: 'deny', boxes, path: 'spec', origin };
  const subject = within(unionOf([membership.sidecar, membership.ambient]), on);
  return { ref, subject, isolates: false, rules: [rule] };
}

interface Place {
  readonly group: ServerGroup;
  readonly arrivals: ArrivalGroup;
  readonly modes: ServerModes;
}

/** Ports by who decides about them. */
function boxesOf(mesh: Mesh, place: Place): { readonly by: PeerAuthentication; readonly boxes: readonly Box[] }[] {
  const { base, ports } = place.modes;
  const others = tcpPorts([...ports.keys()]);
  const parts: (readonly [ModeBy, TrafficSet])[] = [
    [base, subtract(TCP, others)],
    ...[...ports].map(([port, mode]) => [mode, tcpPorts([port])] as const),
  ];
  const out: { by: PeerAuthentication; boxes: Box[] }[] = [];
  for (const [mode, traffic] of parts) {
    if (mode.by === undefined) continue;
    const boxes = place.arrivals.slices.flatMap((slice) => refused(mesh, { place, slice, mode, traffic }));
    if (boxes.length > 0) out.push({ by: mode.by, boxes });
  }
  return out;
}

interface Refusal {
  readonly place: Place;
  readonly slice: Slice;
  readonly mode: ModeBy;
  readonly traffic: TrafficSet;
}

function refused(mesh: Mesh, { place, slice, mode, traffic }: Refusal): Box[] {
  const { group, arrivals, modes } = place;
  const common = meet(slice.traffic, traffic);
  const doubt = modes.doubt;
  if (isNothing(common) || (mode.mode === 'PERMISSIVE' && doubt === undefined)) return [];
  const shows = { identity: anyIdentity(slice) };
  const plain = mode.mode === 'DISABLE' ? shows.identity : withoutIdentity(mesh, shows);
  const peers = doubt === undefined ? plain : perhaps(mesh.world.everything, doubt);
  // Groups of servers and of arrivals are both sets of points: a box is for those in both.
  const on = exactly(intersection(group.on, arrivals.on));
  return [{ on, peers, traffic: exactTraffic(common) }];
}

/** The kubelet's probes reach pods of the ambient mesh from this address, past ztunnel (istio-cni). */
export const PROBE_BLOCK: Cidr = cidrOf({ family: 4, value: 0xa9fe077fn }, 32);

/** What no proxy sees: it passes, whatever policies say. */
export function compileUnseen(mesh: Mesh): Policy {
  const { world, membership, proxies, compiling } = mesh;
  const everyone = exactly(world.everything);
  const boxes: Box[] = [{ peers: everyone, traffic: exactTraffic(subtract(ALL_TRAFFIC, TCP)) }];
  for (const { on, seen, proxy } of mesh.arrivals().groups) {
    if (proxy === 'none') continue;
    const rest = subtract(TCP, seen);
    if (!isNothing(rest)) boxes.push({ on: exactly(on), peers: everyone, traffic: exactTraffic(rest) });
  }
  if (membership.ambient.may.some((word) => word !== 0)) {
    const probes = compiling.networks.coveredByAny([{ cidr: PROBE_BLOCK, except: [] }]);
    boxes.push({ on: membership.ambient, peers: probes, traffic: exactTraffic(TCP) });
  }
  return {
    ref: { kind: 'Istio', namespace: '', name: 'not captured', origin: NO_ORIGIN },
    subject: unionOf([proxies, membership.ambient]),
    isolates: false,
    rules: [{ action: 'allow', boxes, path: 'traffic that no proxy sees', origin: NO_ORIGIN }],
  };
}
