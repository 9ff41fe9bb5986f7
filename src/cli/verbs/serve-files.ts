import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import { errorCode } from '#source/session.ts';
import type { CliContext } from '../context.ts';
import { Refusal } from '../refusal.ts';

/** The text of a file that nobody else may read. */
export async function secretAt(context: CliContext, file: string): Promise<string> {
  const shown = escapeControl(file);
  const { mode } = await stat(resolve(context.surroundings.folder, file)).catch((error: unknown) => {
    throw new Refusal(`\`${shown}\` cannot be read: ${errorCode(error)}`);
  });
  // Windows has no such bits: every file looks open there.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Refusal(`\`${shown}\` can be read by others`, `run \`chmod 600 ${shown}\``);
  return textAt(context.surroundings.folder, file);
}

export async function textAt(folder: string, file: string): Promise<string> {
  return readFile(resolve(folder, file), 'utf8').catch((error: unknown) => {
    throw new Refusal(`\`${escapeControl(file)}\` cannot be read: ${errorCode(error)}`);
  });
}
