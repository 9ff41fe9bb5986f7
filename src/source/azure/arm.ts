import { setTimeout as wait } from 'node:timers/promises';
import { formatBytes } from '../session.ts';
import { messageOf, recordOf } from './json.ts';
import { waitAsked } from './throttle.ts';
import { type Credential, keepToken, type TokenKeeper } from './token.ts';

/** Azure Resource Manager: few calls at a time, tried again where that helps, bounded in time and size. */
export interface Arm {
  /** Where it answers, without a slash at the end. */
  readonly endpoint: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly get: (path: string) => Promise<ArmAnswer>;
  readonly post: (path: string, body?: unknown) => Promise<ArmAnswer>;
}

export type ArmAnswer =
  | {
      readonly ok: true;
      readonly body: Readonly<Record<string, unknown>>;
      readonly headers: Headers;
      readonly size: number;
    }
  | ArmRefusal;

/** Why there is no answer. `message` is what Azure or the system said, without secrets, for one line. */
export interface ArmRefusal {
  readonly ok: false;
  readonly why: ArmFailure;
  readonly message: string;
}

/**
 * - `signed-out`: the token is not taken, or no new one is given;
 * - `denied`: a permission is missing;
 * - `absent`: there is no such thing;
 * - `refused`: Azure does not take the request;
 * - `throttled`: too many requests, and still so after waiting;
 * - `failed`: no answer, an error of the server, or an answer that is too slow or too large;
 * - `nonsense`: an answer that is none.
 */
export type ArmFailure = 'signed-out' | 'denied' | 'absent' | 'refused' | 'throttled' | 'failed' | 'nonsense';

export interface ArmOptions {
  readonly endpoint: string;
  readonly scope: string;
  readonly credential: Credential;
  /** Waits between tries; the clock's unless given. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** Milliseconds that one answer may take; 60,000 unless given. */
  readonly timeout?: number | undefined;
  /** Bytes of one answer; 64 MiB unless given. */
  readonly maxAnswer?: number | undefined;
}

/** Signs in, or throws what the credential throws. */
export async function connectArm(options: ArmOptions): Promise<Arm> {
  const tokens = keepToken(options.credential, options.scope);
  await tokens.current();
  const line: Line = {
    endpoint: options.endpoint.replace(/\/+$/, ''),
    tokens,
    sleep: options.sleep ?? (async (milliseconds) => wait(milliseconds)),
    timeout: options.timeout ?? 60_000,
    maxAnswer: options.maxAnswer ?? 64 * 1024 * 1024,
    pass: gateOf(AT_ONCE),
  };
  return {
    endpoint: line.endpoint,
    sleep: line.sleep,
    get: (path) => line.pass(() => untilDone(line, { method: 'GET', path })),
    post: (path, body) => line.pass(() => untilDone(line, { method: 'POST', path, body })),
  };
}

/** Requests at the same time. Resource Graph and the effective rules of the network both limit a principal's rate. */
const AT_ONCE = 4;

/** Tries of one request: with the waits of Azure, enough for every quota that resets within minutes. */
const TRIES = 6;

/** Times that an operation which runs on is asked whether it is done. */
const POLLS = 60;

interface Line {
  readonly endpoint: string;
  readonly tokens: TokenKeeper;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly timeout: number;
  readonly maxAnswer: number;
  readonly pass: <T>(work: () => Promise<T>) => Promise<T>;
}

interface ArmRequest {
  readonly method: 'GET' | 'POST';
  /** From the endpoint on, or a whole address that Azure gave. */
  readonly path: string;
  readonly body?: unknown;
}

/** One try: an answer, a place to ask for it later, or a refusal that may be worth another try. */
type Try = ArmAnswer | { readonly ok: 'later'; readonly path: string; readonly wait: number } | Again;
interface Again {
  readonly ok: 'again';
  readonly refusal: ArmRefusal;
  readonly wait: number;
}

/** Follows operations that run on (202) to their end. */
async function untilDone(line: Line, request: ArmRequest): Promise<ArmAnswer> {
  let next = request;
  for (let poll = 0; poll < POLLS; poll++) {
    const got = await untilAnswered(line, next);
    if (got.ok !== 'later') return got;
    await line.sleep(got.wait);
    next = { method: 'GET', path: got.path };
  }
  return refusal('failed', 'the operation does not come to an end');
}

