import { formatAddress } from '#base/address.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import type { Service } from '#model/exposure.ts';
import { ALL_PORTS, NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import type { Analysis } from '../analysis.ts';
import { type End, resolveName } from '../path/names.ts';
import type { Backend } from '../services/backends.ts';
import { serviceBookOf } from '../services/service-book.ts';
import { trafficList, trafficText } from '../traffic-list.ts';

/** An endpoint with the traffic that is asked about at it. */
export interface Target extends End {
  readonly traffic: TrafficSet;
}

export type Targets = { readonly kind: 'ok'; readonly list: readonly Target[] } | Unresolved;

/** Why names give no endpoints. `unknown`: the name means something that the input does not hold. */
export interface Unresolved {
  readonly kind: 'invalid' | 'unknown';
  readonly why: string;
  readonly near: readonly string[];
}

/**
 * The endpoints of names. `traffic` is what is asked about at each; undefined: every port. The ports of a Service are
 * those that its clients ask for, and become those of the pods behind it.
 */
export function targetsOf(analysis: Analysis, names: readonly string[], traffic: TrafficSet | undefined): Targets {
  const list: Target[] = [];
  for (const name of names) {
    const targets = targetsNamed(analysis, name, traffic);
    if (targets.kind !== 'ok') return targets;
    if (targets.list.length === 0 || targets.list.some(({ points }) => points.length === 0)) {
      return { kind: 'unknown', why: `the input does not hold what \`${name}\` stands for`, near: [] };
    }
    list.push(...targets.list);
  }
  return { kind: 'ok', list };
}

function targetsNamed(analysis: Analysis, name: string, traffic: TrafficSet | undefined): Targets {
  const named = resolveName(analysis, name);
  if (named.kind === 'problem') return { kind: 'invalid', why: named.message, near: named.near };
  if (named.service !== undefined) return targetsBehind(analysis, named.service, traffic);
  return { kind: 'ok', list: named.ends.map(({ id, points }) => ({ id, points, traffic: traffic ?? ALL_PORTS })) };
}

function targetsBehind(analysis: Analysis, service: Service, traffic: TrafficSet | undefined): Targets {
  const behind = serviceBookOf(analysis.engine).backendsOf(service);
  const title = `\`svc:${service.namespace}/${service.name}\``;
  if (behind.kind === 'domain')
    return { kind: 'unknown', why: `${title} is an alias of \`${behind.domain ?? ''}\``, near: [] };
  if (!behind.known) return { kind: 'unknown', why: `what serves ${title} is not in the input`, near: [] };
  const found: Found[] = behind.addresses.map((backend) => ({ backend, traffic: traffic ?? ALL_PORTS }));
  let left = behind.kind === 'headless' ? NO_TRAFFIC : (traffic ?? NO_TRAFFIC);
  for (const { port, backends, waiting } of behind.ports) {
    const asked = portTraffic(port.protocol, port.port);
    if (traffic !== undefined && meet(traffic, asked).length === 0) continue;
    left = subtract(left, asked);
    for (const backend of [...backends, ...waiting]) {
      const own = backend.port === undefined ? asked : portTraffic(port.protocol, backend.port);
      found.push({ backend, traffic: traffic === undefined ? ALL_PORTS : own });
    }
  }
  if (left.length > 0)
    return { kind: 'invalid', why: `${title} has no port ${trafficText(trafficList(left, ALL_PORTS))}`, near: [] };
  return byEndpoint(analysis, found, title);
}

interface Found {
  readonly backend: Backend;
  readonly traffic: TrafficSet;
}

function byEndpoint({ engine }: Analysis, found: readonly Found[], title: string): Targets {
  const targets = new Map<string, Target>();
  for (const { backend, traffic } of found) {
    if (backend.kind === 'unseen')
      return { kind: 'unknown', why: `pod \`${backend.pod}\` behind ${title} is not in the input`, near: [] };
    const id = backend.kind === 'pod' ? engine.world.owners[backend.owner]!.id : formatAddress(backend.address);
    const points = backend.kind === 'outside' ? [backend.point] : backend.points;
    // Pods of one workload may have another number for a named port: then they are targets of their own.
    const key = `${id} ${traffic.join()} ${backend.kind === 'pod' ? '' : points.join()}`;
    const before = targets.get(key);
    targets.set(key, {
      id,
      points: [...new Set([...(before?.points ?? []), ...points])],
      traffic: unite(before?.traffic ?? NO_TRAFFIC, traffic),
    });
  }
  return { kind: 'ok', list: [...targets.values()] };
}
