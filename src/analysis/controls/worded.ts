import type { Judged } from '#model/control.ts';
import type { Words } from './assessment.ts';

/** What is said of so many places, by what they come to: `bad` of those that fail or warn. */
export interface PlaceWords {
  readonly bad: Words;
  readonly good: Words;
  readonly open?: Words;
  readonly warn?: Words;
}

/** The words that fit the state that the places come to: where all pass, it is not told what would be wrong. */
export function worded(places: readonly Judged[], { bad, good, open, warn = bad }: PlaceWords): Words {
  const has = (state: Judged['state']) => places.some((place) => place.state === state);
  if (has('FAIL')) return bad;
  if (has('UNKNOWN') || has('MANUAL')) return open ?? ((count) => `${count} cannot be decided from the input`);
  return has('WARN') ? warn : good;
}

/** `2 bindings give`, `1 binding gives`: `counted('binding gives', 'bindings give')`. */
export function counted(one: string, many: string): Words {
  return (count) => `${count} ${count === 1 ? one : many}`;
}
