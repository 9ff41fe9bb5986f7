import { analyseSnapshot } from '#analysis/analysis.ts';
import type { ControlContext } from '#analysis/controls/context.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import type { Material as FixedInput } from '#analysis/fixes/apply.ts';
import { fixOne } from '#analysis/fixes/fix-all.ts';
import { patchOf } from '#analysis/preview/patch.ts';
import { escapeControl } from '#base/escape.ts';
import { maskedText } from '#parse/kubernetes/masked-text.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { sourceOf } from '#source/made-source.ts';
import { type Material, once } from './material.ts';
import { type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';

type FixAsked = Extract<Question, { readonly kind: 'fix' }>;

/** The fix of one finding as edited files, proven on the model. */
export function fixAnswer(material: Material, { fingerprint, today }: FixAsked): Reply {
  return once(material, `fix:${today}:${fingerprint}`, () => told(madeFix(material, fingerprint, today)));
}

function madeFix(material: Material, fingerprint: string, today: string): object {
  const input: FixedInput = { files: material.texts.files.map(sourceOf), azure: material.snapshot.azure };
  const contextOf = (fixed: FixedInput) => contextAfter(material, fixed, today);
  const one = fixOne({ controls: CONTROLS, material: input, contextOf }, fingerprint);
  if (one === undefined) throw new Refused('missing', `nothing fails that is called \`${escapeControl(fingerprint)}\``);
  const head = { schema: 'ringfence.dev/fix/v1', fingerprint };
  if (one.kind === 'left') return { ...head, made: false, why: one.why, files: [] };
  const { fix, proof } = one.made;
  const changed = changedFiles(one.before, one.after);
  const patch = patchOf(changed);
  return {
    ...head,
    made: true,
    summary: fix.summary,
    proof,
    files: changed.map(({ file, after }) => ({ file, text: after })),
    ...(patch.kind === 'patch' ? { patch: patch.text } : { withoutPatch: patch.why }),
  };
}

/** As they are shown: hidden before and after. */
function changedFiles({ files }: FixedInput, after: FixedInput) {
  const known = new Map(files.map((each) => [each.file, each]));
  return after.files
    .filter((each) => known.get(each.file)?.text !== each.text)
    .map((each) => {
      const before = known.get(each.file);
      const shown = before && shownOf(before);
      return { file: each.file, before: shown?.text ?? null, after: shownOf(each).text, hidden: shown?.lines ?? [] };
    });
}

function shownOf(source: SourceText) {
  const masked = maskedText(source);
  if (masked === undefined)
    throw new Refused('asked', `\`${source.file}\` cannot be read whole, and so it is not shown`);
  return masked;
}

function contextAfter({ plan, texts }: Material, { files, azure }: FixedInput, today: string): ControlContext {
  const read = snapshotOf(files, { objects: true });
  const snapshot = { ...read, azure, diagnostics: [...texts.problems.files, ...read.diagnostics] };
  const { engine, podRanges, staged, controls: settings, live } = plan;
  const analysis = analyseSnapshot(snapshot, { podRanges, staged, ...(engine !== undefined && { engine }) });
  return contextFor({ analysis, settings, today, kind: live === undefined ? 'manifests' : 'live' });
}
