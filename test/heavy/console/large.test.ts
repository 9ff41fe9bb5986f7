import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeCluster } from '../../../bench/cluster.ts';
import { writeCluster } from '../../../bench/generate.ts';
import { isMissing, startConsole } from './browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringfence-large-'));
const cluster = describeCluster({ workloads: 10_000 });
if (!isMissing) await writeCluster(cluster, { folder, format: 'yaml', form: 'templates' });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ringfence = startConsole(() => folder);
/** Milliseconds, on whatever machine. */
const PATIENCE = 500_000;
const [first, second] = cluster.workloads;

/** Each screen with something that is there once its answer is, whatever the machine. */
const SCREENS: readonly (readonly [path: string, sign: string])[] = [
  ['/', '.tiles b'],
  [`/ask?from=${first!.namespace}/${first!.name}&to=${second!.namespace}/${second!.name}&port=8080`, '.answer'],
  ['/reach', 'td[data-cell]'],
  ['/map', '.islands .node'],
  ['/workload', '.workloads tr'],
];

/** Milliseconds of the longest task of the page that is open, seen from its start. */
const WATCH = `globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
  }).observe({ type: 'longtask', buffered: true });`;

/** More elements than a page of this size needs are a list that was drawn whole. */
const MOST_ELEMENTS = 30_000;

describe.skipIf(isMissing)('with 10,000 workloads', () => {
  test('screens open before every control is judged, are usable and draw no more than can be looked at', {
    timeout: 1_200_000,
  }, async () => {
    const page = await ringfence.browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(PATIENCE);
    await page.addInitScript(WATCH);
    await page.goto(ringfence.server.entrance);
    const told: string[] = [];
    for (const [path, sign] of SCREENS) {
      const begun = Date.now();
      await page.goto(ringfence.server.url + path);
      await page.locator(sign).first().waitFor({ state: 'attached' });
      const seen = Date.now() - begun;
      expect(await page.getByRole('alert').count(), path).toBe(0);
      const elements = Number(await page.evaluate(`document.querySelectorAll('*').length`));
      expect(elements, path).toBeLessThan(MOST_ELEMENTS);
      // The keyboard is answered: the page is not held by what it draws.
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      told.push(
        `${path} ${seen} ms, ${elements} elements, longest task ${await page.evaluate('globalThis.longest')} ms`,
      );
    }
    process.stdout.write(`${told.join('\n')}\n`);
    await page.close();
  });
});
