import { Worker } from 'node:worker_threads';
import { newAnalyst, type Outcome, type Request } from './worker/analyst.ts';

/** Where questions are answered, one after the other. */
export interface Lane {
  /** Rejects with `LaneError`. */
  readonly send: (request: Request) => Promise<Outcome>;
  /** Ends what runs there; what is waiting is rejected. */
  readonly end: () => Promise<void>;
}

/**
 * - `bug`: it threw, and the message is for the log;
 * - `ended`: it was ended, or it died;
 */
export class LaneError extends Error {
  readonly problem: 'bug' | 'ended';

  constructor(problem: 'bug' | 'ended', message: string) {
    super(message);
    this.name = 'LaneError';
    this.problem = problem;
  }
}

export type OpenLane = (onProgress: (what: string) => void) => Lane;

type Answer =
  | { readonly kind: 'progress'; readonly what: string }
  | { readonly kind: 'done'; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

interface Waiting {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: LaneError) => void;
}

/** A thread of its own. */
export const workerLane: OpenLane = (onProgress) => {
  const worker = new Worker(workerFile());
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let gone = false;
  const abandon = (why: string) => {
    gone = true;
    for (const { reject } of waiting.values()) reject(new LaneError('ended', why));
    waiting.clear();
  };
  worker.on('message', (answer: Answer) => {
    if (answer.kind === 'progress') {
      onProgress(answer.what);
      return;
    }
    const own = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.kind === 'done') own?.resolve(answer.outcome);
    else own?.reject(new LaneError('bug', answer.message));
  });
  worker.on('error', (error) => abandon(`the thread failed: ${error instanceof Error ? error.message : error}`));
  worker.on('exit', () => abandon('the thread ended'));
  worker.unref();
  return {
    send: (request) => {
      if (gone) return Promise.reject(new LaneError('ended', 'the thread ended'));
      return new Promise((resolve, reject) => {
        const id = next++;
        // A thread keeps the process only while somebody waits for it.
        worker.ref();
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, request });
      });
    },
    end: async () => {
      abandon('the thread was ended');
      await worker.terminate();
    },
  };
};

/** In this thread: for tests, and for measuring without the way between threads. */
export const localLane: OpenLane = (onProgress) => {
  const analyst = newAnalyst(onProgress);
  return {
    send: async (request) => {
      try {
        return await analyst.handle(request);
      } catch (error) {
        throw new LaneError('bug', error instanceof Error ? (error.stack ?? error.message) : `${error}`);
      }
    },
    end: async () => undefined,
  };
};

/** Beside this file in the sources; a file of its own at the top of a build. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? './worker/worker.ts' : '../server-worker.js', import.meta.url);
}
