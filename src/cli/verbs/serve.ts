import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeControl } from '#base/escape.ts';
import { type EnvironmentEvent, openEnvironment } from '#server/environment.ts';
import { workerLane } from '#server/lane.ts';
import type { Listening } from '#server/listen.ts';
import type { Plan } from '#server/plan.ts';
import { staticFilesIn } from '#server/static-files.ts';
import { CHOICES_FILE } from '../blueprint.ts';
import type { ServeFlags } from '../commands/serve.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { sayDiagnostics } from '../look.ts';
import { refuseMissing } from '../paths.ts';
import { Refusal } from '../refusal.ts';
import { type Settings, settingsOf } from '../settings.ts';
import { VERSION } from '../version.ts';
import { historyFor, historyPlace } from './serve-history.ts';
import { type How, howToListen, listenAt, sayIssuer } from './serve-how.ts';

export async function runServe(context: CliContext, flags: ServeFlags, paths: readonly string[]): Promise<ExitCode> {
  const { folder, err } = context.surroundings;
  const how = await howToListen(context, flags);
  const settings = await settingsOf(
    context,
    { ...flags, output: undefined, namespace: undefined, allowUnknown: undefined },
    paths,
  );
  const plan = planOf(context, settings, paths);
  const place = historyPlace(context, flags);
  const onBug = (message: string) => err.say(`ringfence: ${escapeControl(message.slice(0, 2_000))}\n`);
  const environment = openEnvironment(plan, { openLane: workerLane, onBug });
  const { history, recorder, words, close } = historyFor(context, place, { environment, plan });
  const started = await listenAt(how, {
    environment,
    history,
    recorder,
    version: VERSION,
    staticFiles: staticFilesIn(consoleFolder(folder)),
    onBug,
    onRefusal: onBug,
  }).catch(async (error: unknown) => {
    await Promise.all([close(), environment.close()]);
    throw error;
  });
  const unsubscribe = environment.subscribe((event) => sayEvent(context, flags, event));
  // Listened for before the address is told: whoever reads it may end us at once.
  const end = interrupted();
  await sayAddress(context, { started, how, flags });
  if (flags.quiet !== true) err.say(`${words}\n`);
  await Promise.race([end, sayIssuer(context, how)]);
  await end;
  unsubscribe();
  recorder.close();
  await Promise.all([started.close(), environment.close()]);
  await close();
  return EXIT.ok;
}

function planOf(context: CliContext, settings: Settings, paths: readonly string[]): Plan {
  const { live, maxFileSize, azureCluster, engine, configuration } = settings;
  if (live !== undefined && paths.length > 0)
    throw new Refusal(
      `--context and --kubeconfig read a cluster; \`${escapeControl(paths[0]!)}\` is a path`,
      'leave one of the two out',
    );
  const wanted = live === undefined && paths.length === 0 ? ['.'] : paths;
  for (const path of wanted) refuseMissing(context, path);
  return {
    folder: context.surroundings.folder,
    paths: wanted,
    kustomize: settings.kustomize,
    exclude: settings.exclude,
    azure: settings.azure.length > 0 ? settings.azure : designedAzure(context, wanted),
    azureCloud: settings.azureCloud,
    podRanges: settings.podRanges,
    staged: settings.staged,
    controls: settings.controls,
    invariants: settings.invariants,
    version: VERSION,
    ...(configuration !== undefined && { configuration }),
    ...(live !== undefined && { live }),
    ...(maxFileSize !== undefined && { maxFileSize }),
    ...(azureCluster !== undefined && { azureCluster }),
    ...(engine !== undefined && { engine }),
  };
}

/** The Azure network of a blueprint stands in a folder of its own, beside the choices. */
function designedAzure({ surroundings }: CliContext, paths: readonly string[]): readonly string[] {
  const isThere = (path: string) => existsSync(resolve(surroundings.folder, path));
  return paths
    .filter((path) => isThere(join(path, CHOICES_FILE)))
    .map((path) => join(path, 'azure'))
    .filter(isThere);
}

/** Where `npm run build` leaves the console: beside the program, in the sources and in a build. */
function consoleFolder(folder: string): string | undefined {
  const near = ['../../../dist/web', '../web', './web'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return near.map((path) => resolve(folder, path)).find((path) => existsSync(resolve(path, 'index.html')));
}

interface Started {
  readonly started: Listening;
  readonly how: How;
  readonly flags: ServeFlags;
}

/** On standard output, alone: scripts read it. */
async function sayAddress({ surroundings }: CliContext, { started, how, flags }: Started): Promise<void> {
  const { out, err } = surroundings;
  const address = how.ownToken === undefined ? `${started.url}/` : `${started.url}/?token=${how.ownToken}`;
  await out.write([`${address}\n`]);
  if (flags.quiet !== true) err.say('Ctrl-C ends it\n');
  if (flags.open === true) openBrowser(address);
}

/** Without a shell; where nothing can open a page, the printed address is enough. */
function openBrowser(address: string): void {
  const programs = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'] } as const;
  const [program, ...args] =
    process.platform === 'darwin' || process.platform === 'win32' ? programs[process.platform] : ['xdg-open'];
  const child = spawn(program!, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function sayEvent(context: CliContext, flags: ServeFlags, event: EnvironmentEvent): void {
  if (event.kind !== 'status') return;
  const { state, revision, why, help, diagnostics } = event.status;
  const { err } = context.surroundings;
  const isBad = state === 'stale' || state === 'failed';
  if (isBad) {
    sayDiagnostics({ context, flags }, diagnostics, 'errors');
    const kept = state === 'stale' ? '; the last good answer is kept' : '';
    err.say(`${why}${kept}${help === undefined ? '' : `\nhint: ${help}`}\n`);
  } else if (flags.quiet !== true) err.say(`revision ${revision} is answered about\n`);
}

function interrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
