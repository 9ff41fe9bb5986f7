import { isEmpty } from '#base/bits.ts';
import type { CalicoHostEndpoint, CalicoPolicy } from '#model/calico.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC, NO_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { type Box, exactly, type Level, type Policy, type Rule, type Tier } from '../../form.ts';
import { doubting } from '../../spans.ts';
import { compileOwnNode } from '../own-node.ts';
import type { Calico } from './context.ts';
import { hostSubjectOf } from './entity.ts';
import { failsafeTier } from './failsafe.ts';
import { behindHosts } from './hosts.ts';
import { policyWith, refOf } from './policy.ts';
import { runsBpf } from './settings.ts';

export interface HostTiers {
  /** Asked before all tiers, in this order. */
  readonly before: readonly Tier[];
  /** Asked after all tiers. */
  readonly profile: Tier | undefined;
}

/** A host endpoint with one of these allows what no policy decides. */
const ALLOWING_PROFILE = /^(?:projectcalico-default-allow|kns\..+)$/;

/**
 * What Calico asks at a host endpoint besides its tiers (felix/rules): failsafe ports, untracked and pre-DNAT policy, both
 * without a denial at their end; after the tiers its profiles, and without one that allows, a denial.
 */
export function hostTiers(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): HostTiers {
  if (calico.hosts.length === 0) return { before: [], profile: undefined };
  const untracked = policies.filter(({ doNotTrack }) => doNotTrack);
  const early = policies.filter(({ preDnat }) => preDnat);
  const before = [
    ownPods(calico, direction),
    failsafeTier(calico, direction),
    earlyTier(calico, untracked, { name: 'untracked', direction }),
    replyTier(calico, untracked, direction),
    earlyTier(calico, early, { name: 'pre-DNAT', direction }),
  ];
  return { before: before.filter((tier) => tier !== undefined), profile: profileTier(calico) };
}

/**
 * What a node and its own pods send each other goes through no interface of the host, and endpoints of all interfaces
 * leave it alone too (felix/rules static.go); only the eBPF data path judges it by those.
 */
function ownPods(calico: Calico, direction: Direction): Tier | undefined {
  const { compiling, world, hosts } = calico;
  const subject = exactly(world.hosts);
  const ref: PolicyRef = { kind: 'Node', namespace: '', name: 'own pods', origin: NO_ORIGIN };
  const nodes: Policy = { ref, subject, isolates: false, rules: [] };
  const own = compileOwnNode(compiling, [nodes]);
  if (own === undefined) return undefined;
  const open = runsBpf(calico.snapshot) && hosts.some(({ interfaceName }) => interfaceName === '*');
  const boxes = own.rules.flatMap((rule) => rule.boxes).map((box): Box => turned(box, open));
  const rule: Rule = { action: 'allow', boxes, path: direction, origin: NO_ORIGIN };
  return { name: 'own pods', levels: [[{ ...nodes, rules: [rule] }]], onEnd: 'pass' };
}

/** "These pods with this node" as the node sees it. */
function turned({ on, peers, traffic }: Box, open: boolean): Box {
  const sides = on === undefined ? { peers } : { on: peers, peers: on };
  if (!open) return { ...sides, traffic };
  return { ...sides, traffic: { must: NO_TRAFFIC, may: traffic.may }, trafficDoubt: 'engine-undefined' };
}

interface Early {
  readonly name: string;
  readonly direction: Direction;
}

/** What these allow goes on past normal policy (felix/rules static.go); what they deny is denied. */
function earlyTier(calico: Calico, policies: readonly CalicoPolicy[], { name, direction }: Early): Tier | undefined {
  const levels = policies.flatMap((policy): Level[] => {
    if (!policy.types.includes(direction)) return [];
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

/** … and what it denies one way may be the reply to a connection that came the other way. */
function replyTier(calico: Calico, policies: readonly CalicoPolicy[], direction: Direction): Tier | undefined {
  const back: Direction = direction === 'ingress' ? 'egress' : 'ingress';
  const levels = policies.flatMap((policy): Level[] => {
    const denies = policy.types.includes(back) && policy[back].some(({ action }) => action === 'deny');
    const subject = hostSubjectOf(calico, policy);
    if (!denies || isEmpty(subject.may)) return [];
    const box: Box = {
      peers: exactly(calico.world.everything),
      traffic: { must: NO_TRAFFIC, may: ALL_TRAFFIC },
      trafficDoubt: 'host-forwarding',
    };
    const rule: Rule = { action: 'deny', boxes: [box], path: `spec.${back}`, origin: policy.origin };
    return [[{ ref: refOf(policy), subject, isolates: false, rules: [rule] }]];
  });
  return levels.length === 0 ? undefined : { name: 'untracked replies', levels, onEnd: 'pass' };
}

/** A profile that is not in the input may allow. */
function profileTier(calico: Calico): Tier | undefined {
  const closed = calico.hosts.filter(({ profiles }) => !profiles.some((profile) => ALLOWING_PROFILE.test(profile)));
  if (closed.length === 0) return undefined;
  const whole = behindHosts(calico, closed);
  const profiled = behindHosts(
    calico,
    closed.filter(({ profiles }) => profiles.length > 0),
  );
  const subject = doubting(whole, profiled.may, 'engine-undefined');
  const policy: Policy = { ref: refOfHosts(closed), subject, isolates: true, rules: [] };
  return { name: 'profile', levels: [[policy]], onEnd: 'deny' };
}

export function refOfHosts(hosts: readonly CalicoHostEndpoint[]): PolicyRef {
  const names = hosts.slice(0, 3).map(({ name }) => name);
  const name = [...names, ...(hosts.length > 3 ? [`${hosts.length - 3} more`] : [])].join(', ');
  return { kind: 'HostEndpoint', namespace: '', name, origin: hosts[0]?.origin ?? NO_ORIGIN };
}
