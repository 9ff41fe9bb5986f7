import { analyseSnapshot } from '#analysis/analysis.ts';
import type { ControlContext } from '#analysis/controls/context.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { applyChanges, type Material as FixedInput } from '#analysis/fixes/apply.ts';
import { fixOne } from '#analysis/fixes/fix-all.ts';
import { networkPolicyManifest } from '#analysis/manifests/network-policy.ts';
import { stepsOf } from '#analysis/path/change.ts';
import { fieldEdits } from '#analysis/path/field-edits.ts';
import { patchOf } from '#analysis/preview/patch.ts';
import { escapeControl } from '#base/escape.ts';
import type { PolicyEdit } from '#engine/edit.ts';
import type { SmallestChange } from '#model/answers.ts';
import type { Change, Place } from '#model/control.ts';
import { maskedText } from '#parse/kubernetes/masked-text.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { sourceOf } from '#source/made-source.ts';
import { type Material, once } from './material.ts';
import { pathAnswer } from './path-answer.ts';
import { type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';

type FixAsked = Extract<Question, { readonly kind: 'fix' }>;

/** The fix of one finding as edited files, proven on the model. */
export function fixAnswer(material: Material, { fingerprint, today }: FixAsked): Reply {
  return once(material, `fix:${today}:${fingerprint}`, () => told(madeFix(material, fingerprint, today)));
}

function madeFix(material: Material, fingerprint: string, today: string): object {
  const input = inputOf(material);
  const contextOf = (fixed: FixedInput) => contextAfter(material, fixed, today);
  const one = fixOne({ controls: CONTROLS, material: input, contextOf }, fingerprint);
  if (one === undefined) throw new Refused('missing', `nothing fails that is called \`${escapeControl(fingerprint)}\``);
  const head = { schema: 'ringfence.dev/fix/v1', fingerprint };
  if (one.kind === 'left') return { ...head, made: false, why: one.why, files: [] };
  const { fix, proof } = one.made;
  return { ...head, made: true, summary: fix.summary, proof, ...patched(one.before, one.after) };
}

function patched(before: FixedInput, after: FixedInput): object {
  const changed = changedFiles(before, after);
  const patch = patchOf(changed);
  return {
    files: changed.map((each) => ({ file: each.file, text: each.after })),
    ...(patch.kind === 'patch' ? { patch: patch.text } : { withoutPatch: patch.why }),
  };
}

function inputOf({ texts, snapshot }: Material): FixedInput {
  return { files: texts.files.map(sourceOf), azure: snapshot.azure };
}

type TryAsked = Extract<Question, { readonly kind: 'try' }>;

/** One of the smallest changes that a path was told, as edited files. */
export function tryAnswer(material: Material, { asked, at }: TryAsked): Reply {
  const change = pathAnswer(material, asked).changes[at];
  if (change === undefined) throw new Refused('missing', 'no such change was found');
  const input = inputOf(material);
  const changes = stepsOf(change).map((step) => changeOf(material, step));
  const where = { kind: change.policy.kind, ...placeOf(change) };
  const applied = applyChanges(input, changes, where);
  const head = { schema: 'ringfence.dev/fix/v1', fingerprint: change.summary, summary: change.summary };
  if ('why' in applied) return told({ ...head, made: false, why: applied.why, files: [] });
  return told({ ...head, made: true, ...patched(input, applied.material) });
}

function placeOf({ policy: { namespace, name }, origin }: SmallestChange): Omit<Place, 'kind'> {
  return { namespace, name, id: `${namespace}/${name}`, origin };
}

/** A policy that comes is a new object; of one that is there only what differs is edited. */
function changeOf({ snapshot }: Material, { remove, add }: PolicyEdit): Change {
  if (add === undefined) throw new Error('a change never takes a policy away');
  const after = networkPolicyManifest(add);
  if (remove === undefined) return { kind: 'new-object', object: after };
  const object = snapshot.objects.find(
    ({ kind, namespace, name }) => kind === 'NetworkPolicy' && namespace === remove.namespace && name === remove.name,
  );
  if (object === undefined) throw new Refused('missing', 'the policy was not read as an object');
  return { kind: 'edit-object', object, edits: fieldEdits(networkPolicyManifest(remove), after) };
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
