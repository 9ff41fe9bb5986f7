import { parseAddress } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { PROFILES } from '#model/profile.ts';
import { axis } from '../../ask.test-support.ts';
import { buildEngine } from '../../engine.ts';
import { explainEach } from '../../explain.ts';
import { type Reach, reachOf, verdictBetween } from '../../reach.ts';
import { externalPoint } from '../../world.ts';
import { snapshotWith } from './azure.test-support.ts';

export interface Asked {
  readonly azure: AzureEstate;
  /** `shop/web` unless said otherwise: a workload or an address. */
  readonly from?: string;
  /** An address or a name. */
  readonly to: string;
  readonly layer: 'route' | 'network-security' | 'service';
}

/** On port 443, by one layer: the verdict, with the reasons why it is unknown. */
export function ask(asked: Asked): string {
  const { reach, from, to } = reachFor(asked);
  const verdict = verdictBetween(reach, from, to, axis('TCP/443'));
  if (verdict !== 'unknown') return verdict;
  const reasons = tracesOf(asked).flatMap(reasonsIn);
  return `unknown: ${[...new Set(reasons)].sort().join(' ')}`;
}

/** What is said and decides nothing. */
export function notesFor(asked: Asked): string[] {
  const steps = tracesOf(asked).flatMap((trace) => trace.steps);
  return steps.filter(({ rule }) => rule.action === 'log').map(({ rule }) => rule.path);
}

function reachFor({ azure, from = 'shop/web', to, layer }: Asked) {
  const domains = parseAddress(to) === undefined ? [to] : [];
  const cuts = [from, to].flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ family: address.family, lo: address.value, hi: address.value }];
  });
  const { world, reach: whole } = buildEngine(snapshotWith(azure), { profile: PROFILES.upstream, domains, cuts });
  const layers = whole.layers.filter(({ name }) => name === layer);
  const reach: Reach = reachOf(world, layers);
  const pointOf = (text: string): number => {
    const address = parseAddress(text);
    if (address !== undefined) return externalPoint(world, address);
    const owner = world.owners.findIndex(({ namespace, name }) => `${namespace}/${name}` === text);
    return owner < 0 ? world.domains.get(text)![0]! : world.pointsOfOwner[owner]![0]!;
  };
  return { reach, from: pointOf(from), to: pointOf(to) };
}

function tracesOf(asked: Asked) {
  const { reach, from, to } = reachFor(asked);
  const sides = [
    { direction: 'egress', subject: from, peer: to },
    { direction: 'ingress', subject: to, peer: from },
  ] as const;
  return sides.flatMap((side) => explainEach(reach, { ...side, traffic: axis('TCP/443') }).map(({ trace }) => trace));
}

function reasonsIn(trace: unknown): string[] {
  if (typeof trace !== 'object' || trace === null) return [];
  return Object.entries(trace).flatMap(([key, value]): string[] => {
    if (key === 'reasons' && Array.isArray(value)) return value.filter((each) => typeof each === 'string');
    return reasonsIn(value);
  });
}
