import { formatAddress, parseAddress } from '#base/address.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Direction } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { isPortProtocol, type Protocol, trafficPoint } from '#model/traffic.ts';
import type { Trace, Verdict } from '#model/verdict.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { atomAt } from './atoms.ts';
import { buildEngine, type Engine } from './engine.ts';
import { explain, explainEach, type Question } from './explain.ts';
import type { LayerName } from './form.ts';
import { verdictBetween } from './reach.ts';
import { unitsOf } from './units.ts';
import { externalPoint, type World, type WorldOptions } from './world.ts';

/** A snapshot of small manifests. A fixture that is not valid is a broken test and throws. */
export function clusterOf(...documents: readonly string[]): Snapshot {
  const snapshot = snapshotOf([{ file: 'cluster.yaml', text: documents.join('\n---\n') }]);
  const wrong = snapshot.diagnostics.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new Error(wrong.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return snapshot;
}

/** An engine to ask in short text: `shop/web`, `node:n1`, an address; `TCP/80`, `ICMP`, `47`. */
export interface Asker {
  readonly engine: Engine;
  verdict(from: string, to: string, traffic?: string): Verdict;
  trace(direction: Direction, from: string, to: string, traffic?: string): Trace;
  /** What every layer with a say at the subject says, by the layer's name. */
  traces(direction: Direction, from: string, to: string, traffic?: string): Partial<Record<LayerName, Trace>>;
  /** Points of a name, in rising order. */
  points(name: string): number[];
}

export interface AskerOptions extends WorldOptions {
  readonly profile?: ProfileId;
  /** Each pod and each node that one runs on is a point of its own. */
  readonly apart?: boolean;
  readonly staged?: boolean;
  readonly request?: AskedRequest;
}

export function asker(
  documents: readonly string[],
  { profile = 'upstream', apart = false, ...options }: AskerOptions = {},
): Asker {
  const snapshot = clusterOf(...documents);
  const world = apart ? { ...options, focus: new Set(unitsOf(snapshot).owners.map(({ id }) => id)) } : options;
  const engine = buildEngine(snapshot, { ...world, profile: PROFILES[profile] });
  const { reach } = engine;
  return { engine, verdict, trace, traces, points: (name) => pointsOf(engine.world, name) };

  function verdict(from: string, to: string, traffic = 'TCP/80'): Verdict {
    return verdictBetween(reach, only(engine.world, from, to), only(engine.world, to, from), axis(traffic));
  }

  function trace(direction: Direction, from: string, to: string, traffic = 'TCP/80'): Trace {
    return explain(reach, questionOf(direction, from, to, traffic));
  }

  function traces(
    direction: Direction,
    from: string,
    to: string,
    traffic = 'TCP/80',
  ): Partial<Record<LayerName, Trace>> {
    const said = explainEach(reach, questionOf(direction, from, to, traffic));
    return Object.fromEntries(said.map(({ layer, trace }) => [layer, trace]));
  }

  function questionOf(direction: Direction, from: string, to: string, traffic: string): Question {
    const [a, b] = [only(engine.world, from, to), only(engine.world, to, from)];
    const [subject, peer] = direction === 'egress' ? [a, b] : [b, a];
    return { direction, subject, peer, traffic: axis(traffic) };
  }
}

/** The point of the traffic axis for `TCP/80`, `ICMP` (type 0) or a protocol number. */
export function axis(text: string): number {
  const [protocol = '', port = '0'] = text.split('/');
  if (isPortProtocol(protocol) && port === '0') throw new Error(`no port in ${text}`);
  return trafficPoint(protocol as Protocol, Number(port));
}

/** Of the points of a name the one that speaks with the other end; a test that means several must say which address. */
function only(world: World, name: string, other: string): number {
  const families = pointsOf(world, other).reduce((mask, point) => mask | world.points[point]!.families, 0);
  const speaking = pointsOf(world, name).filter((point) => (world.points[point]!.families & families) !== 0);
  if (speaking.length !== 1) throw new Error(`${name} has ${speaking.length} points that speak with ${other}`);
  return speaking[0]!;
}

function pointsOf(world: World, name: string): number[] {
  const address = parseAddress(name);
  if (address === undefined) return pointsNamed(world, name);
  const unit = world.units.findIndex(({ addresses }) => addresses.includes(formatAddress(address)));
  if (unit < 0) return [externalPoint(world, address)];
  const holds = (point: number) => {
    const { units, facet, atom } = world.points[point]!;
    return units.includes(unit) && facet === address.family && atom === atomAt(world.atoms[facet], address.value);
  };
  return [...world.points.keys()].filter(holds);
}

function pointsNamed(world: World, name: string): number[] {
  if (name.startsWith('node:')) {
    return [...world.pointsOfNode[world.nodes.findIndex((node) => `node:${node.name}` === name)]!];
  }
  const owner = world.owners.findIndex((each) => `${each.namespace}/${each.name}` === name);
  if (owner < 0) throw new Error(`no ${name} in the fixture`);
  return [...world.pointsOfOwner[owner]!];
}

export interface PodSpec {
  /** `app: web, tier: front` */
  readonly labels?: string;
  /** `http:8080`, or `dns:53:UDP` */
  readonly ports?: readonly string[];
  readonly ips?: readonly string[];
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly phase?: string;
  /** `ReplicaSet/web-1` */
  readonly owner?: string;
}

/** A Pod `namespace/name`, with the label `app` of its name unless `labels` says otherwise. */
export function pod(place: string, spec: PodSpec = {}): string {
  const [namespace, name] = place.split('/');
  const { labels = `app: ${name}`, ports = [], ips = [], node, hostNetwork = false, phase = 'Running', owner } = spec;
  const [ownerKind, ownerName] = owner?.split('/') ?? [];
  const owners = owner === undefined ? '' : `, ownerReferences: [${ownerReference(ownerKind!, ownerName!)}]`;
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}${owners}}
spec: {hostNetwork: ${hostNetwork},${node === undefined ? '' : ` nodeName: ${node},`} containers: [{name: c, image: i, ports: [${ports.map(containerPort).join(', ')}]}]}
status: {phase: ${phase}${ips.length === 0 ? '' : `, podIP: '${ips[0]}', podIPs: [${ips.map((ip) => `{ip: '${ip}'}`).join(', ')}]`}}`;
}

export interface WorkloadSpec extends Pick<PodSpec, 'labels' | 'ports' | 'hostNetwork'> {
  readonly kind?: string;
  /** `Deployment/web` */
  readonly owner?: string;
}

/** A workload `namespace/name`, a Deployment unless `kind` says otherwise. */
export function workload(place: string, spec: WorkloadSpec = {}): string {
  const [namespace, name] = place.split('/');
  const { kind = 'Deployment', labels = `app: ${name}`, ports = [], hostNetwork = false, owner } = spec;
  const [ownerKind, ownerName] = owner?.split('/') ?? [];
  const owners = owner === undefined ? '' : `, ownerReferences: [${ownerReference(ownerKind!, ownerName!)}]`;
  return `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}${owners}}
