import { describe, expect, test } from 'vitest';
import { isMissing, startConsole, violationsOn } from './browser.ts';

const ringfence = startConsole();

/** As if somebody took one in another window. */
const TAKE = `fetch('/api/v1/snapshots', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  .then((response) => response.status)`;

const REVISION = `fetch('/api/v1/status').then((response) => response.json()).then(({ revision }) => revision)`;

describe.skipIf(isMissing)('history in the console', () => {
  test('what changed is found with the keyboard alone, from the time line to its meaning', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.getByRole('heading', { name: 'Close first' }).waitFor({ timeout: 60_000 });
    expect(await page.evaluate(TAKE)).toBe(201);
    ringfence.server.edit('data/policies.yaml', (text) => text.replaceAll('port: 5432', 'port: 5433'));
    await expect.poll(() => page.evaluate(REVISION), { timeout: 15_000 }).toBe(2);
    expect(await page.evaluate(TAKE)).toBe(201);
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('group', { name: 'Time line' }).getByRole('button').last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connections' }).waitFor();
    expect(new URL(page.url()).search).toMatch(/base=\d+&head=\d+/);
    await page.getByText('changed connection').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('b');
    await page.getByText('Nothing changed in meaning').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('b');
    await page.getByRole('heading', { name: 'Connections' }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByText('The same as a table').click();
    await page.getByRole('radio').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('an entry for ringfence.yaml is made, and a server that keeps nothing says that it cannot accept', async () => {
    const { page } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/findings`);
    await page.getByText('Accept it, with a reason').click();
    await page.getByLabel('Reason').fill('a wall: "is" built');
    await page.getByLabel('Owner').fill('team shop');
    await page.getByText(String.raw`reason: "a wall: \"is\" built"`).waitFor();
    await page.getByText('takes a server that keeps history').waitFor();
    expect(await page.getByRole('button', { name: 'Accept in this console' }).count()).toBe(0);
    expect(await violationsOn(page)).toEqual([]);
    await page.close();
  });
});
