import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Fix, Judged } from '#model/control.ts';
import { assessmentOf, CLUSTER, plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import {
  evidenceOf,
  isOn,
  managedClustersOf,
  placeOfResource,
  type Setting,
  settingAt,
  unknownOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { stateWords } from '../../state-words.ts';
import { LOG_AGENTS, METRIC_AGENTS, runningIn } from '../agents.ts';
import { LEGACY_AGENT_AUTH } from '../dates.ts';

export const monCi001: Control = {
  data: {
    id: 'MON-CI-001',
    title: 'Cluster and workloads are monitored',
    severity: 'low',
    rationale:
      'Logs and metrics of workloads are what an intrusion is first noticed by, and what it is understood with afterwards.',
    evidence:
      'Add-on for Container insights and how it signs in, managed Prometheus, and workloads whose images collect logs or metrics.',
    states: [
      { state: 'PASS', when: 'logs and metrics are collected' },
      { state: 'WARN', when: 'only one of them is, or the add-on signs in with a key, which ended on 2026-09-30' },
      { state: 'FAIL', when: 'neither is, by add-ons or by anything in the input' },
      { state: 'UNKNOWN', when: 'the input is a part of a cluster and shows nothing of it' },
      { state: 'NA', when: 'the input has no cluster' },
    ],
    remedy: 'Switch Container insights and managed Prometheus on, or run collectors of your own.',
    mappings: mappingsOf({
      'nsa-cisa': ['logging'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['logging'],
      mcsb: ['LT-3'],
      'azure-policy': ['6c66c325-74c8-42fd-a286-a74b0e2939d8'],
      'kubernetes-network-practices': ['L45'],
      'securing-kubernetes-in-azure': ['L29', 'L30'],
    }),
  },
  assess(context) {
    const inside = insideOf(context);
    const places = managedClustersOf(context).map(({ resource }) => judgedOf(context, resource, inside));
    return assessmentOf(places, absentOf(context, inside), stateWords(places, 'clusters'));
  },
  fix: fixOf,
};

/** What runs in the cluster itself. */
interface Inside {
  readonly logs: readonly Evidence[];
  readonly metrics: readonly Evidence[];
}

function insideOf(context: ControlContext): Inside {
  return { logs: runningIn(context, LOG_AGENTS, ['DaemonSet']), metrics: runningIn(context, METRIC_AGENTS) };
}

const ADD_ON = ['properties', 'addonProfiles', 'omsagent'];

function judgedOf({ today }: ControlContext, resource: AzureResource, inside: Inside): Judged {
  const where = placeOfResource(resource);
  const logs = settingAt(resource, ...ADD_ON, 'enabled');
  const metrics = settingAt(resource, 'properties', 'azureMonitorProfile', 'metrics', 'enabled');
  for (const setting of [logs, metrics]) if (setting.state === 'unsettled') return unknownOf(resource, setting);
  const addOn = isOn(logs, false) === true;
  const found: Found = {
    logs: addOn || inside.logs.length > 0,
    metrics: isOn(metrics, false) === true || inside.metrics.length > 0,
    evidence: [logs, metrics].map((each) => evidenceOf(resource, each)).concat(inside.logs, inside.metrics),
  };
  const auth = settingAt(resource, ...ADD_ON, 'config', 'useAADAuth');
  if (addOn && found.metrics && inside.logs.length === 0 && signsInWithKey(auth))
    return {
      where,
      state: 'WARN',
      message: `Container insights signs in with a key of the workspace, which ${today > LEGACY_AGENT_AUTH ? 'ended' : 'ends'} on ${LEGACY_AGENT_AUTH}`,
      evidence: [evidenceOf(resource, auth), ...found.evidence],
      endpoints: [],
    };
  return { where, ...said(found), endpoints: [] };
}

/** Templates made before 2023 do not have it; what reads of Azure has it always. */
function signsInWithKey(auth: Setting): boolean {
  return auth.state !== 'unsettled' && isOn(auth, false) === false;
}

interface Found {
  readonly logs: boolean;
  readonly metrics: boolean;
  readonly evidence: readonly Evidence[];
}

function said({ logs, metrics, evidence }: Found): Pick<Judged, 'state' | 'message' | 'evidence'> {
  if (logs && metrics) return { state: 'PASS', message: 'logs and metrics of the cluster are collected', evidence };
  if (logs) return { state: 'WARN', message: 'logs are collected, and metrics are not', evidence };
  if (metrics) return { state: 'WARN', message: 'metrics are collected, and logs are not', evidence };
  return { state: 'FAIL', message: 'neither logs nor metrics of the cluster are collected', evidence };
}

/** Without a cluster's own resource, what runs in the cluster decides; what is missing only where the cluster is whole. */
function absentOf(context: ControlContext, { logs, metrics }: Inside): Assessment {
  const { podOwners, kind } = context;
  if (podOwners.length === 0) return plain('NA', 'the input has no cluster');
  const evidence = [...logs, ...metrics];
  const found = said({ logs: logs.length > 0, metrics: metrics.length > 0, evidence });
  if (found.state !== 'PASS' && kind !== 'live')
    return plain(
      'UNKNOWN',
      `${evidence.length === 0 ? 'no collector of logs or metrics is' : `${found.message} by what is`} in the input: scan the live cluster, or give --azure`,
      evidence,
    );
  return { ...plain(found.state, found.message, evidence), places: [{ where: CLUSTER, ...found, endpoints: [] }] };
}

function fixOf({ snapshot }: ControlContext, { where }: Judged): Fix | undefined {
  const resource = snapshot.azure.resources.get(where.id);
  if (resource === undefined) return undefined;
  const target = azTarget(resource.id);
  return {
    summary: 'collect metrics with managed Prometheus and logs with Container insights',
    automatic: false,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [{ op: 'set', path: ['properties', 'azureMonitorProfile', 'metrics', 'enabled'], value: true }],
        command: `aks update ${target} --enable-azure-monitor-metrics`,
      },
    ],
    steps: [
      'choose a Log Analytics workspace',
      `az aks enable-addons ${target} --addons monitoring --workspace-resource-id WORKSPACE`,
    ],
  };
}
