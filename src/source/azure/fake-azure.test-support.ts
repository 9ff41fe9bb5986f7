import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credential } from './token.ts';

export const SUB = '11111111-1111-4111-8111-111111111111';
export const OTHER = '22222222-2222-4222-8222-222222222222';
/** The token that every credential here gives. It must show up nowhere. */
export const TOKEN = 'eyJhbGciOiJub25lIn0.eyJhdWQiOiJhenVyZSJ9.c2lnbmF0dXJl';
export const CLIENT_SECRET = 'client~secret~value~7Q8';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The first word of the query of Resource Graph; empty for other requests. */
  readonly table: string;
  readonly authorization: string;
  /** The times that the same has been asked before. */
  readonly before: number;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is text. */
  readonly body?: unknown;
  /** No answer at all until the client gives up. */
  readonly hangs?: boolean;
}

/** Undefined leaves it to what Azure answers when all is well and empty. */
export type Rule = (asked: Asked) => Told | undefined;

export interface FakeAzure {
  readonly endpoint: string;
  readonly requests: Asked[];
  /** Milliseconds of every wait that the client asked for, none of which is waited. */
  readonly sleeps: number[];
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Speaks Resource Graph and ARM on loopback. */
export async function fakeAzure(rule: Rule): Promise<FakeAzure> {
  const requests: Asked[] = [];
  const sleeps: number[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, requests, sleeps, sleep, close };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await askedOf(request, requests);
    requests.push(asked);
    const told = rule(asked) ?? allIsWell(asked);
    if (told.hangs === true) return;
    const text = typeof told.body === 'string' ? told.body : JSON.stringify(told.body ?? {});
    response.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers });
    response.end(text);
  }

  async function sleep(milliseconds: number): Promise<void> {
    if (milliseconds > 0) sleeps.push(milliseconds);
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function askedOf(request: IncomingMessage, earlier: readonly Asked[]): Promise<Asked> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const method = request.method ?? '';
  const path = request.url ?? '';
  const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  const table = typeof body['query'] === 'string' ? body['query'].split(' ')[0]! : '';
  const same = earlier.filter((each) => each.path === path && JSON.stringify(each.body) === JSON.stringify(body));
  const authorization = request.headers.authorization ?? '';
  return { method, path, body, table, authorization, before: same.length };
}

function allIsWell({ path, table }: Asked): Told {
  if (path.startsWith('/subscriptions?')) return { body: { value: [subscription(SUB, 'Production')] } };
  if (table !== '') return graph([]);
  if (path.includes('/serviceTags')) return { body: { changeNumber: '1', values: [] } };
  if (path.includes('/deploymentSafeguards/')) return error(404, 'NotFound', 'there is none');
  return { body: { value: [] } };
}

export function subscription(id: string, displayName: string): unknown {
  return { id: `/subscriptions/${id}`, subscriptionId: id, displayName, state: 'Enabled' };
}

/** A page of Resource Graph. */
export function graph(data: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): Told {
  return { body: { totalRecords: data.length, count: data.length, resultTruncated: 'false', data, ...more } };
}

export function error(status: number, code: string, message: string): Told {
  return { status, body: { error: { code, message } } };
}

export function row(
  type: string,
  name: string,
  properties: unknown = {},
  subscriptionId = SUB,
): Record<string, unknown> {
  const [provider, ...types] = type.split('/');
  const names = name.split('/');
  const path = types.flatMap((each, index) => [each, names[index] ?? 'x']).join('/');
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/net/providers/${provider}/${path}`,
    type: type.toLowerCase(),
    name: names.at(-1),
    location: 'westeurope',
    resourceGroup: 'net',
    subscriptionId,
    tags: null,
    properties,
  };
}

/** Gives the token of the tests. */
export const CREDENTIAL: Credential = {
  getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
};
