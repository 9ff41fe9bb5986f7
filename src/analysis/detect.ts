import { escapeControl } from '#base/escape.ts';
import type { ManagedCluster } from '#model/azure/cluster.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { ConfigMap, Workload } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** Which engine the input shows to be running, and by what evidence. */
export interface Detected {
  readonly profile: ProfileId;
  readonly why: string;
  /** Of Cilium, where the profile does not say it: the minor version that runs. */
  readonly ciliumMinor?: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** One sign of an engine. */
interface Evidence {
  readonly title: string;
  readonly profile: ProfileId;
  readonly ciliumMinor?: number;
  readonly what: string;
  readonly origin: Origin;
}

interface Agent {
  readonly title: string;
  readonly profile: ProfileId;
}

/** The agents that enforce policy, by the name of their DaemonSet. Leftover CRDs prove nothing; a running agent does. */
const AGENTS: Readonly<Record<string, Agent>> = {
  'azure-npm': { title: 'Azure Network Policy Manager', profile: 'azure-npm-linux' },
  'azure-npm-win': { title: 'Azure Network Policy Manager for Windows', profile: 'azure-npm-windows' },
  'kube-network-policies': { title: 'kube-network-policies', profile: 'kube-network-policies' },
  'ovnkube-node': { title: 'OVN-Kubernetes', profile: 'ovn-kubernetes' },
  'calico-node': { title: 'Calico', profile: 'calico' },
  cilium: { title: 'Cilium', profile: 'cilium' },
  'antrea-agent': { title: 'Antrea', profile: 'antrea' },
  'kube-router': { title: 'kube-router', profile: 'kube-router' },
};

/** Agents of the same engine for another operating system: they stand beside it and are no second engine. */
const COMPANIONS: ReadonlySet<string> = new Set(['azure-npm-win']);

export function detectProfile(snapshot: Snapshot): Detected {
  const found = [...agentsIn(snapshot), ...clustersIn(snapshot), ...configsIn(snapshot)];
  const first = found.find(({ profile }) => profile !== 'azure-npm-windows') ?? found[0];
  if (first === undefined) return withoutPolicyEngine(snapshot) ?? fromPolicies(snapshot);
  const engines = new Map(found.map((each) => [familyOf(each), each]));
  if (engines.size > 1) return severalEngines([...engines.values()]);
  const detected = { profile: first.profile, why: `${first.what} is ${PROFILES[first.profile].title}` };
  return {
    ...detected,
    ...(first.ciliumMinor !== undefined && { ciliumMinor: first.ciliumMinor }),
    diagnostics: [],
  };
}

function familyOf({ title, profile }: Evidence): string {
  return profile.startsWith('azure-npm') ? 'Azure Network Policy Manager' : title;
}

/** What AKS was asked to install (`networkProfile` of the managed cluster). */
function clustersIn({ azure }: Snapshot): Evidence[] {
  return azure.clusters.flatMap((cluster): Evidence[] => {
    const wanted = engineOf(cluster);
    if (wanted === undefined) return [];
    const ciliumMinor = wanted.profile === 'cilium-aks' ? managedCilium(cluster) : undefined;
    const minor = ciliumMinor === undefined ? {} : { ciliumMinor };
    return [{ ...wanted, ...minor, what: `the managed cluster ${cluster.name}`, origin: cluster.origin }];
  });
}

/** "Setting networkDataplane to cilium sets networkPolicy to cilium" (Azure CNI powered by Cilium). */
function engineOf({ networkPolicy, dataplane }: ManagedCluster): Agent | undefined {
  if (typeof dataplane === 'string' && dataplane.toLowerCase() === 'cilium') return MANAGED.cilium;
  return typeof networkPolicy === 'string' ? MANAGED[networkPolicy.toLowerCase()] : undefined;
}

const MANAGED: Readonly<Record<string, Agent>> = {
  azure: AGENTS['azure-npm']!,
  calico: AGENTS['calico-node']!,
  cilium: { title: 'Cilium', profile: 'cilium-aks' },
};

/** The lines of Cilium that AKS installs, by the minor version of Kubernetes (Azure CNI powered by Cilium, versions). */
const CILIUM_OF_KUBERNETES: Readonly<Record<string, number>> = { 31: 16, 32: 17, 33: 17, 34: 18, 35: 18 };

function managedCilium({ version }: ManagedCluster): number | undefined {
  const minor = typeof version === 'string' ? /^1\.(\d+)/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : CILIUM_OF_KUBERNETES[minor];
}

/** A managed cluster that was made without an engine, and none was put there by hand: policies are not looked at. */
function withoutPolicyEngine({ azure }: Snapshot): Detected | undefined {
  const [cluster, ...others] = azure.clusters;
  if (cluster === undefined || others.length > 0) return undefined;
  const { networkPolicy, dataplane, networkPlugin, name } = cluster;
  if (typeof networkPolicy === 'object') {
    const why = `the managed cluster ${name} leaves its engine open (\`${escapeControl(networkPolicy.expression)}\`): the APIs as they are written`;
    return { profile: 'upstream', why, diagnostics: [] };
  }
  const isNone = networkPolicy === undefined || networkPolicy === 'none';
  if (!isNone || dataplane === 'cilium' || networkPlugin === 'none') return undefined;
  const why = `the managed cluster ${name} has no network policy engine, so NetworkPolicies do nothing there`;
  return { profile: 'none', why, diagnostics: [] };
}

function agentsIn({ workloads }: Snapshot): Evidence[] {
  const agents = workloads.filter(({ kind, name }) => kind === 'DaemonSet' && Object.hasOwn(AGENTS, name));
  return agents
    .sort((a, b) => Number(COMPANIONS.has(a.name)) - Number(COMPANIONS.has(b.name)))
    .map((agent) => {
      const what = `DaemonSet ${agent.namespace}/${agent.name}`;
      const known = AGENTS[agent.name]!;
      if (known.profile !== 'cilium') return { ...known, what, origin: agent.origin };
      return { ...known, ...ciliumBy(agent), what, origin: agent.origin };
    });
}

/** The line of Cilium by the tag of its image; images of Microsoft's registry are the managed one. */
function ciliumBy({ template }: Workload): Pick<Evidence, 'profile' | 'ciliumMinor'> {
  const image = template.containers.find(({ name }) => name === 'cilium-agent')?.image ?? '';
  const minor = minorOf(image);
  if (image.startsWith('mcr.microsoft.com/'))
    return { profile: 'cilium-aks', ...(minor !== undefined && { ciliumMinor: minor }) };
  return { profile: lineOf(minor) };
}

function lineOf(minor: number | undefined): ProfileId {
  switch (minor) {
    case 16:
      return 'cilium-1.16';
    case 17:
      return 'cilium-1.17';
    case 18:
      return 'cilium-1.18';
    case 19:
      return 'cilium-1.19';
    case 20:
      return 'cilium-1.20';
    default:
      return 'cilium';
  }
}

function minorOf(image: string): number | undefined {
  const tag = /:v?1\.(\d+)(?:[.\-@]|$)/.exec(image);
  return tag === null ? undefined : Number(tag[1]);
}

/** The configuration of an engine whose agent is not in the input. */
function configsIn({ configMaps, workloads, calicoSettings }: Snapshot): Evidence[] {
  const has = (name: string) => workloads.some((workload) => workload.kind === 'DaemonSet' && workload.name === name);
  const found: Evidence[] = [];
  const config = configMaps.find(({ name }) => name === 'cilium-config');
  if (config !== undefined && !has('cilium')) found.push(configOf(config));
  const felix = calicoSettings[0];
  if (felix !== undefined && !has('calico-node'))
    found.push({ title: 'Calico', profile: 'calico', what: `${felix.kind} ${felix.name}`, origin: felix.origin });
  return found;
}

function configOf({ namespace, name, origin }: ConfigMap): Evidence {
  return { title: 'Cilium', profile: 'cilium', what: `ConfigMap ${namespace}/${name}`, origin };
}

function severalEngines(engines: readonly Evidence[]): Detected {
  const titles = engines.map(familyOf);
  return {
    profile: 'upstream',
    why: 'several engines are in the input',
    diagnostics: [
      {
        code: 'RF4007',
        severity: CODES.RF4007.severity,
        message: `the input has ${titles.join(' and ')} (${engines.map(({ what }) => what).join(', ')}): which of them decides is not known`,
        help: 'choose the one that decides with --engine; `upstream` leaves open what engines do differently, and counts the kinds of no engine',
        origin: engines[0]!.origin,
      },
    ],
  };
}

/** Without any agent, policies of one engine's own kinds are taken to be there for it. */
function fromPolicies({ ciliumPolicies, calicoPolicies }: Snapshot): Detected {
  const [cilium, calico] = [ciliumPolicies[0], calicoPolicies[0]];
  if (cilium === undefined && calico === undefined)
    return { profile: 'upstream', why: 'no engine is in the input: the APIs as they are written', diagnostics: [] };
  if (cilium !== undefined && calico !== undefined) {
    const what = (each: { readonly kind: string; readonly name: string }) => `${each.kind} ${each.name}`;
    return severalEngines([
      { title: 'policies of Cilium', profile: 'cilium', what: what(cilium), origin: cilium.origin },
      { title: 'policies of Calico', profile: 'calico', what: what(calico), origin: calico.origin },
    ]);
  }
  const profile: ProfileId = cilium === undefined ? 'calico' : 'cilium';
  const count = cilium === undefined ? calicoPolicies.length : ciliumPolicies.length;
  const policies = count === 1 ? 'a policy' : `${count} policies`;
  const why = `no engine is in the input; it has ${policies} of ${PROFILES[profile].title}'s own kinds`;
  return {
    profile,
    why,
    diagnostics: [
      {
        code: 'RF4001',
        severity: CODES.RF4001.severity,
        message: `${why}, so that engine is assumed`,
        help: CODES.RF4001.fix,
        origin: (cilium ?? calico)!.origin,
      },
    ],
  };
}
