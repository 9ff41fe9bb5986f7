import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Assessment, ControlData, Evidence, Fix, Judged } from '#model/control.ts';
import { CLUSTER } from '../../assessment.ts';
import { evidenceOf, placeOfResource, resourcesOfType, settingAt, wordOf } from '../../azure-facts.ts';
import { assessed, quoted } from '../../azure-judging.ts';
import { isAksCluster } from '../../azure-signs.ts';
import { type ControlContext, titleOf } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { connectedClusters, withoutArc } from '../arc-clusters.ts';

const ID = 'ARC-CNI-001';

const data: ControlData = {
  id: ID,
  title: 'Arc-connected / Azure Local clusters have an enforcing engine with known support status',
  severity: 'high',
  rationale:
    'Policies without an engine are text. On AKS Azure sees to an engine; on a cluster that Arc connects, and on Azure Local, it is whatever somebody installed, with whatever support it has.',
  evidence:
    'The engine that Azure Local was asked for, the distribution of a connected cluster, and agents of policy engines among the DaemonSets of the input.',
  states: [
    {
      state: 'PASS',
      when: 'an agent that enforces policy runs, the distribution brings one, or Azure Local was asked for Cilium',
    },
    { state: 'WARN', when: 'the engine is Calico on Azure Local, which is supported as it is' },
    { state: 'FAIL', when: 'the cluster has no engine, or one that enforces no policy' },
    { state: 'MANUAL', when: 'nothing in the input shows the engine' },
    { state: 'NA', when: 'Azure Arc connects no cluster of the input' },
  ],
  remedy: 'Install Calico or Cilium, by Flux or the tools of the distribution, and know who supports it.',
  mappings: mappingsOf({
    'cis-kubernetes': ['5.3.1'],
    'nist-800-190': ['4.3.3'],
    'nsa-cisa': ['network-policies'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-1'],
    attack: ['T1046'],
    'azure-security-book': ['L6'],
    'azure-security-book-2024': ['L7'],
  }),
  question: 'Does a network plugin that somebody supports enforce network policies in the cluster?',
};

const LOCAL = 'Microsoft.HybridContainerService/provisionedClusterInstances';

function assess(context: ControlContext): Assessment {
  const local = resourcesOfType(context, LOCAL);
  const hosts = new Set(local.map(({ id }) => azureKey(id).split('/providers/microsoft.hybridcontainerservice')[0]));
  const connected = connectedClusters(context).filter(({ id }) => !hosts.has(azureKey(id)));
  const isArc = isAksCluster(context).state === 'arc';
  const places = [
    ...local.map((each) => judgeLocal(context, each)),
    ...connected.map((each) => judgeConnected(context, each, connected.length + local.length === 1)),
    ...(local.length + connected.length === 0 && isArc ? [byAgents(context, { where: CLUSTER, evidence: [] })] : []),
  ];
  return assessed(places, withoutArc(context, 'its engine'), ['connected cluster', 'connected clusters']);
}

type Base = Pick<Judged, 'where' | 'evidence'>;

/**
 * `networkPolicy` is `calico` or `cilium`, and `calico` where it is absent: the TypeSpec of
 * Microsoft.HybridContainerService, model NetworkProfile (github.com/Azure/azure-rest-api-specs,
 * specification/hybridaks; checked 2026-11).
 */
function judgeLocal(context: ControlContext, resource: AzureResource): Judged {
  const setting = settingAt(resource, 'properties', 'networkProfile', 'networkPolicy');
  const place: Base = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)] };
  const word = wordOf(setting, 'calico');
  if (word === undefined)
    return {
      ...place,
      state: 'UNKNOWN',
      message: 'which engine was asked for is an expression that the input does not settle',
    };
  if (word === 'calico') {
    const message = 'Calico enforces policies; on Azure Local it is supported as it is, by its own community';
    return { ...place, state: 'WARN', severity: 'low', message };
  }
  if (word === 'cilium') return { ...place, state: 'PASS', message: 'Cilium enforces policies' };
  const agent = agentOf(context);
  if (agent !== undefined)
    return { ...place, state: 'PASS', message: agent.message, evidence: [...place.evidence, agent.evidence] };
  if (word === 'none') return { ...place, state: 'FAIL', message: 'no engine enforces policies' };
  return { ...place, state: 'UNKNOWN', message: `whether ${quoted(word)} enforces policies is not known` };
}

