import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const ROLE_ORDER = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof ROLE_ORDER)[number];

/** Who may ask, and what. */
export interface Identity {
  readonly name: string;
  readonly role: Role;
}

export interface Token extends Identity {
  readonly token: string;
}

/** 192 bits: nobody guesses it. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

export function mayAct(role: Role, needed: Role): boolean {
  return ROLE_ORDER.indexOf(role) >= ROLE_ORDER.indexOf(needed);
}

/** Compares digests, so that how long it takes says nothing of a token. Every token is looked at. */
export function identityOfToken(tokens: readonly Token[], given: string): Identity | undefined {
  const digest = digestOf(given);
  let found: Identity | undefined;
  for (const { token, name, role } of tokens) if (timingSafeEqual(digestOf(token), digest)) found = { name, role };
  return found;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Shorter ones can be tried out. */
export const LEAST_TOKEN = 24;

export type TokensReading = { readonly tokens: readonly Token[] } | { readonly problem: string };

/**
 * The lines of a token file: `viewer TOKEN` or `editor TOKEN NAME`; empty lines and those that begin with # are left out.
 * Messages name lines and never tokens.
 */
export function readTokens(text: string): TokensReading {
  const tokens: Token[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [roleText = '', token = '', ...name] = trimmed.split(/\s+/);
    const role = ROLE_ORDER.find((each) => each === roleText);
    const at = `line ${index + 1}`;
    if (role === undefined) return { problem: `${at} does not begin with viewer, editor or admin` };
    if (token.length < LEAST_TOKEN) return { problem: `the token of ${at} has less than ${LEAST_TOKEN} characters` };
    if (tokens.some((each) => each.token === token)) return { problem: `the token of ${at} was there before` };
    tokens.push({ role, token, name: name.join(' ') || `${role} of ${at}` });
  }
  return tokens.length === 0 ? { problem: 'it holds no token' } : { tokens };
}
