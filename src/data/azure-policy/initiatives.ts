/** A built-in initiative, as far as it holds definitions that baselines name. */
export interface BuiltInInitiative {
  readonly id: string;
  readonly title: string;
  /** Those of the definitions that baselines name; others of it are left out. */
  readonly members: readonly InitiativeMember[];
}

export interface InitiativeMember {
  readonly policy: string;
  /** The parameter of the initiative that chooses the effect; absent: its name is not known to us. */
  readonly effectParameter?: string;
  /** Where an assignment says nothing. */
  readonly effect: 'Audit' | 'Deny';
}

const HOST = '82985f06-dc18-4a48-bc1c-b9f4f0098cfe';

/** Definitions of the five that baselines name, in initiatives that clusters mostly have. Of 2026-04-29. */
export const BUILT_IN_INITIATIVES: readonly BuiltInInitiative[] = [
  {
    id: 'a8640138-9b0a-4a28-b8cb-1666c838647d',
    title: 'pod security, baseline',
    members: [{ policy: HOST, effectParameter: 'effect', effect: 'Audit' }],
  },
  {
    id: '42b8ef37-b724-4e24-bbc8-7a7708edfe00',
    title: 'pod security, restricted',
    members: [{ policy: HOST, effectParameter: 'effect', effect: 'Audit' }],
  },
  {
    id: '1f3afdf9-d0c9-4c3d-847f-89da613e70a8',
    title: 'Microsoft cloud security benchmark',
    members: [
      {
        policy: '0e246bcf-5f6f-4f87-bc6f-775d4712c7ea',
        effectParameter: 'kubernetesServiceAuthorizedIPRangesEnabledMonitoringEffect',
        effect: 'Audit',
      },
      { policy: '1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d', effect: 'Audit' },
      {
        policy: '233a2a17-77ca-4fb1-9b6b-69223d272a44',
        effectParameter: 'allowedServicePortsInKubernetesClusterEffect',
        effect: 'Audit',
      },
      { policy: HOST, effectParameter: 'AllowedHostNetworkingAndPortsInKubernetesClusterEffect', effect: 'Audit' },
    ],
  },
];
