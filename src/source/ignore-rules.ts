import { lstat, readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Exclusion } from './session.ts';

/** The ignore files from the walked root down to one folder; inner ones are asked first, as git does. */
export interface IgnoreRules {
  readonly folder: string;
  readonly rules: Ignore;
  readonly outer: IgnoreRules | undefined;
}

/** Adds the ignore files of one folder to those above it. */
export async function withIgnoreFiles(
  folder: string,
  names: readonly string[],
  outer: IgnoreRules | undefined,
): Promise<IgnoreRules | undefined> {
  const texts = await Promise.all(names.map((name) => readIgnoreFile(join(folder, name))));
  return texts.every((text) => text === '') ? outer : { folder, rules: ignore().add(texts.join('\n')), outer };
}

/** Patterns that no file holds. */
export function rulesOf(exclusion: Exclusion | undefined): IgnoreRules | undefined {
  if (exclusion === undefined) return undefined;
  const { folder, patterns } = exclusion;
  return { folder, rules: ignore().add(patterns.join('\n')), outer: undefined };
}

export function isIgnored(rules: IgnoreRules | undefined, path: string, isFolder: boolean): boolean {
  for (let at = rules; at !== undefined; at = at.outer) {
    const inside = relative(at.folder, path).split(sep).join('/');
    // Patterns say nothing about what lies outside of their folder.
    if (inside === '' || inside.startsWith('../') || isAbsolute(inside)) continue;
    const verdict = at.rules.test(isFolder ? `${inside}/` : inside);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

const MAX_IGNORE_FILE = 1 << 20;

/** Links are not followed: a repository could point one at a device that never ends. */
async function readIgnoreFile(path: string): Promise<string> {
  try {
    const stat = await lstat(path);
    return stat.isFile() && stat.size <= MAX_IGNORE_FILE ? await readFile(path, 'utf8') : '';
  } catch {
    return '';
  }
}
