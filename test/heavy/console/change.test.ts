import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isMissing, startConsole } from './browser.ts';

const served = startConsole();

async function atChange(page: Page, part: string): Promise<void> {
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.locator('.change-files [data-row]', { hasText: part }).click();
  await page.locator('.cm-content').waitFor();
}

/** Types at the end of the first line that has a text. */
async function typeAfter(page: Page, line: string, text: string): Promise<void> {
  await page.locator('.cm-line', { hasText: line }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(text);
}

describe.skipIf(isMissing)('Change', () => {
  test('a finding is fixed: proven, tried, its effect seen, and taken along as a patch', {
    timeout: 120_000,
  }, async () => {
    const { page, complaints } = await served.signedIn();
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByLabel('Filter').fill('control:NET-POL-001 fix:automatic');
    await page.getByRole('button', { name: 'Prove the fix' }).click();
    await page.getByRole('button', { name: 'Try the fix' }).click();
    await page.locator('[data-answer="current"]').waitFor();
    await page.locator('.finding-goes', { hasText: 'NET-POL-001' }).first().waitFor({ timeout: 60_000 });
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download patch' }).click();
    const patch = readFileSync((await (await coming).path()) as string, 'utf8');
    expect(patch).toContain('+kind: NetworkPolicy');
    expect(execFileSync('git', ['apply', '--stat', '-'], { input: patch, encoding: 'utf8' })).toContain('.yaml');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('what Ask says would flip a verdict is tried, and opens it', { timeout: 60_000 }, async () => {
    const { page } = await served.signedIn();
    await page.goto(`${served.server.url}/ask?from=shop-frontend/web&to=shop-data/postgres&port=5432`);
    await page.getByRole('button', { name: 'Try this change' }).first().click();
    await page.locator('[data-answer="current"]').waitFor();
    await page.locator('.effect.opened', { hasText: 'postgres' }).first().waitFor();
    await page.close({ runBeforeUnload: false });
  });

  test('a broken text keeps the last answer, which is stale, and says where it is broken', {
    timeout: 60_000,
  }, async () => {
    const { page } = await served.signedIn();
    await atChange(page, 'backend/policies.yaml');
    await typeAfter(page, 'podSelector: {}', ' # seen');
    await page.locator('[data-answer="current"]').waitFor();
    const before = await page.locator('#connections + p').textContent();
    await page.keyboard.press('Enter');
    await page.keyboard.type('x: [');
    await page.locator('.change-problems button').first().waitFor();
    expect(await page.locator('#connections').textContent()).toContain('stale');
    expect(await page.locator('#connections + p').textContent()).toBe(before);
    // Edits outlive a walk through the console.
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await page.locator('.cm-line', { hasText: 'x: [' }).waitFor();
    await page.getByRole('button', { name: 'Discard all edits' }).click();
    await page.locator('.cm-line', { hasText: 'x: [' }).waitFor({ state: 'detached' });
    await page.close({ runBeforeUnload: false });
  });

  test('a file that is saved meanwhile loses no edit', { timeout: 60_000 }, async () => {
    const { page } = await served.signedIn();
    await atChange(page, 'namespaces.yaml');
    await typeAfter(page, 'kind: Namespace', ' # mine');
    served.server.edit('namespaces.yaml', (text) => `# theirs\n${text}`);
    await page.getByText('The file changed since you began to edit it').waitFor({ timeout: 20_000 });
    expect(await page.locator('.cm-content').textContent()).toContain('# mine');
    await page.getByRole('button', { name: 'Show both' }).click();
    await page.locator('.cm-mergeView').waitFor();
    await page.getByRole('button', { name: 'Take the file' }).click();
    await page.locator('.cm-line', { hasText: '# theirs' }).waitFor();
    await page.close({ runBeforeUnload: false });
  });
});