/** "OpenShift comes with OVN-Kubernetes, which enforces policies and cannot be left out." */
const WITH_ENGINE = /^openshift$/;

/** Manifests are of one cluster: where several are connected, which one is not known. */
function judgeConnected(context: ControlContext, resource: AzureResource, isOnly: boolean): Judged {
  const setting = settingAt(resource, 'properties', 'distribution');
  const place: Base = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)] };
  if (isOnly && (agentOf(context) !== undefined || withoutAgent(context) !== undefined))
    return byAgents(context, place);
  const word = wordOf(setting, '');
  if (word !== undefined && WITH_ENGINE.test(word))
    return { ...place, state: 'PASS', message: 'OpenShift brings an engine that enforces policies' };
  return answered(context, place);
}

function byAgents(context: ControlContext, place: Base): Judged {
  const agent = agentOf(context);
  if (agent !== undefined)
    return { ...place, state: 'PASS', message: agent.message, evidence: [...place.evidence, agent.evidence] };
  const none = withoutAgent(context);
  if (none === undefined) return answered(context, place);
  return { ...place, state: 'FAIL', message: none.message, evidence: [...place.evidence, none.evidence] };
}

/** Flannel enforces nothing; in a part of a cluster something that does may stand beside it. */
function withoutAgent({ objects, kind, analysis }: ControlContext): Sign | undefined {
  if (analysis.profile.id === 'none')
    return { message: 'nothing enforces policies', evidence: { object: 'the input', why: analysis.entry.why } };
  const flannel = objects.of('apps', 'DaemonSet').find(({ name }) => /^kube-flannel(?:-ds)?$/.test(name));
  if (kind !== 'live' || flannel === undefined) return undefined;
  const evidence = { object: titleOf(flannel), origin: flannel.origin };
  return { message: 'Flannel enforces no policies, and nothing beside it does', evidence };
}

interface Sign {
  readonly message: string;
  readonly evidence: Evidence;
}

function answered({ settings }: ControlContext, place: Base): Judged {
  const given = settings.answers.get(ID);
  if (given === undefined)
    return { ...place, state: 'MANUAL', message: 'which engine enforces policies is not in the input' };
  const { answer, by, on } = given;
  const evidence: Evidence = {
    object: `answer of ${by}`,
    field: `controls.answers.${ID}`,
    value: answer,
    why: `on ${on}`,
  };
  return {
    ...place,
    state: answer === 'yes' ? 'PASS' : 'FAIL',
    message: `${by} answered ${answer} on ${on}`,
    evidence: [...place.evidence, evidence],
  };
}

/** Agents that enforce policy, by the name of their DaemonSet: leftover CRDs prove nothing. */
const AGENTS: ReadonlyMap<string, string> = new Map([
  ['calico-node', 'Calico'],
  ['cilium', 'Cilium'],
  ['antrea-agent', 'Antrea'],
  ['kube-router', 'kube-router'],
  ['ovnkube-node', 'OVN-Kubernetes'],
  ['kube-network-policies', 'kube-network-policies'],
]);

function agentOf({ objects }: ControlContext): Sign | undefined {
  for (const object of objects.of('apps', 'DaemonSet')) {
    const title = AGENTS.get(object.name);
    if (title !== undefined)
      return {
        message: `${title} enforces policies`,
        evidence: { object: titleOf(object), origin: object.origin },
      };
  }
  return undefined;
}

function fix(_context: ControlContext, { state }: Judged): Fix | undefined {
  if (state !== 'FAIL') return undefined;
  return {
    summary: 'install an engine that enforces policies',
    automatic: false,
    changes: [],
    steps: [
      'install Calico or Cilium beside or in place of the network plugin, as the distribution documents it',
      'keep it in Git, by the Flux extension of Azure Arc',
    ],
  };
}

export const arcCni001: Control = { data, assess, fix };
