import { type SecretKind, secretMark } from '#model/object.ts';
import { isLiteralSecret, namedKind } from './secret-names.ts';

/** Where a text stands. */
export interface MarkedPlace {
  /** Name of the variable, the annotation or the key that holds it; empty where nothing names it. */
  readonly field: string;
}

/**
 * The text with what looks like a secret replaced by `secretMark`: `postgres://app:[secret: connection-string]@db`. What
 * only refers to a secret stays: paths, variables, templates, names of objects. Takes time linear in the text, and gives
 * back a text that it marked as it is.
 */
export function markSecrets(text: string, { field }: MarkedPlace): string {
  if (text.length < SHORTEST) return text;
  const named = namedKind(field);
  const marked = HINT.test(text) ? markShapes(text) : text;
  if (marked !== text) return marked;
  if (named !== undefined && isLiteralSecret(text, named)) return secretMark(named.kind);
  return NAMED_HINT.test(text) ? text.split('\n').map(markLine).join('\n') : text;
}

const SHORTEST = 3;

// ---------------------------------------------------------------- shapes

/** What every shape has: texts without any of these are not looked at further. */
const HINT =
  /-----BEGIN|LS0tLS1CRUdJ|(?:AK|AS)IA[0-9A-Z]|AIza|Q~|AccountKey|SharedAccess|[?&]sig=|:\/\/|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|hooks\.slack|sk_live_|rk_live_|npm_|SG\.|dop_v1_|hvs\.|eyJ|Bearer|Basic|"auth"/;

interface Shape {
  readonly kind: SecretKind;
  /** Global; a group `kept` stays before the mark. Repetitions are bounded, or start at the border of a word. */
  readonly pattern: RegExp;
}

