import { type ReactNode, useDeferredValue } from 'react';
import type { RulebookAnswer } from '#model/rulebook.ts';
import { count, objectText } from '#report/words.ts';
import { withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCommand } from '../parts/command.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { OriginLink } from '../parts/origin-link.tsx';
import { Sentence } from '../parts/prose.tsx';
import { Lanes } from '../parts/rules/lanes.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { choose, usePlace } from '../shell/location.tsx';
import type { ScopeQuery } from './rulebook/scope.tsx';
import '../style/screens/common.css';
import '../style/screens/rulebook.css';
import { MarkBar } from './rulebook/mark-bar.tsx';
import { Scope } from './rulebook/scope.tsx';

const STEP = 150;

/** Every rule in the order in which the data path asks them, and what is wrong with it. */
export function Rulebook(): ReactNode {
  const { query } = usePlace();
  const filter = query.get('q') ?? '';
  const scope: ScopeQuery = { namespace: query.get('namespace') ?? '', workload: query.get('workload') ?? '' };
  const most = Math.max(STEP, Number(query.get('rows') ?? '') || 0);
  const asked = useAnswer<RulebookAnswer>(
    withQuery('/rulebook', { ...scope, filter: useDeferredValue(filter), limit: `${most}` }),
  );
  const isSlip = asked.problem?.status === 400 && filter !== '';
  const { data } = asked;
  const command = useCommand(['policies'], scope.namespace === '' ? [] : ['--namespace', scope.namespace]);
  const all = data?.lanes.reduce((sum, lane) => sum + lane.policies, 0) ?? 0;
  return (
    <Screen title="Rulebook" about="Every rule, in the order in which the data path asks them" command={command}>
      <Scope scope={scope} />
      <FilterBox
        filter={filter}
        problem={isSlip ? asked.problem?.message : undefined}
        shown={data?.total ?? 0}
        of={count(all, 'policy in its lane', 'policies in their lanes')}
        hint="mark:risky,dead layer:pod direction:in* action:deny"
      />
      <Answered asked={isSlip ? { ...asked, problem: undefined } : asked}>
        {(book) => <Book book={book} filter={filter} most={most} />}
      </Answered>
    </Screen>
  );
}

interface BookProps {
  readonly book: RulebookAnswer;
  readonly filter: string;
  readonly most: number;
}

function Book({ book, filter, most }: BookProps): ReactNode {
  const { lanes, policies, total, marks, unasked } = book;
  return (
    <>
      <MarkBar marks={marks} filter={filter} />
      {lanes.length === 0 && (
        <p className="card">No rule is asked: nothing that could stop a connection was read for this scope.</p>
      )}
      {lanes.length > 0 && total === 0 && <p className="card">No policy fits the filter.</p>}
      <Lanes lanes={lanes} policies={policies} isOpen={total <= 20} heading={2} />
      {total > policies.length && (
        <p className="more">
          <button type="button" className="copy" onClick={() => choose({ rows: `${most + STEP}` })}>
            Show {Math.min(STEP, total - policies.length)} more
          </button>
          <span className="quiet">{count(total - policies.length, 'policy is', 'policies are')} not shown</span>
        </p>
      )}
      {unasked.length > 0 && filter === '' && <Unasked policies={unasked} />}
    </>
  );
}

function Unasked({ policies }: { readonly policies: RulebookAnswer['unasked'] }): ReactNode {
  return (
    <section className="card part" aria-labelledby="unasked">
      <h2 id="unasked">
        Asked by nothing <span className="count">{policies.length}</span>
      </h2>
      <ul className="rules">
        {policies.map((policy) => (
          <li key={objectText(policy)}>
            <b>{objectText(policy)}</b> <OriginLink origin={policy.origin} />
            <p className="quiet small">
              <Sentence text={policy.why} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
