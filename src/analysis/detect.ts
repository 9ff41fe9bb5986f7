import type { Diagnostic } from '#model/diagnostic.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { Workload } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** Which engine the input shows to be running, and by what evidence. */
export interface Detected {
  readonly profile: ProfileId;
  readonly why: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The agents that enforce policy, by the name of their DaemonSet. Leftover CRDs prove nothing; a running agent does. */
const AGENTS: Readonly<Record<string, { readonly title: string; readonly profile?: ProfileId }>> = {
  'azure-npm': { title: 'Azure Network Policy Manager', profile: 'azure-npm-linux' },
  'kube-network-policies': { title: 'kube-network-policies', profile: 'kube-network-policies' },
  'ovnkube-node': { title: 'OVN-Kubernetes', profile: 'ovn-kubernetes' },
  'calico-node': { title: 'Calico' },
  cilium: { title: 'Cilium' },
  'antrea-agent': { title: 'Antrea' },
  'kube-router': { title: 'kube-router' },
};

export function detectProfile(snapshot: Snapshot): Detected {
  const agents = snapshot.workloads.filter(({ kind, name }) => kind === 'DaemonSet' && Object.hasOwn(AGENTS, name));
  const [first, ...others] = agents;
  if (first === undefined)
    return { profile: 'upstream', why: 'no engine is in the input: the APIs as they are written', diagnostics: [] };
  const evidence = `DaemonSet ${first.namespace}/${first.name}`;
  const { title, profile } = AGENTS[first.name]!;
  const different = others.filter(({ name }) => AGENTS[name]!.title !== title);
  if (different.length > 0) {
    return {
      profile: 'upstream',
      why: 'several engines are in the input',
      diagnostics: [
        warn(first, `the input has ${[first, ...different].map(({ name }) => AGENTS[name]!.title).join(' and ')}`),
      ],
    };
  }
  if (profile !== undefined) return { profile, why: `${evidence} is ${PROFILES[profile].title}`, diagnostics: [] };
  const message = `${evidence} is ${title}, for which there is no profile yet`;
  return { profile: 'upstream', why: `${message}: the APIs as they are written`, diagnostics: [warn(first, message)] };
}

function warn(agent: Workload, message: string): Diagnostic {
  return {
    code: 'RF4001',
    severity: 'warning',
    message,
    help: 'choose the profile that comes nearest with --engine; `upstream` leaves open what engines do differently',
    origin: agent.origin,
  };
}