async function untilAnswered(line: Line, request: ArmRequest): Promise<Exclude<Try, Again>> {
  for (let attempt = 1; ; attempt++) {
    const got = await once(line, request, attempt);
    if (got.ok !== 'again') return got;
    if (attempt === TRIES) return got.refusal;
    await line.sleep(got.wait);
  }
}

async function once(line: Line, request: ArmRequest, attempt: number): Promise<Try> {
  const address = addressOf(line, request.path);
  if (address === undefined) return refusal('nonsense', 'the address that Azure gave is not one of its own');
  let token: string;
  try {
    token = await line.tokens.current();
  } catch {
    return refusal('signed-out', 'no new token is given');
  }
  try {
    const response = await send(line, { ...request, path: address }, token);
    return await tryOf(line, response, { attempt, token });
  } catch (error) {
    return again('failed', { message: causeOf(line, error), wait: backoff(attempt) });
  }
}

/** Undefined for another host: a token must not go there. */
function addressOf({ endpoint }: Line, path: string): string | undefined {
  const address = path.startsWith('/') ? `${endpoint}${path}` : path;
  return URL.canParse(address) && new URL(address).origin === new URL(endpoint).origin ? address : undefined;
}

function send(line: Line, { method, path, body }: ArmRequest, token: string): Promise<Response> {
  return fetch(path, {
    method,
    // Redirects are not followed: a token must not go to another host.
    redirect: 'manual',
    signal: AbortSignal.timeout(line.timeout),
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

interface Sent {
  readonly attempt: number;
  readonly token: string;
}

async function tryOf(line: Line, response: Response, { attempt, token }: Sent): Promise<Try> {
  const { status, headers } = response;
  const text = await textOf(response, line.maxAnswer);
  if (text === undefined) return refusal('failed', `an answer is larger than ${formatBytes(line.maxAnswer)}`);
  const body = parsed(text);
  const message = line.tokens.redact(messageOf(body, status));
  if (status === 202) return laterOf(headers);
  if (status === 204) return { ok: true, body: {}, headers, size: 0 };
  if (status >= 200 && status < 300) {
    return body === undefined
      ? refusal('nonsense', 'the answer is not JSON')
      : { ok: true, body, headers, size: text.length };
  }
  if (status === 401 && attempt === 1) {
    line.tokens.forget(token);
    return again('signed-out', { message, wait: 0 });
  }
  if (status === 429) return again('throttled', { message, wait: waitAsked(headers) ?? backoff(attempt) });
  if (status === 408 || status >= 500) {
    return again('failed', { message, wait: waitAsked(headers) ?? backoff(attempt) });
  }
  return refusal(FAILURES[status] ?? (status < 400 ? 'nonsense' : 'refused'), message);
}

const FAILURES: Readonly<Record<number, ArmFailure>> = { 401: 'signed-out', 403: 'denied', 404: 'absent' };

function laterOf(headers: Headers): Try {
  const path = headers.get('location');
  if (path === null) return refusal('nonsense', 'an operation runs on and does not say where');
  return { ok: 'later', path, wait: waitAsked(headers) ?? 5000 };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The whole body, or undefined where it is larger than may be; the rest of it is then not taken. */
async function textOf(response: Response, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/** fetch says "fetch failed" and has why in its cause. */
function causeOf({ tokens, timeout }: Line, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer within ${Math.ceil(timeout / 1000)} seconds`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return tokens.redact(cause instanceof Error ? cause.message || cause.name : 'no answer');
}

function refusal(why: ArmFailure, message: string): ArmRefusal {
  return { ok: false, why, message };
}

function again(why: ArmFailure, { message, wait: milliseconds }: { message: string; wait: number }): Again {
  return { ok: 'again', refusal: refusal(why, message), wait: milliseconds };
}

/** 1, 2, 4, 8 and 16 seconds. */
function backoff(attempt: number): number {
  return 1000 * 2 ** (attempt - 1);
}

/** Lets so many through at a time, the others in the order in which they came. */
function gateOf(room: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = room;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
