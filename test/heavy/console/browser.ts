import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, test } from 'vitest';
import type { ListenOptions } from '#server/listen.ts';
import { installPackage } from '../debian-package.ts';
import { type ExampleServer, serveExample } from './example-server.ts';

/** A real browser over the real server, for the tests of one file. Nothing in it may be asked before its tests run. */
export interface Console {
  readonly server: ExampleServer;
  readonly browser: Browser;
  /** A page on Home whose browser is signed in. */
  readonly signedIn: (options?: Parameters<Browser['newPage']>[0]) => Promise<Signed>;
}

export interface Signed {
  readonly page: Page;
  /** What the browser complained about: errors of scripts, and of the content policy. */
  readonly complaints: readonly string[];
}

const BROWSERS = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const foundBrowser = () => BROWSERS.find((path) => path !== '' && existsSync(path));
const executablePath = foundBrowser() ?? (installPackage('chromium') ? foundBrowser() : undefined);

export const isMissing = executablePath === undefined;

/**
 * Builds the console, serves it and starts a browser before the tests of the file that calls this, and ends all after them.
 * What is served is a copy of `examples/shop` unless `input` gives another folder.
 */
export function startConsole(
  input?: () => string,
  azure: readonly string[] = [],
  more?: () => Promise<Partial<ListenOptions>>,
): Console {
  if (isMissing) test.skip('no Chromium here, and it may not be installed; name one in CHROMIUM', () => {});
  const parts: { server?: ExampleServer; browser?: Browser } = {};
  // Files of tests run beside each other: each has a build of its own.
  const files = mkdtempSync(join(tmpdir(), 'ringfence-web-'));
  beforeAll(async () => {
    if (executablePath === undefined) return;
    await build({ configFile: 'web/vite.config.ts', build: { outDir: files, emptyOutDir: true }, logLevel: 'warn' });
    parts.server = await serveExample(files, { input: input?.(), azure, more: await more?.() });
    parts.browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await parts.browser?.close();
    await parts.server?.close();
    rmSync(files, { recursive: true, force: true });
  });
  return {
    get server() {
      return parts.server!;
    },
    get browser() {
      return parts.browser!;
    },
    signedIn: (options) => signIn(parts.browser!, parts.server!, options),
  };
}

/** Scripts for the page are texts: the types of browsers are not those of this folder. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))`);
}

export function focusedText(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent');
}

async function signIn(
  browser: Browser,
  server: ExampleServer,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<Signed> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', ...options });
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(server.entrance);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return { page, complaints };
}
