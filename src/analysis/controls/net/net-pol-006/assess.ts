import { escapeControl } from '#base/escape.ts';
import { meet, unite } from '#base/intervals.ts';
import { grantIn } from '#engine/rows.ts';
import type { Assessment, Evidence, Judged, Together } from '#model/control.ts';
import { protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { type EgressWorld, egressWorld } from '../../../egress/egress-world.ts';
import { internetPoints } from '../../../outside.ts';
import { plain } from '../../assessment.ts';
import { evidenceOf, managedClustersOf, settingAt } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey } from '../../context.ts';
import { decidingOn, decidingPolicies, doubtsOf, doubtsText, grantOf, opennessOf, portsText } from '../isolation.ts';
import { netWorld, widestOf } from '../net-world.ts';
import { decidedBy, type NetWorkload, workloadsIn } from '../places.ts';

export function assess(context: ControlContext): Assessment {
  const shut = shutCluster(context);
  if (shut !== undefined) return plain('NA', 'the cluster has no way out: its outbound type is none or block', [shut]);
  const places = workloadsIn(context)
    .filter(({ hostNetwork, isSystem }) => !hostNetwork && !isSystem)
    .map((workload) => judge(context, workload));
  const absent = plain('NA', 'the input has no workload on the pod network outside of the platform');
  return assessed(places, absent, ['workload', 'workloads']);
}

function shutCluster(context: ControlContext): Evidence | undefined {
  for (const { resource } of managedClustersOf(context)) {
    const setting = settingAt(resource, 'properties', 'networkProfile', 'outboundType');
    if (setting.state === 'value' && /^(?:none|block)$/i.test(String(setting.value)))
      return evidenceOf(resource, setting);
  }
  return undefined;
}

/** What one layer lets pass to addresses that nobody thought of. `narrow`: on few ports. */
type Width = 'none' | 'narrow' | 'open' | 'unknown';

interface Word {
  readonly width: Width;
  readonly traffic: TrafficSet;
  readonly doubts: string;
  readonly evidence: readonly Evidence[];
}

const CONNECTIONS = unite(protocolTraffic('TCP'), protocolTraffic('UDP'));

function judge(context: ControlContext, workload: NetWorkload): Judged {
  const policy = wordOfPolicy(context, workload);
  const around = wordAround(context, workload);
  const name = `\`${escapeControl(workload.owner.name)}\``;
  const evidence = decidedBy(workload, policy.evidence, policy.width === 'open');
  const base = { where: workload.where, endpoints: [workload.id], evidence };
  if (policy.width === 'unknown')
    return {
      ...base,
      state: 'UNKNOWN',
      message: `whether ${name} reaches the internet is not known (${policy.doubts})`,
    };
  return { ...base, ...(around === undefined ? ofPolicyAlone(name, policy) : ofBoth(name, policy, around)) };
}

type Said = Pick<Judged, 'state' | 'message' | 'severity' | 'together'>;

/** What stands around the cluster is not in the input: it may narrow what policy leaves open. */
function ofPolicyAlone(name: string, { width, traffic }: Word): Said {
  if (width === 'none') return { state: 'PASS', message: `policy lets ${name} reach only what it names` };
  const ports = portsText(meet(traffic, CONNECTIONS));
  if (width === 'narrow') return alike('WARN', name, ['policy lets', ` reach any address of the internet on ${ports}`]);
  return alike('WARN', name, [
    'policy does not limit what is reached on the internet by',
    '; whether a firewall does is not in the input',
  ]);
}

