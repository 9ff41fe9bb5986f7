/** `severity:high namespace:shop -control:IMG text`: every term must fit; a term with `-` before it must not. */
export interface Term {
  readonly field: string | undefined;
  readonly text: string;
  readonly not: boolean;
}

/** What a row says by field; a term without a field looks in all of them. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

export function parseFilter(text: string): readonly Term[] {
  return [...text.matchAll(/(-?)(?:([a-z-]+):)?(?:"([^"]*)"|(\S+))/gi)].map(([, not, field, quoted, word]) => ({
    field: field?.toLowerCase(),
    text: (quoted ?? word!).toLowerCase(),
    not: not === '-',
  }));
}

export function fits(terms: readonly Term[], fields: Fields): boolean {
  return terms.every(({ field, text, not }) => {
    const looked = field === undefined ? Object.values(fields) : [fields[field] ?? []];
    return looked.flat().some((value) => value.toLowerCase().includes(text)) !== not;
  });
}
