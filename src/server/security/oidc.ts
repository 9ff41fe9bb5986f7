import * as client from 'openid-client';
import { isLoopback } from './origins.ts';
import { type Claims, hasClaim, isElsewhere, type RoleRules, roleOf } from './role-rules.ts';
import { newSeal, type Seal } from './sealed.ts';
import type { Identity } from './tokens.ts';

/** An issuer of OpenID Connect, and what its claims mean here. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  /** Undefined: a public client, which PKCE alone protects. */
  readonly clientSecret?: string;
  readonly scope: string;
  readonly roles: RoleRules;
}

/** Signing in at an issuer: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 7636, RFC 9700). */
export interface Oidc {
  /** Rejects with `OidcRefusal` where the issuer does not answer as one. */
  readonly check: () => Promise<void>;
  /** Where to send a browser, and what it has to bring back as a cookie. */
  readonly begin: (redirect: URL, to: string) => Promise<Begun>;
  /** With the address that the browser came back to, and the cookie. */
  readonly finish: (came: URL, cookie: string) => Promise<SignedIn>;
  /** Where the issuer's own session ends; undefined where it offers no such thing. */
  readonly endAt: (idToken: string, back: URL) => Promise<URL | undefined>;
}

export interface Begun {
  readonly location: URL;
  readonly cookie: string;
}

export interface SignedIn {
  readonly identity: Identity;
  /** What the issuer ends its session by. */
  readonly idToken: string;
  /** The page that was asked for. */
  readonly to: string;
}

/** - `down`: the issuer does not answer; `answer`: it said no, or what cannot be believed; `role`: nothing is allowed. */
export class OidcRefusal extends Error {
  readonly reason: 'down' | 'answer' | 'role';
  /** For the log: may name what the person need not know. */
  readonly log: string;

  constructor(reason: OidcRefusal['reason'], message: string, log = message) {
    super(message);
    this.name = 'OidcRefusal';
    this.reason = reason;
    this.log = log;
  }
}

/** Of a sign-in that began. */
interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly to: string;
}

export const MINUTES_10 = 10 * 60 * 1000;
const TIMEOUT_S = 10;

export function newOidc(settings: OidcSettings, now: () => number = Date.now): Oidc {
  const seal = newSeal(now);
  let known: Promise<client.Configuration> | undefined;
  // An issuer that is down is asked again with the next sign-in.
  const configuration = () => {
    known ??= configurationOf(settings).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    check: async () => {
      await configuration();
    },
    begin: async (redirect, to) =>
      begin({ configuration: await configuration(), settings, seal }, redirect, {
        to,
        until: now() + MINUTES_10,
      }),
    finish: async (came, cookie) => {
      const attempt = attemptOf(seal, cookie);
      return finish({ configuration: await configuration(), settings, seal }, came, attempt);
    },
    endAt: async (idToken, back) => endAt(await configuration(), idToken, back),
  };
}

async function configurationOf(settings: OidcSettings): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret } = settings;
  const isInsecure = issuer.protocol === 'http:' && isLoopback(issuer.hostname);
  const found = await client
    .discovery(issuer, clientId, {}, authenticationBy(clientSecret), {
      timeout: TIMEOUT_S,
      // The signature of the ID token is checked too, and not only the way that it came by.
      execute: [client.enableNonRepudiationChecks, ...(isInsecure ? [client.allowInsecureRequests] : [])],
    })
    .catch((error: unknown) => {
      throw refusalOf(error, 'the issuer does not answer as an issuer of OpenID Connect');
    });
  // An issuer for all tenants lets each of them say who has which role.
  if (found.serverMetadata().issuer.includes('{tenantid}'))
    throw new OidcRefusal('answer', 'the issuer is one for all tenants: name the tenant in its address');
  return found;
}

function authenticationBy(secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None();
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  // OpenID Discovery 1.0 section 3: client_secret_basic where the issuer does not say.
  return (server, ...rest) =>
    (server.token_endpoint_auth_methods_supported?.includes('client_secret_post') ? post : basic)(server, ...rest);
}

