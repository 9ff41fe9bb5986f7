import { addBit, type Bits, emptyBits, members } from '#base/bits.ts';
import { isNothing, meet, subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { AuthorizationAction, IstioAuthorization, IstioTargetRef } from '#model/istio.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { allInDoubt, lessSpan, meetSpans } from '../span-sets.ts';
import { type ArrivalGroup, pointsOfKind, type Slice, type ThroughWaypoint } from './arrivals.ts';
import { boxesFor, isEnforced, podsOfPolicy, refOf } from './authorization.ts';
import { ownPorts } from './conditions.ts';
import type { Answer } from './dialing.ts';
import { appProtocolOf, type Binding } from './hosts.ts';
import { anyOf } from './identities.ts';
import type { Mesh } from './mesh.ts';
import { GATEWAY_NAME, WAYPOINT_CLASS, type Waypoint } from './waypoints.ts';

/** Connections of one slice that come through a waypoint. */
interface Through {
  readonly group: ArrivalGroup;
  readonly slice: Slice;
  readonly via: ThroughWaypoint;
}

/** Policies with targets as waypoints enforce them, on the connections that come through one. */
export function compileAtWaypoints(mesh: Mesh, action: AuthorizationAction): Policy[] {
  const all = throughAll(mesh);
  if (all.length === 0) return [];
  const policies = mesh.snapshot.istioAuthorizations.filter(
    (policy) => policy.action === action && policy.targetRefs.length > 0 && isEnforced(policy),
  );
  return policies.map((policy) => compileOne(mesh, policy, all)).filter((policy) => policy !== undefined);
}

function throughAll(mesh: Mesh): readonly Through[] {
  return mesh
    .arrivals()
    .groups.flatMap((group) =>
      group.slices.flatMap((slice) => (slice.via === undefined ? [] : [{ group, slice, via: slice.via }])),
    );
}

function compileOne(mesh: Mesh, policy: IstioAuthorization, all: readonly Through[]): Policy | undefined {
  const own = all.filter(({ via }) => targeted(mesh, policy, via) !== 'no');
  if (own.length === 0) return undefined;
  const subject = unionOf([...new Set(own.map(({ group }) => group))].map((group) => podsOf(mesh, group)));
  const rules = policy.rules.map((rule): Rule => {
    const boxes = own.flatMap((through) => boxesThrough(mesh, policy, { through, rule }));
    return { action: policy.action === 'ALLOW' ? 'allow' : 'deny', boxes, path: rule.path, origin: rule.origin };
  });
  return { ref: refOf(policy), subject, isolates: policy.action === 'ALLOW', rules };
}

function podsOf(mesh: Mesh, { proxy, on }: ArrivalGroup): PointSpan {
  return meetSpans(pointsOfKind(mesh, proxy), exactly(on));
}

interface RuleThrough {
  readonly through: Through;
  readonly rule: IstioAuthorization['rules'][number];
}

/**
 * A waypoint knows the client as itself, by HBONE, and the port of the Service. Where several Services lead to the port
 * and a rule tells them apart, what it says is not certain.
 */
function boxesThrough(mesh: Mesh, policy: IstioAuthorization, { through, rule }: RuleThrough): Box[] {
  const { group, slice, via } = through;
  if (rule.gaps.length > 0 || policy.gaps.length > 0) {
    return [
      unsure({ on: exactly(group.on), peers: via.clients, traffic: exactTraffic(slice.traffic) }, 'unread-field'),
    ];
  }
  const ways = waysOf(via).filter((way) => targeted(mesh, policy, way) === 'yes');
  const kinds = new Map(ways.map((way) => [kindOf(rule, way), way]));
  const boxes = [...kinds.values()].flatMap((way) =>
    boxesAt(mesh, policy, { through: { ...through, via: way }, rule }),
  );
  const certain = kinds.size === 1 && ways.length === waysOf(via).length;
  return certain ? boxes : boxes.map((box) => unsure(box, 'mesh-transport'));
}

function unsure(box: Box, trafficDoubt: ReasonCode): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt };
}

/** One for each Service that leads through the waypoint. */
function waysOf(via: ThroughWaypoint): readonly ThroughWaypoint[] {
  return via.bindings.length === 0 ? [via] : via.bindings.map((binding) => ({ ...via, bindings: [binding] }));
}

/** What a rule can tell of a Service. */
function kindOf(
  { operations, conditions }: IstioAuthorization['rules'][number],
  { bindings }: ThroughWaypoint,
): string {
  const hasPorts =
    operations.some(({ fields }) => fields.has('ports')) || conditions.some(({ key }) => key === 'destination.port');
  return bindings.map(({ port }) => `${appProtocolOf(port) === 'tcp'} ${hasPorts ? port.port : ''}`).join();
}

function boxesAt(mesh: Mesh, policy: IstioAuthorization, { through, rule }: RuleThrough): Box[] {
  const { group, slice, via } = through;
  const direct: Slice = { traffic: slice.traffic, identity: via.clients, protocol: slice.protocol, key: '' };
  const boxes = boxesFor(
    rule,
    {
      mesh,
      slice: direct,
      reading: 'envoy',
      http: via.bindings.length === 0 || via.bindings.some(({ port }) => appProtocolOf(port) !== 'tcp'),
      drops: policy.action === 'ALLOW',
      namespace: policy.namespace,
      portsOf: (numbers) => targetsOf(via.bindings, numbers, slice.traffic),
    },
    mesh,
  );
  return boxes.map((box) => ({
    ...box,
    on: box.on === undefined ? exactly(group.on) : meetSpans(exactly(group.on), box.on),
    peers: meetSpans(box.peers, via.clients),
  }));
}

