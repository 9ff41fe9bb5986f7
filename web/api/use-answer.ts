import { useEffect, useState } from 'react';
import { get, Problem } from './client.ts';
import { useLive } from './live.ts';

/** An answer on its way or there. While a newer one is on its way the older one stays, so that nothing on screen jumps. */
export interface Asked<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
}

interface Kept {
  readonly path: string;
  readonly revision: number;
  readonly data: unknown;
}

const kept = new Map<string, Kept>();
const KEPT_AT_MOST = 60;

/** Asks again when the path changes, or the environment. Undefined asks nothing. */
export function useAnswer<T>(path: string | undefined): Asked<T> {
  const revision = useLive().status?.revision;
  const [asked, setAsked] = useState<{ path: string | undefined; problem: Problem | undefined; turn: number }>({
    path: undefined,
    problem: undefined,
    turn: 0,
  });
  useEffect(() => {
    if (path === undefined || revision === undefined || revision === 0 || kept.get(path)?.revision === revision)
      return undefined;
    const abort = new AbortController();
    const settle = (problem: Problem | undefined): void => setAsked(({ turn }) => ({ path, problem, turn: turn + 1 }));
    get<T>(path, abort.signal).then(
      (data) => {
        keep({ path, revision, data });
        settle(undefined);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) settle(error instanceof Problem ? error : new Problem(0, String(error)));
      },
    );
    return () => abort.abort();
  }, [path, revision]);
  const entry = path === undefined ? undefined : kept.get(path);
  const problem = asked.path === path ? asked.problem : undefined;
  // The keeper of `kept` is this module: an entry was put there by an ask for the same path, and so of the same type.
  const data = entry?.data as T | undefined;
  return { data, problem, loading: path !== undefined && problem === undefined && entry?.revision !== revision };
}

function keep(entry: Kept): void {
  kept.delete(entry.path);
  kept.set(entry.path, entry);
  if (kept.size > KEPT_AT_MOST) kept.delete(kept.keys().next().value!);
}
