import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { editCluster } from '../clusters.ts';
import { AUTHORIZATION, assessAzureRights, LOCKDOWN } from './assess.ts';

export const iamRbac002: Control = {
  data: {
    id: 'IAM-RBAC-002',
    title: 'Azure RBAC gives no more over clusters and their networks than is needed',
    severity: 'medium',
    rationale:
      'Whoever may write a network, a firewall or a cluster in Azure goes around every policy inside of the cluster. Rights over whole groups and subscriptions, held at all times, are what an intruder looks for.',
    evidence:
      'Role assignments at scopes that hold a cluster or a network of the input, whether Azure RBAC decides in the cluster, and whether the resource group of its nodes is locked.',
    states: [
      { state: 'PASS', when: 'roles are narrow, or given on the one resource that needs them' },
      {
        state: 'FAIL',
        when: 'Owner, Contributor or the right to give rights is held at all times over more than that',
      },
      {
        state: 'WARN',
        when: 'Azure RBAC is off, the group of the nodes is open, or a wide role is held on one resource',
      },
      { state: 'UNKNOWN', when: 'the input has no role assignment' },
      { state: 'NA', when: 'the cluster is none of AKS' },
    ],
    remedy:
      'Give built-in roles for one task on one resource; let people ask for wide ones for a time; switch Azure RBAC and the lock of the node resource group on.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.1.1'],
      'cis-aks': ['5.5.2'],
      'nist-800-190': ['4.3.1', '4.3.2'],
      'nsa-cisa': ['role-based-access-control'],
      'owasp-top-ten': ['K02'],
      mcsb: ['PA-7', 'PA-2'],
      'azure-policy': ['ac4a19c2-fa67-49b4-8ae5-0b2e78c49457'],
      attack: ['T1078.004'],
      'securing-kubernetes-in-azure': ['L14', 'L15', 'L16'],
    }),
  },
  assess: assessAzureRights,
  fix: fixAzureRights,
};

function fixAzureRights(context: ControlContext, judged: Judged): Fix | undefined {
  if (judged.detail === LOCKDOWN) return fixLockdown(context, judged);
  if (judged.detail === AUTHORIZATION) {
    const edit = { op: 'set', path: ['properties', 'aadProfile', 'enableAzureRBAC'], value: true } as const;
    return {
      summary: 'let Azure RBAC decide in the cluster too',
      automatic: false,
      changes: editCluster(context, judged, { edits: [edit], flags: '--enable-azure-rbac' }),
      steps: ['Entra ID must be on', 'give people the Azure roles that stand for what they have in the cluster'],
    };
  }
  return {
    summary: 'give a narrower role, on the one resource that needs it',
    automatic: false,
    changes: [],
    steps: [
      'an identity of a cluster needs Network Contributor on its subnet and route table, and nothing more',
      'let people ask for wide roles for a time (Privileged Identity Management), then remove this assignment',
    ],
  };
}

function fixLockdown(context: ControlContext, judged: Judged): Fix {
  const path = ['properties', 'nodeResourceGroupProfile', 'restrictionLevel'];
  return {
    summary: 'let the resources of the nodes only be read',
    automatic: true,
    changes: editCluster(context, judged, {
      edits: [{ op: 'set', path, value: 'ReadOnly' }],
      flags: '--nrg-lockdown-restriction-level ReadOnly',
    }),
    steps: ['tools that write into that resource group (backup, tags, own load balancers) stop working there'],
  };
}
