import { equalIntervals, includes, meet, unite } from '#base/intervals.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';

/**
 * What one endpoint may send another: `allowed` for certain, `possible` at most. What lies between is unknown.
 * INVARIANT: `allowed ⊆ possible`. Grants of one table are equal exactly when they are the same object.
 */
export interface Grant {
  readonly id: number;
  readonly allowed: TrafficSet;
  readonly possible: TrafficSet;
}

/** Interns grants, so that the few hundred that a cluster has are computed with once. */
export interface GrantTable {
  readonly all: Grant;
  readonly none: Grant;
  of(allowed: TrafficSet, possible: TrafficSet): Grant;
  meet(a: Grant, b: Grant): Grant;
}

export function grantTable(): GrantTable {
  // INVARIANT: an exact grant holds one set twice (`allowed === possible`), which callers may test by identity.
  const byText = new Map<string, Grant>();
  const meets = new Map<number, Grant>();
  const none = of(NO_TRAFFIC, NO_TRAFFIC);
  const all = of(ALL_TRAFFIC, ALL_TRAFFIC);
  return { all, none, of, meet: meetGrants };

  function of(allowed: TrafficSet, possible: TrafficSet): Grant {
    const exact = equalIntervals(allowed, possible);
    const text = exact ? allowed.join() : `${allowed.join()}/${possible.join()}`;
    let grant = byText.get(text);
    if (grant === undefined) {
      grant = { id: byText.size, allowed, possible: exact ? allowed : possible };
      byText.set(text, grant);
    }
    return grant;
  }

  function meetGrants(a: Grant, b: Grant): Grant {
    if (a === b || b === all) return a;
    if (a === all) return b;
    if (a === none || b === none) return none;
    // Ids stay far below 2^26: two of them fit the 53 bits of a number.
    const key = Math.min(a.id, b.id) * 0x4000000 + Math.max(a.id, b.id);
    let grant = meets.get(key);
    if (grant === undefined) {
      const allowed = meet(a.allowed, b.allowed);
      const exact = a.allowed === a.possible && b.allowed === b.possible;
      grant = of(allowed, exact ? allowed : meet(a.possible, b.possible));
      meets.set(key, grant);
    }
    return grant;
  }
}

export function verdictOf(grant: Grant, traffic: number): Verdict {
  if (includes(grant.allowed, traffic)) return 'allowed';
  return grant.possible !== grant.allowed && includes(grant.possible, traffic) ? 'unknown' : 'denied';
}

/** The union of many traffic sets. */
export function uniteTraffic(sets: readonly TrafficSet[]): TrafficSet {
  return sets.reduce((all, set) => unite(all, set), NO_TRAFFIC);
}
