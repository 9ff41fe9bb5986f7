import { type Cidr, cidrOf, parseAddress, parseCidr } from '#base/address.ts';
import { hasBit } from '#base/bits.ts';
import { meet, subtract } from '#base/intervals.ts';
import type { IstioCondition, IstioMatch, IstioOperation, IstioRule, IstioSource } from '#model/istio.ts';
import type { TrafficSet } from '#model/traffic.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { allInDoubt, lessSpan, meetSpans } from '../span-sets.ts';
import { directIdentity, type Slice } from './arrivals.ts';
import { TCP, tcpPorts } from './capture.ts';
import type { IdentityField, IdentityMatch, Reading } from './identities.ts';
import type { Mesh } from './mesh.ts';
import type { RequestCondition } from './request.ts';

/** What one clause of a rule asks of a connection; what is absent is not asked for. */
export interface Clause {
  readonly peers?: PointSpan;
  readonly traffic?: TrafficSet;
  /** Of the destination. */
  readonly on?: PointSpan;
  readonly request: readonly RequestCondition[];
}

/** How a proxy reads a rule for some connections. */
export interface View {
  readonly mesh: Mesh;
  readonly slice: Slice;
  readonly reading: Reading;
  /** Whether the proxy sees requests. */
  readonly http: boolean;
  /** Whether a field that cannot be seen takes the whole rule away (ALLOW), or is left out of it (the others). */
  readonly drops: boolean;
  /** Namespace of the policy. */
  readonly namespace: string;
  /** Ports of the destination for ports that the rule names. */
  portsOf(numbers: readonly number[]): TrafficSet;
}

/** `dropped`: the proxy cannot see what the clause asks, and leaves the rule out. `never`: the clause matches nothing. */
export type Read<T> = T | 'dropped' | 'never';

const IDENTITY_FIELDS: readonly IdentityField[] = ['principals', 'namespaces', 'serviceAccounts'];

export function readSource({ fields }: IstioSource, view: View): Read<Clause> {
  let peers: PointSpan | undefined;
  const request: RequestCondition[] = [];
  let seen = 0;
  for (const [field, match] of fields) {
    if (field === 'requestPrincipals' || (field === 'remoteIpBlocks' && (view.http || view.reading === 'ztunnel'))) {
      const hidden = hiddenField(view);
      if (hidden === 'dropped') return 'dropped';
      if (hidden === 'seen') request.push(opaque(field === 'requestPrincipals' ? 'token of' : 'client address', match));
      continue;
    }
    seen++;
    const span = isIdentityField(field) ? identitySpan(field, match, view) : addressSpan(match, view);
    peers = peers === undefined ? span : meetSpans(peers, span);
  }
  if (seen === 0 && request.length === 0 && view.reading === 'ztunnel') return 'never';
  return { ...(peers !== undefined && { peers }), request };
}

function isIdentityField(field: string): field is IdentityField {
  return IDENTITY_FIELDS.some((known) => known === field);
}

/** What becomes of a field that is about requests. */
function hiddenField({ http, drops }: View): 'seen' | 'dropped' | 'left out' {
  if (http) return 'seen';
  return drops ? 'dropped' : 'left out';
}

export function readOperation({ fields }: IstioOperation, view: View): Read<Clause> {
  let traffic: TrafficSet | undefined;
  const request: RequestCondition[] = [];
  for (const [field, match] of fields) {
    if (field === 'ports') {
      traffic = portTrafficOf(match, view);
      continue;
    }
    const hidden = hiddenField(view);
    if (hidden === 'dropped') return 'dropped';
    const kind = field === 'hosts' ? 'host' : field === 'methods' ? 'method' : 'path';
    if (hidden !== 'seen') continue;
    // Every request has a method, a path and a host: a star alone means any of them.
    if (match.not.includes('*')) return 'never';
    const values = match.values.includes('*') ? [] : match.values;
    if (values.length + match.not.length > 0) request.push({ kind, name: '', values, not: match.not });
  }
  if (traffic === undefined && request.length === 0 && view.reading === 'ztunnel') return 'never';
  return { ...(traffic !== undefined && { traffic }), request };
}

/** Attributes of `when` that ztunnel sees. */
const L4_KEYS = ['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port'];

export function readCondition(condition: IstioCondition, view: View): Read<Clause> {
  const { key } = condition;
  if (view.reading === 'ztunnel' && !L4_KEYS.includes(key)) return view.drops ? 'dropped' : 'never';
  switch (key) {
    case 'source.ip':
      return { peers: addressSpan(condition, view), request: [] };
    case 'remote.ip':
      return view.http
        ? { request: [opaque('client address', condition)] }
        : { peers: addressSpan(condition, view), request: [] };
    case 'source.namespace':
      return { peers: identitySpan('namespaces', condition, view), request: [] };
    case 'source.principal':
      return { peers: identitySpan('principals', condition, view), request: [] };
    case 'source.serviceAccount':
      return { peers: identitySpan('serviceAccounts', condition, view), request: [] };
    case 'destination.ip':
      return { on: addressesOf(condition, view.mesh), request: [] };
    case 'destination.port':
      return { traffic: portTrafficOf(condition, view), request: [] };
    default:
      return readRequestKey(condition, view);
  }
}

