import type { Control } from '../../control.ts';
import { assessDefaultDeny } from '../default-deny.ts';
import { defaultDenyFix } from '../default-deny-fix.ts';
import { mapped } from '../mapped.ts';

export const netPol001: Control = {
  data: {
    id: 'NET-POL-001',
    title: 'Every workload namespace denies ingress by default',
    severity: 'high',
    rationale:
      'A pod that no policy selects takes connections from the whole cluster. Where a namespace denies by default, a pod that somebody adds tomorrow is shut until a rule is written for it, and who breaks into one pod cannot go on to the next.',
    evidence:
      'a pod without any known label, put into each namespace that has workloads, and what the engine says of connections to it from a pod of another namespace and from the internet, by all policy APIs, meshes and tiers together',
    states: [
      { state: 'PASS', when: 'a new pod takes no connection that no rule has in mind' },
      { state: 'WARN', when: 'only some are stopped, or the namespace belongs to the platform' },
      { state: 'FAIL', when: 'a pod of any namespace reaches a new pod' },
      { state: 'UNKNOWN', when: 'policy only perhaps stops them' },
      { state: 'NA', when: 'no namespace of the input has workloads on the pod network' },
    ],
    remedy:
      'Add a policy to the namespace that selects every pod, lists Ingress and has no rule, together with rules for what the workloads there are known to take.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['4.4.2'],
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['use-kubernetes-network-policies-to-control-traffic-between-pods-and-clusters'],
      mcsb: ['NS-1'],
      attack: ['T1046', 'T1190'],
      'azure-security-book': ['L6', 'L10', 'L11'],
      'aks-network-baseline': ['L51', 'L53'],
      'kubernetes-network-practices': ['L13', 'L19', 'L21'],
      'securing-kubernetes-in-azure': ['L6', 'L7'],
      'azure-security-book-2024': ['L7', 'L10', 'L12'],
    }),
  },
  assess: (context) => assessDefaultDeny(context, 'ingress'),
  fix: (context, judged) => defaultDenyFix(context, judged, 'ingress'),
};
