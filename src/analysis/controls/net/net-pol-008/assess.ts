import { escapeControl } from '#base/escape.ts';
import { includes } from '#base/intervals.ts';
import { grantBetween } from '#engine/reach.ts';
import type { Assessment, Evidence, Judged } from '#model/control.ts';
import { trafficPoint } from '#model/traffic.ts';
import { plain } from '../../assessment.ts';
import { evidenceOf, managedClustersOf, type Setting, settingAt } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { neededOutOf } from '../context-needs.ts';
import { decidingPolicies, doubtsOf, doubtsText, grantOf } from '../isolation.ts';
import { netWorld } from '../net-world.ts';
import { decidedBy, type NetWorkload, workloadsIn } from '../places.ts';

/** What a cluster does about the addresses by itself. */
interface Restriction {
  readonly state: 'on' | 'off' | 'unknown';
  readonly evidence: readonly Evidence[];
}

export function assess(context: ControlContext): Assessment {
  const restriction = restrictionOf(context);
  const places = workloadsIn(context)
    .filter(({ isSystem }) => !isSystem)
    .map((workload) => judge(context, workload, restriction));
  return assessed(places, plain('NA', 'the input has no workload outside of the platform'), ['workload', 'workloads']);
}

/** `podLinkLocalAccess: None` keeps pods from the metadata of their node. */
function restrictionOf(context: ControlContext): Restriction {
  const [written, ...others] = managedClustersOf(context);
  if (written === undefined || others.length > 0)
    return { state: context.kind === 'live' && written === undefined ? 'off' : 'unknown', evidence: [] };
  const setting: Setting = settingAt(written.resource, 'properties', 'networkProfile', 'podLinkLocalAccess');
  const evidence = [evidenceOf(written.resource, setting)];
  if (setting.state === 'unsettled') return { state: 'unknown', evidence };
  const isOn = setting.state === 'value' && /^none$/i.test(String(setting.value));
  return { state: isOn ? 'on' : 'off', evidence };
}

const HTTP = trafficPoint('TCP', 80);
const HOST_AGENT = trafficPoint('TCP', 32526);

function judge(context: ControlContext, workload: NetWorkload, restriction: Restriction): Judged {
  const name = `\`${escapeControl(workload.owner.name)}\``;
  const own: Evidence = { object: titleOf(workload.owner), origin: workload.owner.origin };
  const base = { where: workload.where, endpoints: [workload.id] };
  const asked = neededOutOf(context, workload.id).find(
    ({ to }) => to.kind === 'address' && to.cidr === '169.254.169.254/32',
  );
  if (asked !== undefined) {
    const evidence = [{ ...own, why: asked.why, origin: asked.origin }];
    return { ...base, state: 'PASS', message: `${name} is configured to ask for instance metadata`, evidence };
  }
  if (workload.hostNetwork) return ofHost(base, name, { own, restriction });
  if (restriction.state === 'on')
    return {
      ...base,
      state: 'PASS',
      message: `the cluster keeps ${name} from instance metadata`,
      evidence: [own, ...restriction.evidence],
    };
  return { ...base, ...ofPolicy(context, workload, { name, own, restriction }) };
}

interface Said {
  readonly own: Evidence;
  readonly restriction: Restriction;
}

function ofHost(base: Pick<Judged, 'where' | 'endpoints'>, name: string, { own, restriction }: Said): Judged {
  return {
    ...base,
    state: restriction.state === 'unknown' ? 'WARN' : 'FAIL',
    message: `${name} is on the network of its node, and reaches its instance metadata whatever policy says`,
    evidence: [own, ...restriction.evidence],
    detail: 'host network',
    ...(restriction.state === 'unknown' && { severity: 'medium' }),
  };
}

function ofPolicy(
  context: ControlContext,
  workload: NetWorkload,
  { name, own, restriction }: Said & { readonly name: string },
): Pick<Judged, 'state' | 'message' | 'evidence' | 'severity' | 'together'> {
  const net = netWorld(context);
  const { points } = workload;
  const grants = points.map((point) => grantBetween(net.reach, point, net.metadata));
  const open = points.findIndex((_, index) => includes(grants[index]!.allowed, HTTP));
  if (open >= 0) {
    const asked = { direction: 'egress', subject: points[open]!, peer: net.metadata } as const;
    const evidence = [
      ...decidedBy(workload, decidingPolicies(net, asked, grantOf(net, asked)), true),
      ...restriction.evidence,
    ];
    const after = restriction.state === 'off' ? '' : '; whether the cluster stops it is not in the input';
    const told = alike(name, 'policy leaves the instance metadata at 169.254.169.254 open to', after);
    if (restriction.state === 'off') return { state: 'FAIL', ...told, evidence };
    return { state: 'WARN', severity: 'medium', ...told, evidence };
  }
  const unsure = points.findIndex((_, index) => includes(grants[index]!.possible, HTTP));
  if (unsure >= 0) {
    const asked = { direction: 'egress', subject: points[unsure]!, peer: net.metadata } as const;
    const doubts = doubtsText(doubtsOf(net, asked, grantOf(net, asked)));
    return {
      state: 'UNKNOWN',
      message: `whether ${name} reaches instance metadata is not known (${doubts})`,
      evidence: [own],
    };
  }
  const host = points.some((point) => {
    const { allowed } = grantBetween(net.reach, point, net.wireServer);
    return includes(allowed, HTTP) || includes(allowed, HOST_AGENT);
  });
  if (host)
    return {
      state: 'WARN',
      severity: 'medium',
      ...alike(name, 'policy closes instance metadata, and leaves the host at 168.63.129.16 open, to', ''),
      evidence: [own],
    };
  return { state: 'PASS', message: `policy keeps ${name} from instance metadata`, evidence: [own] };
}

/** What is said of one workload, and in the same words of several. */
function alike(name: string, before: string, after: string): Pick<Judged, 'message' | 'together'> {
  const fix = ['keep', " from the addresses of their node's platform"] as const;
  return { message: `${before} ${name}${after}`, together: { key: before, before, after, fix } };
}
