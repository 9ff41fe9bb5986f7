import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { appOver, environmentOf, type Folder, folderWith, planFor, SHOP } from './app.test-support.ts';
import { type Environment, openEnvironment } from './environment.ts';
import { memoryHistory } from './history.ts';
import { localLane, type OpenLane, workerLane } from './lane.ts';
import { listen } from './listen.ts';
import type { Outcome, Request } from './worker/analyst.ts';
import type { Question } from './worker/question.ts';

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end();
});

function folder(files: Readonly<Record<string, string>> = SHOP): Folder {
  const made = folderWith(files);
  open.push(made.remove);
  return made;
}

async function read(made: Folder, more: Parameters<typeof environmentOf>[1] = {}): Promise<Environment> {
  const environment = await environmentOf(planFor(made.path), more);
  open.push(environment.close);
  return environment;
}

const PATH: Question = { kind: 'path', asked: { from: 'shop/web', to: 'shop/db', port: '5432' } };

async function verdict(environment: Environment): Promise<string> {
  const reply = await environment.ask(PATH);
  return reply.kind === 'json' ? JSON.parse(reply.text).verdict : reply.kind;
}

describe('what changes', () => {
  test('an edit is a new revision', async () => {
    const made = folder();
    const environment = await read(made);
    expect([environment.status().revision, await verdict(environment)]).toEqual([1, 'allowed']);
    made.write('policy.yaml', SHOP['policy.yaml']!.replace('5432', '5433'));
    await environment.refresh();
    expect([environment.status().revision, await verdict(environment)]).toEqual([2, 'denied']);
    await environment.refresh();
    expect(environment.status()).toMatchObject({ revision: 2, state: 'fresh' });
  });

  test.each([
    ['text that is no YAML', 'kind: ['],
    ['an object that an API server would refuse', SHOP['policy.yaml']!.replace('5432', '99999')],
  ])('%s keeps the last good answer, and says so', async (_what, text) => {
    const made = folder();
    const environment = await read(made);
    made.write('policy.yaml', text);
    await environment.refresh();
    const status = environment.status();
    expect(status).toMatchObject({ state: 'stale', revision: 1 });
    expect(status.why).toContain('policy.yaml');
    expect(status.diagnostics[0]).toMatchObject({ severity: 'error', origin: { file: 'policy.yaml' } });
    expect(await verdict(environment)).toBe('allowed');
    made.write('policy.yaml', SHOP['policy.yaml']!);
    await environment.refresh();
    expect(environment.status()).toMatchObject({ state: 'fresh', revision: 1, diagnostics: [] });
  });

  test('what is broken can be taken all the same', async () => {
    const made = folder();
    const environment = await read(made);
    made.write('policy.yaml', 'kind: [');
    await environment.refresh({ accept: true });
    expect(environment.status()).toMatchObject({ state: 'fresh', revision: 2 });
    made.write('shop.yaml', `${SHOP['shop.yaml']}\n# a comment\n`);
    await environment.refresh();
    expect(environment.status()).toMatchObject({ state: 'fresh', revision: 3 });
  });

  test('what was broken from the start is answered about, with its diagnostics', async () => {
    const environment = await read(folder({ ...SHOP, 'other.yaml': 'kind: [' }));
    expect(environment.status()).toMatchObject({ state: 'fresh', revision: 1 });
  });

  test('a folder that is emptied keeps the last good answer', async () => {
    const made = folder();
    const environment = await read(made);
    made.write('shop.yaml', '');
    made.write('policy.yaml', '');
    await environment.refresh();
    expect(environment.status()).toMatchObject({ state: 'stale', revision: 1 });
    expect(await verdict(environment)).toBe('allowed');
  });

  test('nothing at all is no environment, until there is something', async () => {
    const made = folder({ 'readme.txt': 'nothing' });
    const environment = await read(made);
    expect(environment.status()).toMatchObject({ state: 'failed', revision: 0 });
    const response = await appOver(environment).viewer('/api/v1/map');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    made.write('shop.yaml', SHOP['shop.yaml']!);
    await environment.refresh();
    expect(environment.status()).toMatchObject({ state: 'fresh', revision: 1 });
  });
});

test('an answer is made once for a revision', async () => {
  const environment = await read(folder());
  const [a, b] = await Promise.all([environment.ask(PATH), environment.ask({ ...PATH })]);
  expect(a).toBe(b);
});

describe('in threads', { timeout: 60_000 }, () => {
  async function threaded(
    made: Folder,
    more: Partial<Parameters<typeof openEnvironment>[1]> = {},
  ): Promise<Environment> {
    const environment = openEnvironment(planFor(made.path), { openLane: workerLane, watch: 'never', ...more });
    open.push(environment.close);
    await environment.refresh();
    return environment;
  }

  test('both lanes answer about one revision', async () => {
    const made = folder();
    const environment = await threaded(made);
    const scan: Question = {
      kind: 'scan',
      namespaces: [],
      frameworks: [],
      controls: [],
      page: { limit: 5, offset: 0 },
      today: '2026-01-01',
    };
    const reply = await environment.ask(scan);
    expect(reply.kind).toBe('json');
    expect(await verdict(environment)).toBe('allowed');
    made.write('policy.yaml', SHOP['policy.yaml']!.replace('5432', '5433'));
    await environment.refresh();
    const page = { limit: 5, offset: 0 };
    const policies = await environment.ask({ kind: 'policies', namespaces: [], page });
    expect(policies.kind === 'json' && policies.text).toContain('5433');
    expect(await verdict(environment)).toBe('denied');
  });

  test('a snapshot file goes between threads with its places', async () => {
    const made = folder();
    const first = await threaded(made);
    const taken = await first.ask({ kind: 'snapshot', taken: '2026-01-01T00:00:00Z' });
    const other = folder({ 'kept.json': taken.kind === 'json' ? taken.text : '' });
    const second = await threaded(other);
    const policies = await second.ask({ kind: 'policies', namespaces: [], page: { limit: 5, offset: 0 } });
    expect(policies.kind === 'json' && JSON.parse(policies.text).policies[0].origin).toEqual({
      file: 'policy.yaml',
      line: 1,
      column: 1,
    });
  });

  test('a question that takes too long ends, and the next is answered', async () => {
    const environment = await threaded(folder(), { quickMs: 1 });
    await expect(environment.ask({ kind: 'controls' })).rejects.toMatchObject({ problem: 'too-slow' });
    expect(environment.status().state).toBe('fresh');
  });
});

