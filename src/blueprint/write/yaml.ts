import type { PlainValue } from '#model/plain.ts';
import { yamlText } from '#parse/text/print-yaml.ts';

/** One document of a file, and what its text does not say by itself. */
export interface Document {
  /** Sentences of a comment above it; undefined where the document says it all. */
  readonly why?: string;
  readonly value: PlainValue;
}

/** Characters of a comment's line, its mark counted. */
const WIDTH = 100;

/** Documents as one file, each below its comment. */
export function yamlFile(documents: readonly Document[]): string {
  return documents
    .map(({ why, value }) => `${why === undefined ? '' : commentText(why)}${[...yamlText(value)].join('')}`)
    .join('---\n');
}

/** Sentences as lines of a comment; a line break in them stays one. */
export function commentText(sentences: string): string {
  return sentences
    .split('\n')
    .flatMap(wrapped)
    .map((line) => `# ${line}\n`)
    .join('');
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 3 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
