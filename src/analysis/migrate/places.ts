import type { Engine } from '#engine/engine.ts';
import { explainEach } from '#engine/explain.ts';
import type { PolicyPlace } from '#model/migration.ts';
import type { Direction } from '#model/resource.ts';
import type { PolicyRef, RuleStep, Trace } from '#model/verdict.ts';
import type { ChangedPair } from '../diff/changed-pairs.ts';
import type { Twin } from '../diff/twins.ts';
import { type Step, trafficOf } from './changes.ts';

/** Explaining every connection of a group says nothing new: they differ for the same reason. */
const MOST_EXPLAINED = 200;

export interface Explaining {
  readonly twins: readonly Twin[];
  readonly steps: readonly Step[];
}

/**
 * The rules that match on one side of a step and not on the other, and, where nothing but being isolated decides, the
 * policies that isolate. In the order of their text.
 */
export function placesOf({ twins, steps }: Explaining, pairs: readonly ChangedPair[]): PolicyPlace[] {
  const found = new Map<string, PolicyPlace>();
  for (const { from, to, change } of pairs.slice(0, MOST_EXPLAINED)) {
    const source = twins[from]!.facets[0]!.base[0]!;
    const target = twins[to]!.facets[0]!.base[0]!;
    const traffic = trafficOf(change)[0]!;
    for (const step of steps) {
      for (const direction of ['egress', 'ingress'] as const) {
        const ends = direction === 'egress' ? { subject: source, peer: target } : { subject: target, peer: source };
        for (const place of differing(step, { direction, ...ends, traffic })) found.set(keyOf(place), place);
      }
    }
  }
  return [...found.values()].sort(comparePlaces);
}

interface Asked {
  readonly direction: Direction;
  readonly subject: number;
  readonly peer: number;
  readonly traffic: number;
}

function differing({ before, after }: Step, asked: Asked): PolicyPlace[] {
  const told = { before: tracesOf(before, asked), after: tracesOf(after, asked) };
  const rules = { before: rulesOf(told.before), after: rulesOf(told.after) };
  const out: PolicyPlace[] = [];
  for (const [key, { place }] of [...rules.before, ...rules.after]) {
    if (rules.before.get(key)?.matches !== rules.after.get(key)?.matches) out.push(place);
  }
  if (out.length > 0) return out;
  const isolating = told.before.flatMap(({ isolatedBy }) => isolatedBy);
  const isolatingNow = told.after.flatMap(({ isolatedBy }) => isolatedBy);
  const verdicts = [told.before, told.after].map((traces) => traces.map(({ verdict }) => verdict).join());
  return verdicts[0] === verdicts[1] ? [] : [...isolating, ...isolatingNow].map((ref) => placeOf(ref));
}

function tracesOf({ reach }: Engine, asked: Asked): readonly Trace[] {
  return explainEach(reach, asked).map(({ trace }) => trace);
}

interface Said {
  readonly place: PolicyPlace;
  readonly matches: RuleStep['matches'];
}

/** Rules of the input: what an engine adds by itself has no line. */
function rulesOf(traces: readonly Trace[]): Map<string, Said> {
  const out = new Map<string, Said>();
  for (const { steps } of traces) {
    for (const { rule, matches } of steps) {
      if (rule.policy.origin.file === '' || matches === 'no') continue;
      const place = { ...placeOf(rule.policy), path: rule.path, origin: rule.origin };
      out.set(keyOf(place), { place, matches });
    }
  }
  return out;
}

export function placeOf({ kind, namespace, name, origin }: PolicyRef): PolicyPlace {
  return { policy: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`, path: '', origin };
}

function keyOf({ policy, path }: PolicyPlace): string {
  return `${policy}\n${path}`;
}

function comparePlaces(a: PolicyPlace, b: PolicyPlace): number {
  return compareText(a.policy, b.policy) || compareText(a.path, b.path);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
