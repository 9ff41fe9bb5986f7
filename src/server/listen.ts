import type { Server } from 'node:http';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { type AppOptions, newApp } from './app.ts';
import { type Allowed, allowedByUrls, allowedOnLoopback, isLoopback } from './security/origins.ts';

export interface Tls {
  readonly cert: string;
  readonly key: string;
}

export interface ListenOptions extends Omit<AppOptions, 'allowed' | 'secure' | 'remoteOf' | 'cookie'> {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tls?: Tls;
  /** The addresses that people open: of a proxy, or of this server beyond loopback. */
  readonly urls: readonly URL[];
}

export interface Listening {
  /** The address to open, without a token. */
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Why a server must not be started so; undefined where it may. Beyond loopback a token alone is read by whoever listens. */
export function refusalOf(how: {
  readonly host: string;
  readonly hasTokens: boolean;
  readonly hasIssuer: boolean;
  readonly hasTls: boolean;
  readonly urls: readonly URL[];
}): { readonly message: string; readonly hint: string } | undefined {
  if (isLoopback(how.host)) return undefined;
  const where = `\`${how.host}\` can be reached from other machines`;
  if (!how.hasTokens && !how.hasIssuer)
    return {
      message: `${where}, and nobody is told apart`,
      hint: 'give --oidc-issuer and --oidc-client-id so that people sign in, or tokens with --token-file',
    };
  const isProxied = how.urls.length > 0 && how.urls.every(({ protocol }) => protocol === 'https:');
  if (!how.hasTls && !isProxied)
    return {
      message: `${where}, and what is said could be read on the way`,
      hint: 'give --tls-cert and --tls-key, or with --public-url https://… the address of a proxy that speaks TLS',
    };
  if (how.urls.length === 0)
    return {
      message: `${where}, and by which name is not said`,
      hint: 'give --public-url with the address that people open: requests under any other name are refused',
    };
  return undefined;
}

/** Rejects with the error of the system where the port cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, tls, urls } = options;
  const secure = tls !== undefined || urls.some(({ protocol }) => protocol === 'https:');
  let allowed: Allowed = { hosts: new Set(), origins: new Set() };
  let name = 'ringfence';
  const remoteOf = (context: Context) => getConnInfo(context).remote.address ?? 'unknown';
  const make = (cookie: string) => newApp({ ...options, allowed: () => allowed, secure, cookie, remoteOf });
  let app = make(name);
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    hostname: host,
    ...(tls === undefined
      ? { createServer: createPlain, serverOptions: LIMITS }
      : { createServer: createSecure, serverOptions: { ...LIMITS, ...tls, minVersion: 'TLSv1.2' } }),
  }) as Server;
  server.maxConnections = 1_024;
  await bound(server, options);
  const port = portOf(server);
  name = `ringfence-${port}`;
  app = make(name);
  allowed = allowedFor(options, port);
  const own = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
  return { url: urls[0]?.origin ?? own, port, close: () => closed(server) };
}

/** Slow heads and slow bodies are ended; the size of a body is the application's business. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 32 * 1024,
};

function bound(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function allowedFor({ host, tls, urls }: ListenOptions, port: number): Allowed {
  const named = allowedByUrls(urls);
  if (!isLoopback(host)) return named;
  const own = allowedOnLoopback(port, tls !== undefined);
  return { hosts: new Set([...own.hosts, ...named.hosts]), origins: new Set([...own.origins, ...named.origins]) };
}

/** Streams of events never end by themselves. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
