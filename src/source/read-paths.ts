import { glob, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { SourceText } from '#parse/text/node.ts';
import { isBundle, openBundle } from './bundle.ts';
import { type Choice, chooseKustomizations, type KustomizationNode } from './choose-kustomizations.ts';
import { openRevision } from './git-revision.ts';
import { readFileText, readStreamText } from './read-file.ts';
import { renderChart, renderKustomization } from './render.ts';
import { newSession, type Place, report, reportUnreadable, type Session, type SourceOptions } from './session.ts';
import { type Found, isKustomizationName, isManifestName, type Kustomization, walkFolder } from './walk-folder.ts';

export interface SourceResult {
  /** In the order of the paths, and of names inside each. Names are ready to print: control characters are escaped. */
  readonly files: readonly SourceText[];
  /** Documents of Azure that were in snapshot files. */
  readonly azure?: readonly SourceText[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Brings in the text behind each path: a file, a folder, a glob, `-` for standard input, `git:REV[:PATH]`. What cannot
 * be read gives a diagnostic and hides nothing else. See README.md for kustomizations, charts and limits.
 */
export async function readPaths(paths: readonly string[], options: SourceOptions = {}): Promise<SourceResult> {
  const session = newSession(options);
  try {
    const found: Found[] = [];
    for (const path of paths) found.push(...(await find(session, path)));
    await readAll(session, found);
  } finally {
    for (const folder of session.temporaryFolders) await rm(folder, { recursive: true, force: true });
  }
  return withBundlesOpened({ files: session.files, diagnostics: session.diagnostics });
}

/** A snapshot file stands for the files that it was made from. */
function withBundlesOpened(result: SourceResult): SourceResult {
  if (!result.files.some(isBundle)) return result;
  const opened = result.files.map((source) =>
    isBundle(source) ? openBundle(source) : { files: [source], azure: [], diagnostics: [] },
  );
  return {
    files: opened.flatMap(({ files }) => files),
    azure: opened.flatMap(({ azure }) => azure),
    diagnostics: [...result.diagnostics, ...opened.flatMap(({ diagnostics }) => diagnostics)],
  };
}

async function find(session: Session, path: string): Promise<readonly Found[]> {
  if (path === '-') return findStandardInput(session);
  if (path.startsWith('git:')) {
    const place = await openRevision(session, path);
    return place === undefined ? [] : findAt(session, place, false);
  }
  const place = placeOf(session, path);
  const exists = await stat(place.path).then(
    () => true,
    () => false,
  );
  return !exists && isGlob(path) ? findGlob(session, path) : findAt(session, place, true);
}

/** Standard input has no place on disk: it is read at once. */
async function findStandardInput(session: Session): Promise<readonly Found[]> {
  if (session.seen.has('-')) return [];
  session.seen.add('-');
  const source = await readStreamText(session, '<stdin>', session.standardInput);
  if (source !== undefined) session.files.push(source);
  return [];
}

async function findAt(session: Session, place: Place, gitignore: boolean): Promise<readonly Found[]> {
  try {
    const status = await stat(place.path);
    if (status.isDirectory()) return await findFolder(session, place, gitignore);
    if (session.kustomize === 'auto' && isKustomizationName(basename(place.path))) {
      return await findFolder(session, { path: dirname(place.path), name: dirname(place.name) }, gitignore);
    }
    const first = !session.seen.has(place.path);
    session.seen.add(place.path);
    return first ? [{ kind: 'file', place }] : [];
  } catch (error) {
    reportUnreadable(session, place.name, error);
    return [];
  }
}

async function findFolder(session: Session, place: Place, gitignore: boolean): Promise<readonly Found[]> {
  const before = session.seen.size;
  const problems = session.diagnostics.length;
  const found = await walkFolder(session, place, { gitignore });
  const walked = session.seen.size > before;
  if (found.length === 0 && walked && session.diagnostics.length === problems) {
    report(session, {
      code: 'RF1014',
      name: place.name,
      message: `\`${place.name}\` holds no .yaml, .yml or .json file`,
    });
  }
  return found;
}

async function findGlob(session: Session, pattern: string): Promise<readonly Found[]> {
  const matches: string[] = [];
  for await (const match of glob(pattern, { cwd: session.cwd })) if (isVisibleManifest(match)) matches.push(match);
  matches.sort();
  const found: Found[] = [];
  for (const match of matches) found.push(...(await findAt(session, placeOf(session, match), true)));
  if (matches.length === 0) {
    const name = escapeControl(pattern);
    report(session, { code: 'RF1006', name, message: `nothing matches \`${name}\`` });
  }
  return found;
}

/** A pattern such as `**` meets every file: those with the name of a manifest are meant, and folders stand for themselves. */
function isVisibleManifest(path: string): boolean {
  const parts = path.split(/[\\/]/);
  return isManifestName(path) && !parts.some((part) => part === 'node_modules' || part === '.git');
}

function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

function placeOf(session: Session, path: string): Place {
  const name = path.replace(/^(?:\.\/)+(?=.)/, '').replace(/(?<=.)\/+$/, '');
  return { path: isAbsolute(path) ? join(path) : resolve(session.cwd, path), name: escapeControl(name) };
}

/** Files read at the same time: enough to keep the disk busy, few enough to bound memory. */
const AT_ONCE = 16;

async function readAll(session: Session, found: readonly Found[]): Promise<void> {
  const kustomizations = found.filter((item): item is Kustomization => item.kind === 'kustomization');
  const choice = await chooseKustomizations(session, kustomizations);
  const rendering: Rendering = { session, choice, done: new Set() };
  let files: Place[] = [];
  for (const item of found) {
    if (item.kind === 'file') {
      files.push(item.place);
      if (files.length < AT_ONCE) continue;
    }
    await readFiles(session, files);
    files = [];
    if (item.kind === 'chart') await renderChart(session, item.place);
    if (item.kind === 'kustomization') await readKustomization(rendering, item);
  }
  await readFiles(session, files);
}

async function readFiles(session: Session, places: readonly Place[]): Promise<void> {
  const sources = await Promise.all(places.map((place) => readFileText(session, place)));
  for (const source of sources) if (source !== undefined) session.files.push(source);
  session.onProgress(session.files.length);
}

interface Rendering {
  readonly session: Session;
  readonly choice: Choice;
  readonly done: Set<KustomizationNode>;
}

async function readKustomization(rendering: Rendering, item: Kustomization): Promise<void> {
  const { session, choice, done } = rendering;
  const node = choice.byPath.get(item.realPath)!;
  if (choice.rendered.includes(node)) await renderOrRead(rendering, node);
  else if (choice.covered.includes(node) && !done.has(node)) reportCovered(session, item);
}

/** Where a kustomization cannot be rendered, what it is made of is read as it stands, so that nothing good is hidden. */
async function renderOrRead(rendering: Rendering, node: KustomizationNode): Promise<void> {
  const { session, choice, done } = rendering;
  if (done.has(node)) return;
  done.add(node);
  if (await renderKustomization(session, node.kustomization.place)) {
    await reportUnused(rendering, node.kustomization);
    return;
  }
  const { inside, place, realPath } = node.kustomization;
  const named = inside.filter((item) => node.resources.has(join(realPath, relative(place.path, item.place.path))));
  const parts = node.resources.size === 0 ? inside : named;
  await readFiles(
    session,
    parts.filter((item) => item.kind === 'file').map((item) => item.place),
  );
  for (const item of parts) if (item.kind === 'chart') await renderChart(session, item.place);
  for (const path of node.resources) {
    const part = choice.byPath.get(path);
    if (part !== undefined) await renderOrRead(rendering, part);
  }
  for (const part of choice.covered)
    if (part.kustomization.outer === node.kustomization) await renderOrRead(rendering, part);
}

/** Manifests that no kustomization names may well be deployed by hand: nobody should think that they were judged. */
async function reportUnused({ session, choice }: Rendering, { inside, place, realPath }: Kustomization): Promise<void> {
  const nodes = [...choice.byPath.values()];
  for (const { kind, place: own } of inside) {
    const real = join(realPath, relative(place.path, own.path));
    if (
      kind !== 'file' ||
      nodes.some(({ kustomization, named }) => kustomization.file.path === own.path || named.has(real))
    )
      continue;
    if (!(await isManifest(own.path))) continue;
    const message = `\`${own.name}\` is not read: the kustomization \`${place.name}\` stands for its folder and does not use it`;
    report(session, { code: 'RF1015', name: own.name, message, help: 'give it as a PATH of its own to read it' });
  }
}

/** A look without a word on what cannot be read: nobody asked for the file. */
async function isManifest(path: string): Promise<boolean> {
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (size > 4 * 1024 * 1024) return false;
  const text = await readFile(path, 'utf8').catch(() => '');
  return (
    /^apiVersion\s*:/m.test(text) &&
    /^kind\s*:/m.test(text) &&
    !/^kind\s*:\s*(?:Kustomization|Component)\s*$/m.test(text)
  );
}

function reportCovered(session: Session, item: Kustomization): void {
  const outer = item.outer?.place.name ?? '';
  const message = `\`${item.place.name}\` is not rendered: the kustomization \`${outer}\` stands for its folder and does not use it`;
  report(session, { code: 'RF1015', name: item.place.name, message, help: 'give it as a PATH of its own to read it' });
}
