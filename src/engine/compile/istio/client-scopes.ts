import type { Cidr } from '#base/address.ts';
import { addBit, type Bits, emptyBits, hasBit, nextBit, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { IstioSidecar, MeshConfig, OutboundMode } from '#model/istio.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Block } from '../../addresses.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { doubting } from '../../spans.ts';
import { byAge, knowsAge } from '../age.ts';
import type { Compiling } from '../context.ts';
import { meetSpans } from '../span-sets.ts';
import { type Capture, captureOf, WHOLE_CAPTURE } from './capture.ts';
import type { Host } from './hosts.ts';
import type { Membership } from './membership.ts';

/** Sidecars that capture the same and know the same hosts. */
export interface ClientScope {
  readonly number: number;
  /** Sidecars and gateways. */
  readonly clients: PointSpan;
  readonly capture: Capture;
  /** Destinations whose addresses are in the included ranges; absent: all. */
  readonly included?: PointSpan;
  /** Destinations whose addresses are in the excluded ranges; absent: none. */
  readonly excluded?: PointSpan;
  /** The Sidecar that decides about them. */
  readonly sidecar?: IstioSidecar;
  /** What `.` stands for in the Sidecar. */
  readonly namespace: string;
  readonly outboundMode: OutboundMode;
  /** Whether they know a port of a host. */
  sees(host: Host, port: number): boolean;
}

export function clientScopesOf(
  compiling: Compiling,
  {
    membership,
    config,
    sidecars,
  }: {
    readonly membership: Membership;
    readonly config: MeshConfig;
    readonly sidecars: ReadonlyMap<number, readonly IstioSidecar[]>;
  },
): readonly ClientScope[] {
  const cells = new Map<string, Cell>();
  const unsure = emptyBits(compiling.world.size);
  const clients = union(membership.sidecar.may, membership.gateway.may);
  for (let point = nextBit(clients, 0); point >= 0; point = nextBit(clients, point + 1)) {
    const { units } = compiling.world.points[point]!;
    const unit = units[0] === undefined ? undefined : compiling.world.units[units[0]];
    const isSidecar = hasBit(membership.sidecar.may, point);
    const capture = unit === undefined || !isSidecar ? WHOLE_CAPTURE : captureOf(unit.shape);
    const candidates = sidecars.get(point) ?? [undefined];
    if (candidates.length > 1) addBit(unsure, point);
    for (const sidecar of candidates) {
      // In the Sidecar of the root namespace `.` is the namespace of each client.
      const own =
        sidecar?.namespace === config.rootNamespace ? compiling.world.points[point]!.namespace : sidecar?.namespace;
      const key = `${capture.key} ${sidecar === undefined ? '' : `${own} ${sidecar.namespace}/${sidecar.name}`}`;
      const make = () => ({ points: emptyBits(compiling.world.size), capture, sidecar, namespace: own ?? '' });
      const cell = remembered(cells, key, make);
      addBit(cell.points, point);
    }
  }
  const inMesh = { must: union(membership.sidecar.must, membership.gateway.must), may: clients };
  const doubts = [...membership.sidecar.doubts, ...membership.gateway.doubts];
  return [...cells.values()].map((cell, number) => {
    const span = doubting(meetSpans(exactly(cell.points), { ...inMesh, doubts }), unsure, 'equal-priority');
    return scopeOf(compiling, cell, { number, span, config });
  });
}

interface Cell {
  readonly points: Bits;
  readonly capture: Capture;
  readonly sidecar: IstioSidecar | undefined;
  readonly namespace: string;
}

function scopeOf(
  { networks }: Compiling,
  { capture, sidecar, namespace }: Cell,
  { number, span, config }: { readonly number: number; readonly span: PointSpan; readonly config: MeshConfig },
): ClientScope {
  const { toRanges, notToRanges } = capture;
  return {
    number,
    clients: span,
    capture,
    ...(toRanges !== undefined && { included: networks.coveredByAny(toRanges.map(asBlock)) }),
    ...(notToRanges.length > 0 && { excluded: networks.coveredByAny(notToRanges.map(asBlock)) }),
    ...(sidecar !== undefined && { sidecar }),
    namespace,
    outboundMode: sidecar?.outboundMode ?? config.outboundMode,
    sees: visibilityOf(sidecar, namespace),
  };
}

function asBlock(cidr: Cidr): Block {
  return { cidr, except: [] };
}

/** `namespace/host`: `.` is the own namespace, `*` any, `~` none. Without `egress` everything is known. */
function visibilityOf(sidecar: IstioSidecar | undefined, own: string): ClientScope['sees'] {
  if (sidecar === undefined || sidecar.egress.length === 0) return () => true;
  const whole = new Set<string>();
  const listed: Listed[] = [];
  for (const { hosts, port } of sidecar.egress) {
    for (const text of hosts) {
      const [place = '', host = ''] = text.split('/');
      const namespace = place === '.' ? own : place;
      if (host === '*' && port === undefined) whole.add(namespace);
      else listed.push({ namespace, host, port });
    }
  }
  return (host, port) =>
    whole.has('*') || whole.has(host.service.namespace) || listed.some((entry) => isListed(entry, host, port));
}

interface Listed {
  readonly namespace: string;
  readonly host: string;
  /** Of the Service; absent: every one. */
  readonly port: number | undefined;
}

function isListed(listed: Listed, { name, service }: Host, port: number): boolean {
  if (listed.port !== undefined && listed.port !== port) return false;
  if (listed.namespace !== '*' && listed.namespace !== service.namespace) return false;
  return matchesHost(listed.host, name);
}

/** A host name, or `*` and the end of one. */
export function matchesHost(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) && name !== pattern.slice(1) : pattern === name;
}

/**
 * Which Sidecar is for a pod: one of its namespace that selects it, else the one of its namespace without a selector,
 * else the one of the root namespace. The oldest of equals counts. (pilot/pkg/model/sidecar.go)
 */
export function sidecarsByPoint(
  { world, selection }: Compiling,
  { istioSidecars }: Snapshot,
  config: MeshConfig,
): ReadonlyMap<number, readonly IstioSidecar[]> {
  const out = new Map<number, IstioSidecar[]>();
  const sorted = [...istioSidecars].sort(byAge);
  const levels: (readonly [sidecar: IstioSidecar, pods: Bits])[][] = [[], [], []];
  for (const sidecar of sorted) {
    const { namespace, workloadSelector: podSelector } = sidecar;
    const isRoot = namespace === config.rootNamespace && podSelector === undefined;
    const pods = isRoot ? world.pods : selection.pods({ namespace, ...(podSelector && { podSelector }) }).may;
    levels[isRoot ? 2 : podSelector === undefined ? 1 : 0]!.push([sidecar, pods]);
  }
  for (const level of levels) {
    const found = new Map<number, IstioSidecar[]>();
    for (const [sidecar, pods] of level) take(found, sidecar, pods);
    for (const [point, candidates] of found) if (!out.has(point)) out.set(point, candidates);
  }
  return out;
}

/** Of several of one level the oldest counts; those whose age is not known may each be it. */
function take(found: Map<number, IstioSidecar[]>, sidecar: IstioSidecar, points: Bits): void {
  for (let point = nextBit(points, 0); point >= 0; point = nextBit(points, point + 1)) {
    const [first] = remembered(found, point, () => []);
    if (first === undefined || !knowsAge(first, sidecar)) found.get(point)!.push(sidecar);
  }
}
