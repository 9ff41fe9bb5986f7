import { addBit, type Bits, emptyBits, hasBit, members, nextBit } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { MeshConfig, MtlsMode, PeerAuthentication } from '#model/istio.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { byAge, knowsAge } from '../age.ts';
import type { Compiling } from '../context.ts';

export type ServerMode = Exclude<MtlsMode, 'UNSET'>;

/** What a proxy takes at each port, and who says so. */
export interface ServerModes {
  readonly base: ModeBy;
  /** Ports that differ. */
  readonly ports: ReadonlyMap<number, ModeBy>;
  /** Why it is not certain: the modes are then one of several ways. */
  readonly doubt?: ReasonCode;
  /** The mode of the mesh reached the workload past a policy of its namespace that is UNSET. */
  readonly pastUnset?: true;
}

/** `by` is absent for Istio's default. */
export interface ModeBy {
  readonly mode: ServerMode;
  readonly by?: PeerAuthentication;
}

/** Pods for which the same PeerAuthentications count. */
export interface ServerGroup {
  readonly on: Bits;
  readonly modes: ServerModes;
}

export interface Servers {
  readonly groups: readonly ServerGroup[];
  modesAt(point: number): ServerModes;
  /** Whether clients suppose that a whole namespace takes no mutual TLS. */
  disables(namespace: string): 'yes' | 'no' | 'perhaps';
}

const DEFAULT: ModeBy = { mode: 'PERMISSIVE' };

/**
 * The mode of a workload: that of the mesh, then of the namespace, then of the workload, each unless it is UNSET; the
 * oldest of several at one level counts and the others not at all. A selector in the root namespace is ignored.
 * (pilot/pkg/security/authn/policy_applier.go)
 */
export function serversOf(compiling: Compiling, { peerAuthentications }: Snapshot, config: MeshConfig): Servers {
  const sorted = [...peerAuthentications].sort(byAge);
  const whole = sorted.filter(({ selector }) => selector === undefined);
  const byNamespace = Map.groupBy(whole, ({ namespace }) => namespace);
  const selecting = sorted.filter(
    (policy) => policy.selector !== undefined && policy.namespace !== config.rootNamespace,
  );
  const upper = new Map<string, Level>();
  const own = workloadPolicies(compiling, selecting);
  const cells = new Map<string, { on: Bits; modes: ServerModes }>();
  const { world } = compiling;
  const known: (ServerModes | undefined)[] = [];
  for (const point of members(world.pods)) {
    const { namespace } = world.points[point]!;
    const found = own.get(point) ?? [];
    const key = `${namespace} ${found.map(({ policy, certain }) => `${policy.name} ${certain}`).join(',')}`;
    const cell = remembered(cells, key, () => ({
      on: emptyBits(world.size),
      modes: modesFor(levelOf(namespace), found),
    }));
    addBit(cell.on, point);
    known[point] = cell.modes;
  }
  return {
    groups: [...cells.values()],
    modesAt: (point) => known[point] ?? { base: DEFAULT, ports: new Map() },
    disables,
  };

  function disables(namespace: string): 'yes' | 'no' | 'perhaps' {
    const { mode, doubt } = levelOf(namespace);
    if (doubt === undefined) return mode.mode === 'DISABLE' ? 'yes' : 'no';
    const candidates = [...(byNamespace.get(namespace) ?? []), ...(byNamespace.get(config.rootNamespace) ?? [])];
    return candidates.some((policy) => policy.mode === 'DISABLE' || policy.gaps.length > 0) ? 'perhaps' : 'no';
  }

  function levelOf(namespace: string): Level {
    return remembered(upper, namespace, () => {
      const mesh = applied({ mode: DEFAULT }, byNamespace.get(config.rootNamespace) ?? []);
      return namespace === config.rootNamespace ? mesh : applied(mesh, byNamespace.get(namespace) ?? []);
    });
  }
}

/** The mode that holds above the workloads of a namespace. */
interface Level {
  readonly mode: ModeBy;
  readonly doubt?: ReasonCode;
  readonly pastUnset?: true;
}