spec:
  selector: {matchLabels: {${labels}}}
  template:
    metadata: {labels: {${labels}}}
    spec: {hostNetwork: ${hostNetwork}, containers: [{name: c, image: i, ports: [${ports.map(containerPort).join(', ')}]}]}`;
}

/** A Namespace with labels: `team: a`. */
export function namespace(name: string, labels = ''): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}`;
}

export function node(name: string, addresses: readonly string[] = [], labels = ''): string {
  const list = addresses.map((address) => `{type: InternalIP, address: '${address}'}`);
  return `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}, labels: {${labels}}}\nstatus: {addresses: [${list.join(', ')}]}`;
}

/** A NetworkPolicy for all pods of a namespace unless `spec` says otherwise: `policy('shop/x', 'ingress: [{}]')`. */
export function policy(place: string, spec = ''): string {
  const [namespaceName, name] = place.split('/');
  const selector = spec.includes('podSelector: ') && spec.startsWith('podSelector: ') ? '' : 'podSelector: {}, ';
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespaceName}}
spec: {${selector}${spec}}`;
}

/** A ClusterNetworkPolicy for all namespaces, in tier Admin with priority 10, unless `spec` says otherwise. */
export function clusterPolicy(name: string, spec: string): string {
  const defaults = [
    ['tier', 'tier: Admin, '],
    ['priority', 'priority: 10, '],
    ['subject', 'subject: {namespaces: {}}, '],
  ] as const;
  const given = defaults.filter(([key]) => !new RegExp(`(^|, )${key}: `).test(spec)).map(([, text]) => text);
  return `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: {${given.join('')}${spec}}`;
}

function ownerReference(kind: string, name: string): string {
  const apiVersion = kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  return `{apiVersion: ${apiVersion}, kind: ${kind}, name: ${name}, controller: true, uid: x}`;
}

function containerPort(text: string): string {
  const [name, port, protocol = 'TCP'] = text.split(':');
  return `{name: ${name}, containerPort: ${port}, protocol: ${protocol}}`;
}
