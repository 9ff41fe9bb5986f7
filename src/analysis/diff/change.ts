import { meet, subtract, unite } from '#base/intervals.ts';
import type { Engine } from '#engine/engine.ts';
import type { Grant } from '#engine/grants.ts';
import { grantBetween } from '#engine/reach.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { together } from '../map/connections.ts';
import type { Aligned } from './align.ts';
import type { Twin } from './twins.ts';

/** How one connection differs. Changes of one calculator are equal exactly when they are the same object. */
export interface Change {
  readonly id: number;
  readonly opened: TrafficSet;
  readonly closed: TrafficSet;
  /** Known on one side and unknown on the other. */
  readonly unsettled: TrafficSet;
}

export interface ChangeCalculator {
  /** Undefined where nothing changed within the scope. */
  between(from: Twin, to: Twin): Change | undefined;
  unite(a: Change, b: Change): Change;
}

/** What one input says about one connection in one address family. */
type Held = ReturnType<typeof together>;

const NOTHING_HELD: Held = { allowed: NO_TRAFFIC, mixed: NO_TRAFFIC, unknown: NO_TRAFFIC };

export function changeCalculator({ base, head }: Aligned, scope: TrafficSet): ChangeCalculator {
  const interned = new Map<string, Change>();
  const remembered = new Map<Grant, Map<Grant, Change>>();
  const nothing = intern(NO_TRAFFIC, NO_TRAFFIC, NO_TRAFFIC);
  return { between, unite: uniteChanges };

  function between(from: Twin, to: Twin): Change | undefined {
    let all = nothing;
    for (const a of from.facets) {
      for (const b of to.facets) {
        if ((a.families & b.families) === 0) continue;
        const before = grantsBetween(base, a.base, b.base);
        const after = grantsBetween(head, a.head, b.head);
        all = uniteChanges(
          all,
          before.length === 1 && after.length === 1
            ? ofGrants(before[0]!, after[0]!)
            : ofHeld(held(before), held(after)),
        );
      }
    }
    return all === nothing ? undefined : all;
  }

  function ofGrants(before: Grant, after: Grant): Change {
    const byAfter = remembered.get(before) ?? new Map<Grant, Change>();
    remembered.set(before, byAfter);
    let change = byAfter.get(after);
    if (change === undefined) {
      change = ofHeld(held([before]), held([after]));
      byAfter.set(after, change);
    }
    return change;
  }

  /** What is mixed lies between denied and allowed: more for some is opened, less for some is closed. */
  function ofHeld(before: Held, after: Held): Change {
    const opened = unite(
      subtract(after.allowed, unite(before.allowed, before.unknown)),
      subtract(after.mixed, possibleIn(before)),
    );
    const closed = unite(
      subtract(before.allowed, unite(after.allowed, after.unknown)),
      subtract(before.mixed, possibleIn(after)),
    );
    const unsettled = unite(subtract(before.unknown, after.unknown), subtract(after.unknown, before.unknown));
    return intern(meet(opened, scope), meet(closed, scope), meet(unsettled, scope));
  }

  function uniteChanges(a: Change, b: Change): Change {
    if (a === b || b === nothing) return a;
    if (a === nothing) return b;
    return intern(unite(a.opened, b.opened), unite(a.closed, b.closed), unite(a.unsettled, b.unsettled));
  }

  function intern(opened: TrafficSet, closed: TrafficSet, unsettled: TrafficSet): Change {
    const text = `${opened.join()}/${closed.join()}/${unsettled.join()}`;
    let change = interned.get(text);
    if (change === undefined) {
      change = { id: interned.size, opened, closed, unsettled };
      interned.set(text, change);
    }
    return change;
  }
}

function possibleIn({ allowed, mixed, unknown }: Held): TrafficSet {
  return unite(unite(allowed, mixed), unknown);
}

function held(grants: readonly Grant[]): Held {
  return grants.length === 0 ? NOTHING_HELD : together(grants);
}

/** None where they have no address family in common. */
function grantsBetween({ reach }: Engine, from: readonly number[], to: readonly number[]): Grant[] {
  const grants: Grant[] = [];
  for (const a of from) {
    for (const b of to) {
      if ((reach.world.points[a]!.families & reach.world.points[b]!.families) !== 0)
        grants.push(grantBetween(reach, a, b));
    }
  }
  return grants;
}
