import type { ReactNode } from 'react';
import type { Keeping } from '../api/answers.ts';
import { Prose } from './prose.tsx';

/** Where history is kept; or why there is none. */
export function KeepingNote({ of: { kind, where, state, why, help } }: { readonly of: Keeping }): ReactNode {
  if (state === 'failed') {
    return (
      <div className="banner unsure">
        <b>History cannot be used</b>
        <span>
          <Prose text={why ?? 'the store does not answer'} />
          {help !== undefined && '. '}
          {help !== undefined && <Prose text={help} />}
        </span>
        <span>All else goes on without it.</span>
      </div>
    );
  }
  return (
    <p className="quiet small">
      {kind === 'memory' ? (
        <>
          History is kept in memory and ends with this server. <code>ringfence serve --store FOLDER</code> keeps it.
        </>
      ) : (
        <>
          History is kept in <code>{where}</code>.
        </>
      )}
    </p>
  );
}
