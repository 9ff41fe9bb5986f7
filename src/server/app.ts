import { type Context, Hono } from 'hono';
import { nearest } from '#analysis/nearest.ts';
import { valueText } from '#report/data/json.ts';
import { StoreError } from '#store/store-error.ts';
import { type BodyLimits, readBody } from './body.ts';
import { Unanswered } from './environment.ts';
import { eventStream } from './events.ts';
import { openApi } from './open-api.ts';
import { HttpProblem, problemResponse } from './problem.ts';
import { newRecorder, type Recorder } from './recorder.ts';
import type { Answered, Route, Surroundings } from './route.ts';
import { ROUTES } from './routes.ts';
import {
  type Access,
  type AccessOptions,
  checkHost,
  checkOrigin,
  identityOf,
  limited,
  localPath,
  newAccess,
  openSession,
  signedIn,
} from './security/access.ts';
import { COMMON_HEADERS, DATA_POLICY } from './security/headers.ts';
import { mayAct, newSecret } from './security/tokens.ts';
import { addSignIn } from './sign-in.ts';
import { type StaticFiles, staticFilesIn } from './static-files.ts';
import type { Reply } from './worker/question.ts';

export interface AppOptions extends AccessOptions, Omit<Surroundings, 'now' | 'recorder'> {
  /** One that keeps only what is asked for, unless given. */
  readonly recorder?: Recorder;
  readonly staticFiles?: StaticFiles;
  readonly bodyLimits?: BodyLimits;
  readonly mostStreams?: number;
  readonly now?: () => number;
  readonly onBug?: (message: string) => void;
  /** What an issuer did wrong, or who it may not let in. */
  readonly onRefusal?: (message: string) => void;
}

const BODY_LIMITS: BodyLimits = { bytes: 8 * 1024 * 1024, ms: 15_000 };
const MOST_STREAMS = 64;

/** The API and the console over one environment. Needs no port: `app.request` asks it in a test. */
export function newApp(options: AppOptions): Hono {
  const server = serverOf(options);
  const app = new Hono();
  app.onError((error) => withHeaders(problemResponse(problemOf(server, error)), DATA_POLICY));
  app.use(async (context, next) => {
    checkHost(server.access, context);
    checkOrigin(server.access, context);
    await next();
    context.res = withHeaders(context.res, DATA_POLICY);
  });
  app.get('/api/v1/openapi.json', (context) => {
    signedIn(server.access, context);
    return json(`${valueText(server.document)}\n`);
  });
  addSignIn(app, { access: server.access, onRefusal: options.onRefusal ?? (() => undefined) });
  app.get('/api/v1/events', (context) => events(server, context));
  for (const route of ROUTES) {
    const path = `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    app.on(route.method.toUpperCase(), path, (context) => answer(server, context, route));
  }
  app.all('/api/*', (context) => notThere(context));
  app.get('*', (context) => page(server, context));
  app.all('*', () => {
    throw new HttpProblem(405, 'pages are only read', { headers: { allow: 'GET, HEAD' } });
  });
  return app;
}

interface Server {
  readonly options: AppOptions;
  readonly now: () => number;
  readonly recorder: Recorder;
  readonly access: Access;
  readonly files: StaticFiles;
  readonly document: object;
  /** Tells this process from the one before, whose revisions have the same numbers. */
  readonly boot: string;
  streams: number;
}

function serverOf(options: AppOptions): Server {
  const now = options.now ?? Date.now;
  return {
    options,
    now,
    recorder: options.recorder ?? newRecorder({ ...options, now, automatic: false }),
    access: newAccess(options, now),
    files: options.staticFiles ?? staticFilesIn(undefined),
    document: openApi(options.version),
    boot: newSecret().slice(0, 8),
    streams: 0,
  };
}

// ---------------------------------------------------------------- answers

async function answer(server: Server, context: Context, route: Route): Promise<Response> {
  const identity = signedIn(server.access, context);
  if (!mayAct(identity.role, route.role))
    throw new HttpProblem(403, `this is for the role \`${route.role}\`, and you are \`${identity.role}\``);
  const { environment, history, version, bodyLimits = BODY_LIMITS } = server.options;
  const url = new URL(context.req.url);
  const today = new Date(server.now()).toISOString().slice(0, 10);
  const tag = route.ofRevision ? `W/"${server.boot}-${environment.status().revision}-${today}"` : undefined;
  if (tag !== undefined && context.req.header('if-none-match') === tag)
    return new Response(null, { status: 304, headers: cacheHeaders(tag) });
  const body = route.body === undefined ? undefined : await readBody(context.req.raw, bodyLimits);
  const answered = await route.run({
    environment,
    history,
    recorder: server.recorder,
    version,
    now: server.now,
    query: url.searchParams,
    body,
    parts: context.req.param(),
    identity,
    today,
  });
  return responseOf(answered, { url, tag });
}

interface Sent {
  readonly url: URL;
  readonly tag: string | undefined;
}

function responseOf(answered: Answered, sent: Sent): Response {
  switch (answered.kind) {
    case 'nothing':
      return new Response(null, { status: 204 });
    case 'object':
      return json(`${valueText(answered.value)}\n`, answered.status);
    case 'file':
      return new Response(answered.text, {
        headers: {
          'content-type': 'application/json',
          'content-disposition': `attachment; filename="${answered.name}"`,
          'cache-control': 'no-store',
        },
      });
    case 'reply':
      return replied(answered.reply, sent);
  }
}

