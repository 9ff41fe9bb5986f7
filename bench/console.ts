import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { serveExample } from '../test/heavy/console/example-server.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { describeCluster } from './cluster.ts';
import { writeCluster } from './generate.ts';
import { cacheFolder, NotMeasured } from './process.ts';

/** The matrix of the console, panned in a browser without a graphics card, beside the table that one would write first. */
export const consoleBenchmark: Benchmark = {
  name: 'console',
  title: 'panning the matrix: one frame, from an address to the first cells, and frames a second',
  cases: casesOf,
};

/** Rows and columns of the plain table: more and a browser takes minutes to make it. */
const PLAIN = 300;
/** Milliseconds that it is panned. */
const PANNED = 4_000;
const PATIENCE = 300_000;

function casesOf(scale: Scale): Case[] {
  const isSmoke = scale === 'smoke';
  const workloads = isSmoke ? 60 : 10_000;
  const plain = isSmoke ? 40 : PLAIN;
  const against = `a table of ${plain} × ${plain} elements`;
  const rounds = isSmoke ? 1 : 3;
  return [
    { name: `matrix of ${workloads} × ${workloads}`, against, rounds, repeats: 1, prepare: () => matrixRun(workloads) },
    { name: against, rounds, repeats: 1, prepare: () => tableRun(plain) },
  ];
}

const BROWSERS = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];

async function openBrowser(): Promise<Browser> {
  const executablePath = BROWSERS.find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) throw new NotMeasured('not measured: no Chromium; name one in CHROMIUM');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

async function matrixRun(workloads: number): Promise<() => Promise<Outcome>> {
  const browser = await openBrowser();
  const folder = cacheFolder(`console-${workloads}`);
  mkdirSync(folder, { recursive: true });
  await writeCluster(describeCluster({ workloads }), { folder, format: 'yaml', form: 'templates' });
  const files = mkdtempSync(join(tmpdir(), 'ringfence-web-'));
  await build({ configFile: 'web/vite.config.ts', build: { outDir: files, emptyOutDir: true } });
  const server = await serveExample(files, { input: folder });
  const page = await pageOf(browser);
  const token = new URL(server.entrance).searchParams.get('token') ?? '';
  const url = `${server.url}/reach?level=workload&z=8`;
  // Until the input is read, so that what is timed is the console.
  await page.goto(`${url}&token=${token}`);
  await firstCell(page);
  return async () => {
    await page.goto(url);
    await firstCell(page);
    const firstPaintMs = Math.round(Number(await page.evaluate('performance.now()')));
    const outcome = await panned(page, '.matrix', { workloads, firstPaintMs });
    await Promise.all([browser.close(), server.close()]);
    rmSync(files, { recursive: true, force: true });
    return outcome;
  };
}

async function firstCell(page: Page): Promise<void> {
  await page.locator('td[data-cell]').waitFor({ state: 'attached' });
}

async function tableRun(size: number): Promise<() => Promise<Outcome>> {
  const browser = await openBrowser();
  const page = await pageOf(browser);
  return async () => {
    await page.setContent('<div id="frame" style="width:1040px;height:500px;overflow:auto"></div>');
    const firstPaintMs = Math.round(Number(await page.evaluate(tableScript(size))));
    const outcome = await panned(page, '#frame', { workloads: size, firstPaintMs });
    await browser.close();
    return outcome;
  };
}

async function pageOf(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.setDefaultTimeout(PATIENCE);
  return page;
}

/** An element for each cell; told when it was painted. Scripts for a page are texts: its types are not those of this folder. */
function tableScript(size: number): string {
  return `new Promise((done) => {
    const start = performance.now();
    const row = (at) => '<tr><th>w' + at + '</th>' + '<td title="denied">✕</td>'.repeat(${size}) + '</tr>';
    document.querySelector('#frame').innerHTML =
      '<table>' + Array.from({ length: ${size} }, (_, at) => row(at)).join('') + '</table>';
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
  })`;
}

type Facts = Readonly<Record<string, number>>;

/** Down and to the right, and back at the end. */
async function panned(page: Page, selector: string, facts: Facts): Promise<Outcome> {
  const { frames, spent } = (await page.evaluate(`new Promise((done) => {
    const frame = document.querySelector(${JSON.stringify(selector)});
    let [frames, way] = [0, 1];
    const start = performance.now();
    const step = (now) => {
      const before = frame.scrollTop;
      frame.scrollBy(13 * way, 29 * way);
      if (frame.scrollTop === before) way = -way;
      frames++;
      if (now - start < ${PANNED}) requestAnimationFrame(step);
      else done({ frames, spent: now - start });
    };
    requestAnimationFrame(step);
  })`)) as { frames: number; spent: number };
  const fps = Math.round((frames / spent) * 10_000) / 10;
  const failures = frames < 2 ? ['nothing was drawn'] : [];
  return { facts: { ...facts, fps }, operations: frames, outside: { milliseconds: spent }, failures };
}
