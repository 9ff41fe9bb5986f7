import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react';
import {
  BASELINE_STATES,
  type BaselineCell,
  type BaselineScope,
  type BaselineState,
  type BaselinesAnswer,
} from '#model/baselines.ts';
import { count } from '#report/words.ts';
import { FilterBox } from '../../parts/filter-box.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { choose, Link, usePlace } from '../../shell/location.tsx';
import { Export } from './export.tsx';
import { STATES, scopeText } from './states.tsx';

const FORM: FilterForm<BaselineScope> = {
  fields: ['scope', 'namespace'],
  of: ({ kind, name }) => ({ fields: { scope: [kind], namespace: [name] }, text: scopeText({ kind, name }) }),
};

/** Columns that are read at a glance; more on asking. */
const FIRST = 8;

/** Frameworks down, scopes across. The cursor moves with the arrows; Enter opens the framework in that scope. */
export function Grid({ answer }: { readonly answer: BaselinesAnswer }): ReactNode {
  const { query } = usePlace();
  const filter = query.get('q') ?? '';
  const most = Math.max(FIRST, Number(query.get('columns') ?? '') || 0);
  const { list, problem } = useFilter(answer.scopes, filter, FORM);
  const scopes = list.slice(0, most);
  const cells = useMemo(
    () => new Map(answer.cells.map((cell) => [`${cell.framework} ${cell.scope}`, cell])),
    [answer.cells],
  );
  return (
    <>
      <FilterBox
        filter={filter}
        problem={problem}
        shown={list.length}
        of={count(answer.scopes.length, 'scope')}
        hint="scope:namespace shop*"
      />
      <Table answer={answer} scopes={scopes} cells={cells} />
      {list.length > scopes.length && (
        <p className="more">
          <button type="button" className="copy" onClick={() => choose({ columns: `${most + FIRST}` })}>
            Show {Math.min(FIRST, list.length - scopes.length)} more
          </button>
          <span className="quiet">{count(list.length - scopes.length, 'scope is', 'scopes are')} not shown</span>
        </p>
      )}
      <Legend />
      <Export />
    </>
  );
}

interface TableProps {
  readonly answer: BaselinesAnswer;
  readonly scopes: readonly BaselineScope[];
  readonly cells: ReadonlyMap<string, BaselineCell>;
}

function Table({ answer, scopes, cells }: TableProps): ReactNode {
  const table = useRef<HTMLTableElement>(null);
  return (
    <Scrolled className="scroll" label="Frameworks by scopes">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with a cursor that moves is a grid (ARIA Authoring Practices) */}
      <table className="baselines" role="grid" ref={table} onKeyDown={(event) => moveCursor(event, table.current)}>
        <thead>
          <tr>
            <th scope="col">Framework</th>
            {scopes.map((scope) => (
              <th key={scope.id} scope="col">
                {scopeText(scope)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.frameworks.map(({ framework, title, version, entries }, row) => (
            <tr key={framework}>
              <th scope="row">
                <Link to={urlOf(framework, 'all')} row>
                  {title}
                </Link>
                <span className="quiet small">
                  {version} · {count(entries, 'entry', 'entries')}
                </span>
              </th>
              {scopes.map((scope, column) => (
                <Cell
                  key={scope.id}
                  cell={cells.get(`${framework} ${scope.id}`)}
                  about={`${title}, ${scopeText(scope)}`}
                  url={urlOf(framework, scope.id)}
                  isFirst={row === 0 && column === 0}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

/** Together in a cell, the most urgent first. */
const GROUPS: readonly { readonly states: readonly BaselineState[]; readonly word: string; readonly mark: string }[] = [
  { states: ['FAIL', 'PARTIAL'], word: 'fail', mark: STATES.FAIL.mark },
  { states: ['WARN'], word: 'warn', mark: STATES.WARN.mark },
  { states: ['ACCEPTED'], word: 'accepted', mark: STATES.ACCEPTED.mark },
  { states: ['UNKNOWN'], word: 'not assessable', mark: STATES.UNKNOWN.mark },
  { states: ['MANUAL'], word: 'for a person', mark: STATES.MANUAL.mark },
  { states: ['PASS', 'PASS-PLATFORM'], word: 'pass', mark: STATES.PASS.mark },
];

interface CellProps {
  readonly cell: BaselineCell | undefined;
  readonly about: string;
  readonly url: string;
  readonly isFirst: boolean;
}

function Cell({ cell, about, url, isFirst }: CellProps): ReactNode {
  const shown = GROUPS.flatMap(({ states, word, mark }) => {
    const number = states.reduce((sum, state) => sum + (cell?.counts[state] ?? 0), 0);
    return number === 0 ? [] : [{ state: states[0]!, word, mark, number }];
  });
  const total = BASELINE_STATES.reduce((sum, state) => sum + (cell?.counts[state] ?? 0), 0);
  const said =
    shown.length === 0 ? 'nothing to assess' : shown.map(({ number, word }) => `${number} ${word}`).join(', ');
  return (
    <td>
      <a
        href={url}
        data-cell
        tabIndex={isFirst ? 0 : -1}
        title={said}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          choose(Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1))), 'push');
        }}
      >
        <span className="unseen">{`${about}: ${said}`}</span>
        {total === 0 || shown.length === 0 ? (
          <span className="quiet" aria-hidden="true">
            –
          </span>
        ) : (
          <>
            <Bar counts={shown} />
            <span className="numbers" aria-hidden="true">
              {shown.map(({ state, mark, number }) => (
                <span key={state} className={`baseline-state ${state}`}>
                  {mark}&#8239;{number}
                </span>
              ))}
            </span>
          </>
        )}
      </a>
    </td>
  );
}

function Bar({
  counts,
}: {
  readonly counts: readonly { readonly state: BaselineState; readonly number: number }[];
}): ReactNode {
  const total = counts.reduce((sum, { number }) => sum + number, 0);
  let at = 0;
  return (
    <svg className="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      {counts.map(({ state, number }) => {
        const x = (at / total) * 100;
        at += number;
        return <rect key={state} x={x} width={(number / total) * 100} height="4" className={`fill-${state}`} />;
      })}
    </svg>
  );
}

function Legend(): ReactNode {
  return (
    <ul className="legend" aria-label="States">
      {BASELINE_STATES.map((state) => (
        <li key={state}>
          <span className={`baseline-state ${state}`}>
            <span aria-hidden="true">{STATES[state].mark}</span> {STATES[state].word}
          </span>{' '}
          <span className="quiet small">{STATES[state].about}</span>
        </li>
      ))}
    </ul>
  );
}

function urlOf(framework: string, scope: string): string {
  return `/baselines?${new URLSearchParams({ framework, scope })}`;
}

const STEPS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** One cell can have the focus by Tab: the one that had it last. */
function moveCursor(event: KeyboardEvent, table: HTMLTableElement | null): void {
  const step = STEPS[event.key];
  const current = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]');
  if (step === undefined || current === null || table === null) return;
  const rows = [...table.tBodies[0]!.rows].map((row) => [...row.querySelectorAll<HTMLElement>('[data-cell]')]);
  const row = rows.findIndex((cells) => cells.includes(current));
  const column = rows[row]!.indexOf(current);
  const next = rows[row + step[0]]?.[column + step[1]];
  event.preventDefault();
  if (next === undefined) return;
  current.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