test('a question that waits for another has its whole time when its turn comes', async () => {
  vi.useFakeTimers();
  open.push(() => vi.useRealTimers());
  const made = folder();
  const done: ((outcome: Outcome) => void)[] = [];
  const openLane: OpenLane = () => {
    const lane = localLane(() => undefined);
    const send = ({ kind }: Request) => new Promise<Outcome>((resolve) => void (kind === 'ask' && done.push(resolve)));
    return { ...lane, send: (request) => (request.kind === 'ask' ? send(request) : lane.send(request)) };
  };
  const environment = openEnvironment(planFor(made.path), { openLane, quickMs: 100, watch: 'never' });
  open.push(environment.close);
  await vi.waitFor(() => expect(environment.status().revision).toBe(1));
  const answer = (text: string): Outcome => ({ kind: 'reply', reply: { kind: 'json', text } });
  const [first, second] = [environment.ask(PATH), environment.ask({ kind: 'controls' })];
  await vi.advanceTimersByTimeAsync(80);
  done[0]!(answer('1'));
  await first;
  await vi.advanceTimersByTimeAsync(80);
  done[1]!(answer('2'));
  expect(await second).toMatchObject({ text: '2' });
});

describe('watching', { timeout: 20_000 }, () => {
  test.each(['auto', 'polling'] as const)('%s: an edit is found by itself', async (how) => {
    const made = folder();
    const plan = planFor(made.path, how === 'auto' ? {} : { paths: ['*.yaml'] });
    const environment = openEnvironment(plan, {
      openLane: (await import('./lane.ts')).localLane,
      quietMs: 10,
      ...(how === 'polling' && { pollMs: 30, cannotWatch: true }),
    });
    open.push(environment.close);
    await environment.refresh();
    expect(environment.status().watching).toBe(how === 'auto' ? 'files' : 'polling');
    await wait(50);
    made.write('policy.yaml', SHOP['policy.yaml']!.replace('5432', '5433'));
    await vi.waitFor(() => expect(environment.status().revision).toBe(2), { timeout: 8_000, interval: 20 });
  });
});

describe('events', () => {
  async function readUntil(response: Response, wanted: RegExp): Promise<string> {
    const reader = response.body!.getReader();
    let text = '';
    while (!wanted.test(text)) {
      const { done, value } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    await reader.cancel();
    return text;
  }

  test('begin with the status as it is, also for one that comes back', async () => {
    const made = folder();
    const environment = await read(made);
    const { viewer } = appOver(environment);
    const first = await readUntil(await viewer('/api/v1/events'), /event: status\n.*\n\n/);
    expect(first).toMatch(/^retry: \d+\nid: 1\nevent: status\ndata: \{"state":"fresh","revision":1,/);
    made.write('policy.yaml', SHOP['policy.yaml']!.replace('5432', '5433'));
    await environment.refresh();
    const again = await readUntil(await viewer('/api/v1/events', { headers: { 'last-event-id': '1' } }), /\n\n/);
    expect(again).toContain('id: 2\n');
  });

  test('tell of progress, and of a revision when it comes', async () => {
    const made = folder();
    const environment = await read(made);
    const response = await appOver(environment).viewer('/api/v1/events');
    made.write('policy.yaml', 'kind: [');
    const refreshed = environment.refresh();
    const text = await readUntil(response, /"state":"stale"/);
    await refreshed;
    expect(text).toContain('event: progress\ndata: "reading: ');
    expect(text).toContain('"why":"`policy.yaml` has an error');
  });

  test('are bounded, and free when a reader goes', async () => {
    const { viewer } = appOver(await read(folder()), { mostStreams: 1 });
    const first = await viewer('/api/v1/events');
    expect((await viewer('/api/v1/events')).status).toBe(503);
    await first.body!.cancel();
    expect((await viewer('/api/v1/events')).status).toBe(200);
  });
});

describe('over a port', () => {
  test('answers on loopback, refuses other names, and closes with streams open', async () => {
    const environment = await read(folder());
    const token = { name: 'Ada', role: 'admin', token: 'a-token-for-one-test-only' } as const;
    const server = await listen({
      environment,
      history: memoryHistory(),
      version: '0',
      tokens: [token],
      host: '127.0.0.1',
      port: 0,
      urls: [],
    });
    const headers = { authorization: `Bearer ${token.token}` };
    const response = await fetch(`${server.url}/api/v1/status`, { headers });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ revision: 1 });
    const signed = await fetch(`${server.url}/?token=${token.token}`, { redirect: 'manual' });
    expect(signed.headers.getSetCookie()[0]).toContain(`ringfence-${server.port}=`);
    const stream = await fetch(`${server.url}/api/v1/events`, { headers });
    expect(stream.status).toBe(200);
    await server.close();
    await expect(fetch(`${server.url}/api/v1/status`, { headers })).rejects.toThrow();
    await stream.body?.cancel().catch(() => undefined);
  });
});
