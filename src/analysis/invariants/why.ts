import { verdictBetween } from '#engine/reach.ts';
import type { Invariant } from '#model/invariant.ts';
import type { Direction } from '#model/resource.ts';
import { linesOf } from '#model/traffic.ts';
import type { Analysis } from '../analysis.ts';
import { hopsOf } from '../path/hops.ts';
import { trafficEntries, trafficText } from '../traffic-list.ts';
import type { Breach } from './pairs.ts';

/** In words why an invariant holds, or how many connections break it and what decides about the first. */
export function whyOf(analysis: Analysis, invariant: Invariant, breaches: readonly Breach[]): string {
  const [first] = breaches;
  if (first === undefined) return HOLDS[invariant.kind];
  const { from, to, verdict, through } = first;
  const more = breaches.length === 1 ? '' : `${breaches.length} connections, the first: `;
  const verb = { allowed: 'reaches', denied: 'does not reach', unknown: 'may reach' }[verdict];
  return `${more}${from.id} ${verb} ${to.id} on ${firstOf(first)}: ${through === undefined ? decidersOf(analysis, first) : `through ${through}`}`;
}

const HOLDS: Readonly<Record<Invariant['kind'], string>> = {
  never: 'nothing can get from one to the other',
  always: 'every connection is allowed',
  onlyThese: 'nobody else can reach it',
  isolated: 'a pod that no policy knows has no connection with it',
  invalid: '',
};

function firstOf({ traffic }: Breach): string {
  return trafficText(trafficEntries(traffic).slice(0, 1));
}

/** Who decides about one pair of points of the breach: the side that denies, or both sides that let it through. */
function decidersOf({ engine }: Analysis, breach: Breach): string {
  const point = breach.traffic[0]!;
  const pair = pairOf(breach, engine.world.points);
  if (pair === undefined) return 'they have no address family in common';
  const asked = linesOf([point, point])
    .map(({ protocol, ranges }) => `${protocol} ${ranges[0]?.[0] ?? ''}`.trim())
    .join();
  const ends = { source: { id: breach.from.id, point: pair[0] }, target: { id: breach.to.id, point: pair[1] } };
  const told = (['egress', 'ingress'] as const).flatMap((direction: Direction) => {
    const [subject, peer] = direction === 'egress' ? [ends.source, ends.target] : [ends.target, ends.source];
    return hopsOf({ engine, direction, subject, peer, traffic: point, trafficText: asked }).map(({ entry }) => entry);
  });
  const deciding = told.filter(({ verdict }) => verdict === breach.verdict);
  const isPod = (at: number) => engine.world.points[at]!.kind === 'pod';
  const words = deciding
    .filter(({ layer }) => isPod(layer.endsWith('-egress') ? pair[0] : pair[1]))
    .map(({ why }) => why);
  return [...new Set(words)].join('; ');

  function pairOf(
    { from, to, traffic, verdict }: Breach,
    points: typeof engine.world.points,
  ): [number, number] | undefined {
    const pairs = from.points.flatMap((a) => to.points.map((b): [number, number] => [a, b]));
    const meeting = pairs.filter(([a, b]) => (points[a]!.families & points[b]!.families) !== 0);
    return meeting.find(([a, b]) => verdictBetween(engine.reach, a, b, traffic[0]!) === verdict) ?? meeting[0];
  }
}
