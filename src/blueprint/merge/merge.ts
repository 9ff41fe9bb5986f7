import { mergeDiff3 } from 'node-diff3';
import type { FileOutcome } from '#model/blueprint.ts';

/** Texts by path: what we wrote last time, what stands there now, and what we would write now. */
export interface Sides {
  readonly before: ReadonlyMap<string, string>;
  readonly own: ReadonlyMap<string, string>;
  readonly made: ReadonlyMap<string, string>;
}

export interface MergedFile {
  readonly file: string;
  readonly outcome: FileOutcome;
  /** What is to be written: of `conflict` into a file beside it; absent where nothing is. */
  readonly text?: string;
}

/** Three ways: what a person changed stays, what we changed comes, and where both did, a person decides. */
export function mergeFiles({ before, own, made }: Sides): readonly MergedFile[] {
  const files = [...new Set([...before.keys(), ...made.keys()])].sort();
  return files.map((file) => mergedFile(file, { before: before.get(file), own: own.get(file), made: made.get(file) }));
}

interface Texts {
  readonly before: string | undefined;
  readonly own: string | undefined;
  readonly made: string | undefined;
}

function mergedFile(file: string, { before, own, made }: Texts): MergedFile {
  if (made === own) return { file, outcome: 'kept' };
  if (made === undefined) return own === before ? { file, outcome: 'removed' } : { file, outcome: 'kept' };
  // A person took it away, and we say nothing new; or it was never there.
  if (own === undefined) return before === made ? { file, outcome: 'kept' } : { file, outcome: 'written', text: made };
  if (own === before) return { file, outcome: 'written', text: made };
  if (made === before) return { file, outcome: 'kept' };
  const { conflict, result } = mergeDiff3(linesOf(own), linesOf(before ?? ''), linesOf(made), {
    excludeFalseConflicts: true,
    label: { a: 'yours', o: 'blueprint before', b: 'blueprint now' },
  });
  return { file, outcome: conflict ? 'conflict' : 'merged', text: result.join('\n') };
}

function linesOf(text: string): string[] {
  return text.split('\n');
}
