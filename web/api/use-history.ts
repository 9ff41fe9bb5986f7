import { useCallback, useEffect, useState } from 'react';
import type { HistoryAnswer } from './answers.ts';
import { get, Problem } from './client.ts';
import { useLive } from './live.ts';
import type { Asked } from './use-answer.ts';

/** When a revision is kept is not told: it takes the server a few seconds, more where there is much to compare. */
const LATER_MS = [4_000, 10_000, 30_000];

export interface AskedHistory extends Asked<HistoryAnswer> {
  readonly reload: () => void;
}

/** The snapshots that are kept, asked for anew while one may come. */
export function useHistory(): AskedHistory {
  const revision = useLive().status?.revision;
  const [turn, setTurn] = useState(0);
  const [data, setData] = useState<HistoryAnswer>();
  const [problem, setProblem] = useState<Problem>();
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  useEffect(() => {
    if (revision === undefined) return undefined;
    const timers = LATER_MS.map((after) => setTimeout(reload, after));
    return () => {
      for (const timer of timers) clearTimeout(timer);
    };
  }, [revision, reload]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn or revision asks the same again
  useEffect(() => {
    const abort = new AbortController();
    get<HistoryAnswer>('/snapshots', abort.signal).then(
      (answer) => {
        setData((before) => (JSON.stringify(before) === JSON.stringify(answer) ? before : answer));
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
      },
    );
    return () => abort.abort();
  }, [turn, revision]);
  return { data, problem, loading: data === undefined && problem === undefined, reload };
}
