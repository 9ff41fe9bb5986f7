import type { Origin } from '#model/origin.ts';

/** What things without a name are called: by their file, and from the second of a file on by a number. */
export function namesByFile<T extends { readonly origin: Origin }>(things: readonly T[]): ReadonlyMap<T, string> {
  const counts = new Map<string, number>();
  return new Map(
    things.map((thing) => {
      const { file } = thing.origin;
      const number = (counts.get(file) ?? 0) + 1;
      counts.set(file, number);
      return [thing, number === 1 ? file : `${file}#${number}`];
    }),
  );
}
