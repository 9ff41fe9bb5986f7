import { hasBit, nextBit } from '#base/bits.ts';
import type { CellTable } from './cells.ts';
import type { Policy, Stack, Tier } from './form.ts';
import { NO_PROGRAM, type Program, type ProgramBox, type ProgramPolicy, type ProgramTier } from './program.ts';

/** The policies of a stack in the order in which they are asked, numbered. */
export interface PolicyList {
  readonly places: readonly Place[];
  readonly cells: CellTable;
}

interface Place {
  readonly policy: Policy;
  readonly tier: Tier;
  readonly level: number;
  /** Every box of every rule, ready for any subject; narrowed for a subject where a box is not for all (`on`). */
  readonly boxes: readonly (readonly ProgramBox[])[];
  readonly forAll: boolean;
}

/** For each point the policies that select it, as `2 × number + certain`, rising. */
export type Selected = readonly (readonly number[])[];

export function listPolicies(stack: Stack, cells: CellTable): PolicyList {
  const places: Place[] = [];
  for (const tier of stack) {
    for (const [level, policies] of tier.levels.entries()) {
      for (const policy of policies) places.push(placeOf({ policy, tier, level }, cells));
    }
  }
  return { places, cells };
}

function placeOf(place: Pick<Place, 'policy' | 'tier' | 'level'>, cells: CellTable): Place {
  const boxes = place.policy.rules.map((rule) => rule.boxes.map((box): ProgramBox => {
    const { must, may } = box.traffic;
    return { box, certain: true, mustTraffic: cells.numberOf(must), mayTraffic: cells.numberOf(may) };
  }));
  const forAll = place.policy.rules.every((rule) => rule.boxes.every((box) => box.on === undefined));
  return { ...place, boxes, forAll };
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
    const place = list.places[code >>> 1]!;
    if (place.forAll) continue;
    for (const { box } of place.boxes.flat()) {
      if (box.on !== undefined) text += hasBit(box.on.must, point) ? '!' : hasBit(box.on.may, point) ? '?' : '.';
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
    last.levels.at(-1)!.push(applied(place, (code & 1) === 1, point));
  }
  return { tiers: tiers as readonly ProgramTier[] };
}

function applied({ policy, boxes, forAll }: Place, certain: boolean, point: number): ProgramPolicy {
  const rules = policy.rules.map((rule, index) => ({ rule, boxes: forAll ? boxes[index]! : boxesFor(boxes[index]!, point) }));
  return { policy, certain, rules };
}

function boxesFor(boxes: readonly ProgramBox[], point: number): ProgramBox[] {
  const out: ProgramBox[] = [];
  for (const entry of boxes) {
    const { on } = entry.box;
    if (on === undefined) out.push(entry);
    else if (hasBit(on.may, point)) out.push({ ...entry, certain: hasBit(on.must, point) });
  }
  return out;
}
