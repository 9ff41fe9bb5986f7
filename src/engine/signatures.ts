import { type Bits, hasBit, nextBit } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CellTable } from './cells.ts';
import type { PointSpan, Policy, Stack, Tier } from './form.ts';
import { NO_PROGRAM, type Program, type ProgramBox, type ProgramPolicy, type ProgramTier } from './program.ts';

/** The policies of a stack in the order in which they are asked, numbered. */
export interface PolicyList {
  readonly places: readonly Place[];
  readonly cells: CellTable;
}

export interface Place {
  readonly policy: Policy;
  readonly tier: Tier;
  /** Rises in the order in which levels are asked; policies of one level share it. */
  readonly order: number;
  /** Every box of every rule, ready for any subject; narrowed for a subject where a box is not for all (`on`). */
  readonly boxes: readonly (readonly ProgramBox[])[];
  readonly forAll: boolean;
  /** Whom its boxes are for, each set once. */
  readonly on: readonly PointSpan[];
}

/** For each point the policies that select it, as `2 × number + certain`, in the order in which they are asked. */
export type Selected = readonly (readonly number[])[];

/** Levels of one tier; no tier has more. */
const LEVELS = 1_000_000;

export function listPolicies(stack: Stack, cells: CellTable): PolicyList {
  const places: Place[] = [];
  for (const [index, tier] of stack.entries()) {
    for (const [level, policies] of tier.levels.entries()) {
      for (const policy of policies) places.push(placeOf({ policy, tier, order: index * LEVELS + level }, cells));
    }
  }
  return { places, cells };
}

/** The list with policies more, beside the one whose number is `beside`. Numbers already given stay good. */
export function withPolicies(list: PolicyList, beside: number, policies: readonly Policy[]): PolicyList {
  const { tier, order } = list.places[beside]!;
  const added = policies.map((policy) => placeOf({ policy, tier, order }, list.cells));
  return { places: [...list.places, ...added], cells: list.cells };
}

/** What selects a point after an edit: codes of policies that went are dropped, those that came are put in their order. */
export function reselect(
  list: PolicyList,
  codes: readonly number[],
  edit: { readonly gone: ReadonlySet<number>; readonly came: readonly number[] },
): number[] {
  const orderOf = (code: number) => list.places[code >>> 1]!.order;
  return [...codes.filter((code) => !edit.gone.has(code >>> 1)), ...edit.came].sort(
    (a, b) => orderOf(a) - orderOf(b) || a - b,
  );
}

function placeOf(place: Pick<Place, 'policy' | 'tier' | 'order'>, cells: CellTable): Place {
  const boxes = place.policy.rules.map((rule) =>
    rule.boxes.map((box): ProgramBox => {
      const mustTraffic = cells.numberOf(box.traffic.must);
      const mayTraffic = cells.numberOf(box.traffic.may);
      const exact = mustTraffic === mayTraffic && box.peers.must === box.peers.may;
      return { box, certain: true, exact, mustTraffic, mayTraffic };
    }),
  );
  const on = distinctSpans(boxes.flatMap((list) => list.flatMap(({ box }) => box.on ?? [])));
  return { ...place, boxes, forAll: on.length === 0, on };
}

/** Thousands of rules name a few groups of senders. */
function distinctSpans(spans: readonly PointSpan[]): PointSpan[] {
  const known = new Map<Bits, Map<Bits, PointSpan>>();
  for (const span of spans) remembered(known, span.must, () => new Map<Bits, PointSpan>()).set(span.may, span);
  return [...known.values()].flatMap((own) => [...own.values()]);
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
    for (const { must, may } of place.on) text += hasBit(must, point) ? '!' : hasBit(may, point) ? '?' : '.';
  }
  return text;
}

/** The program of a point from the list of what selects it. */
export function assemble(list: PolicyList, selected: readonly number[], point: number): Program {
  if (selected.length === 0) return NO_PROGRAM;
  const tiers: { tier: Tier; levels: ProgramPolicy[][] }[] = [];
  let order = -1;
  for (const code of selected) {
    const place = list.places[code >>> 1]!;
    let last = tiers.at(-1);
    if (last?.tier !== place.tier) {
      last = { tier: place.tier, levels: [] };
      tiers.push(last);
    }
    if (order !== place.order) last.levels.push([]);
    order = place.order;
    last.levels.at(-1)!.push(applied(place, (code & 1) === 1, point));
  }
  return { tiers: tiers as readonly ProgramTier[] };
}

function applied({ policy, boxes, forAll }: Place, certain: boolean, point: number): ProgramPolicy {
  const rules = policy.rules.map((rule, index) => ({
    rule,
    boxes: forAll ? boxes[index]! : boxesFor(boxes[index]!, point),
  }));
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
