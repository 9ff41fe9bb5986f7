import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { withheldWorkloads } from '../../withheld.ts';
import { assessRbac } from './assess.ts';
import { fixRbac } from './fix.ts';
import { stateForRight } from './state-for.ts';
import { TOKEN_DETAIL } from './tokens.ts';

export const iamRbac001: Control = {
  data: {
    id: 'IAM-RBAC-001',
    title: 'Kubernetes RBAC is on and gives no more than is needed',
    severity: 'high',
    rationale:
      'Whoever breaks into a pod holds the rights of its service account. Some rights look small and lead to all of them: starting pods, reading Secrets, making tokens, approving certificates.',
    evidence:
      'Roles, ClusterRoles (aggregated ones too) and bindings, reckoned as the API server does; the tokens that workloads mount; `enableRBAC` of clusters in Azure. What Kubernetes and AKS ship is left out.',
    states: [
      { state: 'PASS', when: 'no binding gives a right that leads to more, and no token is mounted without need' },
      { state: 'FAIL', when: 'a service account or everybody holds such a right, or RBAC is off' },
      { state: 'WARN', when: 'people hold it at all times, or a token is mounted to which the input gives no right' },
      { state: 'UNKNOWN', when: 'the input has no binding, or a role that is bound is not in it' },
    ],
    remedy:
      'Bind roles that list what is used, in the namespaces where it is used; name Secrets and accounts in `resourceNames`; switch tokens off where nothing asks the API.',
    mappings: mappingsOf({
      'cis-kubernetes': [
        ...['5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.1.5', '5.1.6', '5.1.7'],
        ...['5.1.8', '5.1.9', '5.1.10', '5.1.11', '5.1.12', '5.1.13'],
      ],
      'cis-aks': [
        ...['4.1.1', '4.1.2', '4.1.3', '4.1.4', '4.1.5', '4.1.6'],
        ...['4.1.7', '4.1.8', '4.1.9', '4.1.10', '4.1.11', '4.1.12'],
      ],
      'nist-800-190': ['4.3.1', '4.3.2'],
      'nsa-cisa': ['role-based-access-control'],
      'owasp-top-ten': ['K02'],
      'owasp-cheat-sheet': ['implementing-role-based-access-control-in-kubernetes'],
      mcsb: ['PA-7', 'PA-1'],
      'azure-policy': [
        'ac4a19c2-fa67-49b4-8ae5-0b2e78c49457',
        'a3dc4946-dba6-43e6-950d-f96532848c9f',
        'ca8d5704-aa2b-40cf-b110-dc19052825ad',
      ],
      attack: ['T1078', 'T1098.006'],
      'securing-kubernetes-in-azure': ['L13', 'L14', 'L16'],
    }),
  },
  assess: assessRbac,
  fix: fixRbac,
  stateFor: stateForRight,
  // A command shows a program that asks the API server.
  readsValues: {
    of: (context) => (context.kind === 'manifests' ? withheldWorkloads(context, ['argument']) : []),
    doubts: ({ state, detail }, own) => own !== undefined && detail === TOKEN_DETAIL && state !== 'PASS',
    adds: false,
  },
};
