import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Fix, Judged } from '#model/control.ts';
import { assessmentOf } from '../../assessment.ts';
import {
  evidenceOf,
  managedClustersOf,
  resourceOf,
  settingAt,
  unknownOf,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { counted, worded } from '../../worded.ts';
import { editCluster, judgedResource, openOf } from '../clusters.ts';
import { judgeOperators, judgeWorkload } from './credentials.ts';

export const iamMi001: Control = {
  data: {
    id: 'IAM-MI-001',
    title: 'Clusters and workloads have managed identities in place of service principals',
    severity: 'medium',
    rationale:
      'The secret of a service principal has to be kept, handed on and renewed, and works from anywhere for whoever finds it. A managed identity has none.',
    evidence:
      '`identity` and `servicePrincipalProfile` of clusters; variables, Secrets and volumes of workloads, and stores and issuers, that hold a client secret.',
    states: [
      { state: 'PASS', when: 'the cluster has a managed identity, and no workload holds a client secret' },
      { state: 'FAIL', when: 'the cluster or a workload signs in as a service principal' },
      { state: 'UNKNOWN', when: 'no workload does, and the input has no resource of the cluster in Azure' },
      { state: 'NA', when: 'the cluster is none of AKS, and no workload signs in to Azure with a secret' },
    ],
    remedy: 'Give the cluster a managed identity, and workloads a federated one through their service account.',
    mappings: mappingsOf({
      'cis-aks': ['5.1.3'],
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['protecting-sensitive-cloud-infrastructure'],
      'owasp-top-ten': ['K08'],
      mcsb: ['IM-3'],
      'azure-policy': ['da6e2401-19da-4532-9141-fb8fbde08431'],
      attack: ['T1528', 'T1552.001'],
      'securing-kubernetes-in-azure': ['L18', 'L19'],
    }),
  },
  assess: assessIdentities,
  fix: fixIdentity,
};

function assessIdentities(context: ControlContext): Assessment {
  const places = [
    ...managedClustersOf(context).map(({ resource }) => judgeCluster(resource)),
    ...context.podOwners.flatMap((owner) => judgeWorkload(context, owner)),
    ...judgeOperators(context),
  ];
  const bad = counted(
    'cluster or workload signs in as a service principal',
    'clusters and workloads sign in as service principals',
  );
  const good = counted('cluster has a managed identity', 'clusters have managed identities');
  return assessmentOf(places, withoutCluster(context, 'its identity'), worded(places, { bad, good }));
}

function judgeCluster(resource: AzureResource): Judged {
  const type = settingAt(resource, 'identity', 'type');
  const principal = settingAt(resource, 'properties', 'servicePrincipalProfile', 'clientId');
  const evidence = [evidenceOf(resource, type), evidenceOf(resource, principal)];
  const word = wordOf(type, 'none');
  if (word !== undefined && word !== 'none')
    return judgedResource(resource, { state: 'PASS', message: 'it has a managed identity', evidence });
  const open = openOf([type, principal]);
  if (open !== undefined && word === undefined) return unknownOf(resource, open);
  if (wordOf(principal, 'msi') === 'msi') {
    const message = 'it says neither which managed identity nor which service principal it has';
    return judgedResource(resource, { state: 'UNKNOWN', message, evidence });
  }
  return judgedResource(resource, { state: 'FAIL', message: 'it signs in to Azure as a service principal', evidence });
}

function fixIdentity(context: ControlContext, judged: Judged): Fix | undefined {
  if (resourceOf(context, judged.where.id) !== undefined)
    return {
      summary: 'give the cluster a managed identity',
      automatic: false,
      changes: editCluster(context, judged, {
        edits: [
          { op: 'set', path: ['identity'], value: { type: 'SystemAssigned' } },
          { op: 'remove', path: ['properties', 'servicePrincipalProfile'] },
        ],
        flags: '--enable-managed-identity',
      }),
      steps: [
        'give the new identity the roles on subnets, route tables and the registry that the service principal has',
        'upgrade the images of the nodes, so that their kubelets take the new identity',
      ],
    };
  return {
    summary: 'sign in by workload identity in place of a secret',
    automatic: false,
    changes: [],
    steps: [
      'make a managed identity with a federated credential for the service account of the workload',
      'set the annotation `azure.workload.identity/client-id` there and the label `azure.workload.identity/use` on its pods',
      'remove the client secret from the manifest and from Entra ID',
    ],
  };
}
