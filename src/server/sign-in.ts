import type { Context, Hono } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { escapeControl } from '#base/escape.ts';
import { valueText } from '#report/data/json.ts';
import { readBody } from './body.ts';
import { HttpProblem } from './problem.ts';
import {
  type Access,
  closeSession,
  identityOf,
  limited,
  localPath,
  openSession,
  originOf,
  SIGN_IN,
  sessionOf,
  signedIn,
} from './security/access.ts';
import { PAGE_POLICY } from './security/headers.ts';
import { MINUTES_10, type Oidc, OidcRefusal } from './security/oidc.ts';
import type { Identity } from './security/tokens.ts';

export interface SignInOptions {
  readonly access: Access;
  /** What went wrong with an issuer, in full: who signs in is told less. */
  readonly onRefusal: (message: string) => void;
}

const CALLBACK = '/oidc/callback';

/** The routes by which people come and go. */
export function addSignIn(app: Hono, options: SignInOptions): void {
  const { access } = options;
  app.get('/api/v1/session', (context) => session(access, context));
  app.post('/api/v1/session', (context) => signIn(access, context));
  app.delete('/api/v1/session', (context) => signOut(options, context));
  const { oidc } = access.options;
  if (oidc === undefined) return;
  app.get(SIGN_IN, (context) => told(options, () => begin(access, context, oidc)));
  app.get(CALLBACK, (context) => told(options, () => finish(access, context, oidc)));
}

function session(access: Access, context: Context): Response {
  const identity = signedIn(access, context);
  return sessionAnswer(identity, sessionOf(access, context)?.until);
}

async function signIn(access: Access, context: Context): Promise<Response> {
  const who = limited(access, context);
  const body = await readBody(context.req.raw, { bytes: 4_096, ms: 5_000 });
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  if (typeof token !== 'string') throw new HttpProblem(400, '`token`: a text');
  const identity = identityOf(access, who, token);
  return withCookies(sessionAnswer(identity), openSession(access, context, { identity }));
}

/** Where the issuer has a session too, the answer says where to end it: else the next click would sign in again. */
async function signOut({ access, onRefusal }: SignInOptions, context: Context): Promise<Response> {
  signedIn(access, context);
  const idToken = sessionOf(access, context)?.idToken;
  const cookie = closeSession(access, context);
  const { oidc } = access.options;
  if (oidc === undefined || idToken === undefined) return withCookies(new Response(null, { status: 204 }), cookie);
  const next = await oidc.endAt(idToken, new URL('/', originOf(access, context))).catch((error: unknown) => {
    if (!(error instanceof OidcRefusal)) throw error;
    onRefusal(error.log);
    return undefined;
  });
  if (next === undefined) return withCookies(new Response(null, { status: 204 }), cookie);
  return withCookies(json({ schema: 'ringfence.dev/signed-out/v1', next: next.href }), cookie);
}

function sessionAnswer({ role, name }: Identity, until?: number): Response {
  return json({
    schema: 'ringfence.dev/session/v1',
    role,
    name,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  });
}

function json(value: object): Response {
  return new Response(`${valueText(value)}\n`, {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

function withCookies(response: Response, ...cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

// ---------------------------------------------------------------- at an issuer

async function begin(access: Access, context: Context, oidc: Oidc): Promise<Response> {
  limited(access, context);
  const origin = originOf(access, context);
  const wanted = URL.parse(localPath(context.req.query('to') ?? '/'), origin);
  const to = wanted?.origin === origin ? `${localPath(wanted.pathname)}${wanted.search}` : '/';
  const { location, cookie } = await oidc.begin(new URL(CALLBACK, origin), to.slice(0, MOST_ADDRESS));
  return withCookies(moved(location.href), attemptCookie(access, cookie));
}

/** What a cookie has room for beside the rest of it. */
const MOST_ADDRESS = 1_500;

async function finish(access: Access, context: Context, oidc: Oidc): Promise<Response> {
  limited(access, context);
  const { search } = new URL(context.req.url);
  const came = new URL(`${CALLBACK}${search}`, originOf(access, context));
  const { identity, idToken, to } = await oidc.finish(came, getCookie(context, attemptName(access)) ?? '');
  return withCookies(moved(to), openSession(access, context, { identity, idToken }), attemptCookie(access, ''));
}

function moved(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
}

function attemptName({ cookie }: Access): string {
  return `${cookie}-sign-in`;
}

/** Lax and not Strict: the browser comes back from another site with it. */
function attemptCookie(access: Access, value: string): string {
  return generateCookie(attemptName(access), value, {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/oidc',
    secure: access.options.secure,
    maxAge: value === '' ? 0 : MINUTES_10 / 1000,
  });
}

const STATUS = { down: 503, answer: 400, role: 403 } as const;

/** A person sees a page, and the log has the whole reason. */
async function told({ onRefusal }: SignInOptions, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OidcRefusal)) throw error;
    onRefusal(error.log);
    return new Response(refusalPage(error.message), {
      status: STATUS[error.reason],
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': PAGE_POLICY,
        ...(error.reason === 'down' && { 'retry-after': '10' }),
      },
    });
  }
}

function refusalPage(message: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not signed in · Ringfence</title>
<h1>Not signed in</h1>
<p>${htmlText(escapeControl(message))}.</p>
<p><a href="${SIGN_IN}">Try again</a></p>
</html>
`;
}

function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
