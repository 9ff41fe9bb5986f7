import { escapeControl } from '#base/escape.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { RETIREMENTS, type Retirement } from '../../../../data/azure/retirements.ts';
import { answeredOr, placeOf } from '../../assessment.ts';
import {
  evidenceOf,
  managedClustersOf,
  placeOfResource,
  settingAt,
  type WrittenCluster,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { enginesIn, evidenceOfAgent } from '../policy-engines.ts';

const ID = 'NET-CNI-002';
/** "Network Policy Manager is not supported in clusters of more than 250 nodes" (AKS docs). */
const MOST_NODES_OF_NPM = 250;

export function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context).flatMap((cluster) => judgeCluster(context, cluster));
  const agents =
    managedClustersOf(context).length > 0
      ? []
      : enginesIn(context).flatMap((agent): Judged[] => {
          if (!agent.object.name.startsWith('azure-npm')) return [];
          const retirement = retirementNamed(agent.object.name === 'azure-npm' ? 'npm-linux' : 'npm-windows');
          return [
            { where: placeOf(agent.object), ...judgedBy(context, retirement), evidence: [evidenceOfAgent(agent)] },
          ];
        });
  const places = [...clusters, ...agents];
  return assessed(places, absent(context), ['place', 'places']);
}

/** Engines that nobody but their owner updates: which versions are in support is not in the input. */
function absent(context: ControlContext): Assessment {
  const [agent] = enginesIn(context);
  if (agent === undefined) return withoutCluster(context, 'the settings of its network');
  const version = agent.version === undefined ? '' : ` ${escapeControl(agent.version)}`;
  const answered = answeredOr(
    context,
    ID,
    `whether ${agent.title}${version} is still in support is for its vendor to say`,
  );
  return { ...answered, evidence: [...answered.evidence, evidenceOfAgent(agent)] };
}

function retirementNamed(id: string): Retirement {
  const found = RETIREMENTS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no retirement ${id}`);
  return found;
}

/** FAIL when it is over, or within a year of it. */
function judgedBy(
  { today }: ControlContext,
  { thing, date, replacement }: Retirement,
): Pick<Judged, 'state' | 'message' | 'detail'> {
  const isSoon = date !== undefined && date <= yearAfter(today);
  const verb = date !== undefined && date < today ? 'was retired on' : 'is retired on';
  return {
    state: isSoon ? 'FAIL' : 'WARN',
    message: `${thing} ${verb} ${date ?? 'a date to come'}; what takes its place: ${replacement}`,
    detail: thing,
  };
}

function yearAfter(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
}

function judgeCluster(context: ControlContext, { cluster, resource }: WrittenCluster): Judged[] {
  const at = (name: string) => settingAt(resource, 'properties', 'networkProfile', name);
  const [plugin, policy] = [at('networkPlugin'), at('networkPolicy')];
  const where = placeOfResource(resource);
  const name = `\`${escapeControl(cluster.name)}\``;
  const unsettled = [plugin, policy]
    .filter(({ state }) => state === 'unsettled')
    .map((setting) => evidenceOf(resource, setting));
  if (unsettled.length > 0)
    return [
      {
        where,
        state: 'UNKNOWN',
        message: `plug-in or engine of ${name} is an expression that the input does not settle`,
        evidence: unsettled,
      },
    ];
  const found: Judged[] = [];
  if (wordOf(plugin, '') === 'kubenet')
    found.push({ where, ...judgedBy(context, retirementNamed('kubenet')), evidence: [evidenceOf(resource, plugin)] });
  if (wordOf(policy, '') === 'azure') found.push(...judgeNpm(context, { cluster, resource }));
  if (found.length > 0) return found;
  const evidence = [evidenceOf(resource, plugin), evidenceOf(resource, policy)];
  if (wordOf(plugin, '') === 'none') {
    const { state, why } = answeredOr(context, ID, 'whether its version is in support is for its vendor to say');
    const said = state === 'PASS' || state === 'FAIL' ? state : 'MANUAL';
    return [{ where, state: said, message: `${name} brings its own network plug-in: ${why}`, evidence }];
  }
  return [{ where, state: 'PASS', message: `plug-in and engine of ${name} are not on a path to retirement`, evidence }];
}

function judgeNpm(context: ControlContext, { cluster, resource }: WrittenCluster): Judged[] {
  const where = placeOfResource(resource);
  const evidence = [evidenceOf(resource, settingAt(resource, 'properties', 'networkProfile', 'networkPolicy'))];
  const hasWindows = cluster.pools.some(({ os }) => typeof os === 'string' && /^windows$/i.test(os));
  const nodes = cluster.pools.reduce(
    (sum, { maxCount, count }) => sum + ([maxCount, count].find((value) => typeof value === 'number') ?? 0),
    0,
  );
  const parts: Judged[] = [{ where, ...judgedBy(context, retirementNamed('npm-linux')), evidence }];
  if (hasWindows) parts.push({ where, ...judgedBy(context, retirementNamed('npm-windows')), evidence });
  if (nodes > MOST_NODES_OF_NPM)
    parts.push({
      where,
      state: 'FAIL',
      detail: 'size',
      message: `the cluster may have ${nodes} nodes, and Azure Network Policy Manager serves at most ${MOST_NODES_OF_NPM}`,
      evidence,
    });
  return parts;
}
