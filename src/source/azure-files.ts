import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import { isBundle, openBundle } from './bundle.ts';
import { readFileText, textOf } from './read-file.ts';
import type { SourceResult } from './read-paths.ts';
import { commandText, findTool, runTool } from './run-tool.ts';
import { newSession, type Place, report, reportUnreadable, type Session, type SourceOptions } from './session.ts';
import { walkFolder } from './walk-folder.ts';

/**
 * The text of cloud documents: templates, exports, answers of Resource Graph (`.json`, `.ndjson`), Terraform (`.tf`,
 * `.tfvars`), Bicep through its own compiler, and what snapshot files hold of Azure. What cannot be read gives a
 * diagnostic and hides nothing else.
 */
export async function readAzurePaths(paths: readonly string[], options: SourceOptions = {}): Promise<SourceResult> {
  const session = newSession({ ...options, kustomize: 'never' });
  for (const path of paths) {
    for (const place of await placesAt(session, path)) await readPlace(session, place);
  }
  return withBundlesOpened(session);
}

/**
 * Cloud documents that lie among the manifests of these paths: Terraform and Bicep by their names, JSON by what it says of
 * itself. Snapshot files, revisions of git and standard input have none of their own. What cannot be read is told as a
 * note: nobody named it.
 */
export async function findAzurePaths(paths: readonly string[], options: SourceOptions = {}): Promise<SourceResult> {
  const session = newSession({ ...options, kustomize: 'never' });
  for (const path of paths) {
    const place: Place = { path: isAbsolute(path) ? path : join(session.cwd, path), name: escapeControl(path) };
    const status = await stat(place.path).catch(() => undefined);
    if (status === undefined || (!status.isDirectory() && !isCloudName(path))) continue;
    for (const each of await placesAt(session, path)) await readPlace(session, each);
  }
  return {
    files: session.files.filter(
      (file) => !isBundle(file) && (!/\.(?:nd)?json(?:\.gz)?$/i.test(file.file) || CLOUD_SIGNS.test(file.text)),
    ),
    diagnostics: session.diagnostics.map((each) => ({ ...each, severity: 'info' })),
  };
}

/** What templates and parameter files name as their schema, and ids of Azure begin with. */
const CLOUD_SIGNS =
  /deployment(?:Template|Parameters)\.json#|"\/(?:subscriptions|providers\/Microsoft)|"planned_values"/i;

/** Of a snapshot file only what it holds of Azure, and what was wrong with that. */
function withBundlesOpened({ files, diagnostics }: Session): SourceResult {
  const opened = files.filter(isBundle).map(openBundle);
  const problems = opened.flatMap((bundle) => bundle.diagnostics);
  return {
    files: [...files.filter((file) => !isBundle(file)), ...opened.flatMap(({ azure }) => azure)],
    diagnostics: [...diagnostics, ...problems.filter(({ code }) => /^RF(?:1001|5[1-9])/.test(code))],
  };
}

export function isCloudName(name: string): boolean {
  return /\.(?:json|ndjson|tf|tfvars|tftpl|bicep|bicepparam)(?:\.gz)?$/i.test(name);
}

async function placesAt(session: Session, path: string): Promise<readonly Place[]> {
  const place: Place = { path: isAbsolute(path) ? path : join(session.cwd, path), name: escapeControl(path) };
  try {
    if (!(await stat(place.path)).isDirectory()) return [place];
    const found = await walkFolder(session, place, { gitignore: true, isWanted: isCloudName });
    return found.flatMap((each) => (each.kind === 'file' ? [each.place] : []));
  } catch (error) {
    reportUnreadable(session, place.name, error);
    return [];
  }
}

async function readPlace(session: Session, place: Place): Promise<void> {
  if (/\.bicepparam$/i.test(place.name)) return;
  const source = /\.bicep$/i.test(place.name) ? await compiled(session, place) : await readFileText(session, place);
  if (source !== undefined) session.files.push(source);
}

/** What the Bicep compiler makes of a file. Its lines are those of the compiled template. */
async function compiled(session: Session, place: Place) {
  const tool = await bicepTool(session, place);
  const name = `${place.name} (bicep)`;
  if (tool === undefined) {
    const help = `run \`${commandText(['az', 'bicep', 'build', '--file', place.name])}\` where it is installed and point Ringfence at the template`;
    const message = `\`${place.name}\` is Bicep, and neither bicep nor az is on the PATH`;
    report(session, { code: 'RF1010', name: place.name, message, help });
    return undefined;
  }
  const result = await runTool(session, tool, { cwd: session.cwd });
  if (result.ok) return textOf(session, name, result.output);
  report(session, {
    code: 'RF1011',
    name: place.name,
    message: `\`${place.name}\` cannot be compiled: ${result.why}`,
    help: `run \`${commandText(['bicep', 'build', '--stdout', basename(place.name)])}\` to see it in full`,
  });
  return undefined;
}

async function bicepTool(session: Session, { path }: Place) {
  const bicep = await findTool(session, 'bicep');
  if (bicep !== undefined) return { path: bicep, args: ['build', '--stdout', path] };
  const az = await findTool(session, 'az');
  return az === undefined ? undefined : { path: az, args: ['bicep', 'build', '--stdout', '--file', path] };
}
