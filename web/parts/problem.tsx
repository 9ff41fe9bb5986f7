import type { ReactNode } from 'react';
import type { Problem as ProblemType } from '../api/client.ts';
import { Prose, Sentence } from './prose.tsx';

/** In place of an answer that did not come. */
export function Problem({ of }: { readonly of: ProblemType }): ReactNode {
  return (
    <div className="banner bad" role="alert">
      <b>
        <Sentence text={of.message} />
      </b>
      {of.detail !== undefined && (
        <span>
          <Prose text={of.detail} />
        </span>
      )}
    </div>
  );
}
