/**
 * One copy of every text that the snapshot keeps. A piece of a large source keeps the whole source alive in V8 (sliced
 * strings), so what is kept is copied once, and equal texts share the copy.
 */
export class Strings {
  readonly #known = new Map<string, string>();

  own(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const copy = text.length < SHORTEST_SLICE ? text : copyOf(text);
    this.#known.set(copy, copy);
    return copy;
  }
}

/** V8 copies shorter pieces by itself. */
const SHORTEST_SLICE = 13;

/** Joining makes a text of its own, and cutting off what was joined refers to that one and not to the source. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1);
}
