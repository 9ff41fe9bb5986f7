import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { isMissing, startConsole } from './browser.ts';
import { TOKEN } from './example-server.ts';

// Whatever somebody else chose is text, wherever it is shown: what is taken from the input, and what is refused of it.

const MARKUP = '<img src=x onerror="globalThis.taken=1"><script>globalThis.taken=1</script>';
const TURNED = '\u202etxet denrut\u202c';
const HOSTILE = `${MARKUP}${TURNED}\u001b[31mred\u001b[0m\u0007`;

const quoted = (text: string) => JSON.stringify(text);
const hostile = (part: string) => quoted(`${part}${HOSTILE}`);

function deployment(app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: shop, annotations: {note: ${hostile('n')}}}
spec:
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}, annotations: {note: ${hostile('n')}}}
    spec: {containers: [{name: ${app}, image: ${hostile('registry.example.com/i')}, command: [${hostile('c')}]}]}
`;
}

/** Names that an API server takes, with all else that is free made hostile. */
const TAKEN = `# ${MARKUP}${TURNED}
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {${hostile('key')}: ${hostile('value')}}}
---
${deployment('web')}---
${deployment('db')}---
apiVersion: v1
kind: Service
metadata: {name: door, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]} # ${MARKUP}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: edge, namespace: shop}
spec: {ingressClassName: nginx, rules: [{host: shop.example.com, http: {paths: [{path: ${hostile('/')}, pathType: Prefix, backend: {service: {name: door, port: {number: 80}}}}]}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: # ${MARKUP}
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
  ${hostile('field')}: ${hostile('value')}
---
apiVersion: ringfence.dev/v1
kind: Invariants
metadata: {name: ${hostile('all')}}
invariants: [{name: ${hostile('one')}, never: {from: internet, to: shop/db}}]
`;

/** Names that it refuses: they are told in diagnostics, while the answer before stays. */
const REFUSED = `---
apiVersion: v1
kind: Namespace
metadata: {name: ${hostile('shop')}, labels: {team: ${hostile('team')}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${hostile('policy')}, namespace: ${hostile('shop')}}
spec: {podSelector: {matchLabels: {${hostile('app')}: ${hostile('web')}}}}
`;

const folder = mkdtempSync(join(tmpdir(), 'ringfence-hostile-'));
// A slash would be a folder of its own.
const FILE = `${MARKUP}${TURNED}`.replaceAll('/', '');
mkdirSync(join(folder, FILE));
writeFileSync(join(folder, FILE, `${FILE}.yaml`), TAKEN);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ringfence = startConsole(
  () => folder,
  [],
  async () => ({
    tokens: [{ name: `Ada${HOSTILE}`, role: 'admin', token: TOKEN }],
  }),
);

const DB = 'shop/Deployment/db';
const at = (path: string, query: Readonly<Record<string, string>>) => `${path}?${new URLSearchParams(query)}`;

const SCREENS = [
  '/',
  '/ask?from=shop/web&to=shop/db&port=80',
  at('/ask', { from: HOSTILE, to: HOSTILE, port: HOSTILE }),
  '/reach?level=workload',
  at('/reach', { level: 'workload', from: 'shop/Deployment/web', to: DB }),
  '/reach?level=workload&view=list',
  at('/reach', { q: `${HOSTILE}:x` }),
  '/map?level=workload&ingress=on',
  at('/map', { focus: HOSTILE }),
  '/workload',
  at('/workload', { id: DB, isolate: 'first' }),
  at('/workload', { id: HOSTILE }),
  '/exposure',
  '/rulebook',
  at('/rulebook', { workload: HOSTILE }),
  '/findings',
  at('/findings', { q: HOSTILE }),
  at('/findings', { finding: HOSTILE }),
  at('/baselines', { framework: 'nsa-cisa', entry: HOSTILE, scope: HOSTILE }),
  at('/change', { file: `shop/${FILE}/${FILE}.yaml` }),
  at('/change', { file: HOSTILE }),
  '/azure',
  at('/drift', { base: HOSTILE }),
  '/trust',
];

/** What ran, what became an element, and what turns or ends text and is bare in what is shown. */
async function harmOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[
    ...(globalThis.taken === undefined ? [] : ['a script ran']),
    ...[...document.querySelectorAll('[onerror], body script')].map(({ outerHTML }) => outerHTML),
    ...[...document.body.innerText.matchAll(/.{0,60}[\\u001b\\u0007\\u202e]/g)].map(([text]) => JSON.stringify(text)),
  ]`);
}

async function harmOnAll(page: Page): Promise<readonly string[]> {
  const harm: string[] = [];
  for (const path of SCREENS) {
    await page.goto(ringfence.server.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(600);
    harm.push(...(await harmOn(page)).map((each) => `${path.slice(0, 60)} ${each}`));
  }
  return harm;
}

describe.skipIf(isMissing)('what is hostile', () => {
  test('is text on every screen', async () => {
    const { page, complaints } = await ringfence.signedIn();
    await page.getByText('revision 1').waitFor();
    await page.evaluate(`fetch('/api/v1/snapshots', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: ${quoted(JSON.stringify({ note: HOSTILE }))} })`);
    expect(await harmOnAll(page)).toEqual([]);
    // It is there to be seen: screens that drop it would pass for nothing.
    for (const path of ['/workload?id=shop%2FDeployment%2Fdb', '/trust', '/exposure', '/drift']) {
      await page.goto(ringfence.server.url + path);
      await page.locator('main').getByText('onerror').first().waitFor({ state: 'attached' });
    }
    expect(complaints.filter((each) => !/Failed to load resource/.test(each))).toEqual([]);
    await page.close();
  });

  test('is text in the palette and in the source', async () => {
    const { page } = await ringfence.signedIn();
    await page.goto(`${ringfence.server.url}/rulebook`);
    await page
      .getByRole('button', { name: /\.yaml:\d+/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('Copy the place').waitFor();
    await page.getByRole('dialog').getByText('onerror').first().waitFor();
    expect(await harmOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('web');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    expect(await harmOn(page)).toEqual([]);
    await page.close();
  });

  test('is text where it is refused', async () => {
    const { page } = await ringfence.signedIn();
    ringfence.server.edit(`${FILE}/${FILE}.yaml`, (text) => `${text}${REFUSED}`);
    await page.getByText('The input changed and cannot be taken').waitFor();
    expect(await harmOnAll(page)).toEqual([]);
    await page.close();
  });
});
