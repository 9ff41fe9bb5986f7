import type { Environment, EnvironmentEvent } from './environment.ts';

/** A comment now and then keeps proxies from ending a silent connection, and finds out who has gone. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;
/** What a reader that does not read is spared; it gets the latest status when it reads again. */
const MOST_WAITING = 64;

/**
 * Server-sent events. The first is always the status as it is, so that a reader that comes back has missed nothing: ids are
 * revisions, and `Last-Event-ID` is not needed.
 */
export function eventStream(environment: Environment, onEnd: () => void): Response {
  const encoder = new TextEncoder();
  let stop: () => void = () => undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(text));
        };
        const unsubscribe = environment.subscribe((event) => send(textOf(event)));
        const heartbeat = setInterval(() => send(': here\n\n'), HEARTBEAT_MS).unref();
        let ended = false;
        stop = () => {
          if (ended) return;
          ended = true;
          unsubscribe();
          clearInterval(heartbeat);
          onEnd();
        };
        send(`retry: ${RETRY_MS}\n${textOf({ kind: 'status', status: environment.status() })}`);
      },
      cancel() {
        stop();
      },
    },
    { highWaterMark: MOST_WAITING },
  );
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

/** JSON has no line breaks of its own, so that an event is one line of data. */
function textOf(event: EnvironmentEvent): string {
  return event.kind === 'status'
    ? `id: ${event.status.revision}\nevent: status\ndata: ${JSON.stringify(event.status)}\n\n`
    : `event: progress\ndata: ${JSON.stringify(event.what)}\n\n`;
}
