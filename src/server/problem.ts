import type { Diagnostic } from '#model/diagnostic.ts';

/** Thrown by whatever handles a request; becomes problem+json (RFC 9457). The text says nothing of our insides. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly near: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly headers: Readonly<Record<string, string>>;
  readonly signIn: string | undefined;

  constructor(status: number, detail: string, rest: ProblemRest = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.title = TITLES[status] ?? 'Error';
    this.near = rest.near ?? [];
    this.diagnostics = rest.diagnostics ?? [];
    this.headers = rest.headers ?? {};
    this.signIn = rest.signIn;
  }
}

interface ProblemRest {
  readonly near?: readonly string[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Where a person can sign in. */
  readonly signIn?: string;
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

export function problemResponse(problem: HttpProblem): Response {
  const { status, title, message, near, diagnostics, headers, signIn } = problem;
  const body = {
    type: 'about:blank',
    title,
    status,
    ...(message !== '' && { detail: message }),
    ...(near.length > 0 && { near }),
    ...(diagnostics.length > 0 && { diagnostics }),
    ...(signIn !== undefined && { signIn }),
  };
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}
