import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { CliContext } from './context.ts';
import { Refusal } from './refusal.ts';

/** A path that is named and is not there is a slip, and its answer would be about something else. */
export function refuseMissing({ surroundings }: CliContext, path: string): void {
  if (path === '-' || path.startsWith('git:') || /[*?[{]/.test(path)) return;
  if (existsSync(resolve(surroundings.folder, path))) return;
  throw new Refusal(
    `\`${escapeControl(path)}\` does not exist`,
    'a PATH is a file, a folder, a glob in quotes, `-`, or git:REV[:FOLDER]',
  );
}
