import { useEffect, useRef, useState } from 'react';
import type { ConnectionsPreview, FindingsPreview } from '#analysis/preview/live-preview.ts';
import type { PreviewAnswer, TextsAnswer } from '../../api/answers.ts';
import { Problem, post } from '../../api/client.ts';
import type { DraftFile } from '../../api/drafts.ts';
import type { PreviewReply, PreviewRequest } from '../../worker/protocol.ts';

/** What edits would change. What is there stays until something newer is: `stale` says that it is about an earlier text. */
export interface Previewed {
  /** Of the last text that could be taken. */
  readonly connections: ConnectionsPreview['diff'] | undefined;
  /** Of the text as it is. */
  readonly diagnostics: ConnectionsPreview['diagnostics'];
  /** Whether the text as it is has errors, so that what is left without it is no answer. */
  readonly broken: boolean;
  readonly findings: FindingsPreview | undefined;
  readonly connectionsStale: boolean;
  readonly findingsStale: boolean;
  /** What is being judged at the moment. */
  readonly progress: string | undefined;
  readonly problem: string | undefined;
  /** How long the connections took, in milliseconds; undefined where the server told them. */
  readonly ms: number | undefined;
}

const NOTHING: Previewed = {
  connections: undefined,
  diagnostics: [],
  broken: false,
  findings: undefined,
  connectionsStale: false,
  findingsStale: false,
  progress: undefined,
  problem: undefined,
  ms: undefined,
};

/** Computed beside the page while somebody types; by the server where the browser may not have all that was read. */
export function usePreview(texts: TextsAnswer | undefined, edits: readonly DraftFile[]): Previewed {
  const [previewed, setPreviewed] = useState(NOTHING);
  const asker = useRef<Asker | undefined>(undefined);
  useEffect(() => {
    if (texts === undefined) return undefined;
    const own = texts.whole ? workersOver(texts, setPreviewed) : serverAsker(setPreviewed);
    asker.current = own;
    return () => {
      asker.current = undefined;
      own.close();
    };
  }, [texts]);
  useEffect(() => {
    if (texts === undefined) return;
    if (edits.length === 0) setPreviewed(NOTHING);
    else setPreviewed((before) => ({ ...before, connectionsStale: true, findingsStale: true, progress: undefined }));
    asker.current?.ask(edits);
  }, [texts, edits]);
  return previewed;
}

type Change = (next: (before: Previewed) => Previewed) => void;

interface Asker {
  readonly ask: (edits: readonly DraftFile[]) => void;
  readonly close: () => void;
}

/** Two threads, so that findings, which take longer, never keep connections waiting. */
function workersOver(texts: TextsAnswer, change: Change): Asker {
  let turn = 0;
  let findings: Worker | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  const take = ({ data }: MessageEvent<PreviewReply>): void => {
    if (data.turn !== turn) return;
    if (data.kind === 'connections' && isBroken(data.preview.diagnostics)) clearTimeout(pause);
    change((before) => withReply(before, data));
  };
  const open = (): Worker => {
    const worker = new Worker(new URL('../../worker/preview-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', take);
    worker.addEventListener('error', ({ message }) => change((before) => ({ ...before, problem: message })));
    worker.postMessage({ kind: 'open', texts } satisfies PreviewRequest);
    return worker;
  };
  const connections = open();
  return {
    ask: (edits) => {
      turn++;
      clearTimeout(pause);
      if (edits.length === 0) return;
      connections.postMessage({ kind: 'connections', turn, edits } satisfies PreviewRequest);
      pause = setTimeout(() => {
        findings ??= open();
        findings.postMessage({ kind: 'findings', turn, edits } satisfies PreviewRequest);
      }, FINDINGS_AFTER);
    },
    close: () => {
      turn = -1;
      clearTimeout(pause);
      connections.terminate();
      findings?.terminate();
    },
  };
}

/** Milliseconds without a key after which findings are worth computing. */
const FINDINGS_AFTER = 150;
const SERVER_AFTER = 400;

function withReply(before: Previewed, reply: PreviewReply): Previewed {
  switch (reply.kind) {
    case 'connections':
      return { ...withConnections(before, reply.preview), ms: reply.ms };
    case 'findings':
      return { ...before, findings: reply.preview, findingsStale: false, progress: undefined, problem: undefined };
    case 'progress':
      return { ...before, progress: reply.what };
    case 'failed':
      return { ...before, problem: reply.message };
  }
}

/** While a manifest is broken, the last good answer stays, and is stale. */
function withConnections(before: Previewed, { diff, diagnostics }: ConnectionsPreview): Previewed {
  const broken = isBroken(diagnostics);
  const answer = broken ? { connectionsStale: true } : { connections: diff, connectionsStale: false };
  return { ...before, ...answer, diagnostics, broken, problem: undefined };
}

function isBroken(diagnostics: ConnectionsPreview['diagnostics']): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function serverAsker(change: Change): Asker {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();
  const ask = async (edits: readonly DraftFile[], { signal }: AbortController): Promise<void> => {
    try {
      const { diff, diagnostics, exposures, findings } = await post<PreviewAnswer>(
        '/preview',
        { files: edits },
        signal,
      );
      if (signal.aborted) return;
      const judged = isBroken(diagnostics) ? {} : { findings: { exposures, findings }, findingsStale: false };
      change((before) => ({ ...withConnections(before, { diff, diagnostics }), ...judged }));
    } catch (error) {
      if (signal.aborted) return;
      change((before) => ({ ...before, problem: error instanceof Problem ? error.message : String(error) }));
    }
  };
  const stop = () => {
    clearTimeout(pause);
    abort.abort();
  };
  return {
    ask: (edits) => {
      stop();
      if (edits.length === 0) return;
      abort = new AbortController();
      pause = setTimeout(() => void ask(edits, abort), SERVER_AFTER);
    },
    close: stop,
  };
}
