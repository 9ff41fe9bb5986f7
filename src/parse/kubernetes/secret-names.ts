import type { SecretKind } from '#model/object.ts';

/** What a name says of the value that it names. */
export interface NamedSecret {
  readonly kind: SecretKind;
  /** Whether a value that could be the name of an object is a secret all the same. */
  readonly isCertain: boolean;
}

/**
 * What a name says is in its value: `DB_PASSWORD`, `clientSecret`, `PGPASSWORD_2`. The last word decides, so that
 * `TOKEN_TTL`, `SECRET_NAME` and `PASSWORD_FILE` say nothing.
 */
export function namedKind(name: string): NamedSecret | undefined {
  if (!SECRET_WORD.test(name)) return undefined;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (/(?:password|passwd|passphrase)$/.test(last) || PASSWORD_WORDS.has(last)) return certain('password');
  if (last === 'key' || last === 'keys') return keyKind(before, words);
  if (/^(?:api|auth|access|secret)key$/.test(last)) return certain(last === 'accesskey' ? 'cloud-access-key' : 'token');
  if (/token$/.test(last)) return { kind: 'token', isCertain: false };
  if (/secret$/.test(last)) return { kind: 'password', isCertain: last !== 'secret' || VALUES_OF.has(before) };
  return undefined;
}

const SECRET_WORD = /pass|pwd|secret|token|key/i;
const PASSWORD_WORDS = new Set(['pwd', 'pass', 'requirepass', 'masterpass']);
/** Before `secret`: then it is the value itself, else it may be the name of a Secret. */
const VALUES_OF = new Set([
  'app',
  'client',
  'consumer',
  'cookie',
  'hmac',
  'jwt',
  'oauth',
  'session',
  'shared',
  'signing',
  'webhook',
]);

function certain(kind: SecretKind): NamedSecret {
  return { kind, isCertain: true };
}

function keyKind(before: string, words: readonly string[]): NamedSecret | undefined {
  if (before === 'access') return certain('cloud-access-key');
  if (before === 'storage' || before === 'account') return certain('storage-key');
  if (before === 'private') return { kind: 'private-key', isCertain: false };
  if (before === 'api' && words.at(-3) !== 'public') return certain('token');
  return KEYS_OF.has(before) ? { kind: 'token', isCertain: false } : undefined;
}

const KEYS_OF = new Set(['auth', 'secret', 'signing', 'encryption', 'master', 'shared', 'subscription', 'integration']);

/** The words of a name, of whatever case; numbers at its end number it. */
function wordsOf(name: string): readonly string[] {
  return name
    .slice(-LONGEST)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^\d+$/.test(word))
    .map((word) => word.replace(/\d+$/, ''));
}

const LONGEST = 120;

/** Whether a value whose name says that it is a secret is one, and not what leads to it. */
export function isLiteralSecret(text: string, { kind, isCertain }: NamedSecret): boolean {
  const value = text.trim();
  if (value.length < 3 || value.length > 1000 || /\s/.test(value)) return false;
  if (NO_VALUES.has(value.toLowerCase()) || STANDS_FOR.test(value) || LEADS_TO.test(value) || isPath(value))
    return false;
  if (kind === 'private-key') return value.length >= 40;
  if (kind !== 'password' && kind !== 'connection-string' && /^[\d.]+[a-z]{0,2}$/.test(value)) return false;
  return isCertain || !isObjectName(value);
}

/** Words that stand where the type or the absence of a value is told. */
const NO_VALUES = new Set([
  'true',
  'false',
  'yes',
  'off',
  'null',
  'nil',
  'none',
  'undefined',
  'string',
  'optional',
  'required',
  'enabled',
  'disabled',
  'redacted',
  'dropped',
]);

/** Templates, variables, masks, and marks of what stood there. `changeme` is a password that somebody left. */
const STANDS_FOR =
  /^(?:[$<[{@%#]|\*{3}|x{3,}$|\.{3}|__\w+__$|your[-_.]|(?:my|example|sample|dummy)?[-_]?placeholder)|\{\{|\$\{|\$\(|[-_]here$/i;
/** Prefixes of what fetches the value from elsewhere. */
const LEADS_TO = /^(?:vault:|ref\+|secretref:|op:\/\/|arn:|file:|keyvault|azurekeyvault|env:|https?:\/\/|secrets?\/)/i;

function isPath(value: string): boolean {
  return /^(?:~|\.{0,2})\/[\w.@/-]*$/.test(value) || /^[A-Za-z]:\\/.test(value);
}

/** `basic-auth`, `shop/basic-auth`: how objects are called, and secrets that machines make are not. */
function isObjectName(value: string): boolean {
  return /^(?:[a-z0-9-]{1,63}\/)?[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value) && !/\d{4}|[a-z]\d[a-z]\d/.test(value);
}

/** Whether a value is surely not a secret, but what a deployment puts one in the place of; or nothing. */
export function isStandIn(text: string): boolean {
  return /^(?:|\$\{[A-Za-z_]\w{0,80}\}|\$\([A-Za-z_]\w{0,80}\)|\{\{[^{}]{1,200}\}\}|#\{[\w.-]{1,80}\}#)$/.test(text);
}