function ofBoth(name: string, policy: Word, around: Word): Said {
  const together = meet(policy.traffic, around.traffic);
  if (policy.width === 'open' && around.width === 'open')
    return alike('FAIL', name, [
      'neither policy nor the network around the cluster limits what is reached on the internet by',
      '',
    ]);
  if (policy.width === 'open' && around.width === 'unknown')
    return {
      state: 'UNKNOWN',
      message: `policy does not limit what ${name} reaches, and what the network around it does is not known`,
    };
  if (policy.width === 'open')
    return alike('WARN', name, ['only the network around the cluster limits what is reached by', '']);
  if (around.width === 'open')
    return alike('WARN', name, [
      'only policy limits what is reached by',
      '; the network around the cluster lets all pass',
    ]);
  if (around.width === 'unknown') {
    const ports = portsText(meet(policy.traffic, CONNECTIONS));
    return alike('WARN', name, [
      'policy lets',
      ` reach any address of the internet on ${ports}; what the network around the cluster does is not known`,
    ]);
  }
  if (meet(together, CONNECTIONS).length > 0) {
    const ports = portsText(meet(together, CONNECTIONS));
    return alike('WARN', name, [`any address of the internet on ${ports} is reached by`, '']);
  }
  return { state: 'PASS', message: `${name} reaches only what policy or the network around it names` };
}

/** What is said of one workload, and in the same words of several that are open in the same way. */
function alike(state: 'FAIL' | 'WARN', name: string, [before, after]: readonly [before: string, after: string]): Said {
  const together: Together = { key: `${before}${after}`, before, after, fix: ['limit egress of', ' to named hosts'] };
  const severity = state === 'WARN' ? ({ severity: 'medium' } as const) : {};
  return { state, message: `${before} ${name}${after}`, ...severity, together };
}

function wordOfPolicy(context: ControlContext, { points }: NetWorkload): Word {
  const net = netWorld(context);
  const words = points.map((subject): Word => {
    const asked = { direction: 'egress', subject, peer: net.internet } as const;
    const grant = grantOf(net, asked);
    const width = widthOf(opennessOf(grant), grant);
    return {
      width,
      traffic: grant.allowed,
      doubts: width === 'unknown' ? doubtsText(doubtsOf(net, asked, grant)) : '',
      evidence:
        width === 'narrow'
          ? decidingOn(net, asked, meet(grant.allowed, CONNECTIONS)[0]!)
          : decidingPolicies(net, asked, grant),
    };
  });
  return widest(words);
}

function widthOf(openness: ReturnType<typeof opennessOf>, grant: ReturnType<typeof grantOf>): Width {
  if (openness === 'open' || openness === 'some') return 'open';
  if (openness === 'unknown') return 'unknown';
  return meet(grant.allowed, CONNECTIONS).length > 0 ? 'narrow' : 'none';
}

const FROM_WIDEST: readonly Width[] = ['open', 'unknown', 'narrow', 'none'];

function widest(words: readonly Word[]): Word {
  return FROM_WIDEST.map((width) => words.find((word) => word.width === width)).find((word) => word !== undefined)!;
}

// ---------------------------------------------------------------- the network around the cluster

const AROUND = onceKey<Around | undefined>('network around the cluster');

interface Around {
  readonly world: EgressWorld;
  readonly internet: number;
  readonly ownerOf: ReadonlyMap<string, number>;
}

function wordAround(context: ControlContext, { id }: NetWorkload): Word | undefined {
  const around = context.once(AROUND, makeAround);
  const owner = around?.ownerOf.get(id);
  if (around === undefined || owner === undefined) return undefined;
  const { world, internet } = around;
  const words = world.engine.world.pointsOfOwner[owner]!.map((point): Word => {
    const grant = grantIn(world.outer.egress.rows[point]!, internet, world.outer.grants);
    return { width: widthOf(opennessOf(grant), grant), traffic: grant.possible, doubts: '', evidence: [] };
  });
  return widest(words);
}

function makeAround({ analysis }: ControlContext): Around | undefined {
  const world = egressWorld(analysis);
  if (world === undefined) return undefined;
  const inner = world.engine.world;
  return {
    world,
    internet: widestOf(inner, internetPoints(inner)),
    ownerOf: new Map(inner.owners.map(({ id }, index) => [id, index])),
  };
}

/** Whether a fix inside of the cluster is enough. */
export function isAroundNarrow(context: ControlContext, workload: NetWorkload): boolean {
  const around = wordAround(context, workload);
  return around === undefined || around.width === 'none' || around.width === 'narrow';
}