/** Published formats of keys and tokens, each with the prefix that its issuer gave it for being found. */
const SHAPES: readonly Shape[] = [
  // The same keys as base64: `-----BEGIN ` with PRIVATE, RSA PRI…, EC PRIV…, ENCRYPTED, OPENSSH, DSA PRI….
  {
    kind: 'private-key',
    pattern: /LS0tLS1CRUdJTiB(?:QUklW|SU0EgUFJJ|FQyBQUklW|FTkNS|PUEVO|EU0EgUFJJ)[A-Za-z0-9+/]+={0,2}/g,
  },
  { kind: 'storage-key', pattern: /(?<kept>\bAccountKey\s?=\s?)[A-Za-z0-9+/]{20,}={0,2}/g },
  { kind: 'connection-string', pattern: /(?<kept>\bSharedAccess(?:Key|Signature)\s?=\s?)[^;\s"'$<{[]{8,}/g },
  // The signature of a shared access signature.
  { kind: 'storage-key', pattern: /(?<kept>[?&]sig=)[A-Za-z0-9%+/=_-]{20,}/g },
  { kind: 'cloud-access-key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])/g },
  { kind: 'cloud-access-key', pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/g },
  // Secrets of applications of Entra ID.
  { kind: 'cloud-access-key', pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g },
  { kind: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g },
  { kind: 'token', pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,})/g },
  { kind: 'token', pattern: /(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'token', pattern: /(?<kept>hooks\.slack\.com\/services\/)T\w{6,}\/B\w{6,}\/\w{16,}/g },
  { kind: 'token', pattern: /(?<![A-Za-z0-9])(?:(?:sk|rk)_live_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{36,})/g },
  { kind: 'token', pattern: /(?<![\w.-])SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g },
  { kind: 'token', pattern: /(?<![A-Za-z0-9])(?:dop_v1_[a-f0-9]{64}|hvs\.[\w-]{24,})/g },
  { kind: 'token', pattern: /(?<kept>\bBearer )[A-Za-z0-9._~+/-]{20,}=*/g },
  { kind: 'password', pattern: /(?<kept>\bAuthorization: Basic )[A-Za-z0-9+/]{8,}={0,2}/g },
  { kind: 'password', pattern: /(?<kept>"auth"\s?:\s?")[A-Za-z0-9+/]{8,}={0,2}(?=")/g },
];

/** Schemes take a password before the host (RFC 3986 §3.2.1). */
const URL_PASSWORD =
  /(?<kept>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/?#"']{0,200}:)(?<password>[^\s@/?#"']{1,200})(?=@[^\s@])/gi;

function markShapes(text: string): string {
  let marked = withoutPrivateKeys(text);
  for (const { kind, pattern } of SHAPES) {
    marked = marked.replace(pattern, (...found) => `${keptOf(found)}${secretMark(kind)}`);
  }
  return marked.replace(URL_PASSWORD, (whole: string, kept: string, password: string) =>
    isLiteralSecret(password, URL) ? `${kept}${secretMark('connection-string')}` : whole,
  );
}

const URL = { kind: 'connection-string', isCertain: true } as const;

/** Named groups come last among what `replace` gives. */
function keptOf(found: readonly unknown[]): string {
  const groups = found.at(-1);
  if (typeof groups !== 'object' || groups === null || !('kept' in groups)) return '';
  return typeof groups.kept === 'string' ? groups.kept : '';
}

/** From a begin line to its end line (RFC 7468 §2), or to the end of the text where that was cut off. */
function withoutPrivateKeys(text: string): string {
  let at = 0;
  let marked = '';
  for (const { index } of text.matchAll(/-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY/g)) {
    if (index < at) continue;
    const end = text.indexOf(PEM_END, index);
    marked += text.slice(at, index) + secretMark('private-key');
    const closing = end < 0 ? -1 : text.indexOf('-----', end + PEM_END.length);
    at = closing < 0 ? text.length : closing + '-----'.length;
  }
  return at === 0 ? text : marked + text.slice(at);
}

const PEM_END = '-----END ';

// ---------------------------------------------------------------- names within a text

const NAMED_HINT = /pass|pwd|secret|token|key|masterauth/i;

/**
 * `password=…`, `"apiKey": "…"`, `--token=…`, `--token …`. A name starts at the border of a word, so that long runs of
 * letters are looked at once.
 */
const ASSIGNMENT =
  /(?<head>(?<![\w.-])(?:--(?<flag>[A-Za-z][\w.-]{1,80})[ =]|(?<name>[A-Za-z][\w.-]{1,80})["']?[ \t]{0,4}(?:[:=]|=>)[ \t]{0,4}))(?:"(?<double>[^"]{1,400})"|'(?<single>[^']{1,400})'|(?<bare>[^\s"',;&|)}\]]{1,400}))/g;

/** Redis takes its passwords after a space. */
const DIRECTIVE = /^(?<head>\s{0,40}(?:requirepass|masterauth)\s{1,8}"?)(?<bare>[^\s"]{1,400})/;

function markLine(line: string): string {
  if (!NAMED_HINT.test(line) || /^\s{0,200}(?:#|\/\/|;)/.test(line)) return line;
  const marked = line.replace(DIRECTIVE, (whole: string, head: string, bare: string) =>
    isLiteralSecret(bare, PASSWORD) ? `${head}${secretMark('password')}` : whole,
  );
  return marked.replace(ASSIGNMENT, (whole: string, ...found: readonly unknown[]) => markAssigned(whole, found.at(-1)));
}

const PASSWORD = { kind: 'password', isCertain: true } as const;

function markAssigned(whole: string, groups: unknown): string {
  const { head, flag, name, double, single, bare } = groupsOf(groups);
  const named = namedKind(flag ?? name ?? '');
  const value = double ?? single ?? bare ?? '';
  if (named === undefined || !isLiteralSecret(value, named)) return whole;
  if (bare !== undefined && isExpression(bare)) return whole;
  const quoteMark = double !== undefined ? '"' : single !== undefined ? "'" : '';
  return `${head ?? ''}${quoteMark}${secretMark(named.kind)}${quoteMark}`;
}

/** In programs what is assigned is computed: `request.token`, `get(`. */
function isExpression(bare: string): boolean {
  return /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(bare) || bare.includes('(');
}

function groupsOf(groups: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof groups !== 'object' || groups === null) return {};
  return Object.fromEntries(Object.entries(groups).filter(([, text]) => typeof text === 'string'));
}
