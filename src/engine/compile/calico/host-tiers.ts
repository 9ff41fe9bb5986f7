import { isEmpty } from '#base/bits.ts';
import { unite } from '#base/intervals.ts';
import type { CalicoFailsafe, CalicoHostEndpoint, CalicoPolicy, CalicoSettings } from '#model/calico.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import { isPortProtocol, NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import {
  type Box,
  exactly,
  exactTraffic,
  type Level,
  type PointSpan,
  type Policy,
  type Rule,
  type Tier,
} from '../../form.ts';
import { doubting, unionOf } from '../../spans.ts';
import { compileOwnNode } from '../own-node.ts';
import type { Calico } from './context.ts';
import { hostSubjectOf } from './entity.ts';
import { hostPoints } from './hosts.ts';
import { policyWith } from './policy.ts';

export interface HostTiers {
  /** Asked before all tiers, in this order. */
  readonly before: readonly Tier[];
  /** Asked after all tiers. */
  readonly profile: Tier | undefined;
}

/** felix/config: ports that no policy of a host endpoint closes. */
const FAILSAFE: Readonly<Record<Direction, Readonly<Record<'TCP' | 'UDP', readonly number[]>>>> = {
  ingress: { TCP: [22, 179, 2379, 2380, 5473, 6443, 6666, 6667], UDP: [68] },
  egress: { TCP: [179, 2379, 2380, 5473, 6443, 6666, 6667], UDP: [53, 67] },
};

/** A host endpoint with one of these allows what no policy decides. */
const ALLOWING_PROFILE = /^(?:projectcalico-default-allow|kns\..+)$/;

/**
 * What Calico asks at a host endpoint besides its tiers (felix/rules): failsafe ports, untracked and pre-DNAT policy, both
 * without a denial at their end; after the tiers its profiles, and without one that allows, a denial.
 */
export function hostTiers(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): HostTiers {
  if (calico.hosts.length === 0) return { before: [], profile: undefined };
  const early = policies.filter(({ types }) => types.includes(direction));
  const before = [
    ownPods(calico, direction),
    failsafeTier(calico, direction),
    earlyTier(
      calico,
      early.filter(({ doNotTrack }) => doNotTrack),
      { name: 'untracked', direction },
    ),
    earlyTier(
      calico,
      early.filter(({ preDnat }) => preDnat),
      { name: 'pre-DNAT', direction },
    ),
  ];
  return { before: before.filter((tier) => tier !== undefined), profile: profileTier(calico) };
}

/** Pods of the node do not come through its interfaces; an endpoint of all interfaces (`*`) sees them too. */
function ownPods({ compiling, hosts, ...calico }: Calico, direction: Direction): Tier | undefined {
  const narrow = hosts.filter(({ interfaceName }) => interfaceName !== '*');
  const own = compileOwnNode(compiling, [subjectPolicy({ compiling, hosts, ...calico }, [])]);
  if (own === undefined || narrow.length === 0) return undefined;
  const subject = unionOf(narrow.map((host) => hostPoints({ compiling, hosts, ...calico }, host)));
  const boxes = own.rules.flatMap((rule) => rule.boxes).map((box): Box => turned(box));
  const rule = { action: 'allow' as const, boxes, path: direction, origin: own.ref.origin };
  return { name: 'own pods', levels: [[{ ...own, subject, rules: [rule] }]], onEnd: 'pass' };
}

/** "These pods with this node" as the node sees it. */
function turned({ on, peers, traffic }: Box): Box {
  return on === undefined ? { peers, traffic } : { on: peers, peers: on, traffic };
}

function failsafeTier(calico: Calico, direction: Direction): Tier | undefined {
  const settings =
    calico.snapshot.calicoSettings.find(({ name }) => name === 'default') ?? calico.snapshot.calicoSettings[0];
  const boxes = failsafeBoxes(calico, settings, direction);
  if (boxes.length === 0) return undefined;
  const base = subjectPolicy(calico, calico.hosts);
  const rule = { action: 'allow' as const, boxes, path: 'failsafe ports', origin: base.ref.origin };
  return { name: 'failsafe', levels: [[{ ...base, rules: [rule] }]], onEnd: 'pass' };
}

function failsafeBoxes(
  { compiling, world }: Calico,
  settings: CalicoSettings | undefined,
  direction: Direction,
): Box[] {
  const given = direction === 'ingress' ? settings?.failsafeInbound : settings?.failsafeOutbound;
  if (given !== undefined) {
    return given.map((entry) => ({
      peers: entry.net === undefined ? exactly(world.everything) : compiling.networks.covered(entry.net, []),
      traffic: exactTraffic(trafficOf(entry)),
    }));
  }
  let traffic: TrafficSet = NO_TRAFFIC;
  for (const protocol of ['TCP', 'UDP'] as const) {
    for (const port of FAILSAFE[direction][protocol]) traffic = unite(traffic, portTraffic(protocol, port));
  }
  return [{ peers: exactly(world.everything), traffic: exactTraffic(traffic) }];
}

function trafficOf({ protocol, port }: CalicoFailsafe): TrafficSet {
  return isPortProtocol(protocol) ? portTraffic(protocol, port) : protocolTraffic(protocol);
}

interface Early {
  readonly name: string;
  readonly direction: Direction;
}

/** What these allow goes on past normal policy, in some data paths; what they deny is denied. */
function earlyTier(calico: Calico, policies: readonly CalicoPolicy[], { name, direction }: Early): Tier | undefined {
  const levels = policies.flatMap((policy): Level[] => {
    const subject = hostSubjectOf(calico, policy);
    if (isEmpty(subject.may)) return [];
    const compiled = policyWith(calico, policy, { direction, subject });
    const rules = policy.doNotTrack ? compiled.rules.map(judgedTwice) : compiled.rules;
    return [[{ ...compiled, rules, isolates: false }]];
  });
  return levels.length === 0 ? undefined : { name, levels, onEnd: 'pass' };
}

/** Untracked policy judges replies as well, so what it allows one way may yet be stopped on the way back. */
function judgedTwice(rule: Rule): Rule {
  if (rule.action !== 'allow') return rule;
  const boxes = rule.boxes.map(
    (box): Box => ({ ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt: 'host-forwarding' }),
  );
  return { ...rule, boxes };
}

function profileTier(calico: Calico): Tier | undefined {
  const closed = calico.hosts.filter(({ profiles }) => !profiles.some((profile) => ALLOWING_PROFILE.test(profile)));
  if (closed.length === 0) return undefined;
  return { name: 'profile', levels: [[subjectPolicy(calico, closed)]], onEnd: 'deny' };
}

/** Isolates host endpoints and says nothing else. A profile that is not in the input may allow. */
function subjectPolicy(calico: Calico, hosts: readonly CalicoHostEndpoint[]): Policy {
  const spans = hosts.map((host): PointSpan => {
    const points = hostPoints(calico, host);
    return host.profiles.length === 0 ? points : doubting(points, points.may, 'engine-undefined');
  });
  const subject = spans.length === 0 ? exactly(calico.world.hosts) : unionOf(spans);
  const first = hosts[0];
  const origin = first?.origin ?? NO_ORIGIN;
  const ref = { kind: 'HostEndpoint', namespace: '', name: hosts.map(({ name }) => name).join(', '), origin };
  return { ref, subject, isolates: true, rules: [] };
}
