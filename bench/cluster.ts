import type { PortProtocol } from '#model/traffic.ts';
import { type PolicySpec, policiesOf } from './cluster-policies.ts';
import { below, between, chance, pick, type Random, randomOf, zipfOf } from './random.ts';

/** What to generate. `clusterOptions` fills in what is left out. */
export interface ClusterOptions {
  readonly seed: number;
  readonly workloads: number;
  /** The mean; each workload has 1 to twice as many. */
  readonly podsPerWorkload: number;
  readonly namespaces: number;
  readonly policies: number;
  /**
   * Only what every tool reads alike: no IPv6, and no ipBlock that could hold a pod. Verdicts about pods then need no
   * pod address, so that templates alone settle them.
   */
  readonly plain: boolean;
  /** Every pod and node has an IPv6 address as well. */
  readonly dualStack: boolean;
}

export interface Cluster {
  readonly options: ClusterOptions;
  readonly namespaces: readonly NamespaceSpec[];
  readonly workloads: readonly WorkloadSpec[];
  readonly policies: readonly PolicySpec[];
}

export interface NamespaceSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface WorkloadSpec {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  /** Of the pod template. `app` is unique in the cluster; the others are shared. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PortSpec[];
  readonly replicas: number;
}

export interface PortSpec {
  readonly name?: string;
  readonly protocol: PortProtocol;
  readonly port: number;
}

const TEAMS = [
  ...['payments', 'catalog', 'search', 'identity', 'orders', 'shipping', 'billing', 'ledger', 'media', 'mail'],
  ...['risk', 'pricing', 'support', 'partner', 'reports', 'platform', 'mobile', 'growth', 'data', 'legal'],
];
const ENVIRONMENTS = ['prod', 'staging', 'dev'];
const TIERS = ['frontend', 'backend', 'backend', 'backend', 'worker', 'data'];
const NOUNS = ['api', 'web', 'store', 'sync', 'index', 'queue', 'gateway', 'feed', 'batch', 'auth', 'cache', 'view'];
const DATA_PORTS = [
  { name: 'postgres', port: 5432 },
  { name: 'mysql', port: 3306 },
  { name: 'redis', port: 6379 },
  { name: 'mongodb', port: 27017 },
  { name: 'kafka', port: 9092 },
];

/** Fills in what is left out: ten pods per workload, a namespace per 25 workloads, a policy per workload. */
export function clusterOptions(given: Partial<ClusterOptions>): ClusterOptions {
  const workloads = given.workloads ?? 1000;
  return {
    seed: given.seed ?? 1,
    workloads,
    podsPerWorkload: given.podsPerWorkload ?? 10,
    namespaces: given.namespaces ?? Math.max(4, Math.ceil(workloads / 25)),
    policies: given.policies ?? workloads,
    plain: given.plain ?? false,
    dualStack: given.dualStack ?? false,
  };
}

/** The description from which both the model and the manifests are made, so that the two agree. */
export function describeCluster(given: Partial<ClusterOptions>): Cluster {
  const options = clusterOptions(given);
  const random = randomOf(options.seed);
  const namespaces = namespacesOf(options.namespaces);
  const workloads = workloadsOf(random, namespaces, options);
  return { options, namespaces, workloads, policies: policiesOf({ random, namespaces, workloads, options }) };
}

function namespacesOf(count: number): NamespaceSpec[] {
  const system = [
    { name: 'kube-system', team: 'platform', env: 'system' },
    { name: 'monitoring', team: 'platform', env: 'system' },
    { name: 'ingress-nginx', team: 'platform', env: 'system' },
  ];
  const out = system.map(({ name, team, env }) => namespaceSpec(name, team, env));
  for (let i = 0; out.length < Math.max(count, 4); i++) {
    const team = TEAMS[i % TEAMS.length]!;
    const round = Math.floor(i / TEAMS.length);
    const env = ENVIRONMENTS[round % ENVIRONMENTS.length]!;
    const generation = Math.floor(round / ENVIRONMENTS.length);
    out.push(namespaceSpec(`${team}-${env}${generation === 0 ? '' : `-${generation + 1}`}`, team, env));
  }
  return out;
}

function namespaceSpec(name: string, team: string, env: string): NamespaceSpec {
  return { name, labels: { 'kubernetes.io/metadata.name': name, team, env } };
}

function workloadsOf(random: Random, namespaces: readonly NamespaceSpec[], options: ClusterOptions): WorkloadSpec[] {
  const out = systemWorkloads();
  const homes = namespaces.slice(3);
  const draw = zipfOf(random, homes.length, 0.9);
  while (out.length < options.workloads) out.push(appWorkload(random, homes[draw()]!, out.length, options));
  return out.slice(0, options.workloads);
}

function systemWorkloads(): WorkloadSpec[] {
  const labels = { team: 'platform', env: 'system', tier: 'system', version: 'v1' };
  const dns: readonly PortSpec[] = [
    { name: 'dns', protocol: 'UDP', port: 53 },
    { name: 'dns-tcp', protocol: 'TCP', port: 53 },
    { name: 'metrics', protocol: 'TCP', port: 9153 },
  ];
  return [
    systemWorkload('kube-system', 'coredns', { ...labels, app: 'coredns', 'k8s-app': 'kube-dns' }, dns),
    systemWorkload('monitoring', 'prometheus', { ...labels, app: 'prometheus' }, [tcp('web', 9090)]),
    systemWorkload('ingress-nginx', 'ingress-nginx', { ...labels, app: 'ingress-nginx' }, [
      tcp('http', 80),
      tcp('https', 443),
    ]),
  ];
}

// biome-ignore lint/complexity/useMaxParams: reads as the table of system workloads that calls it
function systemWorkload(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  ports: readonly PortSpec[],
): WorkloadSpec {
  return { kind: 'Deployment', namespace, name, labels, ports, replicas: 2 };
}

// biome-ignore lint/complexity/useMaxParams: one call, in a loop
function appWorkload(random: Random, home: NamespaceSpec, index: number, options: ClusterOptions): WorkloadSpec {
  const name = `${pick(random, NOUNS)}-${index}`;
  const tier = pick(random, TIERS);
  const labels = {
    app: name,
    tier,
    team: home.labels.team!,
    env: home.labels.env!,
    version: `v${between(random, 1, 5)}`,
    'app.kubernetes.io/part-of': `${home.labels.team!}-${below(random, 4)}`,
  };
  return {
    kind: tier === 'data' ? 'StatefulSet' : 'Deployment',
    namespace: home.name,
    name,
    labels,
    ports: portsOf(random, tier),
    replicas: between(random, 1, 2 * options.podsPerWorkload - 1),
  };
}

function portsOf(random: Random, tier: string): PortSpec[] {
  const out: PortSpec[] = [];
  if (tier === 'data') {
    const { name, port } = pick(random, DATA_PORTS);
    out.push(tcp(chance(random, 0.5) ? name : undefined, port));
  } else if (tier !== 'worker') {
    out.push(tcp(chance(random, 0.6) ? 'http' : undefined, pick(random, [8080, 8080, 8080, 8000, 3000, 8443, 9000])));
  }
  if (chance(random, 0.6)) out.push(tcp('metrics', pick(random, [9100, 9102, 9113, 8081])));
  if (chance(random, 0.03)) out.push({ name: 'statsd', protocol: 'UDP', port: 8125 });
  return out;
}

function tcp(name: string | undefined, port: number): PortSpec {
  return name === undefined ? { protocol: 'TCP', port } : { name, protocol: 'TCP', port };
}
