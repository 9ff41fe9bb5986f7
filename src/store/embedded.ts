import { setTimeout as after } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Limits } from './database.ts';
import type { Reply, Request, WorkerInput } from './pglite-messages.ts';
import { codeOf, messageOf, StoreError } from './store-error.ts';

export interface Result {
  readonly rows: readonly object[];
  /** Rows that were inserted, changed or deleted. */
  readonly affected?: number;
}

/** A statement failed in the database. */
export class SqlError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'SqlError';
    this.code = code;
  }
}

/**
 * PGlite in a thread. One statement at a time. Where one takes too long, or the database itself breaks, the thread is
 * ended and the next statement starts another: to the files this is what a kill is, which they survive.
 */
export class Embedded {
  readonly #folder: string;
  readonly #limits: Limits;
  #worker: Worker | undefined;
  #session = 1;
  #last = 0;
  #closed = false;

  constructor(folder: string, limits: Limits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Which thread it is. Another number: the transaction that was open is lost. */
  get session(): number {
    return this.#session;
  }

  /** Starts the thread unless it runs. */
  async start(): Promise<void> {
    if (this.#worker !== undefined) return;
    if (this.#closed) throw closed();
    const workerData: WorkerInput = { folder: this.#folder };
    // What this process was started with, and its environment, are none of the database's business.
    const worker = new Worker(workerFile(), { workerData, execArgv: [], env: {} });
    this.#worker = worker;
    // Whoever waits for a reply hears of it too. Where nobody waits, the next statement starts another thread.
    worker.on('error', () => {});
    worker.once('exit', () => this.#forget(worker));
    await this.#answerTo(0, this.#limits.open);
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<Result> {
    await this.start();
    return await this.#ask({ id: ++this.#last, sql, parameters });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#worker === undefined) return;
    await this.#ask({ id: ++this.#last });
    await this.#end();
  }

  #ask(request: Request): Promise<Result> {
    const answer = this.#answerTo(request.id, this.#limits.statement);
    this.#worker?.postMessage(request);
    return answer;
  }

  async #answerTo(id: number, limit: number): Promise<Result> {
    const worker = this.#worker;
    if (worker === undefined) throw closed();
    const stop = new AbortController();
    try {
      const reply = await Promise.race([replyOf(worker, id, stop.signal), tooSlow(limit, stop.signal)]);
      if (reply.error === undefined) return reply;
      const { message, code } = reply.error;
      if (code !== undefined) throw new SqlError(message, code);
      throw new StoreError('damaged', `the embedded database failed: ${message}`);
    } catch (error) {
      if (!(error instanceof SqlError)) await this.#end();
      throw error;
    } finally {
      stop.abort();
    }
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#forget(worker);
    await worker.terminate();
  }

  #forget(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#session++;
  }
}

function closed(): StoreError {
  return new StoreError('closed', 'the store is closed');
}

/** Beside this file as source; in the built package, where this is in a chunk, one folder up. */
function workerFile(): URL {
  const name = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : '../pglite-worker.js';
  return new URL(name, import.meta.url);
}

function replyOf(worker: Worker, id: number, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onMessage = (reply: Reply): void => {
      if (reply.id === id) resolve(reply);
    };
    const onError = (error: unknown): void => {
      // Of the thread, or of what WebAssembly asks the system for.
      const problem = codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' || error instanceof RangeError ? 'full' : 'damaged';
      reject(new StoreError(problem, `the embedded database failed: ${messageOf(error)}`, { cause: error }));
    };
    const onExit = (): void => onError(new Error('its thread ended'));
    worker.on('message', onMessage).once('error', onError).once('exit', onExit);
    signal.addEventListener('abort', () => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    });
  });
}

async function tooSlow(limit: number, signal: AbortSignal): Promise<never> {
  await after(limit, undefined, { signal });
  throw new StoreError('too-slow', `the database took longer than ${limit / 1000} s and was stopped`, {
    help: 'ask for less at a time; nothing that was written before is lost',
  });
}
