import type { Assessment, Fix, Judged } from '#model/control.ts';
import { assessmentOf } from '../../assessment.ts';
import { managedClustersOf, resourcesOfType, withoutCluster } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { ownerOfEndpoint } from '../../shared.ts';
import { counted, worded } from '../../worded.ts';
import { editCluster } from '../clusters.ts';
import { FEDERATION, judgeCluster, judgeCredentials } from './clusters.ts';
import { judgeFederated, judgePodIdentity, judgeProviders } from './workloads.ts';

export const iamWi001: Control = {
  data: {
    id: 'IAM-WI-001',
    title: 'Workloads sign in to Azure with federated identities of their own',
    severity: 'medium',
    rationale:
      'A workload that uses the identity of its node shares it with every pod there. A federated identity is given to one service account, for an hour at a time, and holds no secret.',
    evidence:
      'The issuer and workload identity of clusters (of AKS and of Azure Arc), annotations of service accounts and labels of pods, federated credentials, and what is left of pod-managed identity.',
    states: [
      { state: 'PASS', when: 'workload identity is on, and what uses it is set up in full' },
      { state: 'WARN', when: 'it is off and nothing asks for it, or a workload falls back on the node' },
      { state: 'FAIL', when: 'pod-managed identity is in use, or workloads ask for what the cluster does not give' },
      { state: 'UNKNOWN', when: 'the input has no resource of the cluster in Azure' },
      { state: 'NA', when: 'the cluster is none of AKS' },
    ],
    remedy:
      'Switch the issuer and workload identity on, make a federated credential for each service account that needs Azure, and take leftovers of pod-managed identity out.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.1.6'],
      'cis-aks': ['5.2.1'],
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['protecting-pod-service-account-tokens'],
      'owasp-top-ten': ['K08'],
      mcsb: ['IM-3'],
      'azure-policy': ['2cc2e023-0dac-4046-875b-178f683929d5'],
      attack: ['T1528', 'T1552.005'],
      'azure-security-book': ['L19'],
      'azure-security-book-2024': ['L26'],
    }),
  },
  assess: assessFederation,
  fix: fixFederation,
};

function assessFederation(context: ControlContext): Assessment {
  const clusters = [
    ...managedClustersOf(context).map(({ resource }) => resource),
    ...resourcesOfType(context, 'Microsoft.Kubernetes/connectedClusters'),
  ];
  const places = [
    ...clusters.flatMap((resource) => judgeCluster(context, resource)),
    ...judgeCredentials(context),
    ...context.podOwners.flatMap((owner) => judgeFederated(context, owner)),
    ...judgePodIdentity(context),
    ...judgeProviders(context),
  ];
  const bad = counted(
    'cluster or workload is without federated identities',
    'clusters and workloads are without federated identities',
  );
  const good = counted(
    'cluster or workload has federated identities',
    'clusters and workloads have federated identities',
  );
  return assessmentOf(places, withoutCluster(context, 'workload identity'), worded(places, { bad, good }));
}

function fixFederation(context: ControlContext, judged: Judged): Fix | undefined {
  if (judged.detail === 'label') return fixLabel(context, judged);
  if (judged.detail !== FEDERATION) return LEFTOVERS;
  const edits = [
    { op: 'set', path: ['properties', 'oidcIssuerProfile', 'enabled'], value: true },
    { op: 'set', path: ['properties', 'securityProfile', 'workloadIdentity', 'enabled'], value: true },
  ] as const;
  return {
    summary: 'switch the issuer and workload identity on',
    automatic: true,
    changes: editCluster(context, judged, { edits, flags: '--enable-oidc-issuer --enable-workload-identity' }),
    steps: ['the issuer cannot be switched off again; nothing else changes for workloads that run'],
  };
}

const LEFTOVERS: Fix = {
  summary: 'give the workload a federated identity',
  automatic: false,
  changes: [],
  steps: [
    'make a federated credential of the managed identity for the service account of the workload',
    'set the annotation `azure.workload.identity/client-id` on the account and the label `azure.workload.identity/use` on the pods',
    'remove objects and labels of pod-managed identity, and `useVMManagedIdentity`',
  ],
};

function fixLabel(context: ControlContext, { where }: Judged): Fix | undefined {
  const owner = ownerOfEndpoint(context, `${where.namespace}/${where.kind}/${where.name}`);
  if (owner === undefined) return undefined;
  const path = [...owner.path, 'metadata', 'labels', 'azure.workload.identity/use'];
  return {
    summary: 'let the pods ask for the identity of their account',
    automatic: true,
    changes: [{ kind: 'edit-object', object: owner.object, edits: [{ op: 'set', path, value: 'true' }] }],
    steps: [],
  };
}