function applied(level: Level, policies: readonly PeerAuthentication[]): Level {
  const [first] = policies;
  if (first === undefined) return level;
  const doubt = level.doubt ?? doubtOf(policies);
  const inherits = first.mode === 'UNSET';
  const kept = doubt === undefined ? level.mode : { by: first, ...level.mode };
  const mode = inherits ? kept : { mode: first.mode, by: first };
  return { mode, ...(doubt !== undefined && { doubt }), ...(inherits && { pastUnset: true }) };
}

/** Policies of one level that differ, of which it is not known which is the oldest; or that have unknown fields. */
function doubtOf(policies: readonly PeerAuthentication[]): ReasonCode | undefined {
  const [first, ...others] = policies;
  if (first === undefined) return undefined;
  if (first.gaps.length > 0) return 'unread-field';
  const rival = others.find((other) => !knowsAge(first, other) && !saysTheSame(first, other));
  return rival === undefined ? undefined : 'equal-priority';
}

function saysTheSame(a: PeerAuthentication, b: PeerAuthentication): boolean {
  return a.mode === b.mode && JSON.stringify([...a.ports].sort()) === JSON.stringify([...b.ports].sort());
}

interface Selecting {
  readonly policy: PeerAuthentication;
  readonly certain: boolean;
}

function workloadPolicies(
  { selection }: Compiling,
  policies: readonly PeerAuthentication[],
): ReadonlyMap<number, readonly Selecting[]> {
  const out = new Map<number, Selecting[]>();
  for (const policy of policies) {
    const span = selection.pods({
      namespace: policy.namespace,
      ...(policy.selector && { podSelector: policy.selector }),
    });
    for (let point = nextBit(span.may, 0); point >= 0; point = nextBit(span.may, point + 1)) {
      remembered(out, point, () => []).push({ policy, certain: hasBit(span.must, point) });
    }
  }
  return out;
}

function modesFor(level: Level, found: readonly Selecting[]): ServerModes {
  const [first] = found;
  const unsure = found.some(({ certain }) => !certain) ? 'label-generated' : undefined;
  const doubt = level.doubt ?? unsure ?? doubtOf(found.map(({ policy }) => policy));
  const rest = { ...(doubt !== undefined && { doubt }), ...(level.pastUnset && { pastUnset: level.pastUnset }) };
  if (first === undefined) return { base: level.mode, ports: new Map(), ...rest };
  const { policy } = first;
  const inherited = doubt === undefined ? level.mode : { by: policy, ...level.mode };
  const base: ModeBy = policy.mode === 'UNSET' ? inherited : { mode: policy.mode, by: policy };
  const ports = new Map<number, ModeBy>();
  for (const [port, mode] of policy.ports) {
    if (mode !== 'UNSET') ports.set(port, { mode, by: policy });
  }
  return { base, ports, ...rest };
}

/**
 * The modes as ztunnel has them. DISABLE is PERMISSIVE: HBONE is always taken. Under a STRICT parent a workload that
 * leaves its own mode UNSET opens ports by PERMISSIVE; entries with DISABLE alone open nothing.
 * (pilot/pkg/serviceregistry/ambient/authorization.go, `convertedSelectorPeerAuthentications`)
 */
export function ambientModes({ base, ports, pastUnset, ...rest }: ServerModes): ServerModes {
  const inherits =
    base.mode === 'STRICT' && [...ports.values()].some(({ by }) => by !== undefined && by.mode === 'UNSET');
  const opens = [...ports.values()].some(({ mode }) => mode === 'PERMISSIVE');
  const out = new Map<number, ModeBy>();
  for (const [port, entry] of ports) {
    const isOpen = entry.mode !== 'STRICT' && (!inherits || opens);
    out.set(port, { ...entry, mode: isOpen ? 'PERMISSIVE' : 'STRICT' });
  }
  const softened: ModeBy = base.mode === 'DISABLE' ? { ...base, mode: 'PERMISSIVE' } : base;
  // In some versions such a workload ends up without any policy at all.
  const doubt = rest.doubt ?? (inherits && opens && pastUnset ? 'version-dependent' : undefined);
  return { base: softened, ports: out, ...(doubt !== undefined && { doubt }) };
}
