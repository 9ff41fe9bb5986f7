import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Ask,
  appOver,
  environmentOf,
  type Folder,
  folderWith,
  ORIGIN,
  planFor,
  posted,
  SHOP,
} from './app.test-support.ts';
import type { Environment } from './environment.ts';
import { CLIENT_SECRET, CLIENTS, type Issuer, startIssuer } from './issuer.test-support.ts';
import { newOidc, type OidcSettings } from './security/oidc.ts';
import { OWN_ROLE_NAMES, readRoleRule } from './security/role-rules.ts';
import { newSeal } from './security/sealed.ts';

const PEOPLE = {
  vera: { preferred_username: 'vera@example.com', roles: ['viewer'] },
  edi: { roles: ['viewer', 'editor'] },
  ada: { name: 'Ada', roles: 'admin' },
  nobody: { roles: ['owner'] },
  strange: { preferred_username: '<b>\u202e\u001b[31m', roles: ['viewer'] },
  many: { _claim_names: { groups: 'src1' } },
  grouped: { groups: ['platform', 'all'], realm: { access: ['on-call'] } },
};

let folder: Folder;
let environment: Environment;
let issuer: Issuer;

beforeAll(async () => {
  folder = folderWith(SHOP);
  [environment, issuer] = await Promise.all([environmentOf(planFor(folder.path)), startIssuer(PEOPLE)]);
});

afterEach(() => {
  issuer.spoil = undefined;
});

afterAll(async () => {
  await Promise.all([environment.close(), issuer.stop()]);
  folder.remove();
});

const ROLES: OidcSettings['roles'] = { claim: 'roles', rules: OWN_ROLE_NAMES };

interface Made extends Partial<OidcSettings> {
  readonly now?: () => number;
}

function appWith({ now, ...more }: Made = {}) {
  const told: string[] = [];
  const settings: OidcSettings = {
    issuer: issuer.url,
    clientId: CLIENTS.post,
    clientSecret: CLIENT_SECRET,
    scope: 'openid profile',
    roles: ROLES,
    ...more,
  };
  const oidc = newOidc(settings, now);
  const made = appOver(environment, { oidc, onRefusal: (text) => told.push(text), ...(now !== undefined && { now }) });
  return { ...made, told };
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0]!)
    .filter((cookie) => !cookie.endsWith('='))
    .join('; ');
}

/** What the browser brings back from the issuer, and the cookie that it was given before. */
async function atTheIssuer(bare: Ask, who: string, change = (url: URL) => url) {
  issuer.as = who;
  const start = await bare('/oidc/start?to=%2Freach%3Flevel%3Dworkload');
  const cookie = cookiesOf(start);
  let url = change(new URL(start.headers.get('location')!));
  const jar = new Map<string, string>();
  for (let hops = 0; !url.href.startsWith(ORIGIN) && hops < 10; hops++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      jar.set(name, value);
    }
    url = new URL(response.headers.get('location') ?? ORIGIN, url);
  }
  return { came: url.pathname + url.search, cookie };
}

async function signInAs(bare: Ask, who: string) {
  const { came, cookie } = await atTheIssuer(bare, who);
  const response = await bare(came, { headers: { cookie, 'sec-fetch-site': 'cross-site' } });
  return { response, cookie: cookiesOf(response) };
}