/** SNI and filter metadata are there on TCP too; headers and tokens are not. */
function readRequestKey(condition: IstioCondition, view: View): Read<Clause> {
  const { key, values, not } = condition;
  if (key === 'connection.sni' || key.startsWith('experimental.')) return { request: [opaque(key, condition)] };
  const hidden = hiddenField(view);
  if (hidden === 'dropped') return 'dropped';
  if (hidden === 'left out') return { request: [] };
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1];
  if (header !== undefined) return { request: [{ kind: 'header', name: header, values, not }] };
  return { request: [opaque(key, condition)] };
}

function opaque(name: string, { values, not }: IstioMatch): RequestCondition {
  return { kind: 'opaque', name, values, not };
}

// ---------------------------------------------------------------- peers

function identitySpan(field: IdentityField, { values, not }: IstioMatch, view: View): PointSpan {
  const span = values.length === 0 ? undefined : shown(matchOf(field, values, view), view.slice);
  const excluded = not.length === 0 ? undefined : shown(matchOf(field, not, view), view.slice);
  return bothOf(span, excluded, view.mesh);
}

function matchOf(field: IdentityField, values: readonly string[], view: View): IdentityMatch {
  return view.mesh.identities.match({ field, values, reading: view.reading, namespace: view.namespace });
}

/** Clients that show such an identity. Without a mesh identity no positive field matches, and every negative one does. */
function shown({ points, matches }: IdentityMatch, slice: Slice): PointSpan {
  const direct = meetSpans(points, directIdentity(slice));
  if (slice.via === undefined) return direct;
  const { waypoints, clients, shows } = slice.via;
  const answers = new Set(waypoints.map(matches));
  if (answers.size > 1 || answers.has('perhaps')) return unionOf([direct, allInDoubt(clients, 'identity-unknown')]);
  if (answers.has('no')) return direct;
  return unionOf([direct, shows === 'yes' ? clients : allInDoubt(clients, 'mesh-transport')]);
}

function bothOf(span: PointSpan | undefined, excluded: PointSpan | undefined, { world }: Mesh): PointSpan {
  const all = exactly(world.everything);
  if (excluded === undefined) return span ?? all;
  return lessSpan(span ?? all, excluded);
}

/** The address of the last hop: of a pod behind a waypoint it is that of a pod of the waypoint. */
function addressSpan(match: IstioMatch, { mesh, slice }: View): PointSpan {
  const span = addressesOf(match, mesh);
  if (slice.via === undefined) return span;
  const { clients, waypoints } = slice.via;
  const direct = lessSpan(span, clients);
  const pods = waypoints.flatMap((waypoint) => waypoint.pods);
  if (pods.length === 0 || pods.some((pod) => hasBit(span.may, pod) && !hasBit(span.must, pod))) {
    return unionOf([direct, allInDoubt(clients, 'waypoint-unknown')]);
  }
  const covered = pods.filter((pod) => hasBit(span.must, pod)).length;
  if (covered === 0) return direct;
  return unionOf([direct, covered === pods.length ? clients : allInDoubt(clients, 'waypoint-unknown')]);
}

function addressesOf({ values, not }: IstioMatch, mesh: Mesh): PointSpan {
  const { networks } = mesh.compiling;
  const covered = (texts: readonly string[]) =>
    texts.length === 0 ? undefined : networks.coveredByAny(cidrsOf(texts).map((cidr) => ({ cidr, except: [] })));
  return bothOf(covered(values), covered(not), mesh);
}

/** Addresses and CIDRs of a field. Decoders have refused what is neither. */
export function cidrsOf(texts: readonly string[]): Cidr[] {
  const out: Cidr[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    const cidr = address === undefined ? parseCidr(text)?.cidr : cidrOf(address, address.family === 4 ? 32 : 128);
    if (cidr !== undefined) out.push(cidr);
  }
  return out;
}

function portTrafficOf({ values, not }: IstioMatch, view: View): TrafficSet {
  const some = values.length === 0 ? TCP : view.portsOf(values.map(Number));
  return not.length === 0 ? some : subtract(some, view.portsOf(not.map(Number)));
}

/** Ports as they are: those of the pod. */
export function ownPorts(numbers: readonly number[]): TrafficSet {
  return meet(TCP, tcpPorts(numbers.filter((number) => number > 0)));
}

/** Whether a rule asks for nothing that differs from one connection to the other but address and port. */
export function isPlain(rule: IstioRule): boolean {
  const plainKeys = ['source.ip', 'destination.ip', 'destination.port'];
  return (
    rule.sources.every(({ fields }) => [...fields.keys()].every((field) => field === 'ipBlocks')) &&
    rule.operations.every(({ fields }) => [...fields.keys()].every((field) => field === 'ports')) &&
    rule.conditions.every(({ key }) => plainKeys.includes(key))
  );
}