function targetsOf(bindings: readonly Binding[], numbers: readonly number[], traffic: TrafficSet): TrafficSet {
  if (bindings.length === 0) return meet(traffic, ownPorts(numbers));
  return bindings.some(({ port }) => numbers.includes(port.port)) ? traffic : NO_TRAFFIC;
}

/** Whether a policy's targets mean the waypoint of a connection, or the Service that it goes through. */
function targeted(mesh: Mesh, policy: IstioAuthorization, { waypoints, bindings }: ThroughWaypoint): Answer {
  const { targetRefs } = policy;
  const byWaypoint = waypoints.map((waypoint) =>
    targetRefs.some((ref) => targetsWaypoint(mesh, policy, { ref, waypoint })),
  );
  const byService = bindings.map((binding) => targetRefs.some((ref) => targetsService(policy, ref, binding)));
  if (byWaypoint.every(Boolean) || (byService.length > 0 && byService.every(Boolean))) return 'yes';
  return byWaypoint.some(Boolean) || byService.some(Boolean) ? 'perhaps' : 'no';
}

function targetsWaypoint(
  { config }: Mesh,
  { namespace }: IstioAuthorization,
  { ref, waypoint }: { readonly ref: IstioTargetRef; readonly waypoint: Waypoint },
): boolean {
  if (ref.kind === 'GatewayClass') return ref.name === WAYPOINT_CLASS && namespace === config.rootNamespace;
  return ref.kind === 'Gateway' && ref.name === waypoint.gateway.name && namespace === waypoint.namespace;
}

function targetsService({ namespace }: IstioAuthorization, ref: IstioTargetRef, { host }: Binding): boolean {
  if (ref.kind !== 'Service' || ref.group !== '') return false;
  return host.service.name === ref.name && host.service.namespace === namespace;
}

/** Connections that come through no waypoint that has ALLOW policies: its default is not for them. */
export function compileBypass(mesh: Mesh, allows: readonly Policy[]): Policy | undefined {
  if (allows.length === 0) return undefined;
  const everyone = exactly(mesh.world.everything);
  const subject = unionOf(allows.map((policy) => policy.subject));
  const isolated = mesh.snapshot.istioAuthorizations.filter(
    (policy) => policy.action === 'ALLOW' && policy.targetRefs.length > 0 && isEnforced(policy),
  );
  const closes = (via: ThroughWaypoint) => anyOf(isolated.map((policy) => targeted(mesh, policy, via)));
  const boxes: Box[] = [];
  for (const { on, groups } of classesOf(mesh, subject)) {
    let rest: TrafficSet = ALL_TRAFFIC;
    for (const { via, traffic } of groups.flatMap(({ slices }) => slices)) {
      const closed = via === undefined ? 'no' : closes(via);
      if (via === undefined || closed === 'no') continue;
      rest = subtract(rest, traffic);
      const clients = closed === 'yes' ? via.clients : allInDoubt(via.clients, 'mesh-transport');
      boxes.push({ on: exactly(on), peers: lessSpan(everyone, clients), traffic: exactTraffic(traffic) });
    }
    if (!isNothing(rest)) boxes.push({ on: exactly(on), peers: everyone, traffic: exactTraffic(rest) });
  }
  return {
    ref: { kind: 'Istio', namespace: '', name: 'not through a waypoint', origin: NO_ORIGIN },
    subject,
    isolates: false,
    rules: [{ action: 'allow', boxes, path: 'connections that no waypoint sees', origin: NO_ORIGIN }],
  };
}

/** Pods that connections reach alike, by way of all the proxies that they have or may have. */
function classesOf(
  mesh: Mesh,
  { may }: PointSpan,
): Iterable<{ readonly on: Bits; readonly groups: readonly ArrivalGroup[] }> {
  const arrivals = mesh.arrivals();
  const numbers = new Map(arrivals.groups.map((group, index) => [group, index]));
  const classes = new Map<string, { readonly on: Bits; readonly groups: readonly ArrivalGroup[] }>();
  for (const point of members(may)) {
    const groups = arrivals.at(point);
    const key = groups.map((group) => numbers.get(group)).join();
    addBit(remembered(classes, key, () => ({ on: emptyBits(mesh.world.size), groups })).on, point);
  }
  return classes.values();
}

/** Pods of a gateway of the Kubernetes API, which enforces the policies that target it. */
export function compileAtGateways(mesh: Mesh): IstioAuthorization[] {
  const waypoints = new Set(mesh.waypoints.all.map(({ gateway }) => gateway));
  const gateways = mesh.snapshot.gateways.filter((gateway) => !waypoints.has(gateway));
  const out: IstioAuthorization[] = [];
  for (const policy of mesh.snapshot.istioAuthorizations) {
    for (const ref of policy.targetRefs) {
      const own = gateways.find(
        ({ name, namespace }) => ref.kind === 'Gateway' && name === ref.name && namespace === policy.namespace,
      );
      if (own === undefined) continue;
      const requirements = [{ key: GATEWAY_NAME, operator: 'In' as const, values: [ref.name] }];
      out.push({ ...policy, targetRefs: [], selector: { requirements, origin: ref.origin } });
    }
  }
  return out.filter((policy) => podsOfPolicy(mesh, policy).may.some((word) => word !== 0));
}
