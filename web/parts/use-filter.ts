import { useMemo } from 'react';
import { type Filterable, matchesFilter, readFilter } from '#analysis/filter.ts';

export interface Filtered<T> {
  readonly list: readonly T[];
  /** Why the filter means nothing, in words; the list is then whole. */
  readonly problem: string | undefined;
}

/** What a list can be filtered by: the fields that the API has for it. */
export interface FilterForm<T> {
  readonly fields: readonly string[];
  readonly of: (entry: T) => Filterable;
}

/** The filter language of the command line and the API, here without asking the server at each key. */
export function useFilter<T>(list: readonly T[], text: string, form: FilterForm<T>): Filtered<T> {
  return useMemo(() => filtered(list, text, form), [list, text, form]);
}

function filtered<T>(list: readonly T[], text: string, { fields, of }: FilterForm<T>): Filtered<T> {
  const reading = readFilter(text, fields);
  if (reading.kind === 'problem') {
    const near = reading.near.length === 0 ? '' : `: ${reading.near.join(', ')}`;
    return { list, problem: `${reading.message}${near}` };
  }
  return { list: list.filter((entry) => matchesFilter(reading.filter, of(entry))), problem: undefined };
}
