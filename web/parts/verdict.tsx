import type { ReactNode } from 'react';
import type { PathVerdict } from '#model/verdict.ts';
import { MARKS } from '#report/words.ts';

/** Never by colour alone: a mark, the word, and a border of its own. */
export function Verdict({ of }: { readonly of: PathVerdict }): ReactNode {
  return (
    <span className={`verdict ${of}`}>
      <span aria-hidden="true">{MARKS[of]}</span> {of}
    </span>
  );
}
