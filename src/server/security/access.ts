import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import { HttpProblem } from '../problem.ts';
import type { Oidc } from './oidc.ts';
import type { Allowed } from './origins.ts';
import { newRateLimit, type Rate, type RateLimit } from './rate.ts';
import { newSessions, type Session, type Sessions } from './sessions.ts';
import { type Identity, identityOfToken, type Token } from './tokens.ts';

export interface AccessOptions {
  readonly tokens: readonly Token[];
  /** An issuer that says who people are. */
  readonly oidc?: Oidc;
  /** Asked for with each request: the port may be known late. */
  readonly allowed: () => Allowed;
  /** Whether browsers come over TLS, here or at the proxy. */
  readonly secure: boolean;
  /** Cookies do not tell ports apart, so that servers side by side need names of their own. */
  readonly cookie?: string;
  readonly rate?: Rate;
  /** For tokens that are wrong. */
  readonly guessRate?: Rate;
  /** The address of who asks, where the server knows it. */
  readonly remoteOf?: (context: Context) => string;
}

/** Who may ask: checked before anything else of a request is looked at. */
export interface Access {
  readonly options: AppAccess;
  readonly sessions: Sessions;
  readonly limit: RateLimit;
  readonly guesses: RateLimit;
  readonly cookie: string;
}

type AppAccess = Pick<AccessOptions, 'tokens' | 'oidc' | 'allowed' | 'secure' | 'remoteOf'>;

/** A person clicks less; a program that draws ten thousand rows asks for many tiles at once. */
const RATE: Rate = { perSecond: 500, burst: 2_000 };
const GUESS_RATE: Rate = { perSecond: 1 / 6, burst: 10 };

/** Where signing in at the issuer begins. */
export const SIGN_IN = '/oidc/start';

export function newAccess(options: AccessOptions, now: () => number): Access {
  return {
    options,
    sessions: newSessions(now),
    limit: newRateLimit(options.rate ?? RATE, now),
    guesses: newRateLimit(options.guessRate ?? GUESS_RATE, now),
    cookie: options.cookie ?? 'ringfence',
  };
}

/** A page elsewhere whose name was made to lead here (DNS rebinding) calls us by that name. */
export function checkHost({ options }: Access, { req }: Context): void {
  if (!options.allowed().hosts.has(hostOf(req))) throw new HttpProblem(421, 'this server does not go by that name');
}

/** A page elsewhere says where it is from. What has no Origin and is not told to be from elsewhere is no page. */
export function checkOrigin({ options }: Access, { req }: Context): void {
  const origin = req.header('origin');
  if (origin !== undefined && !options.allowed().origins.has(origin))
    throw new HttpProblem(403, 'pages of other sites may not ask');
  const site = req.header('sec-fetch-site');
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  if (isElsewhere && (req.path.startsWith('/api/') || req.method !== 'GET'))
    throw new HttpProblem(403, 'pages of other sites may not ask');
}

/** Of those that the server goes by, the one that this request called: behind a proxy its own address says nothing. */
export function originOf({ options }: Access, { req }: Context): string {
  const host = hostOf(req);
  const found = [...options.allowed().origins].find((origin) => {
    const own = new URL(origin);
    return own.host === URL.parse(`${own.protocol}//${host}`)?.host;
  });
  if (found === undefined) throw new HttpProblem(421, 'this server does not go by that name');
  return found;
}

function hostOf(req: Context['req']): string {
  return (req.header('host') ?? new URL(req.url).host).toLowerCase();
}

/** Who is asking. @throws {HttpProblem} where nobody is known, or who is known asks too often. */
export function signedIn(access: Access, context: Context): Identity {
  const who = limited(access, context);
  const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return identityOf(access, who, bearer);
  const identity = sessionOf(access, context)?.identity;
  if (identity !== undefined) return identity;
  const { oidc } = access.options;
  throw new HttpProblem(401, oidc === undefined ? OPEN_ADDRESS : 'sign in, or send a token', {
    headers: { 'www-authenticate': 'Bearer' },
    ...(oidc !== undefined && { signIn: SIGN_IN }),
  });
}

const OPEN_ADDRESS = 'open the address that the server printed, or send a token';

export function sessionOf({ sessions, cookie }: Access, context: Context): Session | undefined {
  return sessions.find(getCookie(context, cookie) ?? '');
}

/** The address of who asks, who may go on. */
export function limited({ limit, options }: Access, context: Context): string {
  const who = options.remoteOf?.(context) ?? 'local';
  slowDown(limit.take(who));
  return who;
}

/** Wrong ones cost more than right ones. */
export function identityOf({ guesses, options }: Access, who: string, token: string): Identity {
  const identity = identityOfToken(options.tokens, token);
  if (identity !== undefined) return identity;
  slowDown(guesses.take(who));
  throw new HttpProblem(401, 'that token is not known', { headers: { 'www-authenticate': 'Bearer' } });
}

function slowDown(seconds: number | undefined): void {
  if (seconds === undefined) return;
  throw new HttpProblem(429, 'too many requests', { headers: { 'retry-after': `${seconds}` } });
}

/** Opens a session in the answer, in place of the one that the browser may have. */
export function openSession(
  access: Access,
  context: Context,
  session: { readonly identity: Identity; readonly idToken?: string },
): string {
  closeSession(access, context);
  return sessionCookie(access, access.sessions.open(session.identity, session.idToken));
}

/** Ends the session of the browser, and returns the cookie that says so. */
export function closeSession(access: Access, context: Context): string {
  access.sessions.close(getCookie(context, access.cookie) ?? '');
  return sessionCookie(access, '');
}

function sessionCookie({ cookie, options }: Access, value: string): string {
  return generateCookie(cookie, value, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: options.secure,
    ...(value === '' && { maxAge: 0 }),
  });
}

/** `//elsewhere.example` would be another host. */
export function localPath(path: string): string {
  return `/${path.replace(/^[/\\]+/, '')}`;
}
