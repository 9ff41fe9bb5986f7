/**
 * One copy of every text that the snapshot keeps. A piece of a large source keeps the whole source alive in V8 (sliced
 * strings), so what is kept is copied once, and equal texts share the copy.
 */
export class Strings {
  readonly #known = new Map<string, string>();

  own(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    // A round trip through JSON makes a string of its own that shares no memory with the source.
    const copy = JSON.parse(JSON.stringify(text)) as string;
    this.#known.set(copy, copy);
    return copy;
  }
}
