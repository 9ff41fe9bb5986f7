import type { ProblemBody } from './answers.ts';

export const API = '/api/v1';

/** An answer that did not come: what went wrong, in words for people (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly detail: string | undefined;

  constructor(status: number, title: string, detail?: string) {
    super(title);
    this.status = status;
    this.detail = detail;
  }
}

/** The server knows an issuer at which people sign in. */
export class SignInNeeded extends Problem {
  /** Where that begins. */
  readonly at: string;

  constructor(title: string, at: string) {
    super(401, title);
    this.at = at;
  }
}

/** @throws {Problem} also when the server is out of reach, then with status 0. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await reach(path, signal);
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** The same of an answer that is a text. */
export async function getText(path: string): Promise<string> {
  const response = await reach(path, undefined);
  if (!response.ok) throw await problemOf(response);
  return response.text();
}

/** The same of an answer that is bytes. */
export async function getBytes(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await reach(path, signal);
  if (!response.ok) throw await problemOf(response);
  return new Uint8Array(await response.arrayBuffer());
}

/** Asks with a body. @throws {Problem} as `get`. */
export async function post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  const response = await reach(path, signal, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** Asks that something goes. @throws {Problem} as `get`. */
export async function remove(path: string): Promise<void> {
  const response = await reach(path, undefined, { method: 'DELETE', headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemOf(response);
}

/** `/path?from=a&to=b`; what is undefined or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const told = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return told.length === 0 ? path : `${path}?${new URLSearchParams(told)}`;
}

/** Ends the session. Returns where the session at an issuer ends, where there is one. @throws {Problem} */
export async function signOut(): Promise<string | undefined> {
  const response = await reach('/session', undefined, { method: 'DELETE', headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? undefined : ((await response.json()) as { readonly next: string }).next;
}

async function reach(
  path: string,
  signal: AbortSignal | undefined,
  init: RequestInit = { headers: { accept: 'application/json' } },
): Promise<Response> {
  try {
    return await fetch(API + path, {
      ...init,
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(
      0,
      'the server does not answer',
      'Is `ringfence serve` still running? The console asks again by itself.',
    );
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    if (response.status === 401) return notSignedIn((await response.json()) as Partial<ProblemBody>);
    const { title, detail, near = [] } = (await response.json()) as Partial<ProblemBody>;
    const didYouMean = near.length === 0 ? undefined : `Did you mean ${near.map((name) => `\`${name}\``).join(', ')}?`;
    return new Problem(response.status, detail ?? title ?? response.statusText, didYouMean);
  } catch {
    return new Problem(response.status, `the server answered ${response.status} ${response.statusText}`);
  }
}

function notSignedIn({ signIn }: Partial<ProblemBody>): Problem {
  const title = 'this browser is not signed in';
  if (signIn !== undefined) return new SignInNeeded(title, signIn);
  return new Problem(401, title, 'Open the address that `ringfence serve` printed: it carries the token.');
}
