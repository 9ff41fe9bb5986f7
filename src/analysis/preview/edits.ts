import { escapeControl } from '#base/escape.ts';

/** A file as it would be; null takes it away. */
export interface EditedText {
  readonly file: string;
  readonly text: string | null;
}

interface Named {
  readonly file: string;
  readonly text: string;
}

/** The texts of an input by what they are read as. */
export interface TextLists<T extends Named> {
  readonly files: readonly T[];
  readonly azure: readonly T[];
  readonly invariants: readonly T[];
}

/**
 * Edited texts in place of those that were read; a name that was not read is a new file, at the end. Undefined where a file
 * is edited twice. `make` gives the text of a file that changed; what did not change stays the same object.
 */
export function withEdits<T extends Named>(
  lists: TextLists<T>,
  edits: readonly EditedText[],
  make: (named: Named) => T,
): TextLists<T> | undefined {
  const byName = new Map(edits.map((edit) => [escapeControl(edit.file), edit]));
  if (byName.size !== edits.length) return undefined;
  const edited = (list: readonly T[]): readonly T[] =>
    list.flatMap((source) => {
      const edit = byName.get(source.file);
      if (edit === undefined) return [source];
      return edit.text === null ? [] : [make({ file: source.file, text: edit.text })];
    });
  const known = new Set([...lists.files, ...lists.azure, ...lists.invariants].map(({ file }) => file));
  const added = [...byName].flatMap(([file, { text }]) =>
    known.has(file) || text === null ? [] : [make({ file, text })],
  );
  return {
    files: [...edited(lists.files), ...added],
    azure: edited(lists.azure),
    invariants: edited(lists.invariants),
  };
}
