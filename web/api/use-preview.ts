import { useEffect, useState } from 'react';
import { Problem, post } from './client.ts';
import type { DraftFile } from './drafts.ts';
import { useLive } from './live.ts';
import type { Asked } from './use-answer.ts';
import type { PreviewAnswer } from './workload-answers.ts';

interface Shown {
  readonly key: string;
  readonly data?: PreviewAnswer;
  readonly problem?: Problem;
}

/** What files would change, asked again with each revision. Undefined asks nothing. Nothing is written anywhere. */
export function usePreview(file: DraftFile | undefined): Asked<PreviewAnswer> {
  const revision = useLive().status?.revision;
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const asked = file === undefined || revision === undefined ? undefined : JSON.stringify([revision, file]);
  useEffect(() => {
    if (asked === undefined) return undefined;
    const abort = new AbortController();
    const [, edited] = JSON.parse(asked) as [number, DraftFile];
    post<PreviewAnswer>('/preview', { files: [edited] }, abort.signal).then(
      (data) => setShown({ key: asked, data }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setShown({ key: asked, problem: error instanceof Problem ? error : new Problem(0, String(error)) });
      },
    );
    return () => abort.abort();
  }, [asked]);
  const isCurrent = shown?.key === asked;
  return {
    data: isCurrent ? shown?.data : undefined,
    problem: isCurrent ? shown?.problem : undefined,
    loading: asked !== undefined && !isCurrent,
  };
}
