import type { PathVerdict } from '#model/verdict.ts';

/** Text as it came from the input or from us; the writer of each format escapes it. */
export type Inline =
  | string
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** A word with a mark and a colour. */
  | { readonly kind: 'badge'; readonly tone: BadgeTone; readonly text: string };

export type BadgeTone = PathVerdict | 'opened' | 'closed' | 'unsettled' | 'problem';

/** One cell of a table, or one line. */
export type Run = readonly Inline[];

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly string[];
  /** Read once, so that a table of a million rows can be streamed. */
  readonly rows: Iterable<readonly Run[]>;
  /** Whether a page may offer a box to filter the rows. */
  readonly filter?: boolean;
  /** Whether the first cell of each row names it. */
  readonly named?: boolean;
}

export type Block =
  /** A part of the page (2, unless given), or a part of that (3). */
  | { readonly kind: 'heading'; readonly text: string; readonly level?: 2 | 3 }
  | { readonly kind: 'paragraph'; readonly run: Run }
  | { readonly kind: 'list'; readonly items: readonly Run[] }
  | { readonly kind: 'code'; readonly text: string }
  /** What is known of one thing: a name and a text for each. */
  | { readonly kind: 'facts'; readonly title: Run; readonly rows: readonly (readonly [name: string, run: Run])[] }
  /** Where people sign, by hand or on screen, once it is printed. */
  | { readonly kind: 'signatures'; readonly roles: readonly string[] }
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] }
  | Table;

/** What Markdown and HTML say alike. The picture is the HTML's own. */
export interface Page {
  readonly title: string;
  readonly summary: Run;
  readonly blocks: readonly Block[];
}

export function code(text: string): Inline {
  return { kind: 'code', text };
}

export function badge(tone: BadgeTone, text: string = tone): Inline {
  return { kind: 'badge', tone, text };
}

/** Names with commas between. */
export function codes(texts: readonly string[]): Inline[] {
  return texts.flatMap((text, i) => (i === 0 ? [code(text)] : [', ', code(text)]));
}

/** A file and line, or nothing for what no input states. */
export function place(text: string): Inline[] {
  return text === '' ? [] : [code(text)];
}
