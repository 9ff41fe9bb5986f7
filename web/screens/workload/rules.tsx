import type { ReactNode } from 'react';
import type { RulebookAnswer } from '#model/rulebook.ts';
import { count } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { WorkloadAnswer } from '../../api/workload-answers.ts';
import { Lanes } from '../../parts/rules/lanes.tsx';
import { Answered } from '../../parts/screen.tsx';
import { Link } from '../../shell/location.tsx';

const MOST = 60;

/** Rules that select it, in the order in which the data path asks them. */
export function SelectingRules({ answer: { id } }: { readonly answer: WorkloadAnswer }): ReactNode {
  const asked = useAnswer<RulebookAnswer>(withQuery('/rulebook', { workload: id, limit: `${MOST}` }));
  return (
    <section className="card part" aria-labelledby="own-rules">
      <h2 id="own-rules">
        Rules that select it, in the order in which they are asked{' '}
        {asked.data !== undefined && <span className="count">{asked.data.total}</span>}
      </h2>
      <Answered asked={asked}>
        {(book) => (
          <>
            {book.total === 0 && <p>No rule selects it: nothing is asked, and everything passes.</p>}
            <Lanes lanes={book.lanes} policies={book.policies} isOpen={book.total <= 12} heading={3} />
            {book.total > book.policies.length && (
              <p className="small">
                {count(book.total - book.policies.length, 'policy', 'policies')} more are in{' '}
                <Link to={`/rulebook?${new URLSearchParams({ workload: id })}`}>its rulebook</Link>.
              </p>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}
