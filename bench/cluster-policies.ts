import type { PortProtocol } from '#model/traffic.ts';
import type { ClusterOptions, NamespaceSpec, PortSpec, WorkloadSpec } from './cluster.ts';
import { type BlockSpec, blockPool } from './cluster-blocks.ts';
import { below, between, chance, pick, type Random, shuffled } from './random.ts';

/** A NetworkPolicy with its spec as Kubernetes writes it. */
export interface PolicySpec {
  readonly namespace: string;
  readonly name: string;
  readonly spec: {
    readonly podSelector: SelectorSpec;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly IngressSpec[];
    readonly egress?: readonly EgressSpec[];
  };
}

export interface SelectorSpec {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly ExpressionSpec[];
}

export interface ExpressionSpec {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface IngressSpec {
  readonly from?: readonly PeerSpec[];
  readonly ports?: readonly PolicyPortSpec[];
}

export interface EgressSpec {
  readonly to?: readonly PeerSpec[];
  readonly ports?: readonly PolicyPortSpec[];
}

export interface PeerSpec {
  readonly podSelector?: SelectorSpec;
  readonly namespaceSelector?: SelectorSpec;
  readonly ipBlock?: BlockSpec;
}

export interface PolicyPortSpec {
  readonly protocol: PortProtocol;
  readonly port: number | string;
  readonly endPort?: number;
}

export interface PolicyInput {
  readonly random: Random;
  readonly namespaces: readonly NamespaceSpec[];
  readonly workloads: readonly WorkloadSpec[];
  readonly options: ClusterOptions;
}

interface Ground extends PolicyInput {
  readonly blocks: readonly BlockSpec[];
  readonly byNamespace: ReadonlyMap<string, readonly WorkloadSpec[]>;
}

/** Policies of a namespace take at most this share; the rest are about single workloads. */
const NAMESPACE_SHARE = 0.7;
const BLOCKS = 300;

/** As many policies as asked for: those of the namespaces first, then those of single workloads until the number is full. */
export function policiesOf(input: PolicyInput): PolicySpec[] {
  const { random, namespaces, workloads, options } = input;
  const byNamespace = Map.groupBy(workloads, (workload) => workload.namespace);
  const ground: Ground = { ...input, blocks: blockPool(random, BLOCKS, options.plain), byNamespace };
  const base = namespaces.slice(1).flatMap((namespace) => namespacePolicies(random, namespace.name));
  const out = base.slice(0, Math.floor(options.policies * NAMESPACE_SHARE));
  const subjects = shuffled(
    random,
    workloads.filter((workload) => workload.labels.tier !== 'system'),
  );
  if (subjects.length === 0) return out;
  for (let i = 0; out.length < options.policies; i++) {
    out.push(workloadPolicy(ground, subjects[i % subjects.length]!, Math.floor(i / subjects.length)));
  }
  return out;
}

function namespacePolicies(random: Random, namespace: string): PolicySpec[] {
  const out: PolicySpec[] = [];
  const locksEgress = chance(random, 0.35);
  if (chance(random, 0.85)) out.push(defaultDeny(namespace, locksEgress));
  if (locksEgress) out.push(allowDns(namespace));
  if (chance(random, 0.45)) out.push(allowSameNamespace(namespace, locksEgress));
  if (chance(random, 0.6)) out.push(allowScrape(random, namespace));
  return out;
}

function defaultDeny(namespace: string, locksEgress: boolean): PolicySpec {
  const policyTypes = locksEgress ? (['Ingress', 'Egress'] as const) : (['Ingress'] as const);
  return { namespace, name: 'default-deny', spec: { podSelector: {}, policyTypes } };
}

function allowSameNamespace(namespace: string, locksEgress: boolean): PolicySpec {
  const name = 'allow-same-namespace';
  const peers: readonly PeerSpec[] = [{ podSelector: {} }];
  const ingress = [{ from: peers }];
  if (!locksEgress) return { namespace, name, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress } };
  const egress = [{ to: peers }];
  return { namespace, name, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress, egress } };
}

function allowDns(namespace: string): PolicySpec {
  const to = [
    { namespaceSelector: nameSelector('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
  ];
  const ports: readonly PolicyPortSpec[] = [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ];
  return { namespace, name: 'allow-dns', spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to, ports }] } };
}

function allowScrape(random: Random, namespace: string): PolicySpec {
  const from = [{ namespaceSelector: nameSelector('monitoring'), podSelector: { matchLabels: { app: 'prometheus' } } }];
  const ports: readonly PolicyPortSpec[] = chance(random, 0.5)
    ? [{ protocol: 'TCP', port: 'metrics' }]
    : [{ protocol: 'TCP', port: 9100, endPort: 9199 }];
  const spec = { podSelector: {}, policyTypes: ['Ingress'] as const, ingress: [{ from, ports }] };
  return { namespace, name: 'allow-monitoring', spec };
}

