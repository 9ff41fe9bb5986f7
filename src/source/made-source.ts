import type { PlainValue } from '#model/plain.ts';
import type { SourceText } from '#parse/text/node.ts';

/**
 * A value as JSON text whose places are those of the file that it came from. `at` has a line and a column for every
 * value and every key, in order: a list of another length leaves the rest at the last place that is known.
 */
export function madeSource(file: string, at: readonly number[], value: PlainValue): SourceText {
  const { text, offsets } = written(value);
  const triples: number[] = [];
  for (let index = 0; index + 1 < at.length; index += 2) triples.push(0, at[index]!, at[index + 1]!);
  return sourceOf({ file, text, places: { files: [file], offsets, at: triples } });
}

/** Where the values of one text came from, when that was several files. */
export interface ManyPlaces {
  readonly files: readonly string[];
  /** The number of a file, a line and a column for every value and every key, in order. */
  readonly at: readonly number[];
}

/** The same for a value that came from several files; `name` is only what the text itself is called. */
export function madeOfMany(name: string, { files, at }: ManyPlaces, value: PlainValue): SourceText {
  const { text, offsets } = written(value);
  return sourceOf({ file: name, text, places: { files, offsets, at } });
}

/** A text as data alone, without functions: what one thread can hand to another. */
export interface MovableText {
  readonly file: string;
  readonly text: string;
  readonly renderedBy?: 'kustomize' | 'helm';
  /** Of a text that was made: where its values came from. `offsets` rise; `at` has three numbers for each of them. */
  readonly places?: ManyPlaces & { readonly offsets: readonly number[] };
}

/** What `sourceOf` makes the same text of again. */
export function movableOf(source: SourceText): MovableText {
  const { file, text, renderedBy } = source;
  const places = PLACES.get(source);
  return { file, text, ...(renderedBy !== undefined && { renderedBy }), ...(places !== undefined && { places }) };
}

export function sourceOf({ places, ...rest }: MovableText): SourceText {
  if (places === undefined) return rest;
  const { files, offsets, at } = places;
  const last = Math.max(0, at.length / 3 - 1);
  const source: SourceText = {
    ...rest,
    originAt: (offset) => {
      const index = Math.min(indexBefore(offsets, offset), last) * 3;
      return { file: files[at[index] ?? 0] ?? rest.file, line: at[index + 1] ?? 1, column: at[index + 2] ?? 1 };
    },
  };
  PLACES.set(source, places);
  return source;
}

/** Beside the texts and not in them: nobody else has to know that a text was made. */
const PLACES = new WeakMap<SourceText, NonNullable<MovableText['places']>>();

function written(value: PlainValue): Writer {
  const writer: Writer = { text: '', offsets: [] };
  write(writer, value, '');
  return writer;
}

interface Writer {
  text: string;
  /** Of every value and key, rising. */
  readonly offsets: number[];
}

function write(writer: Writer, value: PlainValue, indent: string): void {
  writer.offsets.push(writer.text.length);
  if (typeof value !== 'object' || value === null) {
    writer.text += JSON.stringify(value);
    return;
  }
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  writer.text += isList ? '[' : '{';
  let separator = `\n${inner}`;
  for (const [key, child] of Object.entries(value)) {
    writer.text += separator;
    if (!isList) {
      writer.offsets.push(writer.text.length);
      writer.text += `${JSON.stringify(key)}: `;
    }
    write(writer, child, inner);
    separator = `,\n${inner}`;
  }
  writer.text += isList ? ']' : '}';
}

function indexBefore(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (offsets[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
