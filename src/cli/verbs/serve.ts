import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeControl } from '#base/escape.ts';
import { type EnvironmentEvent, openEnvironment } from '#server/environment.ts';
import { memoryHistory } from '#server/history.ts';
import { workerLane } from '#server/lane.ts';
import { type Listening, listen, refusalOf, type Tls } from '#server/listen.ts';
import type { Plan } from '#server/plan.ts';
import { newSecret, readTokens, type Token } from '#server/security/tokens.ts';
import { staticFilesIn } from '#server/static-files.ts';
import { errorCode } from '#source/session.ts';
import type { ServeFlags } from '../commands/serve.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { sayDiagnostics } from '../look.ts';
import { refuseMissing } from '../paths.ts';
import { Refusal } from '../refusal.ts';
import { type Settings, settingsOf } from '../settings.ts';
import { VERSION } from '../version.ts';

export async function runServe(context: CliContext, flags: ServeFlags, paths: readonly string[]): Promise<ExitCode> {
  const { folder, err } = context.surroundings;
  const how = await howToListen(context, flags);
  const settings = await settingsOf(context, {
    ...flags,
    output: undefined,
    namespace: undefined,
    allowUnknown: undefined,
  });
  const plan = planOf(context, settings, paths);
  const onBug = (message: string) => err.say(`ringfence: ${escapeControl(message.slice(0, 2_000))}\n`);
  const environment = openEnvironment(plan, { openLane: workerLane, onBug });
  const started = await listen({
    ...how,
    environment,
    history: memoryHistory(),
    version: VERSION,
    staticFiles: staticFilesIn(consoleFolder(folder)),
    onBug,
  }).catch(async (error: unknown) => {
    await environment.close();
    throw cannotListen(how, error);
  });
  await sayAddress(context, { started, how, flags });
  const unsubscribe = environment.subscribe((event) => sayEvent(context, flags, event));
  await interrupted();
  unsubscribe();
  await Promise.all([started.close(), environment.close()]);
  return EXIT.ok;
}

interface How {
  readonly host: string;
  readonly port: number;
  readonly tokens: readonly Token[];
  /** Printed in the address: nobody else has one. */
  readonly ownToken: string | undefined;
  readonly tls?: Tls;
  readonly urls: readonly URL[];
}

async function howToListen(context: CliContext, flags: ServeFlags): Promise<How> {
  const host = (flags.host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const port = portOf(flags.port ?? '0');
  const urls = (flags.publicUrl ?? []).map(publicUrlOf);
  const named = flags.tokenFile === undefined ? undefined : await tokensAt(context, flags.tokenFile);
  const tls = await tlsOf(context, flags);
  const refusal = refusalOf({ host, hasTokens: named !== undefined, hasTls: tls !== undefined, urls });
  if (refusal !== undefined) throw new Refusal(escapeControl(refusal.message), refusal.hint);
  const ownToken = named === undefined ? newSecret() : undefined;
  const tokens = named ?? [{ name: 'you', role: 'admin', token: ownToken! }];
  return { host, port, tokens, ownToken, urls, ...(tls !== undefined && { tls }) };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new Refusal(`\`${escapeControl(text)}\` is not a port`, 'a number up to 65535; 0 is any that is free');
}

function publicUrlOf(text: string): URL {
  const url = URL.parse(text);
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (isAddress && url.username === '' && url.password === '') return url;
  throw new Refusal(`\`${escapeControl(text)}\` is not an address`, 'as --public-url https://ringfence.example.com');
}

async function tokensAt({ surroundings }: CliContext, file: string): Promise<readonly Token[]> {
  const shown = escapeControl(file);
  const path = resolve(surroundings.folder, file);
  const { mode } = await stat(path).catch((error: unknown) => {
    throw new Refusal(`\`${shown}\` cannot be read: ${errorCode(error)}`);
  });
  // Windows has no such bits: every file looks open there.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Refusal(`\`${shown}\` can be read by others`, `run \`chmod 600 ${shown}\``);
  const reading = readTokens(await textAt(surroundings.folder, file));
  if ('tokens' in reading) return reading.tokens;
  const hint = 'each line is viewer, editor or admin, a token of 24 characters or more, and a name';
  throw new Refusal(`\`${shown}\` is no token file: ${reading.problem}`, hint);
}

async function tlsOf({ surroundings }: CliContext, { tlsCert, tlsKey }: ServeFlags): Promise<Tls | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new Refusal('--tls-cert and --tls-key go together');
  const { folder } = surroundings;
  return { cert: await textAt(folder, tlsCert), key: await textAt(folder, tlsKey) };
}

async function textAt(folder: string, file: string): Promise<string> {
  return readFile(resolve(folder, file), 'utf8').catch((error: unknown) => {
    throw new Refusal(`\`${escapeControl(file)}\` cannot be read: ${errorCode(error)}`);
  });
}

function planOf(context: CliContext, settings: Settings, paths: readonly string[]): Plan {
  const { live, maxFileSize, azureCluster, engine } = settings;
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
    azure: settings.azure,
    azureCloud: settings.azureCloud,
    podRanges: settings.podRanges,
    staged: settings.staged,
    controls: settings.controls,
    invariants: settings.invariants,
    version: VERSION,
    ...(live !== undefined && { live }),
    ...(maxFileSize !== undefined && { maxFileSize }),
    ...(azureCluster !== undefined && { azureCluster }),
    ...(engine !== undefined && { engine }),
  };
}

/** Where `npm run build` leaves the console: beside the program, in the sources and in a build. */
function consoleFolder(folder: string): string | undefined {
  const near = ['../../../dist/web', '../web', './web'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return near.map((path) => resolve(folder, path)).find((path) => existsSync(resolve(path, 'index.html')));
}

function cannotListen({ host, port }: How, error: unknown): unknown {
  const at = `\`${escapeControl(host)}\`${port === 0 ? '' : ` port ${port}`}`;
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new Refusal(`${at} is taken`, 'choose another --port; without it any that is free is used');
    case 'EACCES':
      return new Refusal(`${at} is not for us to listen on`, 'choose a --port above 1023');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Refusal(`${at} is not an address of this machine`);
    case 'an unnamed error':
      return error;
    default:
      return new Refusal(`${at} cannot be listened on: ${errorCode(error)}`);
  }
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
