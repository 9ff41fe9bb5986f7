import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeCluster } from '../../../bench/cluster.ts';
import { writeCluster } from '../../../bench/generate.ts';
import { isMissing, startConsole, violationsOn } from './browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringfence-large-'));
const cluster = describeCluster({ workloads: 10_000 });
if (!isMissing) await writeCluster(cluster, { folder, format: 'yaml', form: 'templates' });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ringfence = startConsole(() => folder);
/** Milliseconds: reading 20,000 objects, and folding a hundred million pairs, on whatever machine. */
const PATIENCE = 300_000;

async function openedAt(path: string) {
  const page = await ringfence.browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(PATIENCE);
  const token = new URL(ringfence.server.entrance).searchParams.get('token')!;
  await page.goto(`${ringfence.server.url}${path}${path.includes('?') ? '&' : '?'}token=${token}`);
  return page;
}

describe.skipIf(isMissing)('with 10,000 workloads', () => {
  test('the matrix opens on namespaces and goes on to workloads, pans, searches and opens a cell', async () => {
    const page = await openedAt('/reach');
    const grid = page.getByRole('grid');
    await grid.waitFor();
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(300);
    await page.locator('td[data-cell]').waitFor({ state: 'attached' });
    await page.getByText('Workloads', { exact: true }).click();
    await page.getByText(/^1\d{4} of 1\d{4} rows/).waitFor();
    await page.locator('td[data-cell]').waitFor({ state: 'attached' });
    await grid.focus();
    const before = await page.evaluate(`document.querySelector('.matrix').scrollTop`);
    for (let pressed = 0; pressed < 5; pressed++) await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await page.locator('td[data-cell]').waitFor({ state: 'attached' });
    expect(await page.evaluate(`document.querySelector('.matrix').scrollTop`)).toBeGreaterThan(Number(before));
    await page.keyboard.press('[');
    await page.locator('td[data-cell=denied]').waitFor({ state: 'attached' });
    expect(await page.getByText(/: denied/).count()).toBeGreaterThan(0);
    const { namespace, name } = cluster.workloads[0]!;
    await page.keyboard.press('/');
    await page.keyboard.type(`from:${namespace}/${name}`);
    await page.getByText(/^1 of 1\d{4} rows/).waitFor();
    await page.locator('td[data-cell]').waitFor({ state: 'attached' });
    await grid.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'The pair' }).getByText('What decides').waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toContain(name);
    await page.close();
  });

  test('the map folds, and says what it folds and what it does not draw', async () => {
    const page = await openedAt('/map');
    await page.getByText('each namespace is one box').waitFor();
    const boxes = await page.locator('.islands .node').count();
    expect(boxes).toBeGreaterThan(100);
    expect(boxes).toBeLessThanOrEqual(300);
    await page.getByText('with the fewest lines not drawn').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.close();
  });
});
