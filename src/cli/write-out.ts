import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { escapeControl } from '#base/escape.ts';
import { errorCode } from '#source/session.ts';
import { writeWhole } from '#source/write-file.ts';
import type { CliContext } from './context.ts';
import { Refusal } from './refusal.ts';

/** Writes pieces to a file, compressed where its name ends in .gz, or to standard output for `-`. */
export async function writeOut(
  context: CliContext,
  pieces: Iterable<string>,
  to: { readonly file: string; readonly force: boolean },
): Promise<void> {
  const { out, folder } = context.surroundings;
  if (to.file === '-') {
    await out.write(pieces);
    return;
  }
  const text = Buffer.from([...pieces].join(''));
  const bytes = to.file.endsWith('.gz') ? gzipSync(text) : text;
  const name = escapeControl(to.file);
  const written = await writeWhole(resolve(folder, to.file), bytes, to.force).catch((error: unknown) => {
    throw new Refusal(`\`${name}\` cannot be written: ${errorCode(error)}`);
  });
  if (written === 'exists') throw new Refusal(`\`${name}\` exists`, '--force replaces it');
}
