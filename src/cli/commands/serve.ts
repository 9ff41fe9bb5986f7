import { type LiveFlags, liveFlags, text } from '../flags.ts';
import { verb } from './verb.ts';

export interface ServeFlags extends Omit<LiveFlags, 'output' | 'namespace' | 'allowUnknown'> {
  readonly port: string | undefined;
  readonly host: string | undefined;
  readonly open: boolean | undefined;
  readonly tokenFile: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly publicUrl: readonly string[] | undefined;
  readonly store: string | undefined;
  readonly environmentName: string | undefined;
  readonly keep: string | undefined;
  readonly oidcIssuer: string | undefined;
  readonly oidcClientId: string | undefined;
  readonly oidcClientSecretFile: string | undefined;
  readonly oidcScope: string | undefined;
  readonly oidcRoleClaim: string | undefined;
  readonly oidcRole: readonly string[] | undefined;
}

const { output: _output, namespace: _namespace, allowUnknown: _allowUnknown, ...READ_FLAGS } = liveFlags(['text']);

const FILE = { kind: 'parsed', parse: text, optional: true, placeholder: 'FILE' } as const;

export const serveVerb = verb<ServeFlags>({
  name: 'serve',
  brief: 'the console and the HTTP API over one environment, kept current as files change',
  usage: '[PATH...]',
  about: [
    'Prints an address with a token that opens the console, and runs until Ctrl-C. A file that is broken while it is edited keeps the last good answer, marked as stale. Nothing is written to the input.',
    'Keeps snapshots of what changed in meaning, in memory unless --store names a place: a folder, which holds a database that you can see and delete, or a PostgreSQL server. See docs/store.md.',
    'Listens on this machine only. Beyond it, it starts only where people sign in (--oidc-issuer) or have tokens (--token-file), with TLS here (--tls-cert, --tls-key) or at a proxy, and with the address that people open (--public-url).',
  ],
  examples: [
    ['serve examples/shop', 'the shop, on a port that is free'],
    ['serve --port 8700 --open examples/shop', 'always the same address, in the browser at once'],
    ['serve --store ~/shop-history examples/shop', 'with a history that outlives the server'],
    ['serve --context production --token-file tokens', 'a live cluster, for people with tokens of their own'],
    [
      'serve ./deploy --host 0.0.0.0 --public-url https://ringfence.example.com --oidc-issuer https://login.example.com --oidc-client-id ringfence --oidc-role viewer=*',
      'behind a proxy that speaks TLS, for whoever can sign in',
    ],
  ],
  flags: {
    ...READ_FLAGS,
    port: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'PORT',
      brief: 'where to listen, as 8700, or 8700-8799 for the first of them that is free; any that is free unless given',
    },
    host: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'ADDRESS',
      brief: 'the address to listen on; 127.0.0.1 unless given',
    },
    store: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'PLACE',
      brief: 'where history is kept: a folder, or postgres://USER@HOST:5432/DATABASE; in memory unless given',
    },
    environmentName: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'NAME',
      brief: 'whose history it is, where a store holds several',
    },
    keep: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'COUNT',
      brief: 'how many snapshots stay, besides those with a note; 500 unless given',
    },
    open: { kind: 'boolean', optional: true, withNegated: false, brief: 'open it in the browser' },
    tokenFile: { ...FILE, brief: 'who may ask: lines of viewer, editor or admin, a token, and a name' },
    oidcIssuer: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'URL',
      brief: 'people sign in at this issuer of OpenID Connect, as https://login.microsoftonline.com/TENANT/v2.0',
    },
    oidcClientId: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'ID',
      brief: 'as which client this server is known there',
    },
    oidcClientSecretFile: {
      ...FILE,
      brief: 'its secret; RINGFENCE_OIDC_CLIENT_SECRET where there is no file; neither for a public client',
    },
    oidcScope: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'SCOPES',
      brief: '`openid profile email` unless given',
    },
    oidcRoleClaim: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'CLAIM',
      brief: 'the claim that gives roles, as groups or realm_access.roles; roles unless given',
    },
    oidcRole: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'ROLE=VALUE',
      brief: 'the value of the claim that gives a role, as admin=platform-team; viewer=* is everybody; may be repeated',
    },
    tlsCert: { ...FILE, brief: 'certificates in PEM, for TLS' },
    tlsKey: { ...FILE, brief: 'their private key in PEM' },
    publicUrl: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'URL',
      brief: 'the address that people open, where it is not the one that is listened on; may be repeated',
    },
  },
  aliases: { q: 'quiet', v: 'verbose' },
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/serve.ts')).runServe,
});
