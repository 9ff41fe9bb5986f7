import { changedFindings } from '#analysis/scan/changed-findings.ts';
import { escapeControl } from '#base/escape.ts';
import { compared } from './comparison.ts';
import { type Material, materialOf } from './material.ts';
import { type EditedFile, type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';
import { wholeScan } from './scan-answer.ts';
import type { Texts } from './texts.ts';

type PreviewAsked = Extract<Question, { readonly kind: 'preview' }>;

/** What edited files would change: connections, and findings that come and go. Nothing is written and nothing is kept. */
export function previewAnswer(
  material: Material,
  { files, today }: PreviewAsked,
  onProgress: (what: string) => void,
): Reply {
  const { plan, revision, taken, decisions } = material;
  const edited = materialOf({ plan, texts: withEdits(material.texts, files), revision, taken, decisions, onProgress });
  const before = wholeScan(material, today, onProgress);
  const after = wholeScan(edited, today, onProgress);
  const names = new Set(files.map(({ file }) => escapeControl(file)));
  return told({
    schema: 'ringfence.dev/preview/v1',
    revision,
    diff: compared(material, edited),
    findings: changedFindings(before, after),
    /** Of the edited files alone. */
    diagnostics: edited.analysis.diagnostics.filter(({ origin }) => origin !== undefined && names.has(origin.file)),
  });
}

/** Edited texts in place of those that were read; a name that was not read is a new file, at the end. */
function withEdits(texts: Texts, edits: readonly EditedFile[]): Texts {
  const byName = new Map(edits.map((edit) => [escapeControl(edit.file), edit]));
  if (byName.size !== edits.length) throw new Refused('asked', 'a file is edited twice');
  const made = [...texts.files, ...texts.azure].find(({ file, places, renderedBy }) => {
    return byName.has(file) && (places !== undefined || renderedBy !== undefined);
  });
  if (made !== undefined)
    throw new Refused('asked', `\`${made.file}\` was made by a tool or came from a snapshot: it has no text to edit`);
  const edited = <T extends { readonly file: string; readonly text: string }>(list: readonly T[]): readonly T[] =>
    list.flatMap((source) => {
      const edit = byName.get(source.file);
      if (edit === undefined) return [source];
      return edit.text === null ? [] : [{ ...source, text: edit.text }];
    });
  const known = new Set([...texts.files, ...texts.azure, ...texts.invariants].map(({ file }) => file));
  const added = [...byName].flatMap(([file, { text }]) => (known.has(file) || text === null ? [] : [{ file, text }]));
  return {
    ...texts,
    files: [...edited(texts.files), ...added],
    azure: edited(texts.azure),
    invariants: edited(texts.invariants),
  };
}
