import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import { findTool, runTool } from './run-tool.ts';
import { formatBytes, newSession, type Place, report, type Session, type SourceOptions } from './session.ts';
import { isKustomizationName, isManifestName } from './walk-folder.ts';

/**
 * Writes the files of `git:REV[:PATH]` into a temporary folder, straight from git's object store: the working tree is
 * neither used nor touched. PATH counts from the top of the repository. Returns the place to walk, named as it was asked
 * for; the caller removes `session.temporaryFolders`.
 */
export async function openRevision(session: Session, argument: string): Promise<Place | undefined> {
  const wanted = parseRevision(argument);
  const name = escapeControl(argument);
  if (wanted === undefined) {
    report(session, {
      code: 'RF1011',
      name,
      message: `\`${name}\` is not of the form \`git:REV\` or \`git:REV:PATH\``,
    });
    return undefined;
  }
  const git = await findTool(session, 'git');
  if (git === undefined) {
    report(session, { code: 'RF1010', name, message: `\`${name}\` needs git, which is not on the PATH` });
    return undefined;
  }
  const repository: Repository = { session, git, name };
  const commit = await run(repository, ['rev-parse', '--verify', '--quiet', `${wanted.revision}^{commit}`]);
  const listing =
    commit && (await run(repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', commit.toString('latin1').trim()]));
  if (listing === undefined) return undefined;
  return materialize(repository, parseListing(listing), wanted.path);
}

export interface Revision {
  readonly revision: string;
  /** Inside the repository, without slashes around it; empty for all of it. */
  readonly path: string;
}

/** A revision that begins with `-` would be an option of git. */
export function parseRevision(argument: string): Revision | undefined {
  const rest = argument.slice('git:'.length);
  const colon = rest.indexOf(':');
  const revision = colon < 0 ? rest : rest.slice(0, colon);
  const parts = (colon < 0 ? '' : rest.slice(colon + 1)).split('/').filter((part) => part !== '' && part !== '.');
  if (revision === '' || revision.startsWith('-') || revision.includes('\0') || parts.includes('..')) return undefined;
  return { revision, path: parts.join('/') };
}

/** The folder at the top of the repository that a folder is in; undefined where there is none, or no git. */
export async function topOfRepository(options: SourceOptions): Promise<string | undefined> {
  const session = newSession(options);
  const git = await findTool(session, 'git');
  if (git === undefined) return undefined;
  const result = await runTool(session, { path: git, args: ['rev-parse', '--show-toplevel'] }, { cwd: session.cwd });
  return result.ok ? result.output.toString('utf8').replace(/\r?\n$/, '') : undefined;
}

interface Repository {
  readonly session: Session;
  readonly git: string;
  readonly name: string;
}

interface Blob {
  readonly hash: string;
  readonly size: number;
  readonly path: string;
}

/** Bytes that one revision may put into the temporary folder. */
const MAX_REVISION = 1024 * 1024 * 1024;
/** Bytes of one `git cat-file` run. */
const BATCH = 32 * 1024 * 1024;

interface BatchInput {
  readonly input: string;
  readonly maxOutput: number;
}

async function run(repository: Repository, args: readonly string[], input?: BatchInput): Promise<Buffer | undefined> {
  const { session, git, name } = repository;
  const result = await runTool(session, { path: git, args }, { cwd: session.cwd, ...input });
  if (result.ok) return result.output;
  const why = args[0] === 'rev-parse' && result.why.startsWith('it ended with') ? 'no such revision here' : result.why;
  report(session, { code: 'RF1011', name, message: `git cannot read \`${name}\`: ${why}` });
  return undefined;
}

/** `MODE blob HASH SIZE\tPATH`, ended by NUL. Links and submodules are left out: they hold no manifest. */
function parseListing(listing: Buffer): readonly Blob[] {
  const blobs: Blob[] = [];
  for (const line of listing.toString('utf8').split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line);
    if (match !== null && isSafePath(match[3]!))
      blobs.push({ hash: match[1]!, size: Number(match[2]), path: match[3]! });
  }
  return blobs;
}

/** git refuses such trees, but a server can send any object. */
function isSafePath(path: string): boolean {
  return (
    !path.startsWith('/') &&
    path.split(/[\\/]/).every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git')
  );
}

async function materialize(repository: Repository, all: readonly Blob[], path: string): Promise<Place | undefined> {
  const { session, name } = repository;
  const below = path === '' ? all : all.filter((blob) => blob.path === path || blob.path.startsWith(`${path}/`));
  if (below.length === 0) {
    report(session, { code: 'RF1006', name, message: `\`${name}\` does not exist in that revision` });
    return undefined;
  }
  const blobs = wantedBlobs(below, all).filter((blob) => fits(repository, blob));
  const total = blobs.reduce((sum, blob) => sum + blob.size, 0);
  if (total > MAX_REVISION) {
    report(session, {
      code: 'RF1007',
      name,
      message: `the files of \`${name}\` are larger than ${formatBytes(MAX_REVISION)} together`,
    });
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-'));
  session.temporaryFolders.push(folder);
  for (const batch of batchesOf(blobs)) if (!(await writeBatch(repository, folder, batch))) return undefined;
  return { path: join(folder, path), name: path === '' ? `${name.replace(/:$/, '')}:` : name };
}

/** Renderers read files of any name and from anywhere in the repository; without them the manifests are enough. */
function wantedBlobs(below: readonly Blob[], all: readonly Blob[]): readonly Blob[] {
  const rendered = below.some((blob) => isKustomizationName(nameOf(blob)) || nameOf(blob) === 'Chart.yaml');
  if (rendered) return all;
  return below.filter(
    (blob) => below.length === 1 || isManifestName(nameOf(blob)) || nameOf(blob) === '.ringfenceignore',
  );
}

function nameOf(blob: Blob): string {
  return blob.path.slice(blob.path.lastIndexOf('/') + 1);
}

function fits(repository: Repository, blob: Blob): boolean {
  const { session, name } = repository;
  if (blob.size <= session.maxFileSize) return true;
  if (isManifestName(blob.path)) {
    const message = `\`${escapeControl(blob.path)}\` in \`${name}\` is larger than ${formatBytes(session.maxFileSize)}`;
    report(session, { code: 'RF1007', name, message });
  }
  return false;
}

function* batchesOf(blobs: readonly Blob[]): Generator<readonly Blob[]> {
  let batch: Blob[] = [];
  let size = 0;
  for (const blob of blobs) {
    if (batch.length > 0 && size + blob.size > BATCH) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(blob);
    size += blob.size;
  }
  if (batch.length > 0) yield batch;
}

/** `git cat-file --batch` answers each hash with `HASH blob SIZE\n`, the bytes, and a line end. */
async function writeBatch(repository: Repository, folder: string, batch: readonly Blob[]): Promise<boolean> {
  const bytes = batch.reduce((sum, blob) => sum + blob.size + 200, 0);
  const input = `${batch.map((blob) => blob.hash).join('\n')}\n`;
  const output = await run(repository, ['cat-file', '--batch'], { input, maxOutput: bytes });
  if (output === undefined) return false;
  let at = 0;
  for (const blob of batch) {
    const start = output.indexOf(10, at) + 1;
    const file = join(folder, blob.path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, output.subarray(start, start + blob.size));
    at = start + blob.size + 1;
  }
  return true;
}