describe('at an issuer', () => {
  test.each([
    ['vera', 'viewer', 'vera@example.com'],
    ['edi', 'editor', 'edi'],
    ['ada', 'admin', 'Ada'],
  ])('%s is a %s', async (who, role, name) => {
    const { bare } = appWith();
    const { response, cookie } = await signInAs(bare, who);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/reach?level=workload']);
    expect(response.headers.getSetCookie()[0]).toMatch(/^ringfence=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = await (await bare('/api/v1/session', { headers: { cookie } })).json();
    expect(session).toMatchObject({ role, name, until: expect.stringMatching(/^\d{4}-/) });
  });

  test.each([
    ['vera', [200, 403, 403]],
    ['edi', [200, 201, 403]],
    ['ada', [200, 201, 404]],
  ])('what %s may', async (who, statuses) => {
    const { bare } = appWith();
    const { cookie } = await signInAs(bare, who);
    const post = posted({});
    const asked = [
      await bare('/api/v1/map', { headers: { cookie } }),
      await bare('/api/v1/snapshots', { ...post, headers: { cookie, 'content-type': 'application/json' } }),
      await bare('/api/v1/snapshots/none', { method: 'DELETE', headers: { cookie } }),
    ];
    expect(asked.map(({ status }) => status)).toEqual(statuses);
  });

  test.each([
    ['client_secret_post', CLIENTS.post, CLIENT_SECRET],
    ['client_secret_basic', CLIENTS.basic, CLIENT_SECRET],
    ['none', CLIENTS.public, undefined],
  ] as const)('a client that shows itself by %s', async (method, clientId, secret) => {
    const own = issuer;
    issuer = await startIssuer(PEOPLE, { only: method });
    try {
      const settings = { issuer: issuer.url, clientId, scope: 'openid', roles: ROLES };
      const oidc = newOidc({ ...settings, ...(secret !== undefined && { clientSecret: secret }) });
      const { response } = await signInAs(appOver(environment, { oidc }).bare, 'vera');
      expect(response.status).toBe(303);
    } finally {
      await issuer.stop();
      issuer = own;
    }
  });

  test('where claims are told by another endpoint only', async () => {
    const own = issuer;
    issuer = await startIssuer(PEOPLE, { tellsInIdToken: false });
    try {
      const { response } = await signInAs(appWith().bare, 'vera');
      expect(response.status).toBe(303);
    } finally {
      await issuer.stop();
      issuer = own;
    }
  });

  test('who is not signed in is told where to', async () => {
    const response = await appWith().bare('/api/v1/map');
    expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ signIn: '/oidc/start' })]);
  });

  test('tokens still open the API beside it', async () => {
    expect((await appWith().viewer('/api/v1/map')).status).toBe(200);
  });

  test('a session lasts eight hours', async () => {
    let time = Date.now();
    const { bare } = appWith({ now: () => time });
    const { cookie } = await signInAs(bare, 'vera');
    time += 8 * 3_600_000 - 1_000;
    expect((await bare('/api/v1/session', { headers: { cookie } })).status).toBe(200);
    time += 1_001;
    expect((await bare('/api/v1/session', { headers: { cookie } })).status).toBe(401);
  });

  test('signing out ends the session here, and says where the other one ends', async () => {
    const { bare } = appWith();
    const { cookie } = await signInAs(bare, 'vera');
    const out = await bare('/api/v1/session', { method: 'DELETE', headers: { cookie } });
    const { next } = (await out.json()) as { next: string };
    expect(new URL(next).origin).toBe(issuer.url.origin);
    expect(new URL(next).searchParams.get('post_logout_redirect_uri')).toBe(`${ORIGIN}/`);
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect((await bare('/api/v1/session', { headers: { cookie } })).status).toBe(401);
    expect((await fetch(next)).status).toBe(200);
  });
});

