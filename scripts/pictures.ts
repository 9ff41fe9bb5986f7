// Writes docs/pictures/: each screen of the console in light and dark, over the examples. Needs Chromium (or its path in
// CHROMIUM) and a build (`npm run build`). `node scripts/pictures.ts reach map` takes those alone. Look at what it writes.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type ExampleServer, serveExample } from '../test/heavy/console/example-server.ts';
import { palettePng } from './palette-png.ts';

const OUT = 'docs/pictures';
const SIZE = { width: 1280, height: 860 };

interface Picture {
  readonly name: string;
  readonly path: string;
  /** There once the screen is. */
  readonly text: string | RegExp;
  readonly input?: 'estate';
  readonly first?: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  { name: 'home', path: '/', text: 'Close first' },
  { name: 'ask', path: '/ask?from=shop-frontend/web&to=shop-data/postgres&port=5432', text: 'The smallest change' },
  { name: 'reach', path: '/reach', text: 'denied cells', first: openCell },
  { name: 'map', path: '/map', text: 'each namespace is one box' },
  { name: 'workload', path: '/workload?id=shop-data/StatefulSet/postgres', text: 'Comes in' },
  { name: 'exposure', path: '/exposure', text: 'From the internet' },
  { name: 'rulebook', path: '/rulebook?namespace=shop-data', text: 'On the way in' },
  { name: 'findings', path: '/findings', text: 'Blast radius' },
  { name: 'baselines', path: '/baselines', text: 'Take the evidence with you' },
  { name: 'change', path: '/change?file=shop/backend/policies.yaml', text: 'Edit a file', first: edit },
  { name: 'azure', path: '/azure', text: 'closed to the internet', input: 'estate' },
  { name: 'drift', path: '/drift', text: 'Take a snapshot', first: settle },
  { name: 'trust', path: '/trust', text: 'What was read' },
];

const wanted = new Set(process.argv.slice(2));
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const folder = mkdtempSync(join(tmpdir(), 'ringfence-pictures-'));
try {
  for (const input of [undefined, 'estate'] as const) {
    const pictures = PICTURES.filter((each) => each.input === input && (wanted.size === 0 || wanted.has(each.name)));
    if (pictures.length > 0) await takeAll(browser, await serving(input), pictures);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

function serving(input: 'estate' | undefined): Promise<ExampleServer> {
  if (input === undefined) return serveExample('dist/web');
  for (const part of ['manifests', 'terraform'])
    cpSync(join('examples/estate', part), join(folder, part), { recursive: true });
  return serveExample('dist/web', { input: folder, azure: ['shop/terraform'] });
}

async function takeAll(browser: Browser, server: ExampleServer, pictures: readonly Picture[]): Promise<void> {
  try {
    if (pictures.some(({ name }) => name === 'home' || name === 'drift')) await makeHistory(browser, server);
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: SIZE, colorScheme, reducedMotion: 'reduce' });
      for (const picture of pictures) {
        const png = await take(await context.newPage(), server, picture);
        const file = `${picture.name}-${colorScheme}.png`;
        writeFileSync(join(OUT, file), png);
        process.stdout.write(`${file} ${Math.ceil(png.length / 1024)} KiB\n`);
      }
      await context.close();
    }
  } finally {
    await server.close();
  }
}

async function take(page: Page, server: ExampleServer, picture: Picture): Promise<Buffer> {
  page.setDefaultTimeout(60_000);
  await page.goto(server.entrance);
  await page.goto(server.url + picture.path);
  await page.getByText(picture.text).first().waitFor();
  await picture.first?.(page);
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(400);
  const png = palettePng(await page.screenshot());
  await page.close();
  return png;
}

/** Something that changed: a port was opened by mistake, and closed again in part. */
async function makeHistory(browser: Browser, server: ExampleServer): Promise<void> {
  const page = await browser.newPage();
  await page.goto(server.entrance);
  await page.getByText('revision 1').waitFor();
  await snapshot(page, 'before the release');
  server.edit('data/policies.yaml', (text) => text.replaceAll('5432', '5433'));
  await page.getByText('revision 2').waitFor();
  await snapshot(page, 'the release');
  server.edit('data/policies.yaml', (text) => text.replaceAll('5433', '5432'));
  await page.getByText('revision 3').waitFor();
  await snapshot(page, 'taken back');
  await page.close();
}

async function snapshot(page: Page, note: string): Promise<void> {
  await page.evaluate(`fetch('/api/v1/snapshots', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify({ note }))} })
    .then(async (answer) => { if (!answer.ok) throw new Error(await answer.text()); })`);
}

async function openCell(page: Page): Promise<void> {
  const grid = page.getByRole('grid');
  await grid.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('[');
  await page.keyboard.press('Enter');
  await page.getByText('What decides').waitFor();
}

/** A rule is taken away, as it is typed. */
async function edit(page: Page): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(
    '\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open-api, namespace: shop-backend}\nspec: {podSelector: {matchLabels: {app: api}}, ingress: [{}]}\n',
  );
  await page.getByText('Download patch').waitFor();
  await settle(page);
  await page.evaluate('scrollTo(0, 0)');
}

async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(1_500);
}
