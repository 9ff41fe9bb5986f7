// Gets a fresh clone ready to run: a Node that is new enough, the dependencies, the build. Plain JavaScript that any
// Node from 18 on can run, because it is what finds the newer Node. It does nothing, fast, when nothing is to do.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const WANTED_MAJOR = 24;
/** The exact version that is fetched where the running Node is too old. */
const WANTED_VERSION = '24.21.0';
const TOOLS = join(ROOT, '.tools');
const FETCHED_NODE = join(TOOLS, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const DEPENDENCIES_STAMP = join(ROOT, 'node_modules', '.prepared');
const BUILD_STAMP = join(ROOT, 'dist', '.prepared');
const LOCK = join(ROOT, '.cache', 'prepare.lock');
/** What the bundles are made from. */
const BUILD_INPUTS = ['src', 'web', 'scripts/build.ts', 'package.json', 'package-lock.json'];
const NO_FUSS = [
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/** What a reader can act on: printed without a stack. */
class PrepareError extends Error {}

/**
 * Makes ready what is asked for and returns the path of the Node to run it with. Two runs at once take turns.
 * @param {{ build: boolean }} options
 */
export function prepare({ build }) {
  try {
    if (!isReady(build)) withLock(() => makeReady(build));
    return nodePath();
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Runs a program with the terminal's own streams, passes signals on, and ends as it ended. */
export function become(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    process.stderr.write(`cannot run ${command}: ${error.message}\n`);
    process.exit(1);
  });
  // At a terminal Ctrl-C reaches the whole process group; passing it on would deliver it twice.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function isReady(build) {
  return nodePath() !== undefined && dependenciesAreReady() && (!build || buildIsReady());
}

function makeReady(build) {
  if (nodePath() === undefined) fetchNode();
  if (!dependenciesAreReady()) installDependencies(nodePath());
  if (build && !buildIsReady()) buildBundles(nodePath());
}

function nodePath() {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  const manifest = readOrEmpty(join(TOOLS, 'node_modules', 'node', 'package.json'));
  if (manifest === '' || JSON.parse(manifest).version !== WANTED_VERSION) return undefined;
  return existsSync(FETCHED_NODE) ? FETCHED_NODE : undefined;
}

function fetchNode() {
  say(`Node ${process.versions.node} is too old: fetching Node ${WANTED_VERSION} into .tools`);
  // Whatever is there is another version, or the rest of a run that was stopped.
  rmSync(TOOLS, { recursive: true, force: true });
  mkdirSync(TOOLS, { recursive: true });
  // The package `node` has a script of its own that adds the build for this platform: scripts must be on for it.
  npm(
    process.execPath,
    ['install', '--prefix', TOOLS, '--no-save', '--ignore-scripts=false', ...NO_FUSS, `node@${WANTED_VERSION}`],
    `Node ${WANTED_MAJOR} or newer is needed and could not be fetched; install it by hand and run this again`,
  );
  const version = spawnSync(FETCHED_NODE, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (version !== `v${WANTED_VERSION}`) {
    rmSync(TOOLS, { recursive: true, force: true });
    throw new PrepareError(
      `the fetched Node does not run on this machine (${process.platform} ${process.arch})\n  install Node ${WANTED_MAJOR} or newer by hand and run this again`,
    );
  }
}

function dependenciesAreReady() {
  const wanted = hashOf(readFileSync(join(ROOT, 'package-lock.json')));
  const stamp = readOrEmpty(DEPENDENCIES_STAMP);
  if (stamp !== '') return stamp === wanted;
  // Installed by hand with npm: npm writes its own record last, so a newer one is a whole installation.
  const own = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(own) || statSync(own).mtimeMs < statSync(join(ROOT, 'package-lock.json')).mtimeMs) return false;
  writeFileSync(DEPENDENCIES_STAMP, wanted);
  return true;
}

function installDependencies(node) {
  refuseLinked();
  say('installing dependencies, which takes a minute the first time');
  npm(node, ['ci', '--ignore-scripts', ...NO_FUSS], 'the dependencies could not be installed');
  writeFileSync(DEPENDENCIES_STAMP, hashOf(readFileSync(join(ROOT, 'package-lock.json'))));
}

/** npm would empty the folder that a link leads to, which others may be working with. */
function refuseLinked() {
  const folder = join(ROOT, 'node_modules');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new PrepareError(
    'node_modules is a link, and what it leads to does not fit package-lock.json\n  run `npm ci` where it leads, or remove the link and run this again',
  );
}

function buildIsReady() {
  return readOrEmpty(BUILD_STAMP) === fingerprint();
}

function buildBundles(node) {
  say('building the program and the console');
  // Taken before the build: an edit while it runs must lead to another one.
  const before = fingerprint();
  const run = spawnSync(node, [join(ROOT, 'scripts', 'build.ts'), '--no-types'], { cwd: ROOT, encoding: 'utf8' });
  if (run.status !== 0) throw new PrepareError(`the build failed\n${run.stdout ?? ''}${run.stderr ?? ''}`);
  writeFileSync(BUILD_STAMP, before);
}

/** Changes when a file that the bundles are made from is edited, added, renamed or removed. */
function fingerprint() {
  const lines = [];
  for (const input of BUILD_INPUTS) addTo(lines, join(ROOT, input));
  return hashOf(lines.join('\n'));
}

function addTo(lines, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).sort()) addTo(lines, join(path, name));
  } else if (!path.endsWith('.test.ts') && !path.endsWith('.md')) {
    lines.push(`${path} ${stat.size} ${stat.mtimeMs}`);
  }
}

/** Runs npm under a given Node; the npm that started us where there is one. */
function npm(node, args, failure) {
  const cli = process.env['npm_execpath'] ?? '';
  const [command, ...first] = cli.endsWith('npm-cli.js') && existsSync(cli) ? [node, cli] : ['npm'];
  const run = spawnSync(command, [...first, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` },
    // On Windows npm is a command file, which only a shell can start.
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (run.error !== undefined) throw new PrepareError(`${failure}\n  npm cannot be run: ${run.error.message}`);
  if (run.status === 0) return;
  const text = `${run.stderr}${run.stdout}`;
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED/.test(text);
  const advice = offline
    ? '\n  the package registry cannot be reached: go online, or check the proxy settings of npm'
    : '';
  throw new PrepareError(`${failure}${advice}\n  npm said:\n${indent(text)}`);
}

function withLock(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  let told = false;
  while (!takeLock()) {
    const owner = ownerOf(LOCK);
    if (owner === undefined || !isAlive(owner)) {
      dropDeadLock(owner);
    } else if (!told) {
      say(`waiting for process ${owner}, which is preparing the same folder`);
      told = true;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  try {
    work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function takeLock() {
  try {
    mkdirSync(LOCK);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
  writeFileSync(join(LOCK, 'owner'), String(process.pid));
  return true;
}

/** Moved aside before it is removed, so that a lock which another run took in the meantime can be put back. */
function dropDeadLock(owner) {
  // No owner yet: its maker is between making it and signing it, unless it died there.
  const made = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  if (owner === undefined && Date.now() - made < 2000) return;
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (ownerOf(aside) === owner) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, LOCK);
  } catch {
    // Another run was faster.
  }
}

function ownerOf(lock) {
  const text = readOrEmpty(join(lock, 'owner'));
  return text === '' ? undefined : Number(text);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** What npm says first names the cause; after it comes its manual. */
function indent(text) {
  const lines = text.split('\n').filter((line) => !/^\s*$|^npm warn|^npm error\s+at |^npm error$/.test(line));
  return lines
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
