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
import type { PolicyRef, Trace, Verdict } from '#model/verdict.ts';
import type { Branch } from './branches.ts';
import { atomCidr } from './peer-block.ts';
import { patchOf } from './patch.ts';

/** One edit that might flip a hop, with its text for people and for the file. */
export interface Candidate {
  readonly edit: PolicyEdit;
  /** The policy whose file is edited. */
  readonly policy: PolicyRef;
  readonly summary: string;
  readonly patch: string;
}

export interface HopToFlip {
  readonly direction: Direction;
  readonly trace: Trace;
  readonly wanted: Verdict;
}

/** Edits of NetworkPolicies that could flip a hop, likeliest first. What other kinds decided is not ours to edit lightly: no candidate. */
export function candidatesFor(engine: Engine, branch: Branch, hop: HopToFlip): Candidate[] {
  const port = portAsked(branch.traffic);
  if (port === undefined) return [];
  return hop.wanted === 'allowed' ? openers(engine, branch, { hop, port }) : closers(engine, hop);
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
    if (!miss.peer && rule.ports.length > 0) out.push(widened(policy, hop.direction, { rule, port }));
    if (!miss.traffic && rule.peers.length > 0) out.push(widened(policy, hop.direction, { rule, peer }));
  }
  for (const ref of hop.trace.isolatedBy) {
    const policy = policyOf(engine, ref);
    if (policy !== undefined) out.push(withRule(policy, hop.direction, { peers: [peer], ports: [port] }));
  }
  return out;
}

/** Taking away each rule that allows; nothing less than all of them closes the hop. */
function closers(engine: Engine, { direction, trace }: HopToFlip): Candidate[] {
  const deciding = trace.steps.filter(({ decides, matches }) => decides && matches === 'yes');
  const [only, ...others] = deciding;
  const policy = only && policyOf(engine, only.rule.policy);
  if (policy === undefined || others.length > 0) return [];
  const rule = policy[direction].find(({ path }) => path === only!.rule.path);
  if (rule === undefined) return [];
  const add = { ...policy, [direction]: policy[direction].filter((each) => each !== rule) };
  const ref = refOf(policy);
  const where = `${ref.kind} ${ref.namespace}/${ref.name}`;
  return [{ edit: { remove: policy, add }, policy: { ...ref, origin: rule.origin }, summary: `remove ${rule.path} from ${where}`, patch: `# remove ${rule.path} of ${where}\n` }];
}

interface Widening {
  readonly rule: NetworkPolicyRule;
  readonly port?: NetworkPolicyPort;
  readonly peer?: NetworkPolicyPeer;
}

function widened(policy: NetworkPolicy, direction: Direction, { rule, port, peer }: Widening): Candidate {
  const wider: NetworkPolicyRule = {
    ...rule,
    ports: port === undefined ? rule.ports : [...rule.ports, port],
    peers: peer === undefined ? rule.peers : [...rule.peers, peer],
  };
  const add = { ...policy, [direction]: policy[direction].map((each) => (each === rule ? wider : each)) };
  const field = port === undefined ? `${rule.path}.${direction === 'ingress' ? 'from' : 'to'}` : `${rule.path}.ports`;
  const part = { ...(port && { ports: [port] }), ...(peer && { peers: [peer] }) };
  return candidate(policy, add, { field, direction, part, origin: rule.origin });
}

function withRule(policy: NetworkPolicy, direction: Direction, part: Pick<NetworkPolicyRule, 'peers' | 'ports'>): Candidate {
  const path = `spec.${direction}[${policy[direction].length}]`;
  const rule: NetworkPolicyRule = { ...part, path, origin: policy.origin, gaps: [] };
  const add = { ...policy, [direction]: [...policy[direction], rule] };
  return candidate(policy, add, { field: `spec.${direction}`, direction, part, origin: policy.origin });
}

interface Added {
  readonly field: string;
  readonly direction: Direction;
  readonly part: { readonly peers?: readonly NetworkPolicyPeer[]; readonly ports?: readonly NetworkPolicyPort[] };
  readonly origin: PolicyRef['origin'];
}

function candidate(policy: NetworkPolicy, add: NetworkPolicy, { field, direction, part, origin }: Added): Candidate {
  const ref = refOf(policy);
  const { text, words } = patchOf(part, direction);
  const summary = `add ${words} to ${field} of ${ref.kind} ${ref.namespace}/${ref.name}`;
  const patch = `# add to ${field} of ${ref.kind} ${ref.namespace}/${ref.name}\n${text}`;
  return { edit: { remove: policy, add }, policy: { ...ref, origin }, summary, patch };
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
  if (point.kind === 'external') return atomCidr(atomRange(world.atoms[point.facet], point.atom ?? 0));
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

