import { describe, expect, test } from 'vitest';
import { focusedText, isMissing, startConsole } from './browser.ts';

const ringfence = startConsole();

describe.skipIf(isMissing)('one workload, with the keyboard alone', () => {
  test('is found, and shows how it is cut off before anything is', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByRole('heading', { name: 'Workload' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('name:postgres');
    await page.getByText('1 of 1 workload or node').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-row]').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Goes out' }).waitFor();
    await page.getByRole('button', { name: 'Isolate' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('connections lost').waitFor();
    expect(new URL(page.url()).searchParams.get('isolate')).toBe('first');
    expect(await page.getByText('podSelector').first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is in the palette with both questions about it', async () => {
    const { page } = await ringfence.signedIn();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('postgres who can');
    await page.getByRole('option', { name: 'who can reach it' }).first().waitFor({ state: 'detached' });
    await page.getByRole('combobox').fill('shop-data/postgres');
    await page.getByRole('option', { name: 'who can reach it' }).first().waitFor();
    await page.getByRole('option', { name: 'everything about it' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Comes in' }).waitFor();
    expect(new URL(page.url()).searchParams.get('id')).toBe('shop-data/StatefulSet/postgres');
    await page.close();
  });
});

describe.skipIf(isMissing)('the rulebook', () => {
  test('is narrowed to what is wrong, and rows lead to their line', async () => {
    const { page } = await ringfence.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByText('On the way out').waitFor();
    const mark = page.getByRole('button', { name: /^redundant/ });
    await mark.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/mark%3Aredundant|mark:redundant/);
    expect(await mark.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.getByRole('dialog').getByText('Copy the place').waitFor();
    await page.close();
  });

  test('a slip in the filter is told, and the rules stay', async () => {
    const { page } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/rulebook`);
    await page.getByText('On the way in').waitFor();
    await page.getByLabel('Filter').fill('markk:dead');
    await page.getByText('markk').first().waitFor();
    await page.getByLabel('Filter').fill('kind:ClusterNetworkPolicy');
    await page.getByText('On the way out').waitFor();
    await page.close();
  });
});

describe.skipIf(isMissing)('baselines', () => {
  test('the cursor of the grid moves with the arrows, and Enter opens what it is on', async () => {
    const { page } = await ringfence.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('grid').waitFor();
    await page.locator('[data-cell][tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await focusedText(page)).toMatch(/^CIS Azure.*cluster as a whole/);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'All frameworks' }).waitFor();
    await page.locator('.entry').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('To close it:').first().waitFor();
    await page.close();
  });

  test('the evidence leaves as a file', async () => {
    const { page } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/baselines?framework=nsa-cisa`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: "Auditor's report" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^ringfence-nsa-cisa-[\d-]+\.html$/);
    await page.close();
  });
});
