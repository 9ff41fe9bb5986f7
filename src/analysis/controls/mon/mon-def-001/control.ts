import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Fix, Judged } from '#model/control.ts';
import { answeredOr, assessmentOf, plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  isOn,
  managedClustersOf,
  placeOfResource,
  resourcesOfType,
  resourcesUnder,
  settingAt,
  unknownOf,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { stateWords } from '../../state-words.ts';
import { runningIn, THREAT_SENSORS } from '../agents.ts';
import { ASK, arcClustersOf, QUESTIONS, subscriptionOf, wasAsked } from '../azure-reads.ts';

const ID = 'MON-DEF-001';
const SENSOR = ['properties', 'securityProfile', 'defender', 'securityMonitoring', 'enabled'];

export const monDef001: Control = {
  data: {
    id: ID,
    title: 'Threats are detected while workloads run',
    severity: 'medium',
    rationale:
      'A miner, a shell in a container or a call to a known bad address is seen by a sensor on the node and by nothing else in the cluster.',
    evidence:
      'The Defender plan for containers, the Defender sensor of each cluster, its extension under Azure Arc, and sensors of other makers that run in the cluster.',
    states: [
      { state: 'PASS', when: 'plan and sensor are on, or a sensor of another maker runs on the nodes' },
      { state: 'WARN', when: 'the plan is on and the cluster has no sensor' },
      { state: 'FAIL', when: 'the plan is off, and no other sensor is there' },
      { state: 'UNKNOWN', when: 'the plan, or what runs in the cluster, is not in the input' },
      {
        state: 'MANUAL',
        when: 'nothing in the input detects threats, and it is no cluster of Azure: the team answers',
      },
    ],
    remedy:
      'Switch the plan for containers on and the Defender sensor of the cluster, or run another sensor on every node.',
    mappings: mappingsOf({
      'cis-aks': ['5.1.1'],
      'nist-800-190': ['4.4.3'],
      'nsa-cisa': ['threat-detection'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['implement-continuous-security-vulnerability-scanning'],
      mcsb: ['LT-1', 'LT-2'],
      'azure-policy': [
        'a1840de2-8088-4ea8-b153-b4c723e9cb01',
        '1c988dd6-ade4-430f-a608-2a3e5b0a6d38',
        '8dfab9c4-fe7b-49ad-85e4-1e9be085358f',
      ],
      attack: ['T1562.001'],
      'kubernetes-network-practices': ['L65'],
      'securing-kubernetes-in-azure': ['L30', 'L31'],
    }),
    question: 'Does a product other than Defender detect threats on every node of the cluster while workloads run?',
  },
  assess(context) {
    const others = runningIn(context, THREAT_SENSORS, ['DaemonSet']);
    if (others.length > 0) return plain('PASS', 'a sensor runs on the nodes', others);
    if (context.settings.answers.get(ID)?.answer === 'yes') return answeredOr(context, ID, '');
    const places = [
      ...managedClustersOf(context).map(({ resource }) => judgedAks(context, resource)),
      ...arcClustersOf(context).map((resource) => judgedArc(context, resource)),
    ];
    return assessmentOf(places, absentOf(context), stateWords(places, 'clusters'));
  },
  fix: fixOf,
};

function absentOf(context: ControlContext): Assessment {
  const { podOwners } = context;
  if (podOwners.length === 0) return plain('NA', 'the input has no cluster');
  return answeredOr(
    context,
    ID,
    'nothing in the input detects threats: whether another product does has to be answered',
  );
}

interface Plan {
  readonly state: 'on' | 'off' | 'unknown';
  readonly evidence: readonly Evidence[];
}

function planOf(context: ControlContext, cluster: AzureResource): Plan {
  const subscription = subscriptionOf(cluster.id);
  const plan = resourcesOfType(context, 'Microsoft.Security/pricings').find(
    ({ id, name }) => subscriptionOf(id) === subscription && name.toLowerCase() === 'containers',
  );
  if (plan === undefined) {
    const object = `/subscriptions/${subscription}/providers/Microsoft.Security/pricings/Containers`;
    // A plan that nobody touched is not in the answer, and free.
    return { state: wasAsked(context, cluster, QUESTIONS.plans) ? 'off' : 'unknown', evidence: [{ object }] };
  }
  const tier = settingAt(plan, 'properties', 'pricingTier');
  const word = wordOf(tier, 'free');
  const state = word === undefined ? 'unknown' : word === 'standard' ? 'on' : 'off';
  return { state, evidence: [evidenceOf(plan, tier)] };
}

function judgedAks(context: ControlContext, resource: AzureResource): Judged {
  const sensor = settingAt(resource, ...SENSOR);
  if (sensor.state === 'unsettled') return unknownOf(resource, sensor);
  const plan = planOf(context, resource);
  return judgedBy(resource, plan, { isOn: isOn(sensor, false) === true, evidence: evidenceOf(resource, sensor) });
}

interface Sensor {
  readonly isOn: boolean | undefined;
  readonly evidence: Evidence;
}

function judgedArc(context: ControlContext, resource: AzureResource): Judged {
  const extensions = resourcesUnder(context, resource.id, 'Microsoft.KubernetesConfiguration/extensions');
  const type = extensions.find(
    (each) => wordOf(settingAt(each, 'properties', 'extensionType'), '') === 'microsoft.azuredefender.kubernetes',
  );
  const plan = planOf(context, resource);
  if (type !== undefined) return judgedBy(resource, plan, { isOn: true, evidence: evidenceOfResource(type) });
  const isKnown = extensions.length > 0 || resource.origin.file.startsWith('azure ');
  const evidence = evidenceOfResource(resource, 'the input has no Defender extension of it');
  return judgedBy(resource, plan, { isOn: isKnown ? false : undefined, evidence });
}

function judgedBy(resource: AzureResource, plan: Plan, sensor: Sensor): Judged {
  const where = placeOfResource(resource);
  const evidence = [sensor.evidence, ...plan.evidence];
  const endpoints: readonly string[] = [];
  if (plan.state === 'off') {
    const message = 'the Defender plan for containers is off, and nothing else in the input detects threats';
    return { where, state: 'FAIL', message, evidence, endpoints };
  }
  if (sensor.isOn === undefined) {
    const message = `whether it has the Defender extension is not in the input: ${ASK}`;
    return { where, state: 'UNKNOWN', message, evidence };
  }
  if (!sensor.isOn) {
    const rest =
      plan.state === 'on' ? 'the Defender plan for containers is on' : `the plan is not in the input: ${ASK}`;
    return { where, state: 'WARN', message: `the cluster has no Defender sensor; ${rest}`, evidence, endpoints };
  }
  if (plan.state === 'on') return { where, state: 'PASS', message: 'the plan and the sensor are on', evidence };
  const message = `the sensor is on, and whether the Defender plan for containers is, is not in the input: ${ASK}`;
  return { where, state: 'UNKNOWN', message, evidence };
}

function fixOf({ snapshot }: ControlContext, { where }: Judged): Fix | undefined {
  const resource = snapshot.azure.resources.get(where.id);
  if (resource === undefined || !/managedclusters$/i.test(resource.type)) return undefined;
  return {
    summary: 'switch the Defender sensor of the cluster on',
    automatic: false,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [{ op: 'set', path: SENSOR, value: true }],
        command: `aks update ${azTarget(resource.id)} --enable-defender`,
      },
    ],
    steps: [
      'the sensor needs a Log Analytics workspace: without one named, Defender makes its own',
      'az security pricing create --name Containers --tier Standard',
    ],
  };
}
