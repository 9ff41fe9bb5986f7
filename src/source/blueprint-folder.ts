import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode } from './session.ts';
import { writeWhole } from './write-file.ts';

/** Where a blueprint keeps what it wrote last time, so that it can tell a person's changes from its own. */
const KEPT = join('.blueprint', 'generated');

/** Texts by their path in the folder, with slashes. */
export type FolderTexts = ReadonlyMap<string, string>;

/** What the blueprint wrote last time; empty where it never did. */
export function keptTexts(folder: string): Promise<FolderTexts> {
  return textsBelow(join(folder, KEPT));
}

/** Of the named files those that are there. */
export async function textsOf(folder: string, names: Iterable<string>): Promise<FolderTexts> {
  const texts = new Map<string, string>();
  for (const name of names) {
    const text = await readIfThere(join(folder, name));
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}

/** Names of what stands in a folder; undefined where there is none. */
export async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** One change to a folder: a text to be put there, or undefined for a file to be taken away. */
export type Changes = ReadonlyMap<string, string | undefined>;

/**
 * A folder that is not there yet appears as a whole or not at all. In one that is there every file is whole at every
 * moment, and what the blueprint remembers is written last: a run that was cut is made good by the next one.
 */
export async function writeBlueprint(folder: string, changes: Changes, remembered: FolderTexts): Promise<void> {
  if ((await namesIn(folder)) !== undefined) return writeInto(folder, changes, remembered);
  await mkdir(dirname(folder), { recursive: true });
  const staged = `${folder}.${process.pid}.tmp`;
  await rm(staged, { recursive: true, force: true });
  try {
    await writeInto(staged, changes, remembered);
    await rename(staged, folder);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function writeInto(folder: string, changes: Changes, remembered: FolderTexts): Promise<void> {
  for (const [name, text] of changes) {
    if (text === undefined) await rm(join(folder, name), { force: true });
    else await put(join(folder, name), text);
  }
  const kept = join(folder, KEPT);
  for (const name of (await textsBelow(kept)).keys()) if (!remembered.has(name)) await rm(join(kept, name));
  for (const [name, text] of remembered) await put(join(kept, name), text);
}

async function put(path: string, text: string): Promise<void> {
  if ((await readIfThere(path)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, new TextEncoder().encode(text), true);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? await readFile(path, 'utf8') : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function textsBelow(folder: string): Promise<FolderTexts> {
  if ((await namesIn(folder)) === undefined) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return textsOf(folder, names);
}