function replied(reply: Reply, { url, tag }: Sent): Response {
  switch (reply.kind) {
    case 'problem':
      throw new HttpProblem(reply.problem === 'missing' ? 404 : 400, reply.message, { near: reply.near });
    case 'bytes':
      return new Response(new Uint8Array(reply.bytes), {
        headers: {
          ...cacheHeaders(tag),
          'content-type': 'application/octet-stream',
          'x-rows': `${reply.rows}`,
          'x-columns': `${reply.columns}`,
        },
      });
    case 'text':
      return new Response(reply.text, {
        headers: {
          ...cacheHeaders(tag),
          'content-type': reply.type,
          // Never shown in the place of the console: what a report holds runs nowhere.
          'content-disposition': `attachment; filename="${reply.name}"`,
        },
      });
    case 'json':
      return json(reply.text, 200, { ...cacheHeaders(tag), ...pageHeaders(url, reply.total) });
  }
}

function cacheHeaders(tag: string | undefined): Record<string, string> {
  return tag === undefined ? { 'cache-control': 'no-store' } : { 'cache-control': 'private, no-cache', etag: tag };
}

/** Where the next page is (RFC 8288). */
function pageHeaders(url: URL, total: number | undefined): Record<string, string> {
  if (total === undefined) return {};
  const count = { 'x-total-count': `${total}` };
  const limit = Number(url.searchParams.get('limit') ?? 5_000);
  const next = Number(url.searchParams.get('offset') ?? 0) + limit;
  if (next >= total) return count;
  const query = new URLSearchParams(url.searchParams);
  query.set('limit', `${limit}`);
  query.set('offset', `${next}`);
  return { ...count, link: `<${url.pathname}?${query}>; rel="next"` };
}

function json(text: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, {
    status,
    headers: { 'cache-control': 'no-store', ...headers, 'content-type': 'application/json' },
  });
}

function events(server: Server, context: Context): Response {
  signedIn(server.access, context);
  if (server.streams >= (server.options.mostStreams ?? MOST_STREAMS))
    throw new HttpProblem(503, 'too many readers of events', { headers: { 'retry-after': '10' } });
  server.streams++;
  return eventStream(server.options.environment, () => server.streams--);
}

// ---------------------------------------------------------------- the rest

/** `/?token=…` becomes a cookie and an address without it: a token does not stay in what people copy. */
function page(server: Server, context: Context): Response {
  const token = context.req.query('token');
  if (token !== undefined) {
    const identity = identityOf(server.access, limited(server.access, context), token);
    const url = new URL(context.req.url);
    url.searchParams.delete('token');
    const location = `${localPath(url.pathname)}${url.search}`;
    const moved = new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
    moved.headers.append('set-cookie', openSession(server.access, context, { identity }));
    return moved;
  }
  const found = server.files.answer(context.req.path, context.req.header('if-none-match'));
  if (found !== undefined) return found;
  throw new HttpProblem(404, 'there is no such page');
}

function notThere({ req }: Context): never {
  const known = ROUTES.filter(({ path }) => isPath(`/api/v1${path}`, req.path));
  if (known.length > 0) {
    const allow = known.map(({ method }) => method.toUpperCase()).join(', ');
    throw new HttpProblem(405, `here it is ${allow}`, { headers: { allow } });
  }
  const near = nearest(
    req.path,
    ROUTES.map(({ path }) => `/api/v1${path}`),
  );
  throw new HttpProblem(404, 'the API has nothing there', { near: near.length > 0 ? near : ['/api/v1/openapi.json'] });
}

function isPath(form: string, path: string): boolean {
  const parts = path.split('/');
  const forms = form.split('/');
  return forms.length === parts.length && forms.every((each, index) => each.startsWith('{') || each === parts[index]);
}

/** Anything that is not a problem of the request is ours, and is told to the log alone. */
function problemOf({ options }: Server, error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Unanswered) return unanswered(options, error);
  if (error instanceof StoreError) return storeProblem(error);
  options.onBug?.(error instanceof Error ? (error.stack ?? error.message) : `${error}`);
  return new HttpProblem(500, 'this is a bug in ringfence (RF9001); your input is not at fault');
}

/** A store that is locked, gone or full is nobody's bug, and nothing but history needs it. */
function storeProblem({ problem, message, help }: StoreError): HttpProblem {
  const detail = help === undefined ? message : `${message}: ${help}`;
  if (problem === 'refused') return new HttpProblem(409, detail);
  return new HttpProblem(503, detail, { headers: { 'retry-after': '15' } });
}

function unanswered({ environment }: AppOptions, { problem, message }: Unanswered): HttpProblem {
  if (problem === 'bug') return new HttpProblem(500, message);
  const { why, diagnostics } = environment.status();
  const isNotReady = problem === 'not-ready';
  return new HttpProblem(503, isNotReady && why !== undefined ? why : message, {
    ...(isNotReady && { diagnostics }),
    headers: { 'retry-after': problem === 'too-slow' ? '30' : '1' },
  });
}

function withHeaders(response: Response, policy: string): Response {
  for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
  if (!response.headers.has('content-security-policy')) response.headers.set('content-security-policy', policy);
  return response;
}
