import { hasBit, nextBit } from '#base/bits.ts';
import type { Box, Policy, Stack, Tier } from './form.ts';
import { NO_PROGRAM, type Program, type ProgramBox, type ProgramPolicy, type ProgramTier } from './program.ts';

/** The policies of a stack in the order in which they are asked, numbered. */
export interface PolicyList {
  readonly places: readonly Place[];
}

interface Place {
  readonly policy: Policy;
  readonly tier: Tier;
  readonly level: number;
}

/** For each point the policies that select it, as `2 × number + certain`, rising. */
export type Selected = readonly (readonly number[])[];

export function listPolicies(stack: Stack): PolicyList {
  const places: Place[] = [];
  for (const tier of stack) {
    for (const [level, policies] of tier.levels.entries()) {
      for (const policy of policies) places.push({ policy, tier, level });
    }
  }
  return { places };
}

export function selectedBy(list: PolicyList, size: number): number[][] {
  const selected: number[][] = Array.from({ length: size }, () => []);
  for (const [number, { policy }] of list.places.entries()) {
    const { may, must } = policy.subject;
    for (let point = nextBit(may, 0); point >= 0; point = nextBit(may, point + 1)) {
      selected[point]!.push(2 * number + (hasBit(must, point) ? 1 : 0));
    }
  }
  return selected;
}

/** Equal for points whose programs are the same. */
export function signatureOf(list: PolicyList, selected: readonly number[], point: number): string {
  let text = selected.join();
  for (const code of selected) {
    for (const rule of list.places[code >>> 1]!.policy.rules) {
      for (const box of rule.boxes) {
        if (box.on !== undefined) text += hasBit(box.on.must, point) ? '!' : hasBit(box.on.may, point) ? '?' : '.';
      }
    }
  }
  return text;
}

/** The program of a point from the list of what selects it. */
export function assemble(list: PolicyList, selected: readonly number[], point: number): Program {
  if (selected.length === 0) return NO_PROGRAM;
  const tiers: { tier: Tier; levels: ProgramPolicy[][] }[] = [];
  let level = -1;
  for (const code of selected) {
    const place = list.places[code >>> 1]!;
    let last = tiers.at(-1);
    if (last?.tier !== place.tier) {
      last = { tier: place.tier, levels: [] };
      tiers.push(last);
      level = -1;
    }
    if (level !== place.level) last.levels.push([]);
    level = place.level;
    last.levels.at(-1)!.push(applied(place.policy, (code & 1) === 1, point));
  }
  return { tiers: tiers as readonly ProgramTier[] };
}

function applied(policy: Policy, certain: boolean, point: number): ProgramPolicy {
  return { policy, certain, rules: policy.rules.map((rule) => ({ rule, boxes: boxesFor(rule.boxes, point) })) };
}

function boxesFor(boxes: readonly Box[], point: number): ProgramBox[] {
  const out: ProgramBox[] = [];
  for (const box of boxes) {
    if (box.on === undefined) out.push({ box, certain: true });
    else if (hasBit(box.on.may, point)) out.push({ box, certain: hasBit(box.on.must, point) });
  }
  return out;
}
