import { countBits } from '#base/bits.ts';
import { atomRange } from '#engine/atoms.ts';
import type { PolicyEdit } from '#engine/edit.ts';
import type { Engine } from '#engine/engine.ts';
import type { Point } from '#engine/world.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type {
  Direction,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from '#model/resource.ts';
import { isPortProtocol, linesOf, type PortProtocol } from '#model/traffic.ts';
import type { PolicyRef, RuleRef, Trace } from '#model/verdict.ts';
import { selectorWords } from '../words.ts';
import type { Branch } from './branches.ts';
import { isolationPatch, patchOf } from './patch.ts';
import { atomCidr, internetPeer } from './peer-block.ts';

/** One edit that might flip a hop, with its text for people and for the file. */
export interface Candidate {
  readonly edit: PolicyEdit;
  /** The policy whose file is edited. */
  readonly policy: PolicyRef;
  readonly summary: string;
  readonly patch: string;
  /** Points that the policy selects: of two edits that do the same, the one to the narrower policy is smaller. */
  readonly selects: number;
}

export interface HopToFlip {
  readonly direction: Direction;
  readonly trace: Trace;
}

/** Edits of NetworkPolicies that could open a hop, likeliest first. What other kinds denied is not opened here. */
export function openersFor(engine: Engine, branch: Branch, hop: HopToFlip): Candidate[] {
  const port = portAsked(branch.traffic);
  return port === undefined ? [] : openers(engine, branch, { hop, port });
}

/** Edits that, all together, could close a hop: every rule that admits taken away, or the subject isolated. */
export function closersFor(engine: Engine, branch: Branch, { direction, trace }: HopToFlip): Candidate[] {
  const deciding = trace.steps.filter(({ decides, matches }) => decides && matches === 'yes');
  const removals = deciding.map(({ rule }) => removal(engine, direction, rule));
  if (removals.some((each) => each === undefined)) return [];
  if (deciding.length > 0) return removals.filter((each) => each !== undefined);
  const isolation = isolated(engine, branch, direction);
  return isolation === undefined ? [] : [isolation];
}

interface Opening {
  readonly hop: HopToFlip;
  readonly port: NetworkPolicyPort;
}

function openers(engine: Engine, branch: Branch, { hop, port }: Opening): Candidate[] {
  const peer = peerFor(engine, branch, hop.direction);
  if (peer === undefined) return [];
  const out: Candidate[] = [];
  for (const { rule: ref, miss } of hop.trace.steps) {
    const policy = policyOf(engine, ref.policy);
    const rule = policy?.[hop.direction].find(({ path }) => path === ref.path);
    if (policy === undefined || rule === undefined || miss === undefined) continue;
    if (!miss.peer && rule.ports.length > 0)
      out.push(widened(engine, policy, { rule, port, direction: hop.direction }));
    if (!miss.traffic && rule.peers.length > 0)
      out.push(widened(engine, policy, { rule, peer, direction: hop.direction }));
  }
  for (const ref of hop.trace.isolatedBy) {
    const policy = policyOf(engine, ref);
    if (policy !== undefined)
      out.push(withRule(engine, policy, { direction: hop.direction, peers: [peer], ports: [port] }));
  }
  return out;
}

function removal(engine: Engine, direction: Direction, ref: RuleRef): Candidate | undefined {
  const policy = policyOf(engine, ref.policy);
  const rule = policy?.[direction].find(({ path }) => path === ref.path);
  if (policy === undefined || rule === undefined) return undefined;
  const add = { ...policy, [direction]: policy[direction].filter((each) => each !== rule) };
  const where = `NetworkPolicy ${policy.namespace}/${policy.name}`;
  const summary = `remove ${rule.path} from ${where}`;
  const edit = { remove: policy, add };
  return {
    edit,
    policy: { ...refOf(policy), origin: rule.origin },
    summary,
    patch: `# ${summary}\n`,
    selects: selectedBy(engine, policy),
  };
}

/** Where nothing isolates the subject, a policy of its own does; everything else that it was open to closes with it. */
function isolated({ world, snapshot }: Engine, branch: Branch, direction: Direction): Candidate | undefined {
  const point = world.points[direction === 'ingress' ? branch.to : branch.from]!;
  if (point.kind !== 'pod' || point.hostNetwork || point.labels.size === 0) return undefined;
  const { namespace, origin, name } = world.owners[world.units[point.units[0]!]!.owner]!;
  const podSelector = podSelectorFor(point);
  const policy: NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    namespace,
    name: freeName(snapshot.networkPolicies, namespace, `${name}-${direction}`),
    labels: new Map(),
    annotations: new Map(),
    origin,
    podSelector,
    policyTypes: [direction],
    ingress: [],
    egress: [],
    gaps: [],
  };
  const summary = `isolate ${selectorWords(podSelector)} of namespace ${namespace} for ${direction} with a NetworkPolicy`;
  return {
    edit: { add: policy },
    policy: refOf(policy),
    summary,
    patch: isolationPatch(policy, direction),
    selects: 1,
  };
}

function freeName(policies: readonly NetworkPolicy[], namespace: string, wanted: string): string {
  const taken = new Set(policies.filter((policy) => policy.namespace === namespace).map(({ name }) => name));
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
  return name;
}

