import { escapeControl } from '#base/escape.ts';

/** What `@azure/identity` calls a TokenCredential. */
export interface Credential {
  getToken(
    scope: string,
    options?: { abortSignal?: AbortSignal },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** Holds one token and renews it in time. Some credentials start a program for each token, so they are asked rarely. */
export interface TokenKeeper {
  /** Throws what the credential throws. */
  current(): Promise<string>;
  /** Azure does not take this one any more. */
  forget(token: string): void;
  /** A text of one line without any secret, and not too long. */
  redact(text: string): string;
}

export function keepToken(credential: Credential, scope: string): TokenKeeper {
  let held: { readonly token: string; readonly until: number } | undefined;
  let pending: Promise<string> | undefined;
  const seen = new Set<string>();
  return { current, forget, redact };

  function current(): Promise<string> {
    if (held !== undefined && held.until - Date.now() > EARLY) return Promise.resolve(held.token);
    pending ??= renewed().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  async function renewed(): Promise<string> {
    const got = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(SIGN_IN_TIME) });
    if (got === null || got.token === '') throw new Error('no token');
    held = { token: got.token, until: got.expiresOnTimestamp };
    seen.add(got.token);
    return got.token;
  }

  function forget(token: string): void {
    if (held?.token === token) held = undefined;
  }

  function redact(text: string): string {
    let out = text;
    for (const token of seen) out = out.replaceAll(token, HIDDEN);
    out = out.slice(0, MOST_LOOKED_AT);
    for (const pattern of SECRETS) out = out.replace(pattern, HIDDEN);
    const line = escapeControl(out.replace(/\s+/g, ' ').trim());
    return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
  }
}

/** Milliseconds before the end of a token at which it is renewed. */
const EARLY = 120_000;

const SIGN_IN_TIME = 120_000;

/** Characters of a text that are looked at, and that are shown. */
const MOST_LOOKED_AT = 4000;
const MOST = 300;
const HIDDEN = '(secret)';

/** Tokens of others, and what signed addresses and connection strings hold. A server may say anything. */
const SECRETS: readonly RegExp[] = [
  /(?<![\w-])ey[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\bbearer\s+[\w.~+/=-]{8,}/gi,
  /\b(?:sig|client_?secret|client_?assertion|password|pwd|sharedaccesskey|accountkey|refresh_token)\b["']?\s*[=:]\s*["']?[^&;\s"',}]+/gi,
];
