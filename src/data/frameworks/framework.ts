import type { FrameworkId } from '#model/control.ts';

/** A published list of recommendations. Titles are our own words: the text of a list is its author's. */
export interface Framework {
  readonly id: FrameworkId;
  readonly title: string;
  readonly version: string;
  /** Where it is published. */
  readonly source: string;
  /** The month in which it was read: `2026-11`. */
  readonly checked: string;
  readonly entries: readonly FrameworkEntry[];
}

export interface FrameworkEntry {
  readonly id: string;
  readonly title: string;
  /** How its author wants it to be assessed, where they say so; `not-assessed`: by us, by nothing. */
  readonly assessment?: 'auto' | 'manual' | 'not-assessed';
  /** Why nothing assesses it. */
  readonly why?: string;
}

/** What is written of one entry: its title, or more. */
export type EntryText = string | Omit<FrameworkEntry, 'id'>;

export function entriesOf(texts: Readonly<Record<string, EntryText>>): readonly FrameworkEntry[] {
  return Object.entries(texts).map(([id, text]) => ({ id, ...(typeof text === 'string' ? { title: text } : text) }));
}

/** Entries of which the author says how each is assessed. */
export function assessedEntries(
  assessment: 'auto' | 'manual',
  texts: Readonly<Record<string, string>>,
): readonly FrameworkEntry[] {
  return Object.entries(texts).map(([id, title]) => ({ id, title, assessment }));
}

/** `2.10` after `2.9`. */
export function byNumber(a: FrameworkEntry, b: FrameworkEntry): number {
  const [left, right] = [a, b].map(({ id }) => id.split('.').map(Number));
  for (const [index, part] of (left ?? []).entries()) {
    const difference = part - (right?.[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}
