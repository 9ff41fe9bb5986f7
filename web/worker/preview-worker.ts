import { type LivePreview, openPreview } from '#analysis/preview/live-preview.ts';
import { settingsFrom } from '#analysis/preview/settings.ts';
import { sourceOf } from '#source/made-source.ts';
import type { TextsAnswer } from '../api/answers.ts';
import type { PreviewReply, PreviewRequest } from './protocol.ts';

// The engine of the server, in the browser: it is given the texts once, and told of edits.

type Asked = Extract<PreviewRequest, { readonly turn: number }>;

let preview: LivePreview | undefined;
let waiting: Asked | undefined;
let isBusy = false;

self.addEventListener('message', ({ data }: MessageEvent<PreviewRequest>) => {
  if (data.kind === 'open') preview = opened(data.texts);
  else {
    waiting = data;
    if (!isBusy) void answerAll();
  }
});

function opened({ files, settings }: TextsAnswer): LivePreview {
  const of = (readAs: string) =>
    files.flatMap(({ text, ...each }) =>
      each.readAs === readAs && text !== undefined ? [sourceOf({ ...each, text })] : [],
    );
  const texts = { files: of('files'), azure: of('azure'), invariants: of('invariants') };
  return openPreview({ ...settingsFrom(settings), texts });
}

async function answerAll(): Promise<void> {
  isBusy = true;
  while (waiting !== undefined) {
    const asked = waiting;
    waiting = undefined;
    try {
      await answer(asked);
    } catch (error) {
      tell({ kind: 'failed', turn: asked.turn, message: error instanceof Error ? error.message : String(error) });
    }
  }
  isBusy = false;
}

async function answer({ kind, turn, edits }: Asked): Promise<void> {
  if (preview === undefined) throw new Error('asked before the texts were there');
  const begun = performance.now();
  if (kind === 'connections') {
    tell({ kind, turn, preview: preview.connections(edits), ms: performance.now() - begun });
    return;
  }
  const steps = preview.findings(edits);
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      tell({ kind, turn, preview: step.value, ms: performance.now() - begun });
      return;
    }
    tell({ kind: 'progress', turn, what: step.value });
    await nextTask();
    // A newer question makes this one pointless.
    if (waiting !== undefined) return;
  }
}

const channel = new MessageChannel();

/** Lets messages come in: timers would wait four milliseconds each time. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });
}

function tell(reply: PreviewReply): void {
  self.postMessage(reply);
}
