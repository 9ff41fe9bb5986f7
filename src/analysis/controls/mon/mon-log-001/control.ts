import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import { answeredOr, assessmentOf } from '../../assessment.ts';
import { managedClustersOf, placeOfResource, withoutCluster } from '../../azure-facts.ts';
import { isAksCluster } from '../../azure-signs.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { stateWords } from '../../state-words.ts';
import { clusterLogsOf, settingFor, withoutLogs } from '../cluster-logs.ts';
import { apiServers } from '../control-plane.ts';

const ID = 'MON-LOG-001';
const NEEDED = ['kube-apiserver', 'kube-controller-manager'];
const USEFUL = ['kube-scheduler', 'cluster-autoscaler', 'cloud-controller-manager'];

export const monLog001: Control = {
  data: {
    id: ID,
    title: 'Logs of the control plane are collected',
    severity: 'medium',
    rationale:
      'What the API server refused and what the controllers did stands only in their logs, and in a managed cluster these are gone unless they are sent somewhere.',
    evidence: 'Diagnostic settings of the cluster with their categories and destinations.',
    states: [
      { state: 'PASS', when: 'logs of the API server and of the controller manager go somewhere' },
      { state: 'WARN', when: 'some categories go somewhere, and not both of these' },
      { state: 'FAIL', when: 'Azure was read and there is no setting' },
      { state: 'UNKNOWN', when: 'no setting of the cluster is in the input' },
      { state: 'MANUAL', when: 'the control plane is your own: the team answers' },
    ],
    remedy: 'Make a diagnostic setting of the cluster with the categories kube-apiserver and kube-controller-manager.',
    mappings: mappingsOf({
      'cis-aks': ['2.1.1'],
      'nsa-cisa': ['kubernetes-native-audit-logging-configuration'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['logging'],
      mcsb: ['LT-3'],
      'azure-policy': ['245fc9df-fa96-4414-9a0b-3738c2f7341c', '6c66c325-74c8-42fd-a286-a74b0e2939d8'],
      attack: ['T1562.008'],
      'aks-network-baseline': ['L119'],
    }),
    question:
      'Do the logs of API server, controller manager and scheduler leave the control plane nodes for a place where they are kept?',
  },
  assess(context) {
    const places = managedClustersOf(context).map(({ resource }) => judgedOf(context, resource));
    const isOwn = apiServers(context).length > 0 && isAksCluster(context).state !== 'aks';
    const absent =
      isOwn && places.length === 0
        ? answeredOr(context, ID, 'the control plane is your own: whether its logs are collected has to be answered')
        : withoutCluster(context, 'its diagnostic settings');
    return assessmentOf(places, absent, stateWords(places, 'clusters'));
  },
  fix: (_context, judged) => settingFor(judged, 'collect the logs of the control plane', [...NEEDED, ...USEFUL]),
};

function judgedOf(context: ControlContext, cluster: AzureResource): Judged {
  const logs = clusterLogsOf(context, cluster);
  const without = withoutLogs(context, cluster, logs);
  if (without !== undefined) return without;
  const where = placeOfResource(cluster);
  const missing = NEEDED.filter((category) => !logs.collects(category));
  if (missing.length > 0) {
    const message = `its diagnostic settings do not collect ${missing.join(' and ')}`;
    return { where, state: 'WARN', message, evidence: logs.evidence, endpoints: [] };
  }
  const unused = USEFUL.filter((category) => !logs.collects(category));
  const rest = unused.length === 0 ? '' : `; not collected: ${unused.join(', ')}`;
  const message = `logs of the API server and of the controller manager are collected${rest}`;
  return { where, state: 'PASS', message, evidence: logs.evidence };
}
