import { StoreError } from './store-error.ts';

/** As the database keeps moments: UTC, to the millisecond. Throws `refused` for text that is none. */
export function momentOf(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new StoreError('refused', 'a moment is not written as RFC 3339 has it');
  return date.toISOString();
}
