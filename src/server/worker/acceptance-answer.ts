import { patchOf } from '#analysis/preview/patch.ts';
import { escapeControl } from '#base/escape.ts';
import { withAcceptance } from '#parse/with-acceptance.ts';
import type { Material } from './material.ts';
import { type AcceptanceAsked, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';
import { wholeScan } from './scan-answer.ts';

/** A finding accepted in the settings that everybody shares, as an edited file. Nothing is written. */
export function acceptanceAnswer(
  material: Material,
  { fingerprint, today, ...words }: AcceptanceAsked,
  onProgress: (what: string) => void,
): Reply {
  const finding = wholeScan(material, today, onProgress).findings.find((each) => each.fingerprint === fingerprint);
  if (finding === undefined)
    throw new Refused('missing', `nothing fails that is called \`${escapeControl(fingerprint)}\``);
  const { control, where } = finding;
  const { file, before } = settingsFile(material);
  const head = { schema: 'ringfence.dev/fix/v1', fingerprint };
  const { reason, owner, until } = words;
  const edit = withAcceptance({ file, text: before ?? '' }, { control, where: where.id, reason, owner, until });
  if (edit.kind === 'left') return told({ ...head, made: false, why: `\`${file}\` ${edit.why}`, files: [] });
  const patch = patchOf([{ file, before, after: edit.text, hidden: [] }]);
  return told({
    ...head,
    made: true,
    summary: `accept ${control} at ${escapeControl(where.id)} until ${until}`,
    files: [{ file, text: edit.text }],
    ...(patch.kind === 'patch' ? { patch: patch.text } : { withoutPatch: patch.why }),
  });
}

/** As it is now where it lies among what is read, as it was when the server was started elsewhere; else a new one. */
function settingsFile({ plan, texts }: Material): { readonly file: string; readonly before: string | null } {
  const { file, text } = plan.configuration ?? { file: 'ringfence.yaml', text: null };
  const among = texts.files.find((each) => each.file === file);
  return { file, before: among?.text ?? text };
}
