import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The console's files, and `examples/shop` asked through the command line: what a browser needs and nothing more. */
export interface ExampleServer {
  readonly url: string;
  /** As after an edit that cannot be read. */
  readonly turnStale: () => void;
  readonly turnFresh: () => void;
  readonly close: () => Promise<void>;
}

const INPUT = 'examples/shop';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** As the server sends it: whatever breaks it breaks the console. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface State {
  revision: number;
  state: 'fresh' | 'stale';
  readonly followers: Set<ServerResponse>;
  readonly answers: Map<string, Promise<string>>;
}

export async function serveExample(): Promise<ExampleServer> {
  const state: State = { revision: 1, state: 'fresh', followers: new Set(), answers: new Map() };
  const server = createServer((request, response) => {
    answer(request, response, state).catch((error: unknown) => problem(response, 400, String(error)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const turn = (to: State['state']): void => {
    state.state = to;
    state.revision += 1;
    for (const follower of state.followers) follower.write(`event: revision\ndata: {"revision":${state.revision}}\n\n`);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    turnStale: () => turn('stale'),
    turnFresh: () => turn('fresh'),
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const url = new URL(request.url!, 'http://localhost');
  if (!url.pathname.startsWith('/api/v1/')) return file(url.pathname, response);
  const query = (name: string): string => url.searchParams.get(name) ?? '';
  switch (url.pathname.slice('/api/v1'.length)) {
    case '/environment':
      return json(response, await environmentOf(state));
    case '/endpoints':
      return json(response, JSON.stringify({ endpoints: JSON.parse(await asked(state, ['map'])).endpoints }));
    case '/scan':
    case '/expose':
      return json(response, await asked(state, [url.pathname.split('/').at(-1)!]));
    case '/path':
      return json(response, await asked(state, ['can', query('from'), query('to'), query('port')].filter(Boolean)));
    case '/source':
      return json(response, excerptOf(query('file'), Number(query('line')), Number(query('around'))));
    case '/events':
      return follow(response, state);
    default:
      return problem(response, 404, 'no such route');
  }
}

/** Once for each revision would be right; the input of the example never changes. */
function asked(state: State, words: readonly string[]): Promise<string> {
  const key = words.join(' ');
  const known = state.answers.get(key) ?? run(words);
  state.answers.set(key, known);
  return known;
}

async function run(words: readonly string[]): Promise<string> {
  const args = ['src/cli/bin.ts', ...words, INPUT, '-o', 'json'];
  try {
    return (await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 28 })).stdout;
  } catch (error) {
    // Exit 1 and 3 are answers too.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    if (stdout !== '') return stdout;
    throw stderr.replace(/^error: /, '').split('\n')[0];
  }
}

async function environmentOf({ revision, state, ...rest }: State): Promise<string> {
  const { engine, version, assumptions, taken } = JSON.parse(await asked({ revision, state, ...rest }, ['scan']));
  const error = {
    code: 'RF1001',
    severity: 'error',
    message: 'not valid YAML: a mapping is not closed',
    origin: { file: 'examples/shop/data/policies.yaml', line: 19, column: 7 },
    frame: '  18 |   ingress:\n> 19 |     - from: [{\n     |             ^\n  20 |         - podSelector: {}',
  };
  const diagnostics = state === 'stale' ? [error] : [];
  return JSON.stringify({
    revision,
    state,
    analysed: taken,
    input: [INPUT],
    engine,
    version,
    assumptions,
    diagnostics,
  });
}

function excerptOf(name: string, line: number, around: number): string {
  const lines = readFileSync(resolve(INPUT, resolve(name)), 'utf8').split('\n');
  const first = Math.max(1, line - around);
  return JSON.stringify({ file: name, first, lines: lines.slice(first - 1, line + around) });
}

function follow(response: ServerResponse, state: State): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  state.followers.add(response);
  response.on('close', () => state.followers.delete(response));
}

function file(path: string, response: ServerResponse): void {
  const name = extname(path) === '' ? 'index.html' : path;
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
  response.end(readFileSync(join('dist/web', name)));
}

function json(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(text);
}

function problem(response: ServerResponse, status: number, title: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ title, status }));
}
