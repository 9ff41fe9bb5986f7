import { escapeControl } from '#base/escape.ts';
import type { Assessment, Evidence, Judged } from '#model/control.ts';
import { answeredOr, placeOf, plain } from '../../assessment.ts';
import {
  evidenceOf,
  managedClustersOf,
  placeOfResource,
  settingAt,
  type WrittenCluster,
  wordOf,
} from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { type EngineAgent, enginesIn, evidenceOfAgent } from '../policy-engines.ts';
import { policiesWritten } from '../policy-places.ts';

const ID = 'NET-CNI-001';
const KNOWN = ['cilium', 'calico', 'azure'];
const NODES =
  'the input has neither the settings of the cluster nor the agents on its nodes: give --azure, or scan the cluster itself';

export function assess(context: ControlContext): Assessment {
  const agents = enginesIn(context);
  const clusters = managedClustersOf(context);
  const places = [...clusters.map((cluster) => judgeCluster(context, cluster, agents)), ...agents.flatMap(judgeAgent)];
  if (places.length === 0) return withoutSigns(context);
  return assessed(places, plain('UNKNOWN', NODES), ['place', 'places']);
}

/** Some engines are built into the network plug-in and run no agent that is known. */
function withoutSigns(context: ControlContext): Assessment {
  const policies = policiesWritten(context);
  const evidence = policies.slice(0, 1).map(
    (policy): Evidence => ({
      object: titleOf(policy),
      origin: policy.origin,
      why: 'is written, and who enforces it is not known',
    }),
  );
  if (context.kind === 'manifests') return plain('UNKNOWN', NODES, evidence);
  const answered = answeredOr(context, ID, 'no agent that is known to enforce policy runs in the cluster');
  return { ...answered, evidence: [...answered.evidence, ...evidence] };
}

/** What the cluster was asked to install; agents that somebody installed by hand count too. */
function judgeCluster(
  context: ControlContext,
  { cluster, resource }: WrittenCluster,
  agents: readonly EngineAgent[],
): Judged {
  const at = (name: string) => settingAt(resource, 'properties', 'networkProfile', name);
  const [policy, dataplane, plugin] = [at('networkPolicy'), at('networkDataplane'), at('networkPlugin')];
  const base = {
    where: placeOfResource(resource),
    evidence: [evidenceOf(resource, policy), evidenceOf(resource, dataplane), evidenceOf(resource, plugin)],
  };
  const name = `\`${escapeControl(cluster.name)}\``;
  const word = wordOf(policy, 'none');
  if (wordOf(dataplane, '') === 'cilium' || (word !== undefined && KNOWN.includes(word))) {
    const engine = wordOf(dataplane, '') === 'cilium' ? 'cilium' : word;
    return { ...base, state: 'PASS', message: `${name} has the policy engine ${engine}` };
  }
  if (agents.length > 0)
    return {
      ...base,
      state: 'PASS',
      message: `${name} has ${agents.map(({ title }) => title).join(', ')}, which was installed apart`,
    };
  if (word === undefined || [dataplane, plugin].some(({ state }) => state === 'unsettled'))
    return {
      ...base,
      state: 'UNKNOWN',
      message: `which policy engine ${name} has is an expression that the input does not settle`,
    };
  if (wordOf(plugin, 'none') === 'none' && plugin.state === 'value')
    return {
      ...base,
      state: 'UNKNOWN',
      message: `${name} brings its own network plug-in, whose agents are not in the input`,
    };
  const inert = policiesWritten(context).length;
  const ignored =
    inert === 0
      ? ''
      : `; ${inert === 1 ? 'the policy of the input is' : `the ${inert} policies of the input are`} ignored`;
  return { ...base, state: 'FAIL', message: `${name} has no policy engine${ignored}` };
}

/** Of a live cluster, on every node; a manifest shows that it is to be installed. */
function judgeAgent(agent: EngineAgent): Judged[] {
  const { title, object, ready } = agent;
  const base = { where: placeOf(object), evidence: [evidenceOfAgent(agent)] };
  if (ready === undefined)
    return [{ ...base, state: 'PASS', message: `${title} is installed by \`${escapeControl(object.name)}\`` }];
  if (ready.wanted === 0) return [{ ...base, state: 'WARN', message: `${title} runs on no node` }];
  if (ready.now < ready.wanted)
    return [
      {
        ...base,
        state: 'FAIL',
        severity: 'high',
        message: `${title} is ready on ${ready.now} of ${ready.wanted} nodes: on the others policy is not kept up`,
      },
    ];
  return [{ ...base, state: 'PASS', message: `${title} is ready on all ${ready.wanted} nodes` }];
}
