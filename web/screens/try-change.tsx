import { type ReactNode, useState } from 'react';
import type { PathAnswer } from '#model/answers.ts';
import type { FixAnswer } from '../api/answers.ts';
import { get, Problem, withQuery } from '../api/client.ts';
import { openDraft } from '../api/drafts.ts';
import { Prose } from '../parts/prose.tsx';
import { go, usePlace } from '../shell/location.tsx';
import '../style/screens/try.css';

/** Opens the change that was found, applied to its file, where edits are tried. */
export function TryChange({ answer, at }: { readonly answer: PathAnswer; readonly at: number }): ReactNode {
  const { query } = usePlace();
  const [state, setState] = useState<{ readonly busy: boolean; readonly why?: string }>({ busy: false });
  const port = query.get('port') ?? undefined;
  const apply = async (): Promise<void> => {
    setState({ busy: true });
    try {
      const asked = { from: query.get('from') ?? answer.from, to: query.get('to') ?? answer.to, port };
      const tried = await get<FixAnswer>(withQuery('/try', { ...asked, at: `${at}` }));
      if (!tried.made) {
        setState({ busy: false, why: tried.why ?? '' });
        return;
      }
      openDraft(tried.files);
      go(withQuery('/change', { file: tried.files[0]?.file }));
    } catch (error) {
      setState({ busy: false, why: error instanceof Problem ? error.message : String(error) });
    }
  };
  return (
    <div>
      <button type="button" className="primary try-change" disabled={state.busy} onClick={() => void apply()}>
        Try this change
      </button>
      {state.why !== undefined && (
        <p className="unsure-text" role="alert">
          It cannot be tried: <Prose text={state.why} />.
        </p>
      )}
    </div>
  );
}
