import type { Diagnostic } from '#model/diagnostic.ts';

/** Thrown by whatever handles a request; becomes problem+json (RFC 9457). The text says nothing of our insides. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly near: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, rest: ProblemRest = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.title = TITLES[status] ?? 'Error';
    this.near = rest.near ?? [];
    this.diagnostics = rest.diagnostics ?? [];
    this.headers = rest.headers ?? {};
  }
}

interface ProblemRest {
  readonly near?: readonly string[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly headers?: Readonly<Record<string, string>>;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Not as it is set up',
  413: 'Too large',
  415: 'Not JSON',
  421: 'Another host',
  429: 'Too many requests',
  500: 'Our bug',
  503: 'Not now',
};

export function problemResponse({ status, title, message, near, diagnostics, headers }: HttpProblem): Response {
  const body = {
    type: 'about:blank',
    title,
    status,
    ...(message !== '' && { detail: message }),
    ...(near.length > 0 && { near }),
    ...(diagnostics.length > 0 && { diagnostics }),
  };
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}
