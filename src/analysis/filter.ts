import { escapeControl } from '#base/escape.ts';
import { nearest } from './nearest.ts';

/** What is asked of one entry of a list: its fields by name, and the text in which bare words are looked for. */
export interface Filterable {
  readonly fields: Readonly<Record<string, readonly (string | undefined)[]>>;
  readonly text: string;
}

export interface FilterTerm {
  /** Absent: a bare word. */
  readonly field?: string;
  /** Any of them is enough. Lower case. */
  readonly values: readonly string[];
  readonly negated: boolean;
}

export interface Filter {
  readonly terms: readonly FilterTerm[];
}

export type FilterReading =
  | { readonly kind: 'ok'; readonly filter: Filter }
  | {
      readonly kind: 'problem';
      readonly message: string;
      readonly near: readonly string[];
      /** Where in the text, from 0. */
      readonly at: number;
    };

/**
 * Reads `namespace:shop verdict:denied,unknown -kind:Job "two words"`. Terms are parted by spaces and all must hold; values
 * by commas, and one must hold; a dash before a term turns it round; `*` stands for any characters. A value without `*`
 * is the whole field, in any case; a bare word may be anywhere in the text. Fields that a list does not have are refused.
 *
 * @example
 * readFilter('namespace:shop -verdict:allowed', ['namespace', 'verdict']);
 */
export function readFilter(text: string, fields: readonly string[]): FilterReading {
  const terms: FilterTerm[] = [];
  for (const { 0: word, index: at } of text.matchAll(WORD)) {
    const [, dash = '', field, rest = ''] = TERM.exec(word) ?? [];
    const name = field?.slice(0, -1).toLowerCase();
    if (name !== undefined && !fields.includes(name)) return { ...unknownField(name, fields), at: at + dash.length };
    const values = valuesOf(rest, name !== undefined);
    if (values.length === 0) {
      const message = `\`${escapeControl(word)}\` says no value to look for`;
      return { kind: 'problem', message, near: [], at };
    }
    terms.push({ ...(name !== undefined && { field: name }), values, negated: dash !== '' });
  }
  return { kind: 'ok', filter: { terms } };
}

/** Whether every term holds of an entry. */
export function matchesFilter({ terms }: Filter, { fields, text }: Filterable): boolean {
  return terms.every(({ field, values, negated }) => {
    const found =
      field === undefined
        ? values.some((value) => isLike(text.toLowerCase(), `*${value}*`))
        : (fields[field] ?? []).some((own) => own !== undefined && values.some((v) => isLike(own.toLowerCase(), v)));
    return found !== negated;
  });
}

/** A quote that is not closed goes to the end. */
const WORD = /(?:"[^"]*"?|[^\s"])+/g;
/** A dash, a field with its colon, and the rest. Text with a colon of its own, as `ns:shop`, has to be in quotes. */
const TERM = /^(-?)([A-Za-z][\w-]*:)?(.*)$/s;

/** Words of quotes keep their commas. */
function valuesOf(text: string, parted: boolean): string[] {
  const parts = parted ? (text.match(/(?:"[^"]*"|[^,"])+/g) ?? []) : [text];
  return parts.map((part) => part.replaceAll('"', '').toLowerCase()).filter((part) => part !== '');
}

function unknownField(name: string, fields: readonly string[]) {
  const near = nearest(name, fields);
  const message = `\`${escapeControl(name)}\` is not a field of this list`;
  return { kind: 'problem', message, near: near.length > 0 ? near : fields } as const;
}

/** By hand and not by a regular expression, which a pattern could make slow. Cost: length × number of stars. */
function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
