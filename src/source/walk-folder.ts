import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import { type IgnoreRules, isIgnored, rulesOf, withIgnoreFiles } from './ignore-rules.ts';
import { type Place, report, reportUnreadable, type Session } from './session.ts';

/** What a walk meets, in the order of names. */
export type Found = FoundFile | FoundChart | Kustomization;

export interface FoundFile {
  readonly kind: 'file';
  readonly place: Place;
}

export interface FoundChart {
  readonly kind: 'chart';
  readonly place: Place;
}

/** A folder with a kustomization file. Its rendering stands for the whole tree below it. */
export interface Kustomization {
  readonly kind: 'kustomization';
  readonly place: Place;
  /** The kustomization file itself. */
  readonly file: Place;
  /** With links resolved, to compare with what others refer to. */
  readonly realPath: string;
  /** The kustomization whose tree it lies in. */
  readonly outer: Kustomization | undefined;
  /** The manifests and charts of its tree, for when it cannot be rendered. */
  readonly inside: (FoundFile | FoundChart)[];
}

export interface WalkOptions {
  /** Off for files out of git: they are tracked, whatever .gitignore says. */
  readonly gitignore: boolean;
  /** Names of files that are wanted; those of manifests unless given. */
  readonly isWanted?: (name: string) => boolean;
}

/** Everything below a folder that may hold manifests. */
export async function walkFolder(session: Session, root: Place, options: WalkOptions): Promise<Found[]> {
  const realRoot = await realpath(root.path).catch(() => root.path);
  const walk: Walk = {
    session,
    realRoot,
    ignoreFiles: options.gitignore ? ['.gitignore', '.ringfenceignore'] : ['.ringfenceignore'],
    isWanted: options.isWanted ?? isManifestName,
    found: [],
  };
  await visit(walk, root, { rules: rulesOf(session.exclude), outer: undefined });
  return walk.found;
}

export function isManifestName(name: string): boolean {
  return /\.(?:ya?ml|json)(?:\.gz)?$/i.test(name);
}

export function isKustomizationName(name: string): boolean {
  return name === 'kustomization.yaml' || name === 'kustomization.yml' || name === 'Kustomization';
}

interface Walk {
  readonly session: Session;
  readonly realRoot: string;
  readonly ignoreFiles: readonly string[];
  readonly isWanted: (name: string) => boolean;
  readonly found: Found[];
}

interface Above {
  readonly rules: IgnoreRules | undefined;
  readonly outer: Kustomization | undefined;
}

async function visit(walk: Walk, folder: Place, above: Above): Promise<void> {
  const { outer } = above;
  const { session } = walk;
  const realPath = await realpath(folder.path).catch(() => folder.path);
  if (session.seen.has(realPath)) return;
  session.seen.add(realPath);
  const entries = await listFolder(session, folder);
  if (entries.some((entry) => entry.name === 'Chart.yaml')) {
    keep(walk, { kind: 'chart', place: folder }, outer);
    return;
  }
  const rules = await withIgnoreFiles(folder.path, walk.ignoreFiles, above.rules);
  const inner = kustomizationIn(walk, folder, { realPath, entries, outer });
  for (const entry of entries) await meet(walk, { folder, realPath, rules, outer: inner ?? outer }, entry);
}

async function listFolder(session: Session, folder: Place): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder.path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    reportUnreadable(session, folder.name, error);
    return [];
  }
}

interface Content {
  readonly realPath: string;
  readonly entries: readonly Dirent[];
  readonly outer: Kustomization | undefined;
}

function kustomizationIn(walk: Walk, folder: Place, content: Content): Kustomization | undefined {
  if (walk.session.kustomize === 'never') return undefined;
  const entry = content.entries.find((candidate) => isKustomizationName(candidate.name));
  if (entry === undefined) return undefined;
  const file = placeIn(folder, entry.name);
  const kustomization: Kustomization = {
    kind: 'kustomization',
    place: folder,
    file,
    realPath: content.realPath,
    outer: content.outer,
    inside: [],
  };
  walk.found.push(kustomization);
  return kustomization;
}

interface Here {
  readonly folder: Place;
  readonly realPath: string;
  readonly rules: IgnoreRules | undefined;
  readonly outer: Kustomization | undefined;
}

/** Where pipelines of GitHub and Azure DevOps are kept: of what is hidden, they say how things are delivered. */
const PIPELINES: ReadonlySet<string> = new Set(['.github', '.azuredevops', '.azure-pipelines', '.pipelines']);

async function meet(walk: Walk, here: Here, entry: Dirent): Promise<void> {
  if ((entry.name.startsWith('.') && !PIPELINES.has(entry.name)) || entry.name === 'node_modules') return;
  const place = placeIn(here.folder, entry.name);
  const type = entry.isSymbolicLink() ? await linkedType(walk, place) : typeOf(entry);
  if (type === 'other' || isIgnored(here.rules, place.path, type === 'folder')) return;
  if (type === 'folder') {
    await visit(walk, place, here);
    return;
  }
  if (!walk.isWanted(entry.name)) return;
  if (here.outer !== undefined && isKustomizationName(entry.name)) return;
  const realPath = entry.isSymbolicLink() ? await realpath(place.path) : join(here.realPath, entry.name);
  if (walk.session.seen.has(realPath)) return;
  walk.session.seen.add(realPath);
  keep(walk, { kind: 'file', place }, here.outer);
}

function keep(walk: Walk, found: FoundFile | FoundChart, outer: Kustomization | undefined): void {
  if (outer === undefined) walk.found.push(found);
  else outer.inside.push(found);
}

type EntryType = 'file' | 'folder' | 'other';

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean }): EntryType {
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

/** Links are followed inside the folder that was named; a repository cannot have files of the machine printed. */
async function linkedType(walk: Walk, place: Place): Promise<EntryType> {
  try {
    const target = await realpath(place.path);
    const type = typeOf(await stat(target));
    if (target === walk.realRoot || target.startsWith(walk.realRoot + sep) || walk.realRoot === sep) return type;
    if (type === 'folder' || walk.isWanted(place.path)) reportOutside(walk.session, place);
  } catch (error) {
    if (walk.isWanted(place.path)) reportUnreadable(walk.session, place.name, error);
  }
  return 'other';
}

function reportOutside(session: Session, place: Place): void {
  const message = `\`${place.name}\` links to a place outside of the folder and is not followed`;
  report(session, {
    code: 'RF1006',
    severity: 'warning',
    name: place.name,
    message,
    help: 'give its target as a PATH of its own',
  });
}

function placeIn(folder: Place, name: string): Place {
  const prefix =
    folder.name === '.' ? '' : folder.name.endsWith('/') || folder.name.endsWith(':') ? folder.name : `${folder.name}/`;
  return { path: join(folder.path, name), name: prefix + escapeControl(name) };
}
