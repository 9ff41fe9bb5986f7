import { waysInto } from '#analysis/exposure/expose.ts';
import { comparedConnections, comparedExposures, diagnosticsIn } from '#analysis/preview/compare.ts';
import { withEdits } from '#analysis/preview/edits.ts';
import { holdsMark, restoredText } from '#analysis/preview/patch.ts';
import { changedFindings } from '#analysis/scan/changed-findings.ts';
import { escapeControl } from '#base/escape.ts';
import { exposedOf } from './exposed.ts';
import { type Material, materialOf } from './material.ts';
import { type EditedFile, type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';
import { wholeScan } from './scan-answer.ts';
import type { Texts } from './texts.ts';
import { maskedFile } from './texts-answer.ts';

type PreviewAsked = Extract<Question, { readonly kind: 'preview' }>;

/** What edited files would change: connections, ways in, and findings that come and go. Nothing is written and nothing is kept. */
export function previewAnswer(
  material: Material,
  { files, today }: PreviewAsked,
  onProgress: (what: string) => void,
): Reply {
  const edited = editedMaterial(material, files, onProgress);
  const before = wholeScan(material, today, onProgress);
  const after = wholeScan(edited, today, onProgress);
  return told({
    schema: 'ringfence.dev/preview/v1',
    revision: material.revision,
    diff: comparedConnections(material, edited),
    exposures: comparedExposures(exposedOf(material).exposures, waysInto(edited.analysis.engine)),
    findings: changedFindings(before, after),
    diagnostics: diagnosticsIn(files, edited.analysis.diagnostics),
  });
}

function editedMaterial(
  material: Material,
  files: readonly EditedFile[],
  onProgress: (what: string) => void,
): Material {
  const { plan, texts, revision, taken, decisions } = material;
  refuseMade(texts, new Set(files.map(({ file }) => escapeControl(file))));
  const whole = files.map(({ file, text }) => ({ file, text: text === null ? null : wholeText(material, file, text) }));
  const edited = withEdits(texts, whole, (named) => named);
  if (edited === undefined) throw new Refused('asked', 'a file is edited twice');
  return materialOf({ plan, texts: { ...texts, ...edited }, revision, taken, decisions, onProgress });
}

/** Who edits a text as `texts` tells it does not have what is hidden in it. */
function wholeText(material: Material, file: string, text: string): string {
  if (!holdsMark(text)) return text;
  const { files, azure, invariants } = material.texts;
  const original = [...files, ...azure, ...invariants].find((each) => each.file === escapeControl(file));
  const masked = original && maskedFile(material, original);
  if (original === undefined || masked === undefined || masked.lines.length === 0) return text;
  const restored = restoredText(original.text, masked, text);
  if (restored.kind === 'refused') throw new Refused('asked', `\`${original.file}\` ${restored.why}`);
  return restored.text;
}

function refuseMade(texts: Texts, names: ReadonlySet<string>): void {
  const made = [...texts.files, ...texts.azure].find(
    ({ file, places, renderedBy }) => names.has(file) && (places !== undefined || renderedBy !== undefined),
  );
  if (made === undefined) return;
  throw new Refused('asked', `\`${made.file}\` was made by a tool or came from a snapshot: it has no text to edit`);
}
