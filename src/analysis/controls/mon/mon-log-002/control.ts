import { answeredOr, assessmentOf } from '../../assessment.ts';
import { managedClustersOf, withoutCluster } from '../../azure-facts.ts';
import { isAksCluster } from '../../azure-signs.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { stateWords } from '../../state-words.ts';
import { settingFor } from '../cluster-logs.ts';
import { apiServers } from '../control-plane.ts';
import { judgedCluster } from './assess-azure.ts';
import { judgedServer } from './assess-server.ts';
import { auditPoliciesOf, judgedPolicy } from './audit-policy.ts';

const ID = 'MON-LOG-002';

export const monLog002: Control = {
  data: {
    id: ID,
    title: 'The audit log of Kubernetes is on and kept',
    severity: 'high',
    rationale:
      'Only the audit log tells who changed a policy, read a secret or opened a shell in a pod. Without it an intrusion cannot be told from work.',
    evidence:
      'Diagnostic settings of the cluster (kube-audit-admin or kube-audit, guard); flags of the API server; rules of the audit policy for objects of the network.',
    states: [
      { state: 'PASS', when: 'audit events are collected or written to a log that is kept' },
      {
        state: 'WARN',
        when: 'guard is missing where Entra ID signs people in, the log is kept too short, or all reads are paid for',
      },
      {
        state: 'FAIL',
        when: 'nothing collects audit events, the flags are missing, or the policy leaves out changes of network objects',
      },
      { state: 'UNKNOWN', when: 'neither settings nor flags are in the input' },
      { state: 'MANUAL', when: 'the control plane is run by another provider: the team answers' },
    ],
    remedy:
      'In AKS, collect kube-audit-admin and guard. On your own control plane, give the API server an audit policy and a log that is kept for 30 days.',
    mappings: mappingsOf({
      'cis-kubernetes': ['1.2.16', '1.2.17', '1.2.18', '1.2.19', '3.2.1', '3.2.2'],
      'cis-aks': ['2.1.1'],
      'nist-800-190': ['4.3.1'],
      'nsa-cisa': ['kubernetes-native-audit-logging-configuration'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['enable-audit-logging'],
      mcsb: ['LT-3', 'LT-4'],
      'azure-policy': ['245fc9df-fa96-4414-9a0b-3738c2f7341c'],
      attack: ['T1562.008', 'T1609'],
      'azure-security-book': ['L8'],
      'aks-network-baseline': ['L119'],
      'securing-kubernetes-in-azure': ['L31', 'L32'],
    }),
    question: 'Does the provider of the control plane record audit events, and are they kept for 90 days or longer?',
  },
  assess(context) {
    const clusters = managedClustersOf(context).map(({ cluster, resource }) =>
      judgedCluster(context, cluster, resource),
    );
    const servers = clusters.length > 0 ? [] : apiServers(context).map(judgedServer);
    const policies = auditPoliciesOf(context).map(judgedPolicy);
    const places = [...clusters, ...servers, ...policies];
    return assessmentOf(places, absentOf(context), stateWords(places, 'clusters, API servers and audit policies'));
  },
  fix: (_context, judged) =>
    judged.where.kind.startsWith('Microsoft.')
      ? settingFor(judged, 'collect the audit log', ['kube-audit-admin', 'guard'])
      : undefined,
};

function absentOf(context: ControlContext) {
  const signs = isAksCluster(context);
  if (signs.state === 'other')
    return answeredOr(
      context,
      ID,
      `the control plane is the provider's: ${signs.why}; its audit log has to be answered for`,
    );
  const absent = withoutCluster(context, 'its diagnostic settings');
  return absent.state === 'UNKNOWN'
    ? {
        ...absent,
        why: 'neither diagnostic settings of the cluster nor the manifest of an API server are in the input: give --azure, or the static pods of a control plane node',
      }
    : absent;
}
