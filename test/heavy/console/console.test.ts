import { describe, expect, test } from 'vitest';
import { focusedText, isMissing, startConsole, violationsOn } from './browser.ts';

const ASKED = '/ask?from=shop-frontend/web&to=shop-data/postgres&port=5432';
const SCREENS = [
  ['/', 'Close first'],
  ['/ask', 'Name two endpoints'],
  [ASKED, 'The smallest change that flips it'],
  ['/ask?from=internet&to=svc:shop-frontend/web&port=80', 'mixed'],
  ['/reach', 'denied cells'],
  ['/reach?level=namespace&view=list', 'Copy what is in sight'],
  ['/map', 'each namespace is one box'],
  ['/map?level=workload&view=list', 'What the boxes say'],
  ['/findings', 'Blast radius'],
  ['/change?file=shop/backend/policies.yaml', 'Edit a file'],
  ['/exposure', 'From the internet'],
  ['/workload', 'shop-data'],
  ['/workload?id=shop-data/StatefulSet/postgres&isolate=admin', 'connections lost'],
  ['/rulebook', 'On the way in'],
  ['/rulebook?q=mark:risky', 'risky'],
  ['/baselines', 'Take the evidence with you'],
  ['/baselines?framework=nsa-cisa&entry=network-policies', 'To close it:'],
  ['/azure', 'The network around the cluster was not read'],
  ['/drift', 'Take a snapshot'],
  ['/trust', 'What was read'],
] as const;

const ringfence = startConsole();

describe.skipIf(isMissing).each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('every screen is without violations of accessibility, and of the content policy', async () => {
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
  test('a sentence is completed, asked and answered', async () => {
    const { page } = await ringfence.signedIn();
    await page.getByRole('heading', { name: 'Close first' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    const box = page.getByRole('combobox');
    await box.waitFor();
    await page.keyboard.type('frontend/w');
    await page.getByRole('option', { name: 'shop-frontend/web' }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await box.inputValue()).toBe('shop-frontend/web to ');
    await page.keyboard.type('shop-data/postgres on 5432');
    await page.keyboard.press('Enter');
    await page.getByText('The smallest change that flips it').waitFor();
    expect(await box.inputValue()).toBe('shop-frontend/web to shop-data/postgres on 5432');
    expect(new URL(page.url()).search).toContain('port=5432');
    await page.close();
  });

  test('the palette leads to a control, and rows to their line', async () => {
    const { page } = await ringfence.signedIn();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('NET-POL-003');
    await page.getByRole('option', { name: 'NET-POL-003' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('3 of').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.keyboard.press('o');
    await page.getByRole('dialog').getByText('Copy the place').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(`document.activeElement.hasAttribute('data-row')`)).toBe(true);
    await page.close();
  });
});

test.skipIf(isMissing)(
  'an edit that cannot be read keeps the last answer on screen, says so, and takes no focus',
  async () => {
    const { page } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/findings`);
    await page.getByText('Blast radius').waitFor();
    await page.locator('[data-row]').nth(4).focus();
    const focused = await focusedText(page);
    ringfence.server.edit('data/policies.yaml', (text) => `${text}\nbroken: [\n`);
    await page.getByText('The input changed and cannot be taken').waitFor();
    expect(await page.getByText('Blast radius').isVisible()).toBe(true);
    ringfence.server.edit('data/policies.yaml', (text) => text.replace('\nbroken: [\n', '\n'));
    await page.getByText('The input changed and cannot be taken').waitFor({ state: 'detached' });
    expect(await focusedText(page)).toBe(focused);
    await page.close();
  },
);

test.skipIf(isMissing)('whoever has no token is told where to find it', async () => {
  const page = await ringfence.browser.newPage();
  await page.goto(ringfence.server.url);
  await page.getByText('this browser is not signed in').waitFor();
  await page.close();
});
