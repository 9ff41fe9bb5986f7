import { escapeControl } from '#base/escape.ts';
import { type Listening, type ListenOptions, listen, refusalOf, type Tls } from '#server/listen.ts';
import { newOidc, type Oidc, OidcRefusal } from '#server/security/oidc.ts';
import { newSecret, readTokens, type Token } from '#server/security/tokens.ts';
import { errorCode } from '#source/session.ts';
import type { ServeFlags } from '../commands/serve.ts';
import type { CliContext } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { secretAt, textAt } from './serve-files.ts';
import { oidcSettingsOf } from './serve-oidc.ts';

/** Where and for whom to listen, as the flags say it. */
export interface How {
  readonly host: string;
  /** The first and the last that are tried, in turn. */
  readonly ports: readonly [number, number];
  readonly tokens: readonly Token[];
  readonly oidc?: Oidc;
  /** Printed in the address: nobody else has one. */
  readonly ownToken: string | undefined;
  readonly tls?: Tls;
  readonly urls: readonly URL[];
}

export async function howToListen(context: CliContext, flags: ServeFlags): Promise<How> {
  const host = (flags.host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const ports = portsOf(flags.port ?? '0');
  const urls = (flags.publicUrl ?? []).map(publicUrlOf);
  const named = flags.tokenFile === undefined ? undefined : await tokensAt(context, flags.tokenFile);
  const tls = await tlsOf(context, flags);
  const settings = await oidcSettingsOf(context, flags);
  const hasIssuer = settings !== undefined;
  const refusal = refusalOf({ host, hasTokens: named !== undefined, hasIssuer, hasTls: tls !== undefined, urls });
  if (refusal !== undefined) throw new Refusal(escapeControl(refusal.message), refusal.hint);
  const ownToken = named === undefined && !hasIssuer ? newSecret() : undefined;
  const tokens = named ?? (ownToken === undefined ? [] : [{ name: 'you', role: 'admin', token: ownToken }]);
  const oidc = settings === undefined ? undefined : newOidc(settings);
  return {
    host,
    ports,
    tokens,
    ownToken,
    urls,
    ...(tls !== undefined && { tls }),
    ...(oidc !== undefined && { oidc }),
  };
}

function portsOf(text: string): readonly [number, number] {
  const [first, last = first] = (/^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [])
    .slice(1)
    .map((part) => part && Number(part));
  const isRange = typeof first === 'number' && typeof last === 'number' && first <= last && last <= 65_535;
  if (isRange && (first > 0 || last === 0)) return [first, last];
  throw new Refusal(
    `\`${escapeControl(text)}\` is not a port`,
    'a number up to 65535, or two with a dash between: the first of them that is free; 0 is any that is free',
  );
}

function publicUrlOf(text: string): URL {
  const url = URL.parse(text);
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (isAddress && url.username === '' && url.password === '') return url;
  throw new Refusal(`\`${escapeControl(text)}\` is not an address`, 'as --public-url https://ringfence.example.com');
}

async function tokensAt(context: CliContext, file: string): Promise<readonly Token[]> {
  const reading = readTokens(await secretAt(context, file));
  if ('tokens' in reading) return reading.tokens;
  const hint = 'each line is viewer, editor or admin, a token of 24 characters or more, and a name';
  throw new Refusal(`\`${escapeControl(file)}\` is no token file: ${reading.problem}`, hint);
}

/** Told and not refused: an issuer that is down when we start may come back. */
export async function sayIssuer({ surroundings }: CliContext, { oidc }: How): Promise<void> {
  await oidc?.check().catch((error: unknown) => {
    if (!(error instanceof OidcRefusal)) throw error;
    surroundings.err.say(`warning: nobody can sign in until the issuer answers\n  ${escapeControl(error.log)}\n`);
  });
}

async function tlsOf({ surroundings }: CliContext, { tlsCert, tlsKey }: ServeFlags): Promise<Tls | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new Refusal('--tls-cert and --tls-key go together');
  const { folder } = surroundings;
  return { cert: await textAt(folder, tlsCert), key: await textAt(folder, tlsKey) };
}

type Served = Omit<ListenOptions, keyof How | 'port'>;

/** Takes the first port that is free. Rejects with a refusal where there is none. */
export async function listenAt(how: How, served: Served): Promise<Listening> {
  const {
    ports: [first, last],
    ...rest
  } = how;
  for (let port = first; ; port++) {
    try {
      return await listen({ ...rest, ...served, port });
    } catch (error) {
      if (port === last || errorCode(error) !== 'EADDRINUSE') throw cannotListen(how, error);
    }
  }
}

function cannotListen({ host, ports: [first, last] }: How, error: unknown): unknown {
  const port = first === last ? ` port ${first}` : ` ports ${first} to ${last}`;
  const at = `\`${escapeControl(host)}\`${first === 0 ? '' : port}`;
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new Refusal(
        `${at} ${first === last ? 'is' : 'are all'} taken`,
        'choose another --port; without it any that is free is used',
      );
    case 'EACCES':
      return new Refusal(`${at} is not for us to listen on`, 'choose a --port above 1023');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Refusal(`${at} is not an address of this machine`);
    case 'an unnamed error':
      return error;
    default:
      return new Refusal(`${at} cannot be listened on: ${errorCode(error)}`);
  }
}