function workloadPolicy(ground: Ground, subject: WorkloadSpec, generation: number): PolicySpec {
  const { random } = ground;
  const suffix = generation === 0 ? '' : `-${generation + 1}`;
  const named = { namespace: subject.namespace, name: `${subject.name}${suffix}` };
  const podSelector = subjectSelector(random, subject);
  const shape = random.next();
  const ingress = [ingressRule(ground, subject)];
  if (chance(random, 0.3)) ingress.push(ingressRule(ground, subject));
  if (shape < 0.65) return { ...named, spec: { podSelector, policyTypes: ['Ingress'], ingress } };
  const egress = egressRules(ground, subject);
  if (shape < 0.8) return { ...named, spec: { podSelector, policyTypes: ['Egress'], egress } };
  return { ...named, spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ingress, egress } };
}

/** Mostly one workload; sometimes everything of a tier, sometimes with an expression. */
function subjectSelector(random: Random, subject: WorkloadSpec): SelectorSpec {
  const { app, tier, version } = subject.labels;
  const shape = random.next();
  if (shape < 0.88) return { matchLabels: { app: app! } };
  if (shape < 0.94)
    return { matchLabels: { tier: tier! }, matchExpressions: [expression('version', 'NotIn', [version!])] };
  return { matchExpressions: [expression('app', 'In', [app!]), expression('legacy', 'DoesNotExist')] };
}

function ingressRule(ground: Ground, subject: WorkloadSpec): IngressSpec {
  const { random } = ground;
  const from: PeerSpec[] = [];
  for (let left = between(random, 1, 3); left > 0; left--) from.push(ingressPeer(ground, subject));
  const ports = policyPorts(random, subject.ports);
  return ports.length === 0 ? { from } : { from, ports };
}

function ingressPeer(ground: Ground, subject: WorkloadSpec): PeerSpec {
  const { random, byNamespace, namespaces, workloads, blocks } = ground;
  const shape = random.next();
  if (shape < 0.5) return { podSelector: appSelector(pick(random, byNamespace.get(subject.namespace)!)) };
  if (shape < 0.62) return { podSelector: tierSelector(random) };
  if (shape < 0.77) return appElsewhere(pick(random, workloads));
  if (shape < 0.87) return { namespaceSelector: teamSelector(random, pick(random, namespaces)) };
  if (shape < 0.94) return { namespaceSelector: nameSelector('ingress-nginx') };
  return { ipBlock: pick(random, blocks) };
}

function egressRules(ground: Ground, subject: WorkloadSpec): EgressSpec[] {
  const { random, byNamespace, workloads, blocks } = ground;
  const out: EgressSpec[] = [];
  const near = pick(random, byNamespace.get(subject.namespace)!);
  const nearPorts = policyPorts(random, near.ports);
  const to = [{ podSelector: appSelector(near) }];
  out.push(nearPorts.length === 0 ? { to } : { to, ports: nearPorts });
  if (chance(random, 0.4)) out.push({ to: [appElsewhere(pick(random, workloads))] });
  if (chance(random, 0.6)) {
    const outside: PeerSpec[] = [];
    for (let left = between(random, 1, 3); left > 0; left--) outside.push({ ipBlock: pick(random, blocks) });
    out.push({ to: outside, ports: [{ protocol: 'TCP', port: 443 }] });
  }
  return out;
}

/** The ports of a workload as a policy writes them: by number, sometimes by name, now and then as a range. */
function policyPorts(random: Random, ports: readonly PortSpec[]): PolicyPortSpec[] {
  const first = ports[0];
  if (first === undefined || chance(random, 0.1)) return [];
  const { name, protocol, port } = first;
  if (name !== undefined && chance(random, 0.25)) return [{ protocol, port: name }];
  if (chance(random, 0.05)) return [{ protocol, port, endPort: port + between(random, 1, 100) }];
  return [{ protocol, port }];
}

function appSelector(workload: WorkloadSpec): SelectorSpec {
  return { matchLabels: { app: workload.labels.app! } };
}

function appElsewhere(workload: WorkloadSpec): PeerSpec {
  return { namespaceSelector: nameSelector(workload.namespace), podSelector: appSelector(workload) };
}

function tierSelector(random: Random): SelectorSpec {
  const tier = pick(random, ['frontend', 'backend', 'worker']);
  if (chance(random, 0.7)) return { matchLabels: { tier } };
  const versions = [`v${between(random, 1, 3)}`, `v${between(random, 4, 5)}`];
  return { matchLabels: { tier }, matchExpressions: [expression('version', 'In', versions)] };
}

function teamSelector(random: Random, namespace: NamespaceSpec): SelectorSpec {
  const { team, env } = namespace.labels;
  if (below(random, 4) > 0) return { matchLabels: { team: team!, env: env! } };
  return { matchLabels: { team: team! }, matchExpressions: [expression('env', 'NotIn', ['dev', 'staging'])] };
}

function nameSelector(name: string): SelectorSpec {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

function expression(key: string, operator: ExpressionSpec['operator'], values?: readonly string[]): ExpressionSpec {
  return values === undefined ? { key, operator } : { key, operator, values };
}
