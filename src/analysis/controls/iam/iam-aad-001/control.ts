import type { Fix, Judged } from '#model/control.ts';
import { resourceOf, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { editCluster, switchOf } from '../clusters.ts';
import { assessSignIn } from './assess.ts';

export const iamAad001: Control = {
  data: {
    id: 'IAM-AAD-001',
    title: 'People sign in to the cluster by Microsoft Entra ID, and local accounts are off',
    severity: 'high',
    rationale:
      'A certificate of the cluster names an administrator for years and cannot be taken back. Accounts of Entra ID can: with them come groups, conditions and a record of who it was.',
    evidence:
      '`aadProfile` and `disableLocalAccounts` of clusters in Azure, `aadProfile` of connected clusters, and users in bindings that are none of Entra ID.',
    states: [
      { state: 'PASS', when: 'Entra ID is on and local accounts are off' },
      { state: 'WARN', when: 'local accounts are on beside it, or a binding names a user with a certificate' },
      { state: 'FAIL', when: 'Entra ID is off' },
      { state: 'UNKNOWN', when: 'the input has no resource of the cluster in Azure' },
      { state: 'NA', when: 'the cluster is none of AKS' },
    ],
    remedy:
      'Switch Entra ID on, give a group the right to administer, try to sign in, and then switch local accounts off.',
    mappings: mappingsOf({
      'cis-kubernetes': ['3.1.1', '3.1.2', '3.1.3'],
      'cis-aks': ['5.5.1'],
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['authentication'],
      'owasp-top-ten': ['K09'],
      'owasp-cheat-sheet': ['external-api-authentication-for-kubernetes-recommended'],
      mcsb: ['IM-1'],
      'azure-policy': ['450d2877-ebea-41e8-b00c-e286317d21bf', '993c2fcd-2b29-49d2-9eb0-df2c3a730c32'],
      attack: ['T1078.001', 'T1078.004'],
      'securing-kubernetes-in-azure': ['L12', 'L13'],
    }),
  },
  assess: assessSignIn,
  fix: fixSignIn,
};

/** Local accounts may go where somebody can sign in otherwise; without that, everybody would be locked out. */
function fixSignIn(context: ControlContext, judged: Judged): Fix | undefined {
  const resource = resourceOf(context, judged.where.id);
  if (resource === undefined || !/managedClusters$/i.test(resource.type)) return undefined;
  const admins = settingAt(resource, 'properties', 'aadProfile', 'adminGroupObjectIDs');
  const hasAdmins =
    (admins.state === 'value' && Array.isArray(admins.value) && admins.value.length > 0) ||
    switchOf(resource, 'properties', 'aadProfile', 'enableAzureRBAC') === true;
  const local = { op: 'set', path: ['properties', 'disableLocalAccounts'], value: true } as const;
  if (judged.state === 'WARN')
    return {
      summary: 'switch local accounts off',
      automatic: hasAdmins,
      changes: editCluster(context, judged, { edits: [local], flags: '--disable-local-accounts' }),
      steps: [
        ...(hasAdmins ? [] : ['first give a group of Entra ID the right to administer']),
        'pipelines that use `--admin` must sign in with an identity of their own (kubelogin)',
      ],
    };
  const managed = { op: 'set', path: ['properties', 'aadProfile', 'managed'], value: true } as const;
  const rbac = { op: 'set', path: ['properties', 'aadProfile', 'enableAzureRBAC'], value: true } as const;
  const flags = '--enable-aad --enable-azure-rbac --disable-local-accounts';
  return {
    summary: 'sign people in by Entra ID, and switch local accounts off',
    automatic: false,
    changes: editCluster(context, judged, { edits: [managed, rbac, local], flags }),
    steps: [
      'give a group the role Azure Kubernetes Service RBAC Cluster Admin on the cluster first, and try to sign in',
    ],
  };
}
