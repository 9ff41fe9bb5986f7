import { parentPort } from 'node:worker_threads';
import { newAnalyst, type Request } from './analyst.ts';

// A thread that reads, analyses and answers, so that the one that speaks HTTP is never busy for long.

interface Numbered {
  readonly id: number;
  readonly request: Request;
}

const port = parentPort;
if (port !== null) {
  const analyst = newAnalyst((what) => port.postMessage({ kind: 'progress', what }));
  // One after the other: a question that follows a new revision is about that one.
  let last: Promise<void> = Promise.resolve();
  port.on('message', ({ id, request }: Numbered) => {
    last = last.then(async () => {
      try {
        port.postMessage({ kind: 'done', id, outcome: await analyst.handle(request) });
      } catch (error) {
        port.postMessage({
          kind: 'failed',
          id,
          message: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
        });
      }
    });
  });
}
