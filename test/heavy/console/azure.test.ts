import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isMissing, startConsole, violationsOn } from './browser.ts';

/** The example is there in several forms, of which one is an estate. */
const estate = mkdtempSync(join(tmpdir(), 'ringfence-estate-'));
afterAll(() => rmSync(estate, { recursive: true, force: true }));

const ringfence = startConsole(() => {
  for (const part of ['manifests', 'terraform'])
    cpSync(join('examples/estate', part), join(estate, part), { recursive: true });
  return estate;
}, ['shop/terraform']);
const PATH = '/azure?view=path&from=shop%2Fweb&to=dns%3Aapi.partner.com&port=443%2FTCP';
const SCREENS = [
  ['/azure', 'closed to the internet'],
  ['/azure?view=differences', 'Policy allows, Azure denies'],
  ['/azure?view=checks', 'goes past the firewall'],
  ['/azure?view=path', 'whether the API server is private'],
  [PATH, 'rc-names/partners'],
  [`${PATH}&layer=2`, 'deny-smtp-out'],
] as const;

describe.skipIf(isMissing).each(['light', 'dark'] as const)('the network around the cluster, in %s', (colorScheme) => {
  test('is without violations of accessibility, and of the content policy', async () => {
    const { page, complaints } = await ringfence.signedIn({ colorScheme });
    for (const [path, text] of SCREENS) {
      await page.goto(ringfence.server.url + path);
      await page.getByText(text).first().waitFor();
      expect(await violationsOn(page), path).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test.skipIf(isMissing)('text of twice the size stays within the page', async () => {
  const { page } = await ringfence.signedIn();
  for (const [path, text] of SCREENS) {
    await page.goto(ringfence.server.url + path);
    await page.getByText(text).first().waitFor();
    const wider = await page.evaluate(`document.documentElement.style.fontSize = '187.5%';
      document.documentElement.scrollWidth - document.documentElement.clientWidth`);
    expect(wider, path).toBeLessThanOrEqual(0);
  }
  await page.close();
});

describe.skipIf(isMissing)('with the keyboard alone', () => {
  test('the drawing narrows its table, and a row leads to its line', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('z');
    await page.getByText('10 of 10 endpoints').waitFor();
    await page.getByRole('link', { name: 'the virtual network stays in the network, 1 allowed' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 10 endpoints').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('way:"the virtual network"');
    await page.getByRole('row', { name: /azmk8s/ }).focus();
    expect(complaints).toEqual([]);
    await page.keyboard.press('o');
    await page.getByRole('dialog').getByText('Copy the place').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('verdict:denied');
    await page.getByText('No endpoint fits the filter').waitFor();
    await page.close();
  });

  test('from a disagreement to the rules of each layer', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/azure?view=differences&q=to:10.30.0.0/16`);
    await page.getByText('1 of 9 differences').waitFor();
    await page.getByRole('link', { name: 'Rules on this path' }).focus();
    await page.keyboard.press('Enter');
    const tabs = page.getByRole('tab');
    await tabs.first().waitFor();
    await tabs.first().focus();
    await page.keyboard.press('End');
    await page.getByRole('tab', { selected: true }).getByText('Firewall').waitFor();
    expect(new URL(page.url()).searchParams.get('layer')).not.toBeNull();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('tab', { selected: true }).getByText('Routes').waitFor();
    await page.keyboard.press('Home');
    await page.getByRole('columnheader', { name: 'What decides' }).waitFor();
    await page.getByRole('radio', { name: 'Ways out' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('What the nodes must reach, and by which way').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test.skipIf(isMissing)('whoever is signed out is not kept waiting for the engine', async () => {
  const page = await ringfence.browser.newPage();
  await page.goto(`${ringfence.server.url}/azure`);
  await page.getByText('What you asked for is shown here once you are signed in.').waitFor();
  expect(await page.getByText('Asking the engine').count()).toBe(0);
  await page.close();
});
