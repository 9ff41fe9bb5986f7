import { describe, expect, test } from 'vitest';
import { isMissing, startConsole, violationsOn } from './browser.ts';

const ringfence = startConsole();

describe.skipIf(isMissing)('the matrix, with the keyboard alone', () => {
  test('is moved in, stepped through and opened, and every cell is told in words', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    const grid = page.getByRole('grid');
    await grid.waitFor();
    await grid.focus();
    await page.keyboard.press('Control+End');
    await page.getByText('shop-frontend/web to shop-frontend/web: itself').first().waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('[');
    await page.getByText(/: denied · /).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'The pair' }).getByText('What decides').waitFor();
    expect(new URL(page.url()).searchParams.get('to')).not.toBeNull();
    expect(await page.evaluate(`document.activeElement.getAttribute('role')`)).toBe('grid');
    expect(await violationsOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('tells one port, narrows by the filter language and has a list beside it', async () => {
    const { page } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/reach?port=5432&q=from:shop-backend+to:postgres&view=list`);
    await page.getByText('4 of 22 rows, 1 of 22 columns').waitFor();
    await page.getByRole('button', { name: /^Who reaches/ }).click();
    await page.getByRole('list', { name: 'To shop-data/postgres' }).getByText('allowed').first().waitFor();
    await page.goto(`${ringfence.server.url}/reach?q=form:shop`);
    await page.getByText('is not a field of this list').waitFor();
    await page.close();
  });

  test('shows what changed since a snapshot', async () => {
    const { page } = await ringfence.signedIn();
    const taken = await page.evaluate(`fetch('/api/v1/snapshots', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((each) => each.json())`);
    const { id } = (taken as { snapshots: { id: string }[] }).snapshots[0]!;
    ringfence.server.edit('data/policies.yaml', (text) => text.replaceAll('5432', '5433'));
    await page.getByText('revision 2').waitFor();
    await page.goto(`${ringfence.server.url}/reach?base=${id}`);
    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press(']');
    await page.locator('td[data-cell=both], td[data-cell=closed], td[data-cell=opened]').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByText('What decides now').waitFor();
    ringfence.server.edit('data/policies.yaml', (text) => text.replaceAll('5433', '5432'));
    await page.close();
  });
});

describe.skipIf(isMissing)('the map, with the keyboard alone', () => {
  test('leads from a namespace to its workloads to a question', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.getByText('each namespace is one box').waitFor();
    await page.getByRole('link', { name: /shop-data 3 workloads/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('and its neighbours').waitFor();
    const line = page.getByRole('link', { name: /to shop-data\/postgres: .*5432/ }).first();
    await line.waitFor({ state: 'attached' });
    await line.focus();
    await page.getByText(/NetworkPolicy shop-data\/.*policies\.yaml/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/ask\?.*postgres/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
