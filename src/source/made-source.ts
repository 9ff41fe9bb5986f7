import type { PlainValue } from '#model/plain.ts';
import type { SourceText } from '#parse/text/node.ts';

/**
 * A value as JSON text whose places are those of the file that it came from. `at` has a line and a column for every
 * value and every key, in order: a list of another length leaves the rest at the last place that is known.
 */
export function madeSource(file: string, at: readonly number[], value: PlainValue): SourceText {
  const { text, offsets } = written(value);
  const last = Math.max(0, at.length / 2 - 1);
  return {
    file,
    text,
    originAt: (offset) => {
      const index = Math.min(indexBefore(offsets, offset), last) * 2;
      return { file, line: at[index] ?? 1, column: at[index + 1] ?? 1 };
    },
  };
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
  const last = Math.max(0, at.length / 3 - 1);
  return {
    file: name,
    text,
    originAt: (offset) => {
      const index = Math.min(indexBefore(offsets, offset), last) * 3;
      return { file: files[at[index] ?? 0] ?? name, line: at[index + 1] ?? 1, column: at[index + 2] ?? 1 };
    },
  };
}

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
