import { meet, sizeOf, subtract, unite } from '#base/intervals.ts';
import { explainEach } from '#engine/explain.ts';
import type { Grant } from '#engine/grants.ts';
import { grantIn } from '#engine/rows.ts';
import type { Evidence } from '#model/control.ts';
import { REASONS, type ReasonCode } from '#model/reason.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_PORTS, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { trafficList, trafficText } from '../../traffic-list.ts';
import { titleOf } from '../context.ts';
import type { NetWorld } from './net-world.ts';

/**
 * What a pod exchanges with somebody whom no rule has in mind. `denied`: nothing, or few ports; `some`: many ports, or one
 * protocol; `open`: nearly everything; `unknown`: policy only perhaps stops it.
 */
export type Openness = 'denied' | 'some' | 'open' | 'unknown';

export interface Asked {
  readonly direction: Direction;
  readonly subject: number;
  readonly peer: number;
}

/** A rule that names so many ports names no need. */
export const FEW_PORTS = 1000;
const TCP = protocolTraffic('TCP');
const UDP = protocolTraffic('UDP');

/** What the subject's own side lets pass. */
export function grantOf({ reach }: Pick<NetWorld, 'reach'>, { direction, subject, peer }: Asked): Grant {
  return grantIn(reach[direction].rows[subject]!, peer, reach.grants);
}

/** Grants are shared by all pairs that get the same. */
const OPENNESS = new WeakMap<Grant, Openness>();

export function opennessOf(grant: Grant): Openness {
  const known = OPENNESS.get(grant);
  if (known !== undefined) return known;
  const openness = measured(grant);
  OPENNESS.set(grant, openness);
  return openness;
}

function measured(grant: Grant): Openness {
  const half = sizeOf(TCP) / 2;
  if (sizeOf(meet(grant.allowed, TCP)) > half) return 'open';
  if (sizeOf(meet(grant.possible, TCP)) > half) return 'unknown';
  if ([TCP, UDP].some((protocol) => sizeOf(meet(grant.allowed, protocol)) > FEW_PORTS)) return 'some';
  if (sizeOf(meet(grant.possible, unite(TCP, UDP))) > 2 * FEW_PORTS) return 'unknown';
  return 'denied';
}

/** `TCP 80, 443`; `every port`. */
export function portsText(traffic: TrafficSet): string {
  const ports = meet(traffic, ALL_PORTS);
  return subtract(ALL_PORTS, ports).length === 0 ? 'every port' : trafficText(trafficList(ports, ALL_PORTS));
}

/** Why it is only perhaps so: the doubts of every layer. */
export function doubtsOf({ reach }: Pick<NetWorld, 'reach'>, asked: Asked, grant: Grant): readonly ReasonCode[] {
  const open = subtract(grant.possible, grant.allowed);
  if (open.length === 0) return [];
  const said = explainEach(reach, { ...asked, traffic: open[0]! });
  return [...new Set(said.flatMap(({ trace }) => trace.reasons))];
}

export function doubtsText(reasons: readonly ReasonCode[]): string {
  return reasons.length === 0 ? 'the input does not settle it' : reasons.map((reason) => REASONS[reason]).join('; ');
}

/** The policies that decide: those that isolate, or whose rule lets it pass. */
export function decidingPolicies(net: Pick<NetWorld, 'reach'>, asked: Asked, grant: Grant): readonly Evidence[] {
  return decidingOn(net, asked, portOf(grant));
}

/** The same of one point of the traffic axis. */
export function decidingOn(net: Pick<NetWorld, 'reach'>, asked: Asked, traffic: number): readonly Evidence[] {
  const own = explainEach(net.reach, { ...asked, traffic }).filter(
    (each) => each.asked.direction === asked.direction && each.asked.subject === asked.subject,
  );
  const evidence = own.flatMap(({ trace }) => [
    ...trace.steps.filter(({ decides }) => decides).map(({ rule }) => evidenceOfPolicy(rule.policy, rule.path)),
    ...(trace.end?.kind === 'isolated' ? trace.isolatedBy.map((policy) => evidenceOfPolicy(policy, '')) : []),
  ]);
  return evidence.filter(({ origin }) => origin !== undefined && origin.file !== '').slice(0, MOST);
}

const MOST = 5;

/** A port that nothing names: of what is allowed where most is, of what is not where little is. */
function portOf(grant: Grant): number {
  const open = meet(grant.allowed, TCP);
  const rest = subtract(TCP, grant.allowed);
  const side = sizeOf(open) > sizeOf(rest) ? open : rest;
  return side.at(-1) ?? TCP[0]!;
}

export function evidenceOfPolicy(policy: PolicyRef, path: string): Evidence {
  return { object: titleOf(policy), ...(path !== '' && { field: path }), origin: policy.origin };
}

/** Whether some policy has a word on what a pod exchanges with somebody whom no rule names. */
export function coverOf(net: Pick<NetWorld, 'reach'>, asked: Asked): 'covered' | 'open' | 'unknown' {
  const grant = grantOf(net, asked);
  const said = explainEach(net.reach, { ...asked, traffic: portOf(grant) }).filter(
    (each) => each.asked.direction === asked.direction && each.asked.subject === asked.subject,
  );
  if (said.some(({ trace }) => trace.verdict === 'denied')) return 'covered';
  if (said.some(({ trace }) => trace.verdict === 'unknown')) return 'unknown';
  return said.some(({ trace }) => trace.end === undefined && trace.steps.some(isCovering)) ? 'covered' : 'open';
}

/** An allow rule of a policy that isolates as well: somebody thought of this pod. */
function isCovering({ decides, rule }: { readonly decides: boolean; readonly rule: { readonly action: string } }) {
  return decides && rule.action === 'allow';
}
