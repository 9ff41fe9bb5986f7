import type { Cidr } from '#base/address.ts';
import { addBit, type Bits, emptyBits, hasBit, nextBit, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { IstioSidecar, MeshConfig, OutboundMode } from '#model/istio.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Block } from '../../addresses.ts';
import { exactly, type PointSpan } from '../../form.ts';
import type { Compiling } from '../context.ts';
import { byAge } from './age.ts';
import { type Capture, captureOf, WHOLE_CAPTURE } from './capture.ts';
import type { Host } from './hosts.ts';
import type { Membership } from './membership.ts';
import { lessSpan, meetSpans } from './spans.ts';

/** Sidecars that capture the same and know the same hosts. */
export interface ClientScope {
  readonly number: number;
  /** Sidecars and gateways. */
  readonly clients: PointSpan;
  readonly capture: Capture;
  /** Where the capture leaves out addresses: destinations that are captured. */
  readonly captured?: PointSpan;
  /** The Sidecar that decides about them. */
  readonly sidecar?: IstioSidecar;
  readonly outboundMode: OutboundMode;
  /** Whether they know a host. */
  sees(host: Host): boolean;
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
    readonly sidecars: ReadonlyMap<number, IstioSidecar>;
  },
): readonly ClientScope[] {
  const cells = new Map<string, Cell>();
  const clients = union(membership.sidecar.may, membership.gateway.may);
  for (let point = nextBit(clients, 0); point >= 0; point = nextBit(clients, point + 1)) {
    const { units } = compiling.world.points[point]!;
    const unit = units[0] === undefined ? undefined : compiling.world.units[units[0]];
    const isSidecar = hasBit(membership.sidecar.may, point);
    const capture = unit === undefined || !isSidecar ? WHOLE_CAPTURE : captureOf(unit.shape);
    const sidecar = sidecars.get(point);
    const key = `${capture.key} ${sidecar === undefined ? '' : `${sidecar.namespace}/${sidecar.name}`}`;
    const cell = remembered(cells, key, () => ({ points: emptyBits(compiling.world.size), capture, sidecar }));
    addBit(cell.points, point);
  }
  const inMesh = { must: union(membership.sidecar.must, membership.gateway.must), may: clients };
  const doubts = [...membership.sidecar.doubts, ...membership.gateway.doubts];
  return [...cells.values()].map((cell, number) => {
    const span = meetSpans(exactly(cell.points), { ...inMesh, doubts });
    return scopeOf(compiling, cell, { number, span, config });
  });
}

interface Cell {
  readonly points: Bits;
  readonly capture: Capture;
  readonly sidecar: IstioSidecar | undefined;
}

function scopeOf(
  { networks, world }: Compiling,
  { capture, sidecar }: Cell,
  { number, span, config }: { readonly number: number; readonly span: PointSpan; readonly config: MeshConfig },
): ClientScope {
  const { toRanges, notToRanges } = capture;
  const all = toRanges === undefined ? exactly(world.everything) : networks.coveredByAny(toRanges.map(asBlock));
  const excluded = notToRanges.length === 0 ? undefined : networks.coveredByAny(notToRanges.map(asBlock));
  const limited = toRanges !== undefined || excluded !== undefined;
  return {
    number,
    clients: span,
    capture,
    ...(limited && { captured: excluded === undefined ? all : lessSpan(all, excluded) }),
    ...(sidecar !== undefined && { sidecar }),
    outboundMode: sidecar?.outboundMode ?? config.outboundMode,
    sees: visibilityOf(sidecar, config),
  };
}

function asBlock(cidr: Cidr): Block {
  return { cidr, except: [] };
}

/** `namespace/host`: `.` is the Sidecar's own namespace, `*` any, `~` none. Without `egress` everything is known. */
function visibilityOf(sidecar: IstioSidecar | undefined, config: MeshConfig): (host: Host) => boolean {
  if (sidecar === undefined || sidecar.egress.length === 0) return () => true;
  const whole = new Set<string>();
  const patterns: { readonly namespace: string; readonly host: string }[] = [];
  for (const text of sidecar.egress.flatMap(({ hosts }) => hosts)) {
    const slash = text.indexOf('/');
    const own = sidecar.namespace === config.rootNamespace ? '.' : sidecar.namespace;
    const namespace = text.slice(0, slash) === '.' ? own : text.slice(0, slash);
    const host = text.slice(slash + 1);
    if (host === '*') whole.add(namespace);
    else patterns.push({ namespace, host });
  }
  // In the root namespace's Sidecar `.` stands for the namespace of each pod; it is then not one set of hosts.
  return ({ name, service }) =>
    whole.has('*') ||
    whole.has(service.namespace) ||
    whole.has('.') ||
    patterns.some(
      ({ namespace, host }) => (namespace === '*' || namespace === service.namespace) && matchesHost(host, name),
    );
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
): ReadonlyMap<number, IstioSidecar> {
  const out = new Map<number, IstioSidecar>();
  const sorted = [...istioSidecars].sort(byAge);
  const selecting = sorted.filter(({ workloadSelector }) => workloadSelector !== undefined);
  for (const sidecar of selecting) {
    const { namespace, workloadSelector } = sidecar;
    take(out, selection.pods({ namespace, ...(workloadSelector && { podSelector: workloadSelector }) }).may, sidecar);
  }
  const rest = sorted.filter(({ workloadSelector }) => workloadSelector === undefined);
  for (const sidecar of rest.filter(({ namespace }) => namespace !== config.rootNamespace)) {
    take(out, selection.pods({ namespace: sidecar.namespace }).may, sidecar);
  }
  for (const sidecar of rest.filter(({ namespace }) => namespace === config.rootNamespace)) {
    take(out, world.pods, sidecar);
  }
  return out;
}

function take(out: Map<number, IstioSidecar>, points: Bits, sidecar: IstioSidecar): void {
  for (let point = nextBit(points, 0); point >= 0; point = nextBit(points, point + 1)) {
    if (!out.has(point)) out.set(point, sidecar);
  }
}