describe('what is not believed', () => {
  async function refused(came: string, cookie: string, app = appWith()) {
    const response = await app.bare(came, { headers: { cookie } });
    const session = cookiesOf(response);
    return { status: response.status, session, page: await response.text(), told: app.told.join('\n') };
  }

  type Change = (claims: Record<string, unknown>) => Record<string, unknown>;
  const CHANGES: readonly (readonly [string, Change, string])[] = [
    ['another audience', (claims) => ({ ...claims, aud: 'another-client' }), 'aud'],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' }), 'iss'],
    ['another nonce', (claims) => ({ ...claims, nonce: 'of-another-attempt' }), 'nonce'],
    ['no nonce', ({ nonce: _nonce, ...claims }) => claims, 'nonce'],
    ['a token that is over', (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }), 'exp'],
    ['a token of another party', (claims) => ({ ...claims, aud: ['console-post', 'x'], azp: 'x' }), 'azp'],
  ];

  test.each(CHANGES)('%s', async (_what, change, why) => {
    const app = appWith();
    const { came, cookie } = await atTheIssuer(app.bare, 'ada');
    issuer.spoil = (claims) => ({ claims: change(claims) });
    const { status, session, page, told } = await refused(came, cookie, app);
    expect([status, session]).toEqual([400, '']);
    expect(page).toContain('cannot be believed');
    expect(told).toContain(why);
  });

  test.each(['another-key', 'nobody'] as const)('a token that is signed by %s', async (by) => {
    const app = appWith();
    const { came, cookie } = await atTheIssuer(app.bare, 'vera');
    issuer.spoil = (claims) => ({ claims: { ...claims, roles: ['admin'] }, by });
    expect(await refused(came, cookie, app)).toMatchObject({ status: 400, session: '' });
  });

  const WAYS: readonly (readonly [string, (came: string) => string])[] = [
    ['another state', (came) => came.replace(/state=[^&]+/, 'state=another')],
    ['no state', (came) => came.replace(/state=[^&]+&?/, '')],
    ['another code', (came) => came.replace(/code=[^&]+/, 'code=guessed')],
    ['another issuer on the way', (came) => came.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')],
    ['a refusal', (came) => came.replace(/code=[^&]+/, 'error=access_denied&error_description=%3Cscript%3E')],
  ];

  test.each(WAYS)('%s', async (_what, change) => {
    const app = appWith();
    const { came, cookie } = await atTheIssuer(app.bare, 'ada');
    const { status, session, page } = await refused(change(came), cookie, app);
    expect([status, session]).toEqual([400, '']);
    expect(page).not.toContain('<script>');
  });

  test('a nonce that was changed on the way there', async () => {
    const app = appWith();
    const { came, cookie } = await atTheIssuer(app.bare, 'ada', (url) => {
      url.searchParams.set('nonce', 'of-another-attempt');
      return url;
    });
    expect(await refused(came, cookie, app)).toMatchObject({ status: 400, session: '' });
  });

  test('another verifier: a code that was taken from another browser', async () => {
    const app = appWith();
    const [mine, other] = [await atTheIssuer(app.bare, 'vera'), await atTheIssuer(app.bare, 'ada')];
    expect(await refused(other.came, mine.cookie, app)).toMatchObject({ status: 400, session: '' });
  });

  test('a code that was used', async () => {
    const app = appWith();
    const { came, cookie } = await atTheIssuer(app.bare, 'vera');
    expect((await app.bare(came, { headers: { cookie } })).status).toBe(303);
    expect(await refused(came, cookie, app)).toMatchObject({ status: 400, session: '' });
  });

  test('no cookie, a changed one, one that is too old, and one of another server', async () => {
    let time = Date.now();
    const app = appWith({ now: () => time });
    const { came, cookie } = await atTheIssuer(app.bare, 'vera');
    const changed = cookie.slice(0, -2) + (cookie.endsWith('A') ? 'BB' : 'AA');
    for (const given of ['', 'ringfence-sign-in=', changed, cookie.slice(0, 40)])
      expect(await refused(came, given, app)).toMatchObject({ status: 400, session: '' });
    expect(await refused(came, cookie, appWith())).toMatchObject({ status: 400, session: '' });
    time += 10 * 60_000 + 1;
    expect(await refused(came, cookie, app)).toMatchObject({ status: 400, session: '' });
  });

  test('a session that was changed', async () => {
    const { bare } = appWith();
    const { cookie } = await signInAs(bare, 'ada');
    for (const changed of [`${cookie}A`, cookie.slice(0, -1), `ringfence=${'A'.repeat(32)}`])
      expect((await bare('/api/v1/session', { headers: { cookie: changed } })).status).toBe(401);
  });

  test.each([
    ['nobody', 'no role is given'],
    ['many', 'no role is given'],
  ])('%s: signed in there, and nothing here', async (who, said) => {
    const app = appWith();
    const { came, cookie } = await atTheIssuer(app.bare, who);
    const { status, session, page } = await refused(came, cookie, app);
    expect([status, session]).toEqual([403, '']);
    expect(page).toContain(said);
  });

  test('more groups than are listed', async () => {
    const app = appWith({ roles: { claim: 'groups', rules: [{ role: 'viewer', value: 'all' }] } });
    const { came, cookie } = await atTheIssuer(app.bare, 'many');
    expect((await refused(came, cookie, app)).page).toContain('more groups than');
  });

  test('an issuer that is down', async () => {
    const gone = await startIssuer(PEOPLE);
    const app = appWith({ issuer: gone.url });
    await gone.stop();
    const start = await app.bare('/oidc/start');
    expect([start.status, start.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await start.text()).toContain('does not answer');
    expect((await app.viewer('/api/v1/map')).status).toBe(200);
  });

  test('one that goes down between', async () => {
    const own = issuer;
    issuer = await startIssuer(PEOPLE);
    try {
      const app = appWith();
      const { came, cookie } = await atTheIssuer(app.bare, 'vera');
      await issuer.stop();
      expect(await refused(came, cookie, app)).toMatchObject({ status: 503, session: '' });
    } finally {
      issuer = own;
    }
  });

  test('another issuer than the address says', async () => {
    const app = appWith({ issuer: new URL(issuer.url.href.replace('127.0.0.1', 'localhost')) });
    expect((await app.bare('/oidc/start')).status).toBe(400);
  });

  test.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'to %s leads to no other host',
    async (to) => {
      const app = appWith();
      issuer.as = 'vera';
      const { came, cookie } = await atTheIssuer(
        (path, init) => app.bare(path.replace(/to=.*/, `to=${encodeURIComponent(to)}`), init),
        'vera',
      );
      const response = await app.bare(came, { headers: { cookie } });
      expect(response.status).toBe(303);
      expect(new URL(response.headers.get('location')!, ORIGIN).origin).toBe(ORIGIN);
    },
  );

  test('a strange name is data', async () => {
    const { bare } = appWith();
    const { cookie } = await signInAs(bare, 'strange');
    const text = await (await bare('/api/v1/session', { headers: { cookie } })).text();
    expect(text).not.toMatch(/[\u202e\u001b]/);
  });
});

