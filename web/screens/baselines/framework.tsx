import type { ReactNode } from 'react';
import { BASELINE_STATES, type BaselineEntry, type BaselineScope, type BaselinesAnswer } from '#model/baselines.ts';
import type { ScanAnswer } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { Answered } from '../../parts/screen.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { choose, Link, usePlace } from '../../shell/location.tsx';
import { EntryDetail } from './entry.tsx';
import { Export } from './export.tsx';
import { STATES, State, scopeText } from './states.tsx';

interface FrameworkProps {
  readonly answer: BaselinesAnswer;
  readonly framework: string;
  readonly scope: string;
}

const FORM: FilterForm<BaselineEntry> = {
  fields: ['state', 'control', 'entry'],
  of: ({ id, title, state, controls }) => ({
    fields: { state: [state, STATES[state].word], control: controls, entry: [id] },
    text: [id, title, ...controls].join(' '),
  }),
};

/** One framework in full, in one scope: every entry with its controls, evidence, findings and remedy. */
export function Framework({ answer, framework, scope }: FrameworkProps): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const asked = useAnswer<ScanAnswer>(withQuery('/scan', { framework }));
  const { list, problem } = useFilter(answer.entries, filter, FORM);
  const view = answer.frameworks.find((each) => each.framework === framework);
  const place = answer.scopes.find(({ id }) => id === scope);
  if (view === undefined || place === undefined) return <p className="card">There is no such framework or scope.</p>;
  return (
    <>
      <p className="crumbs">
        <Link to="/baselines">All frameworks</Link>
      </p>
      <div className="framework-head">
        <div>
          <h2>
            {view.title} <span className="quiet">{view.version}</span>
          </h2>
          <p className="quiet small">{view.source}</p>
        </div>
        <CopyButton text={markdownOf(view.title, place, answer.entries)} label="Copy as Markdown" />
      </div>
      <ScopeChoice scopes={answer.scopes} scope={scope} />
      <Counts entries={answer.entries} filter={filter} />
      <FilterBox
        filter={filter}
        problem={problem}
        shown={list.length}
        of={count(answer.entries.length, 'entry', 'entries')}
        hint="state:FAIL,PARTIAL control:NET-POL*"
      />
      {list.length === 0 && (
        <p className="card">
          {answer.entries.length === 0 ? 'No entry is about anything in this scope.' : 'No entry fits the filter.'}
        </p>
      )}
      <Answered asked={asked}>
        {(scan) => (
          <ul className="entries">
            {list.map((entry) => (
              <Entry key={entry.id} entry={entry} scan={scan} scope={place} />
            ))}
          </ul>
        )}
      </Answered>
      <Export framework={framework} namespace={place.kind === 'namespace' ? place.name : undefined} />
    </>
  );
}

interface EntryProps {
  readonly entry: BaselineEntry;
  readonly scan: ScanAnswer;
  readonly scope: BaselineScope;
}

function Entry({ entry, scan, scope }: EntryProps): ReactNode {
  const open = usePlace().query.get('entry') === entry.id;
  return (
    <li>
      <button
        type="button"
        data-row
        className="entry"
        aria-expanded={open}
        onClick={() => choose({ entry: open ? undefined : entry.id })}
      >
        <State of={entry.state} />
        <span className="id">{entry.id}</span>
        <span className="entry-title">{entry.title}</span>
      </button>
      {open && <EntryDetail entry={entry} scan={scan} scope={scope} />}
    </li>
  );
}

function ScopeChoice({
  scopes,
  scope,
}: {
  readonly scopes: readonly BaselineScope[];
  readonly scope: string;
}): ReactNode {
  return (
    <div className="scope">
      <label htmlFor="scope">In</label>
      <select id="scope" value={scope} onChange={(event) => choose({ scope: event.target.value, entry: undefined })}>
        {scopes.map((each) => (
          <option key={each.id} value={each.id}>
            {each.kind === 'namespace' ? `namespace ${each.name}` : scopeText(each)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** How many are in each state; one that is pressed is the filter. */
function Counts({
  entries,
  filter,
}: {
  readonly entries: readonly BaselineEntry[];
  readonly filter: string;
}): ReactNode {
  const byState = Map.groupBy(entries, ({ state }) => state);
  return (
    <ul className="state-counts" aria-label="Entries by state">
      {BASELINE_STATES.filter((state) => byState.has(state)).map((state) => {
        const term = `state:${state}`;
        const isOn = filter === term;
        return (
          <li key={state}>
            <button type="button" aria-pressed={isOn} onClick={() => choose({ q: isOn ? '' : term })}>
              <b>{byState.get(state)!.length}</b> <State of={state} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function markdownOf(title: string, scope: BaselineScope, entries: readonly BaselineEntry[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [
    `# ${title}, ${scopeText(scope)}`,
    '',
    '| entry | state | |',
    '| --- | --- | --- |',
    ...entries.map(({ id, title: what, state }) => `| ${cell(id)} | ${STATES[state].word} | ${cell(what)} |`),
    '',
    location.href,
  ].join('\n');
}
