import { type Choices, PAID_FEATURES, type PaidFeature } from '../choices/choices.ts';

/** What a choice costs in safety: known, and accepted with a reason that a reader can weigh. */
export interface Loss {
  /** The choice that brings it, as `blueprint.yaml` has it: `paid.flowLogs: false`. */
  readonly choice: string;
  /** Controls that may then be FAIL or WARN, and are to be accepted; empty where it costs no finding. */
  readonly controls: readonly string[];
  /** What is lost, as a sentence. */
  readonly lost: string;
  /** Why it is accepted, as a sentence: the reason in `ringfence.yaml`. */
  readonly reason: string;
}

type Told = Omit<Loss, 'choice'>;

/** For each feature that costs money by itself, what is lost without it. */
export const LOST: Readonly<Record<PaidFeature, Told>> = {
  ddosProtection: {
    controls: ['ING-DDOS-001'],
    lost: 'Floods against the public addresses are met by what Azure does for everybody, at the scale of Azure and not of this application.',
    reason:
      'The plan for DDoS protection was left out for its price; public addresses have the protection of the platform only.',
  },
  firewallPremium: {
    controls: ['AZN-EGR-002'],
    lost: 'The firewall decides by names and addresses, and does not look for intrusions in what passes it.',
    reason:
      'The Standard tier of the firewall was chosen for its price; what may leave is limited to named endpoints all the same.',
  },
  defender: {
    controls: ['MON-DEF-001', 'IMG-SCAN-001'],
    lost: 'Nothing watches workloads for threats while they run, and images are not scanned in the registry.',
    reason: 'Defender for Cloud was left out for its price; audit logs and alerts of the activity log are kept.',
  },
  bastion: {
    controls: [],
    lost: 'Administrators have no way through Azure Bastion to a machine beside the private API server.',
    reason: 'Azure Bastion was left out for its price; administrators come another way that the team answers for.',
  },
  flowLogs: {
    controls: ['MON-NW-002'],
    lost: 'Which addresses talked to which is not recorded by the virtual networks.',
    reason: 'Flow logs of the virtual networks were left out for their price; the firewall logs what leaves.',
  },
  customerManagedKeys: {
    controls: ['CFG-SEC-001', 'TLS-CRT-001'],
    lost: 'Secrets in the cluster and disks are encrypted with keys of Azure, which the team cannot take away.',
    reason: 'Keys of the customer were left out for their price; Azure encrypts with keys of its own.',
  },
};

/** Choices other than those of the budget that no environment can have without a finding. */
const OTHER: readonly { readonly applies: (choices: Choices) => boolean; readonly loss: Loss }[] = [
  {
    applies: ({ mesh, platform }) => mesh === 'istio' && platform === 'aks',
    loss: {
      choice: 'mesh: istio',
      controls: ['IMG-PATCH-001'],
      lost: 'The revisions of Istio that AKS offers are older than those that the project itself mends.',
      reason: 'AKS mends the revisions of its Istio add-on itself, for as long as it offers them.',
    },
  },
  {
    applies: ({ mesh, platform }) => mesh === 'none' && platform === 'aks',
    loss: {
      choice: 'mesh: none',
      controls: ['MESH-MTLS-001'],
      lost: 'Nothing below workloads encrypts what they send each other: each has HTTPS of its own, or none.',
      reason:
        'Neither a mesh nor encryption between nodes was chosen; workloads answer HTTPS on the one port that policy opens.',
    },
  },
  {
    applies: ({ engine, outside }) => engine === 'calico' && outside.length > 0,
    loss: {
      choice: 'engine: calico',
      controls: ['NET-POL-006'],
      lost: 'Policy in the cluster knows no names outside: where one is needed, its port is open to every address of the internet.',
      reason:
        'Calico has no rules for names; the firewall, by which everything leaves, allows the names that were chosen alone.',
    },
  },
  {
    applies: ({ privateAgents }) => privateAgents,
    loss: {
      choice: 'privateAgents: true',
      controls: ['GOV-POL-001', 'MON-DEF-001', 'ARC-GW-001'],
      lost: 'Azure Policy and Defender do not run in the cluster, and agents leave by several names in place of one.',
      reason: 'Private Link for Azure Arc carries no extension but Azure Monitor and Flux, and not the Arc gateway.',
    },
  },
  {
    applies: ({ platform }) => platform === 'azure-local',
    loss: {
      choice: 'platform: azure-local',
      controls: ['ARC-CNI-001'],
      lost: 'Calico on Azure Local is supported as it is.',
      reason: 'AKS enabled by Azure Arc on Azure Local has no engine but Calico.',
    },
  },
];

/** All that these choices cost, in the order of the choices. */
export function lossesOf(choices: Choices): readonly Loss[] {
  const paid = PAID_FEATURES.filter((feature) => !choices.paid[feature]).map(
    (feature): Loss => ({ choice: `paid.${feature}: false`, ...LOST[feature] }),
  );
  return [...paid, ...OTHER.filter(({ applies }) => applies(choices)).map(({ loss }) => loss)];
}
