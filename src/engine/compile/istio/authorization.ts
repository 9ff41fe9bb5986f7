import { intersects, isEmpty, members } from '#base/bits.ts';
import { isNothing, meet, unite } from '#base/intervals.ts';
import type { AuthorizationAction, IstioAuthorization, IstioRule } from '#model/istio.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { perhaps, unionOf } from '../../spans.ts';
import { lessSpan, meetSpans } from '../span-sets.ts';
import type { ArrivalGroup, Slice } from './arrivals.ts';
import { TCP } from './capture.ts';
import {
  type Clause,
  isPlain,
  ownPorts,
  type Read,
  readCondition,
  readOperation,
  readSource,
  type View,
} from './conditions.ts';
import type { Reading } from './identities.ts';
import type { Mesh } from './mesh.ts';
import { type RequestCondition, requestOf } from './request.ts';

/** What a policy does to some connections. */
export interface Enforced {
  readonly policy: IstioAuthorization;
  readonly reading: Reading;
}

/** The policies of one action as one reader enforces them. */
export function compileAuthorizations(
  mesh: Mesh,
  action: AuthorizationAction,
  enforced: readonly Enforced[],
): Policy[] {
  const policies = enforced.filter(({ policy }) => policy.action === action && isEnforced(policy));
  return policies.map((each) => compileOne(mesh, each)).filter((policy) => policy !== undefined);
}

/** AUDIT logs only; what is a dry run is not enforced, and an ALLOW that is one makes no default. */
export function isEnforced({ action, dryRun }: IstioAuthorization): boolean {
  return action !== 'AUDIT' && !dryRun;
}

export function refOf({ namespace, name, origin }: IstioAuthorization): PolicyRef {
  return { kind: 'AuthorizationPolicy.security.istio.io', namespace, name, origin };
}

function compileOne(mesh: Mesh, { policy, reading }: Enforced): Policy | undefined {
  // ztunnel leaves out what it cannot do: asking a provider.
  if (reading === 'ztunnel' && policy.action === 'CUSTOM') return undefined;
  const subject = subjectOf(mesh, policy, reading);
  if (isEmpty(subject.may)) return undefined;
  const isolates = policy.action === 'ALLOW';
  const action: RuleAction = isolates ? 'allow' : 'deny';
  const gap = policy.gaps[0];
  if (gap !== undefined) return doubtful(mesh, policy, action);
  const groups = groupsOf(mesh, subject, reading);
  const rules = policy.rules.map((rule): Rule => {
    const boxes = boxesOf(mesh, rule, { policy, reading, groups });
    return { action, boxes, path: rule.path, origin: rule.origin };
  });
  return { ref: refOf(policy), subject, isolates, rules };
}

/** A policy with an unknown field: it may select other pods, and say something else. */
function doubtful(mesh: Mesh, policy: IstioAuthorization, action: RuleAction): Policy {
  const { namespace, origin } = policy;
  const where = namespace === mesh.config.rootNamespace ? everyNamespace(policy) : { namespace };
  const scope = mesh.compiling.selection.pods(where).may;
  const peers = perhaps(mesh.world.everything, 'unread-field');
  const rules = [{ action, boxes: [{ peers, traffic: exactTraffic(TCP) }], path: 'spec', origin }];
  return { ref: refOf(policy), subject: perhaps(scope, 'unread-field'), isolates: action !== 'deny', rules };
}

/** Pods of the policy's namespace, or of all where that is the root namespace; as far as the reader stands before them. */
function subjectOf(mesh: Mesh, policy: IstioAuthorization, reading: Reading): PointSpan {
  const { ambient, waypoint } = mesh.membership;
  const proxies = reading === 'envoy' ? mesh.proxies : lessSpan(ambient, waypoint);
  return meetSpans(podsOfPolicy(mesh, policy), proxies);
}

export function podsOfPolicy({ compiling, config }: Mesh, policy: IstioAuthorization): PointSpan {
  const { namespace, selector } = policy;
  const where = namespace === config.rootNamespace ? everyNamespace(policy) : { namespace };
  return compiling.selection.pods({ ...where, ...(selector !== undefined && { podSelector: selector }) });
}

function everyNamespace({ origin }: IstioAuthorization) {
  return { namespaceSelector: { requirements: [], origin } };
}

function groupsOf(mesh: Mesh, subject: PointSpan, reading: Reading): readonly ArrivalGroup[] {
  const arrivals = mesh.arrivals();
  const isRead = ({ proxy }: ArrivalGroup) => proxy !== 'none' && (proxy === 'ambient') === (reading === 'ztunnel');
  const found = new Set<ArrivalGroup>();
  let count = 0;
  for (const point of members(subject.may)) {
    if (++count > 64) return arrivals.groups.filter((group) => isRead(group) && intersects(group.on, subject.may));
    for (const group of arrivals.at(point)) if (isRead(group)) found.add(group);
  }
  return [...found];
}

interface Reader {
  readonly policy: IstioAuthorization;
  readonly reading: Reading;
  readonly groups: readonly ArrivalGroup[];
}

