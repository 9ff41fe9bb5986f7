import { escapeControl } from '#base/escape.ts';
import { withoutSecrets } from '#parse/kubernetes/without-secrets.ts';
import { NOT_SHOWN } from '#parse/text/guarded-frame.ts';
import type { SourceText } from '#parse/text/node.ts';
import { sourceOf } from '#source/made-source.ts';
import { type Material, once } from './material.ts';
import { type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';

/**
 * Lines of a file that was read, and of no other: the name is looked up among the texts in memory and never opened. Lines
 * that may hold a secret are marks.
 */
export function sourceAnswer(
  material: Material,
  { file, line, around }: Extract<Question, { readonly kind: 'source' }>,
): Reply {
  const lines = linesOf(material, file);
  if (line > lines.length) throw new Refused('missing', `\`${escapeControl(file)}\` has ${lines.length} lines`);
  const first = Math.max(1, line - around);
  const shown = lines.slice(first - 1, line + around);
  return told({
    schema: 'ringfence.dev/source/v1',
    file,
    line,
    of: lines.length,
    lines: shown.map((text, index) => ({
      number: first + index,
      text: escapeControl(text.replaceAll('\t', '  ')),
      ...(text.trim() === NOT_SHOWN && { hidden: true }),
    })),
  });
}

function linesOf(material: Material, file: string): readonly string[] {
  return once(material, `lines:${file}`, () => {
    const { files, azure, invariants } = material.texts;
    const found = [...files, ...azure, ...invariants].find((each) => each.file === file);
    if (found === undefined) throw new Refused('missing', `\`${escapeControl(file)}\` is no file that was read`);
    const clean: SourceText | undefined = withoutSecrets(sourceOf(found));
    if (clean === undefined)
      throw new Refused(
        'missing',
        `\`${escapeControl(file)}\` is not shown: it is too big, made by a tool, or not valid`,
      );
    return clean.text.replace(/\r?\n$/, '').split(/\r?\n/);
  });
}