interface Parties {
  readonly configuration: client.Configuration;
  readonly settings: OidcSettings;
  readonly seal: Seal;
}

async function begin(
  { configuration, settings, seal }: Parties,
  redirect: URL,
  { to, until }: { readonly to: string; readonly until: number },
): Promise<Begun> {
  const attempt: Attempt = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    to,
  };
  const location = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirect.href,
    scope: settings.scope,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    state: attempt.state,
    nonce: attempt.nonce,
  });
  return { location, cookie: seal.close(JSON.stringify(attempt), until) };
}

function attemptOf(seal: Seal, cookie: string): Attempt {
  const text = seal.open(cookie);
  if (text === undefined)
    throw new OidcRefusal('answer', 'this browser did not begin to sign in here, or took more than ten minutes');
  return JSON.parse(text) as Attempt;
}

async function finish(parties: Parties, came: URL, attempt: Attempt): Promise<SignedIn> {
  const { configuration, settings } = parties;
  const tokens = await client
    .authorizationCodeGrant(configuration, came, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    })
    .catch((error: unknown) => {
      throw refusalOf(error, 'what the issuer answered cannot be believed');
    });
  const own = tokens.claims();
  if (own === undefined || tokens.id_token === undefined)
    throw new OidcRefusal('answer', 'the issuer did not say who you are');
  const claims = await withUserInfo(parties, own, tokens.access_token);
  const role = roleOf(claims, settings.roles);
  if (role === undefined) throw noRole(claims, settings.roles);
  return { identity: { name: nameOf(claims), role }, idToken: tokens.id_token, to: attempt.to };
}

/** Issuers may tell claims there only (OpenID Connect Core 5.4). */
async function withUserInfo(
  { configuration, settings }: Parties,
  own: Claims & { readonly sub: string },
  accessToken: string,
): Promise<Claims> {
  const { userinfo_endpoint: place } = configuration.serverMetadata();
  if (place === undefined || hasClaim(own, settings.roles.claim)) return own;
  const told = await client.fetchUserInfo(configuration, accessToken, own.sub).catch((error: unknown) => {
    throw refusalOf(error, 'the issuer did not tell more about you');
  });
  return { ...told, ...own };
}

function noRole(claims: Claims, { claim }: RoleRules): OidcRefusal {
  if (isElsewhere(claims, claim))
    return new OidcRefusal(
      'role',
      `you are in more groups than the issuer lists in \`${claim}\`: whoever runs this server can give roles by another claim`,
    );
  return new OidcRefusal('role', `you are signed in as ${nameOf(claims)}, and no role is given to you here`);
}

const MOST_NAME = 200;

/** For people to recognise: nothing is decided by it. */
function nameOf(claims: Claims): string {
  const found = ['preferred_username', 'email', 'name', 'sub'].map((claim) => claims[claim]);
  return (found.find((name) => typeof name === 'string' && name !== '') as string).slice(0, MOST_NAME);
}

function endAt(configuration: client.Configuration, idToken: string, back: URL): URL | undefined {
  if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
  return client.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: back.href });
}

const DOWN_CODES = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

function refusalOf(error: unknown, message: string): OidcRefusal {
  const log = `${message}: ${chainOf(error).join(': ')}`;
  if (error instanceof client.AuthorizationResponseError)
    return new OidcRefusal(
      'answer',
      `the issuer refused${/^\w{1,50}$/.test(error.error) ? `: ${error.error}` : ''}`,
      log,
    );
  // fetch says TypeError for all that kept an answer from coming.
  const isDown =
    error instanceof TypeError || (error instanceof client.ClientError && DOWN_CODES.has(error.code ?? ''));
  return isDown ? new OidcRefusal('down', 'the issuer does not answer', log) : new OidcRefusal('answer', message, log);
}

function chainOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return [`${error.message}${code}`, ...chainOf(error.cause)];
}