function boxesOf(mesh: Mesh, rule: IstioRule, { policy, reading, groups }: Reader): Box[] {
  if (rule.gaps[0] !== undefined) {
    return [{ peers: perhaps(mesh.world.everything, rule.gaps[0].reason), traffic: exactTraffic(TCP) }];
  }
  const { action, namespace } = policy;
  const rest = { mesh, reading, drops: action === 'ALLOW', namespace, portsOf: ownPorts };
  // What differs in nothing that proxies see differently is one box for all of them.
  const sample = groups[0]?.slices[0];
  if (
    sample !== undefined &&
    isPlain(rule) &&
    groups.every(({ slices }) => slices.every(({ via }) => via === undefined))
  ) {
    return boxesFor(rule, { ...rest, slice: { ...sample, traffic: TCP }, http: false }, mesh);
  }
  return groups.flatMap((group) =>
    group.slices.flatMap((slice) =>
      viewsOf(mesh, slice, { policy, reading }).flatMap(({ http, certain, ignored }) =>
        ignored
          ? []
          : boxesFor(rule, { ...rest, slice, http }, mesh).map((box) =>
              certain ? at(box, group) : unsure(at(box, group)),
            ),
      ),
    ),
  );
}

function at(box: Box, { on }: ArrivalGroup): Box {
  return { ...box, on: box.on === undefined ? exactly(on) : meetSpans(exactly(on), box.on) };
}

/** Services that call one port by two protocols: which counts is not documented. */
function unsure(box: Box): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt: 'engine-undefined' };
}

interface ViewKind {
  readonly http: boolean;
  readonly certain: boolean;
  readonly ignored: boolean;
}

/** An HTTP provider is not asked about what is not HTTP. A sniffed port is HTTP for whoever speaks it. */
function viewsOf(
  mesh: Mesh,
  { protocol }: Slice,
  { policy, reading }: Pick<Reader, 'policy' | 'reading'>,
): readonly ViewKind[] {
  if (reading === 'ztunnel') return [{ http: false, certain: true, ignored: false }];
  const noTcp = policy.action === 'CUSTOM' && mesh.config.authorizers.get(policy.provider ?? '') === 'http';
  const kinds = protocol === 'mixed' ? [true, false] : [protocol !== 'tcp'];
  return kinds.map((http) => ({ http, certain: protocol !== 'mixed', ignored: noTcp && !http }));
}

/** The boxes of a rule for the connections of one slice. */
export function boxesFor(rule: IstioRule, view: View, mesh: Mesh): Box[] {
  const sources = alternatives(rule.sources.map((source) => readSource(source, view)));
  const operations = alternatives(rule.operations.map((operation) => readOperation(operation, view)));
  const conditions = rule.conditions.map((condition) => readCondition(condition, view));
  if (sources === 'dropped' || operations === 'dropped' || conditions.includes('dropped')) return [];
  if (conditions.includes('never')) return [];
  const rest = conditions.filter((clause) => clause !== 'never' && clause !== 'dropped');
  const out: Box[] = [];
  for (const source of sources) {
    for (const operation of operations) {
      const box = boxOf([source, operation, ...rest], view, mesh);
      if (box !== undefined) out.push(box);
    }
  }
  return out;
}

/** Alternatives that ask nothing of the request are joined; none given means any. */
function alternatives(read: readonly Read<Clause>[]): readonly Clause[] | 'dropped' {
  if (read.includes('dropped')) return 'dropped';
  if (read.length === 0) return [{ request: [] }];
  const clauses = read.filter((clause) => clause !== 'never' && clause !== 'dropped');
  const plain = clauses.filter(({ request }) => request.length === 0);
  const joined = plain.length > 1 && plain.every(({ on }) => on === undefined) ? [join(plain)] : plain;
  return [...joined, ...clauses.filter(({ request }) => request.length > 0)];
}

/** Sources have peers only and operations traffic only, so that a union of each is a union of the clauses. */
function join(clauses: readonly Clause[]): Clause {
  const peers = clauses.map((clause) => clause.peers);
  const traffic = clauses.map((clause) => clause.traffic);
  return {
    ...(peers.every((span) => span !== undefined) && { peers: unionOf(peers) }),
    ...(traffic.every((set) => set !== undefined) && { traffic: traffic.reduce(unite) }),
    request: [],
  };
}

function boxOf(clauses: readonly Clause[], { slice }: View, mesh: Mesh): Box | undefined {
  let traffic: TrafficSet = slice.traffic;
  let peers: PointSpan | undefined;
  let on: PointSpan | undefined;
  const conditions: RequestCondition[] = [];
  for (const clause of clauses) {
    if (clause.traffic !== undefined) traffic = meet(traffic, clause.traffic);
    if (clause.peers !== undefined) peers = peers === undefined ? clause.peers : meetSpans(peers, clause.peers);
    if (clause.on !== undefined) on = on === undefined ? clause.on : meetSpans(on, clause.on);
    conditions.push(...clause.request);
  }
  if (isNothing(traffic)) return undefined;
  const request = requestOf(conditions, mesh.config.pathNormalization);
  return {
    ...(on !== undefined && { on }),
    peers: peers ?? exactly(mesh.world.everything),
    traffic: exactTraffic(traffic),
    ...(request !== undefined && { request }),
  };
}

/** CUSTOM asks a provider: one that is not set up denies what the rule matches, any other decides at run time. */
export function askProvider(policy: Policy, isSetUp: boolean): Policy {
  if (!isSetUp) return policy;
  const rules = policy.rules.map((rule) => ({
    ...rule,
    boxes: rule.boxes.map(
      (box): Box => ({
        ...box,
        traffic: { must: NO_TRAFFIC, may: box.traffic.may },
        trafficDoubt: 'external-authorization',
      }),
    ),
  }));
  return { ...policy, rules };
}
