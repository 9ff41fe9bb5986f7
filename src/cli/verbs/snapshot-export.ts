import { escapeControl } from '#base/escape.ts';
import type { PlainValue } from '#model/plain.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import { readBundle } from '#source/bundle.ts';
import { readBundleFiles } from '#source/bundle-files.ts';
import type { ExportFlags } from '../commands/snapshot.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { sayDiagnostics } from '../look.ts';
import { Refusal } from '../refusal.ts';
import { writeOut } from '../write-out.ts';

export async function runExport(
  context: CliContext,
  flags: ExportFlags,
  [file = '']: readonly string[],
): Promise<ExitCode> {
  const { sources, diagnostics } = await readBundleFiles([file], { cwd: context.surroundings.folder });
  sayDiagnostics({ context, flags }, diagnostics);
  const [source] = sources;
  const name = escapeControl(file);
  if (source === undefined)
    throw new Refusal(`\`${name}\` is not a snapshot`, '`snapshot take PATH --out FILE` makes one');
  const reading = readBundle(source);
  if ('problem' in reading) throw new Refusal(`\`${name}\` cannot be read: ${reading.problem}`);
  const items: readonly PlainValue[] = reading.bundle.items.map(({ object }) => object);
  const list = { apiVersion: 'v1', kind: 'List', items };
  await writeOut(context, yamlText(list), { file: flags.out ?? '-', force: flags.force === true });
  return EXIT.ok;
}
