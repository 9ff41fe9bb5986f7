import { type Filter, matchesFilter, readFilter } from '#analysis/filter.ts';
import type { ListForm } from '#analysis/filter-forms.ts';
import { escapeControl } from '#base/escape.ts';
import { text } from './flags.ts';
import { didYouMean, Refusal } from './refusal.ts';

/** `--filter`, whose fields are those of a list. */
export function filterFlag(fields: readonly string[]) {
  return {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'FILTER',
    brief: `what of the list is printed, as 'namespace:shop -kind:Job'; fields: ${fields.join(', ')}`,
    proposeCompletions: () => fields.map((field) => `${field}:`),
  } as const;
}

/** Read before anything else, so that a slip costs no time. */
export function filterOf<T>(given: string | undefined, { fields }: ListForm<T>): Filter {
  const reading = readFilter(given ?? '', fields);
  if (reading.kind === 'ok') return reading.filter;
  const shown = escapeControl(given ?? '');
  const caret = `${' '.repeat(escapeControl((given ?? '').slice(0, reading.at)).length)}^`;
  const isSlip = reading.near.length > 0 && reading.near.length < fields.length;
  const help = isSlip ? didYouMean(reading.near) : `the fields are ${fields.join(', ')}`;
  throw new Refusal(`--filter: ${reading.message}\n  ${shown}\n  ${caret}`, help);
}

export function kept<T>(list: readonly T[], filter: Filter, { of }: ListForm<T>): readonly T[] {
  return filter.terms.length === 0 ? list : list.filter((entry) => matchesFilter(filter, of(entry)));
}