function selectedBy({ compiling }: Engine, policy: NetworkPolicy): number {
  return countBits(compiling.selection.pods(policy).may);
}

interface Widening {
  readonly direction: Direction;
  readonly rule: NetworkPolicyRule;
  readonly port?: NetworkPolicyPort;
  readonly peer?: NetworkPolicyPeer;
}

function widened(engine: Engine, policy: NetworkPolicy, { direction, rule, port, peer }: Widening): Candidate {
  const wider: NetworkPolicyRule = {
    ...rule,
    ports: port === undefined ? rule.ports : [...rule.ports, port],
    peers: peer === undefined ? rule.peers : [...rule.peers, peer],
  };
  const add = { ...policy, [direction]: policy[direction].map((each) => (each === rule ? wider : each)) };
  const field = port === undefined ? `${rule.path}.${direction === 'ingress' ? 'from' : 'to'}` : `${rule.path}.ports`;
  const part = { ...(port && { ports: [port] }), ...(peer && { peers: [peer] }) };
  return candidate(engine, { policy, add }, { field, direction, part, origin: rule.origin });
}

interface NewRule extends Pick<NetworkPolicyRule, 'peers' | 'ports'> {
  readonly direction: Direction;
}

function withRule(engine: Engine, policy: NetworkPolicy, { direction, peers, ports }: NewRule): Candidate {
  const path = `spec.${direction}[${policy[direction].length}]`;
  const rule: NetworkPolicyRule = { peers, ports, path, origin: policy.origin, gaps: [] };
  const add = { ...policy, [direction]: [...policy[direction], rule] };
  return candidate(
    engine,
    { policy, add },
    { field: `spec.${direction}`, direction, part: { peers, ports }, origin: policy.origin },
  );
}

interface Added {
  readonly field: string;
  readonly direction: Direction;
  readonly part: { readonly peers?: readonly NetworkPolicyPeer[]; readonly ports?: readonly NetworkPolicyPort[] };
  readonly origin: PolicyRef['origin'];
}

interface Rewritten {
  readonly policy: NetworkPolicy;
  readonly add: NetworkPolicy;
}

function candidate(engine: Engine, { policy, add }: Rewritten, { field, direction, part, origin }: Added): Candidate {
  const ref = refOf(policy);
  const { text, words } = patchOf(part, direction);
  const summary = `add ${words} to ${field} of ${ref.kind} ${ref.namespace}/${ref.name}`;
  const patch = `# add to ${field} of ${ref.kind} ${ref.namespace}/${ref.name}\n${text}`;
  return {
    edit: { remove: policy, add },
    policy: { ...ref, origin },
    summary,
    patch,
    selects: selectedBy(engine, policy),
  };
}

function refOf({ kind, namespace, name, origin }: NetworkPolicy): PolicyRef {
  return { kind, namespace, name, origin };
}

function policyOf({ snapshot }: Engine, { kind, namespace, name }: PolicyRef): NetworkPolicy | undefined {
  if (kind !== 'NetworkPolicy') return undefined;
  return snapshot.networkPolicies.find((policy) => policy.namespace === namespace && policy.name === name);
}

function portAsked(traffic: number): NetworkPolicyPort | undefined {
  const line = linesOf([traffic, traffic])[0];
  if (line === undefined || !isPortProtocol(line.protocol)) return undefined;
  const protocol: PortProtocol = line.protocol;
  return { protocol, port: line.ranges[0]![0], path: '', origin: NO_ORIGIN };
}

/** The other end of the branch as a peer: a pod by its labels, an outside address by its block. Nodes have no selector. */
function peerFor({ world }: Engine, branch: Branch, direction: Direction): NetworkPolicyPeer | undefined {
  const [own, other] = direction === 'ingress' ? [branch.to, branch.from] : [branch.from, branch.to];
  const point = world.points[other]!;
  if (point.kind === 'external') {
    const asked = direction === 'ingress' ? branch.answer.from : branch.answer.to;
    const range = atomRange(world.atoms[point.facet], point.atom ?? 0);
    return asked === 'internet' ? internetPeer(range.family) : atomCidr(range);
  }
  if (point.kind !== 'pod' || point.hostNetwork) return undefined;
  const podSelector = podSelectorFor(point);
  const base = { kind: 'pods', podSelector, path: '', origin: NO_ORIGIN } as const;
  if (point.namespace === world.points[own]!.namespace) return base;
  return { ...base, namespaceSelector: selector(new Map([[NAMESPACE_NAME_LABEL, point.namespace]])) };
}

/** Labels that say which workload a pod belongs to, if it has one; else all that it has. */
const TELLING = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name', 'component'];

function podSelectorFor({ labels }: Point): LabelSelector {
  const key = TELLING.find((each) => labels.has(each));
  return selector(key === undefined ? labels : new Map([[key, labels.get(key)!]]));
}

function selector(labels: ReadonlyMap<string, string>): LabelSelector {
  const requirements = [...labels].map(([key, value]) => ({ key, operator: 'In' as const, values: [value] }));
  return { requirements, origin: NO_ORIGIN };
}
