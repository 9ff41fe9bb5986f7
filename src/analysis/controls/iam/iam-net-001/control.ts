import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessNetworkRights } from './assess.ts';
import { fixNetworkRights } from './fix.ts';

export const iamNet001: Control = {
  data: {
    id: 'IAM-NET-001',
    title: 'Only those who own the network can change what fences workloads in',
    severity: 'high',
    rationale:
      'A policy holds as long as nobody it fences in can change it. Whoever may set a label that a policy trusts, or point a Service elsewhere, goes around it without touching it.',
    evidence:
      'Who may write policies of every API, labels of namespaces, endpoints and addresses of Services, by the roles and bindings of the input; labels of pods that policies trust in any namespace.',
    states: [
      {
        state: 'PASS',
        when: 'no binding of the input gives such a right to others than the platform and those whom `controls.networkOwners` names',
      },
      { state: 'FAIL', when: 'what runs in a pod, or everybody, holds such a right' },
      { state: 'WARN', when: 'people or deliverers hold it, or a policy trusts a label that strangers may set' },
      { state: 'UNKNOWN', when: 'the input has no binding, or a role that is bound is not in it' },
    ],
    remedy:
      'Keep write verbs on policies, namespaces and endpoints with the owners of the network; name namespaces in policies; guard trusted labels at admission.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.1.3', '5.1.8'],
      'cis-aks': ['4.1.3', '4.1.7'],
      'nist-800-190': ['4.3.1'],
      'nsa-cisa': ['role-based-access-control'],
      'owasp-top-ten': ['K02'],
      'owasp-cheat-sheet': ['implementing-role-based-access-control-in-kubernetes'],
      mcsb: ['PA-7'],
      'azure-policy': ['1ddac26b-ed48-4c30-8cc5-3a68c79b8001'],
      attack: ['T1562.007', 'T1557', 'T1078'],
      'kubernetes-network-practices': ['L21'],
      'securing-kubernetes-in-azure': ['L16'],
    }),
  },
  assess: assessNetworkRights,
  fix: fixNetworkRights,
};
