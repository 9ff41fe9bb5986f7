import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  appOver,
  environmentOf,
  type Folder,
  folderWith,
  ORIGIN,
  planFor,
  posted,
  SHOP,
  TOKENS,
} from './app.test-support.ts';
import type { Environment } from './environment.ts';
import { refusalOf } from './listen.ts';
import { isLoopback } from './security/origins.ts';
import { newRateLimit } from './security/rate.ts';
import { newSessions } from './security/sessions.ts';
import { identityOfToken, readTokens } from './security/tokens.ts';

let folder: Folder;
let environment: Environment;

beforeAll(async () => {
  folder = folderWith(SHOP);
  environment = await environmentOf(planFor(folder.path));
});

afterAll(async () => {
  await environment.close();
  folder.remove();
});

describe('Host and Origin', () => {
  test.each([
    ['127.0.0.1:8700', 200],
    ['localhost:8700', 200],
    ['LOCALHOST:8700', 200],
    ['[::1]:8700', 200],
    ['127.0.0.1', 421],
    ['127.0.0.1:80', 421],
    ['evil.example:8700', 421],
    ['127.0.0.1.evil.example:8700', 421],
    ['localhost.:8700', 421],
    ['', 421],
  ])('Host %s: %d', async (host, status) => {
    const response = await appOver(environment).viewer('/api/v1/status', { headers: { host } });
    expect(response.status).toBe(status);
    const page = await appOver(environment).bare('/', { headers: { host } });
    expect(page.status).toBe(status);
  });

  test.each([
    [{ origin: ORIGIN }, 200],
    [{ origin: 'http://localhost:8700' }, 200],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'http://127.0.0.1:3000' }, 403],
    [{ origin: 'https://127.0.0.1:8700' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
  ] as const)('%j: %d', async (headers, status) => {
    expect((await appOver(environment).viewer('/api/v1/status', { headers: { ...headers } })).status).toBe(status);
  });

  test('no page elsewhere is given leave to read', async () => {
    const response = await appOver(environment).viewer('/api/v1/status', { headers: { origin: ORIGIN } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('signing in', () => {
  test('the printed address becomes a cookie and an address without the token', async () => {
    const { bare } = appOver(environment);
    const response = await bare(`/reach?level=workload&token=${TOKENS.admin}`);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/reach?level=workload']);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^ringfence=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(TOKENS.admin);
    const session = await bare('/api/v1/session', { headers: { cookie: cookie.split(';')[0]! } });
    expect(await session.json()).toMatchObject({ role: 'admin', name: 'Ada' });
  });

  test('over TLS the cookie is for TLS only', async () => {
    const response = await appOver(environment, { secure: true }).bare(`/?token=${TOKENS.viewer}`);
    expect(response.headers.getSetCookie()[0]).toContain('Secure');
  });

  test.each(['//evil.example/', '/\\evil.example', '/%5Cevil.example'])('%s leads to no other host', async (path) => {
    const response = await appOver(environment).app.request(`${ORIGIN}${path}?token=${TOKENS.viewer}`);
    const location = new URL(response.headers.get('location') ?? '/', ORIGIN);
    expect(location.origin).toBe(ORIGIN);
  });

  test('by the API, and out again', async () => {
    const { bare } = appOver(environment);
    const response = await bare('/api/v1/session', posted({ token: TOKENS.editor }));
    expect(await response.json()).toMatchObject({ role: 'editor' });
    const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
    expect((await bare('/api/v1/status', { headers: { cookie } })).status).toBe(200);
    const out = await bare('/api/v1/session', { method: 'DELETE', headers: { cookie } });
    expect([out.status, out.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await bare('/api/v1/status', { headers: { cookie } })).status).toBe(401);
  });

  test.each(['wrong', '', 'x'.repeat(1000)])('the token `%s` is not known', async (token) => {
    const response = await appOver(environment).bare(`/?token=${token}`);
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, []]);
  });

  test('who guesses is slowed down, and who knows is not', async () => {
    const { bare, viewer } = appOver(environment, { guessRate: { perSecond: 0.1, burst: 3 }, now: () => 0 });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await bare(`/?token=guess-${i}`)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await viewer('/api/v1/status')).status).toBe(200);
  });

  test('a session ends', () => {
    let now = 0;
    const sessions = newSessions(() => now, 1000);
    const id = sessions.open({ name: 'a', role: 'viewer' });
    expect(sessions.find(id)).toEqual({ identity: { name: 'a', role: 'viewer' }, until: 1000 });
    now = 1000;
    expect(sessions.find(id)).toBeUndefined();
  });
});

test('too many requests are slowed down', async () => {
  const { viewer } = appOver(environment, { rate: { perSecond: 1, burst: 2 }, now: () => 0 });
  const answers: Response[] = [];
  for (let i = 0; i < 3; i++) answers.push(await viewer('/api/v1/status'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[2]!.headers.get('retry-after')).toBe('1');
});

test('a bucket fills with time, and one of each', () => {
  let now = 0;
  const limit = newRateLimit({ perSecond: 2, burst: 1 }, () => now);
  expect([limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([undefined, 1, undefined]);
  now = 500;
  expect(limit.take('a')).toBeUndefined();
});

describe('bodies', () => {
  const limits = { bytes: 1_000, ms: 40 };

  test.each([
    ['no type', { method: 'POST', body: '{}' }, 415],
    ['a form', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    ['no JSON', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400],
    [
      'no UTF-8',
      { method: 'POST', body: new Uint8Array([34, 255, 34]), headers: { 'content-type': 'application/json' } },
      400,
    ],
    ['another shape', posted({ files: 'all' }), 400],
    ['no files', posted({ files: [] }), 400],
    [
      'twice the same',
      posted({
        files: [
          { file: 'a', text: '' },
          { file: 'a', text: '' },
        ],
      }),
      400,
    ],
    ['too big', posted({ files: [{ file: 'a', text: 'x'.repeat(2_000) }] }), 413],
  ])('%s', async (_what, init, status) => {
    const response = await appOver(environment, { bodyLimits: limits }).viewer('/api/v1/preview', init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  function streamed(chunks: readonly string[], everyMs: number): RequestInit {
    const encoder = new TextEncoder();
    const left = [...chunks];
    const body = new ReadableStream({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        const next = left.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(encoder.encode(next));
      },
    });
    return { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit;
  }

  test('one that is bigger than it said, or says nothing', async () => {
    const init = streamed(
      Array.from({ length: 20 }, () => 'x'.repeat(100)),
      0,
    );
    const response = await appOver(environment, { bodyLimits: { ...limits, ms: 10_000 } }).viewer(
      '/api/v1/preview',
      init,
    );
    expect(response.status).toBe(413);
  });

  test('one that never ends', async () => {
    const response = await appOver(environment, { bodyLimits: limits }).viewer(
      '/api/v1/preview',
      streamed(['{', ' '], 10_000),
    );
    expect(response.status).toBe(408);
  });
});

describe('paths', () => {
  const OUTSIDE = [
    '/etc/passwd',
    '../../../../etc/passwd',
    'policy.yaml/../../secret',
    './policy.yaml',
    'POLICY.YAML',
    'policy.yaml\u0000',
  ];

  test.each(OUTSIDE)('%s is not read', async (file) => {
    folder.write('secret', 'top secret');
    const response = await appOver(environment).admin(`/api/v1/source?file=${encodeURIComponent(file)}&line=1`);
    expect([400, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('root:');
  });

  test('an edit of a file elsewhere touches nothing there', async () => {
    const body = posted({
      files: [{ file: '../../escaped.yaml', text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n' }],
    });
    const response = await appOver(environment).viewer('/api/v1/preview', body);
    expect(response.status).toBe(200);
    expect(environment.status().revision).toBe(1);
  });

  test.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../package.json',
    '/.env',
  ])('the page %s is not there', async (path) => {
    const response = await appOver(environment).app.request(new Request(`${ORIGIN}${path}`));
    expect(response.status).toBe(404);
  });
});

describe('headers', () => {
  test.each(['/', '/reach', '/api/v1/status', '/api/v1/none', '/x.js'])('of %s', async (path) => {
    const { headers } = await appOver(environment).viewer(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('who has no console is told how to build it', async () => {
    const response = await appOver(environment).bare('/');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('npm run build');
  });
});

test('a mistake of ours tells the log, and nobody else', async () => {
  const told: string[] = [];
  const broken = { ...environment, ask: () => Promise.reject(new TypeError('secret inside at /home/somebody')) };
  const { viewer } = appOver(
    { ...broken, status: () => environment.status() },
    { onBug: (message) => told.push(message) },
  );
  const response = await viewer('/api/v1/map');
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('secret inside');
  expect(text).not.toMatch(/\.ts:\d/);
  expect(told[0]).toContain('secret inside');
});

describe('hostile names', () => {
  const NAMES = ['<img src=x onerror=alert(1)>', '"><script>', '\u202eevil', '\u001b[31m', '{{7*7}}', "'; DROP TABLE"];

  test.each(NAMES)('%j comes back as data, and harmless on a terminal', async (name) => {
    for (const path of [
      `/path?from=${encodeURIComponent(name)}&to=shop/db`,
      `/workload/${encodeURIComponent(name)}`,
      `/map?namespace=${encodeURIComponent(name)}`,
      `/source?file=${encodeURIComponent(name)}&line=1`,
      `/endpoints?filter=${encodeURIComponent(`${name}:x`)}`,
      `/map?${encodeURIComponent(name)}=1`,
      `/snapshots/${encodeURIComponent(name)}`,
    ]) {
      const response = await appOver(environment).viewer(`/api/v1${path}`);
      expect(response.headers.get('content-type')).toMatch(/^application\/(?:problem\+)?json$/);
      const text = await response.text();
      expect(text).not.toContain('\u202e');
      expect(text).not.toContain('\u001b');
    }
  });

  test('in the input', async () => {
    const own = folderWith({
      'a.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: "<script>\\u202e\\e[31m", namespace: shop, labels: {app: "<b>"}}\nspec: {containers: []}\n',
      'evil\u202e<i>.yaml': SHOP['shop.yaml']!,
    });
    const opened = await environmentOf(planFor(own.path));
    try {
      for (const path of ['/environment', '/endpoints', '/map?fold=never', '/scan', '/names?q=s']) {
        const text = await (await appOver(opened).viewer(`/api/v1${path}`)).text();
        expect(text).not.toContain('\u202e');
        expect(text).not.toContain('\u001b');
      }
    } finally {
      await opened.close();
      own.remove();
    }
  });
});

describe('where it may listen', () => {
  const url = [new URL('https://ringfence.example.com')];

  test.each([
    ['127.0.0.1', {}, 'yes'],
    ['localhost', {}, 'yes'],
    ['::1', {}, 'yes'],
    ['0.0.0.0', {}, 'token'],
    ['0.0.0.0', {}, '--oidc-issuer'],
    ['0.0.0.0', { hasIssuer: true }, '--tls-cert'],
    ['0.0.0.0', { hasIssuer: true, hasTls: true, urls: url }, 'yes'],
    ['0.0.0.0', { hasTls: true, urls: url }, 'token'],
    ['0.0.0.0', { hasTokens: true }, '--tls-cert'],
    ['0.0.0.0', { hasTokens: true, hasTls: true }, '--public-url'],
    ['0.0.0.0', { hasTokens: true, hasTls: true, urls: url }, 'yes'],
    ['10.0.0.7', { hasTokens: true, urls: url }, 'yes'],
    ['10.0.0.7', { hasTokens: true, urls: [new URL('http://ringfence.example.com')] }, '--tls-cert'],
  ])('%s %j: %s', (host, how, expected) => {
    const refusal = refusalOf({ host, hasTokens: false, hasIssuer: false, hasTls: false, urls: [], ...how });
    expect(refusal === undefined ? 'yes' : refusal.hint).toContain(expected);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['localhost', true],
    ['::1', true],
    ['127.0.0.1.example.com', false],
    ['0.0.0.0', false],
    ['::', false],
    ['', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('token files', () => {
  test('roles, names, comments', () => {
    const reading = readTokens(`# who\nviewer ${TOKENS.viewer} Vera of the shop\n\nadmin ${TOKENS.admin}\n`);
    expect(reading).toEqual({
      tokens: [
        { role: 'viewer', token: TOKENS.viewer, name: 'Vera of the shop' },
        { role: 'admin', token: TOKENS.admin, name: 'admin of line 4' },
      ],
    });
    expect('tokens' in reading && identityOfToken(reading.tokens, TOKENS.admin)).toMatchObject({ role: 'admin' });
    expect('tokens' in reading && identityOfToken(reading.tokens, `${TOKENS.admin}x`)).toBeUndefined();
  });

  test.each([
    ['', 'no token'],
    [`owner ${TOKENS.viewer}`, 'line 1'],
    ['viewer short', 'less than'],
    [`viewer ${TOKENS.viewer}\neditor ${TOKENS.viewer}`, 'line 2'],
  ])('%j is refused, and no token is told', (text, said) => {
    const reading = readTokens(text);
    expect('problem' in reading && reading.problem).toContain(said);
    expect(JSON.stringify(reading)).not.toContain(TOKENS.viewer);
  });
});
