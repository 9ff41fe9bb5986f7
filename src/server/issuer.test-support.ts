import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import { ORIGIN } from './app.test-support.ts';

/** A real issuer on loopback, whose people need no password. */
export interface Issuer {
  readonly url: URL;
  /** Whom it takes the next browser for. */
  as: string;
  /** Changes the claims of ID tokens on their way out, signed again by this key or the issuer's own. */
  spoil: ((claims: Record<string, unknown>) => Spoilt) | undefined;
  readonly stop: () => Promise<void>;
}

export interface Spoilt {
  readonly claims: Record<string, unknown>;
  readonly by?: 'another-key' | 'nobody';
}

export const CLIENTS = {
  post: 'console-post',
  basic: 'console-basic',
  public: 'console-public',
} as const;
export const CLIENT_SECRET = 'a-secret-between-the-two-of-them';

/** Claims of people by their name. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Method = 'client_secret_post' | 'client_secret_basic' | 'none';

export interface IssuerOptions {
  /** Else claims are told at the userinfo endpoint only. */
  readonly tellsInIdToken?: boolean;
  /** The one way in which clients show that they are who they say. */
  readonly only?: Method;
  /** Where browsers come back to. */
  readonly origin?: string;
}

export async function startIssuer(
  people: People,
  { tellsInIdToken = true, only, origin = ORIGIN }: IssuerOptions = {},
): Promise<Issuer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(url.origin, {
    clients: METHODS.filter(([method]) => only === undefined || method === only).map((each) => clientOf(each, origin)),
    ...(only !== undefined && { clientAuthMethods: [only] }),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub', 'roles', 'groups', 'realm', '_claim_names'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: !tellsInIdToken,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    loadExistingGrant: grantAll,
    renderError: (context, out) => {
      context.body = JSON.stringify(out);
    },
    ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
  });
  const issuer: Issuer = { url, as: '', spoil: undefined, stop: () => stopped(server) };
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path === '/token' && issuer.spoil !== undefined && body?.id_token !== undefined)
      context.body = { ...body, id_token: spoiltToken(body.id_token, issuer.spoil, privateKey) };
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true)
      void provider.interactionFinished(request, response, { login: { accountId: issuer.as } });
    else void callback(request, response);
  });
  return issuer;
}

const METHODS: readonly (readonly [Method, string])[] = [
  ['client_secret_post', CLIENTS.post],
  ['client_secret_basic', CLIENTS.basic],
  ['none', CLIENTS.public],
];

function clientOf([method, id]: (typeof METHODS)[number], origin: string) {
  return {
    client_id: id,
    ...(method !== 'none' && { client_secret: CLIENT_SECRET }),
    token_endpoint_auth_method: method,
    redirect_uris: [`${origin}/oidc/callback`],
    post_logout_redirect_uris: [`${origin}/`],
  };
}

/** Nobody is asked whether the console may know who they are. */
async function grantAll({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

function spoiltToken(token: string, spoil: NonNullable<Issuer['spoil']>, key: KeyObject): string {
  const [header = '', payload = ''] = token.split('.');
  const { claims, by } = spoil(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = by === 'nobody' ? part({ alg: 'none' }) : header;
  const signer = by === 'another-key' ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : key;
  const text = `${head}.${part(claims)}`;
  return `${text}.${by === 'nobody' ? '' : sign('sha256', Buffer.from(text), signer).toString('base64url')}`;
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
