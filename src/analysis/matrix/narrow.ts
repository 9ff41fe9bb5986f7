import type { EndpointEntry } from '#model/answers.ts';
import { type Filter, type Filterable, type FilterTerm, matchesFilter, readFilter } from '../filter.ts';

/** What of the rows and columns a filter leaves, by their places. */
export type Narrowing =
  | { readonly kind: 'ok'; readonly rows: readonly number[]; readonly columns: readonly number[] }
  | { readonly kind: 'problem'; readonly message: string; readonly near: readonly string[] };

/** Fields of an endpoint hold for rows and columns; `from:` is about rows alone, `to:` about columns. */
export const NARROW_FIELDS = ['from', 'to', 'id', 'kind', 'namespace', 'name', 'workload'] as const;

/**
 * Narrows a matrix by the filter language. `from:` and `to:` take an id, `namespace/name`, a name or a namespace.
 *
 * @example
 * narrowed(entries, 'from:shop/web namespace:shop,data');
 */
export function narrowed(entries: readonly EndpointEntry[], text: string): Narrowing {
  const reading = readFilter(text, NARROW_FIELDS);
  if (reading.kind === 'problem') return reading;
  const { terms } = reading.filter;
  const forms = terms.length === 0 ? [] : entries.map(formOf);
  const kept = (other: 'from' | 'to') => {
    const filter: Filter = { terms: terms.filter(({ field }: FilterTerm) => field !== other) };
    const all = [...entries.keys()];
    return filter.terms.length === 0 ? all : all.filter((index) => matchesFilter(filter, forms[index]!));
  };
  return { kind: 'ok', rows: kept('to'), columns: kept('from') };
}

function formOf({ id, kind, namespace, name, workload, ranges = [] }: EndpointEntry): Filterable {
  const own = kind === 'namespace' ? name : namespace;
  const called = [id, name, own, own === undefined || name === undefined ? undefined : `${own}/${name}`];
  return {
    fields: {
      from: called,
      to: called,
      id: [id],
      kind: [kind],
      namespace: [own],
      name: [name],
      workload: [workload],
    },
    text: [id, ...ranges].join(' '),
  };
}