describe('roles', () => {
  test.each([
    ['roles', 'admin=owner', 'nobody', 'admin'],
    ['groups', 'editor=platform', 'grouped', 'editor'],
    ['realm.access', 'admin=on-call', 'grouped', 'admin'],
    ['roles', 'viewer=*', 'grouped', 'viewer'],
  ])('by %s, %s: %s is %s', async (claim, rule, who, role) => {
    const { bare } = appWith({ roles: { claim, rules: [readRoleRule(rule)!] } });
    const { cookie } = await signInAs(bare, who);
    expect(await (await bare('/api/v1/session', { headers: { cookie } })).json()).toMatchObject({ role });
  });

  test.each(['owner=x', 'viewer', 'viewer=', '=x', ''])('`%s` is no rule', (text) => {
    expect(readRoleRule(text)).toBeUndefined();
  });
});

test('a seal knows its own', () => {
  let now = 0;
  const seal = newSeal(() => now);
  const sealed = seal.close('a b', 10);
  expect(seal.open(sealed)).toBe('a b');
  expect(newSeal(() => now).open(sealed)).toBeUndefined();
  for (const bad of ['', 'x', sealed.slice(1), `${sealed.slice(0, -4)}AAAA`]) expect(seal.open(bad)).toBeUndefined();
  now = 10;
  expect(seal.open(sealed)).toBeUndefined();
});
