import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { CLIENT_SECRET, CLIENTS, type Issuer, startIssuer } from '#server/issuer.test-support.ts';
import { newOidc } from '#server/security/oidc.ts';
import { OWN_ROLE_NAMES } from '#server/security/role-rules.ts';
import { isMissing, startConsole, violationsOn } from './browser.ts';

const PEOPLE = { edi: { name: 'Edi', roles: ['editor'] }, nobody: { name: 'Nobody', roles: ['owner'] } };

let issuer: Issuer | undefined;
afterAll(() => issuer?.stop());

/** The issuer knows where browsers come back to before the server is there. */
const ringfence = startConsole(undefined, [], async () => {
  const port = await freePort();
  issuer = await startIssuer(PEOPLE, { origin: `http://127.0.0.1:${port}` });
  const oidc = newOidc({
    issuer: issuer.url,
    clientId: CLIENTS.post,
    clientSecret: CLIENT_SECRET,
    scope: 'openid profile',
    roles: { claim: 'roles', rules: OWN_ROLE_NAMES },
  });
  return { port, oidc, tokens: [] };
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(isMissing)('people of an issuer', () => {
  test('are told to sign in, come back to the view that they asked for, and leave', async () => {
    issuer!.as = 'edi';
    const page = await ringfence.browser.newPage({ reducedMotion: 'reduce' });
    page.setDefaultTimeout(30_000);
    const view = '/reach?level=namespace&view=list';
    await page.goto(ringfence.server.url + view);
    await page.getByText('this browser is not signed in').waitFor();
    expect(await page.getByText('Asking the engine').count()).toBe(0);
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText('Edi', { exact: true }).waitFor();
    expect(page.url()).toBe(ringfence.server.url + view);
    await page.getByText('Copy what is in sight').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    // The issuer asks whether its own session is to end too.
    await page.getByRole('button', { name: /sign me out/i }).click();
    await page.getByText('this browser is not signed in').waitFor();
    expect(await page.getByText('Edi', { exact: true }).count()).toBe(0);
    await page.close();
  });

  test('who may do nothing here are told so', async () => {
    issuer!.as = 'nobody';
    const page = await ringfence.browser.newPage({ reducedMotion: 'reduce' });
    await page.goto(ringfence.server.url);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText(/role/).first().waitFor();
    expect(await page.getByText('Sign out').count()).toBe(0);
    await page.close();
  });
});
