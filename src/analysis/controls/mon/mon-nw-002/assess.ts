import { escapeControl } from '#base/escape.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Fix, Judged } from '#model/control.ts';
import { RETIREMENTS } from '../../../../data/azure/retirements.ts';
import { assessmentOf, plain } from '../../assessment.ts';
import { azGroup, azId, azWord } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  isOn,
  placeOfResource,
  resourcesOfType,
  settingAt,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { stateWords } from '../../state-words.ts';
import { ASK, QUESTIONS, wasAsked } from '../azure-reads.ts';
import { clusterNetworks, securityGroupsOf, subnetsIn } from '../cluster-networks.ts';

const LEAST_DAYS = 90;
const ANALYTICS = ['properties', 'flowAnalyticsConfiguration', 'networkWatcherFlowAnalyticsConfiguration', 'enabled'];

export function assessFlowLogs(context: ControlContext): Assessment {
  const places = clusterNetworks(context).map((network) => judgedOf(context, network));
  const absent = plain('NA', 'the input has no virtual network of Azure');
  return assessmentOf(places, absent, stateWords(places, 'virtual networks'));
}

function judgedOf(context: ControlContext, network: AzureResource): Judged {
  const logs = resourcesOfType(context, 'Microsoft.Network/networkWatchers/flowLogs');
  const own = logsOf(context, network, logs);
  const on = own.filter((log) => isOn(settingAt(log, 'properties', 'enabled'), false) !== false);
  if (on.length > 0) return judgedLogs(network, on);
  const groups = securityGroupsOf(context, network);
  const legacy = logs.filter((log) => {
    const target = targetOf(log);
    return target !== undefined && groups.has(target) && isOn(settingAt(log, 'properties', 'enabled'), false) === true;
  });
  return legacy.length > 0 ? judgedLegacy(context, network, legacy) : judgedNone(context, network, own);
}

/** Those of the network, else those of its subnets where each subnet of the cluster has one. */
function logsOf(
  context: ControlContext,
  network: AzureResource,
  logs: readonly AzureResource[],
): readonly AzureResource[] {
  const key = azureKey(network.id);
  const whole = logs.filter((log) => targetOf(log) === key);
  if (whole.some((log) => isOn(settingAt(log, 'properties', 'enabled'), false) !== false)) return whole;
  const subnets = subnetsIn(context, network);
  const found = subnets.map((subnet) => logs.find((log) => targetOf(log) === subnet));
  return found.length > 0 && found.every((log) => log !== undefined) ? found.flatMap((log) => log ?? []) : whole;
}

function targetOf(log: AzureResource): string | undefined {
  const target = settingAt(log, 'properties', 'targetResourceId');
  return target.state === 'value' ? azureKey(String(target.value)) : undefined;
}

function judgedLogs(network: AzureResource, logs: readonly AzureResource[]): Judged {
  const where = placeOfResource(network);
  const endpoints: readonly string[] = [];
  for (const log of logs) {
    const enabled = settingAt(log, 'properties', 'enabled');
    if (enabled.state === 'unsettled')
      return {
        where,
        state: 'UNKNOWN',
        message: `whether the flow log is on is \`${enabled.expression}\`, which the input does not settle`,
        evidence: [evidenceOf(log, enabled)],
      };
    const short = keptTooShort(log);
    if (short !== undefined) return { where, state: 'WARN', ...short, endpoints };
    const analytics = settingAt(log, ...ANALYTICS);
    if (isOn(analytics, false) === false) {
      const message = 'the flow log is on, and traffic analytics is off';
      return { where, state: 'WARN', message, evidence: [evidenceOf(log, analytics)], endpoints };
    }
  }
  return { where, state: 'PASS', message: 'flow logs are on, analysed and kept', evidence: logs.map(asEvidence) };
}

function asEvidence(log: AzureResource): Evidence {
  return evidenceOf(log, settingAt(log, 'properties', 'targetResourceId'));
}

/** Zero days, or a retention that is off, is for ever (Microsoft.Network/networkWatchers/flowLogs, RetentionPolicyParameters). */
function keptTooShort(log: AzureResource): { message: string; evidence: readonly Evidence[] } | undefined {
  const days = settingAt(log, 'properties', 'retentionPolicy', 'days');
  const isLimited = isOn(settingAt(log, 'properties', 'retentionPolicy', 'enabled'), false);
  if (days.state !== 'value' || isLimited !== true) return undefined;
  const kept = Number(days.value);
  if (kept === 0 || kept >= LEAST_DAYS) return undefined;
  return {
    message: `the flow log is kept for ${kept} days, less than ${LEAST_DAYS}`,
    evidence: [evidenceOf(log, days)],
  };
}

function judgedLegacy({ today }: ControlContext, network: AzureResource, logs: readonly AzureResource[]): Judged {
  const date = RETIREMENTS.find(({ id }) => id === 'nsg-flow-logs')?.date ?? '';
  const isOver = date !== '' && today > date;
  return {
    where: placeOfResource(network),
    state: isOver ? 'FAIL' : 'WARN',
    message: isOver
      ? `only security groups have flow logs, and those ended on ${date}`
      : `only security groups have flow logs, and those end on ${date}`,
    evidence: logs.map(asEvidence),
    endpoints: [],
  };
}

function judgedNone(context: ControlContext, network: AzureResource, off: readonly AzureResource[]): Judged {
  const where = placeOfResource(network);
  const evidence = off.map((log) => evidenceOf(log, settingAt(log, 'properties', 'enabled')));
  if (off.length > 0) return { where, state: 'FAIL', message: 'its flow log is off', evidence, endpoints: [] };
  const asked = wasAsked(context, network, QUESTIONS.network);
  return {
    where,
    state: asked ? 'FAIL' : 'UNKNOWN',
    message: asked ? 'it has no flow log' : `whether it has a flow log is not in the input: ${ASK}`,
    evidence: [evidenceOfResource(network, 'no flow log has it as its target')],
    endpoints: [],
  };
}

export function fixFlowLogs({ snapshot }: ControlContext, { where }: Judged): Fix | undefined {
  const network = snapshot.azure.resources.get(where.id);
  const location = network === undefined ? undefined : settingAt(network, 'location');
  if (network === undefined || location?.state !== 'value') return undefined;
  const region = String(location.value);
  return {
    summary: `log the flows of ${escapeControl(network.name)}`,
    automatic: false,
    changes: [],
    steps: [
      `choose a storage account in ${escapeControl(region)}, and a Log Analytics workspace`,
      `az network watcher flow-log create --location ${azWord(region)} --name ${azWord(`${network.name}-flows`)} --resource-group ${azGroup(network.id)} --vnet ${azId(network.id)} --storage-account STORAGE --retention ${LEAST_DAYS} --traffic-analytics true --workspace WORKSPACE`,
    ],
  };
}
