import type { Control } from '../../control.ts';
import { withheldWorkloads } from '../../withheld.ts';
import { mapped } from '../mapped.ts';
import { assess } from './assess.ts';
import { fix } from './fix.ts';

export const netPol008: Control = {
  data: {
    id: 'NET-POL-008',
    title: 'Pods cannot reach instance metadata, node-local and platform addresses without need',
    severity: 'high',
    rationale:
      'The metadata endpoint of a node hands out tokens of the identities of the node to whoever asks from it. A pod that reaches it can become its node, and with it whatever the node may do in Azure.',
    evidence:
      'whether policy and mesh let each workload reach 169.254.169.254 on TCP 80 and the host at 168.63.129.16, whether it is on the network of its node, and the restriction of AKS (`networkProfile.podLinkLocalAccess`)',
    states: [
      {
        state: 'PASS',
        when: 'policy or the restriction of the cluster stops it, or the workload is configured to ask',
      },
      {
        state: 'WARN',
        when: 'policy lets it pass and whether the cluster stops it is not in the input, or only the host can be reached',
      },
      {
        state: 'FAIL',
        when: 'policy lets it pass and the cluster does not stop it, or the pod is on the network of its node',
      },
      { state: 'UNKNOWN', when: 'policy only perhaps stops it' },
      { state: 'NA', when: 'the input has no workload outside of the platform' },
    ],
    remedy:
      'Leave the two addresses out of what egress rules allow, or switch on the restriction of instance metadata of AKS.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['protecting-sensitive-cloud-infrastructure'],
      'owasp-top-ten': ['K08'],
      mcsb: ['IM-3', 'NS-1'],
      attack: ['T1552.005', 'T1552.007', 'T1528'],
      'azure-security-book': ['L19'],
      'kubernetes-network-practices': ['L21'],
      'securing-kubernetes-in-azure': ['L16'],
      'azure-security-book-2024': ['L26'],
    }),
  },
  assess,
  fix,
  // What it is told may be why it is let there: nothing but a policy that keeps it away is sure.
  readsValues: {
    of: (context) => withheldWorkloads(context),
    doubts: ({ state }, own) => own !== undefined && state !== 'PASS',
    adds: false,
  },
};
