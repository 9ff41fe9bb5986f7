import type { Invariant } from '#model/invariant.ts';

/** Every name that invariants use, for `worldForNames`. */
export function namesIn(invariants: readonly Invariant[]): string[] {
  return [...new Set(invariants.flatMap(namesOf))];
}

export function namesOf(invariant: Invariant): readonly string[] {
  switch (invariant.kind) {
    case 'never':
    case 'always':
    case 'onlyThese':
      return [...invariant.from, ...invariant.to];
    case 'isolated':
      return invariant.endpoints;
    case 'invalid':
      return [];
  }
}
