import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessQuotas } from './assess.ts';
import { fixQuota } from './fix.ts';

export const podQta001: Control = {
  data: {
    id: 'POD-QTA-001',
    title: 'What namespaces and workloads take is bounded',
    severity: 'medium',
    rationale:
      'One container without a limit can take the memory of its node, and with it every pod beside it. Without a quota whoever got into a namespace can fill the cluster, and open load balancers that the internet reaches.',
    evidence:
      'ResourceQuotas and LimitRanges of every namespace with workloads, limits of containers and of pods, quotas of namespaces that AKS manages, and how many processes kubelets let a pod have',
    states: [
      { state: 'FAIL', when: 'a namespace has no quota, and a container no limit of memory' },
      {
        state: 'WARN',
        when: 'one of both is missing; the quota does not bound load balancers and ports of nodes; or pods may have any number of processes',
      },
      { state: 'PASS', when: 'the namespace has a quota, and every container a limit of memory' },
      { state: 'NA', when: 'no workload is outside of the namespaces of the platform' },
    ],
    remedy:
      'Give every container a limit of memory, every namespace a LimitRange for those who forget it, and a ResourceQuota that also bounds `services.loadbalancers` and `services.nodeports`.',
    mappings: mappingsOf({
      'cis-kubernetes': ['4.2.13'],
      'nist-800-190': ['4.4.3'],
      'nsa-cisa': ['resource-policies'],
      'owasp-top-ten': ['K01'],
      'owasp-cheat-sheet': ['limiting-resource-usage-on-a-cluster'],
      mcsb: ['PV-2'],
      'azure-policy': ['e345eecc-fa47-480f-9e88-67dcc122b164', '03a4ecdb-0684-4039-be91-2762979e1bc8'],
      attack: ['T1496', 'T1499'],
      'securing-kubernetes-in-azure': ['L47', 'L48'],
    }),
  },
  assess: assessQuotas,
  // How many processes a pod may have is a setting of the kubelet, which no quota stands for.
  stateFor: ({ state }, { framework }) => (framework === 'cis-kubernetes' ? undefined : state),
  fix: fixQuota,
};
