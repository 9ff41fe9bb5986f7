import { type ReactNode, useMemo } from 'react';
import { FINDING_FORM } from '#analysis/filter-forms.ts';
import type { ControlEntry, Finding, ScanAnswer } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { useAnswer } from '../api/use-answer.ts';
import { filtered, useCommand } from '../parts/command.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { placeText } from '../parts/place-text.ts';
import { Sentence } from '../parts/prose.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Severity } from '../parts/severity.tsx';
import { useFilter } from '../parts/use-filter.ts';
import { choose, usePlace } from '../shell/location.tsx';
import { FindingDetail } from './finding-detail.tsx';

/** What to fix, by control: those to close first come first. */
export function Findings(): ReactNode {
  const asked = useAnswer<ScanAnswer>('/scan');
  const command = useCommand(['scan'], filtered(usePlace().query.get('q')));
  return (
    <Screen
      title="Findings"
      about="Controls that fail at a place, with what decided it and how it is closed"
      command={command}
    >
      <Answered asked={asked}>{(answer) => <List answer={answer} />}</Answered>
    </Screen>
  );
}

interface Group {
  readonly control: ControlEntry | undefined;
  readonly findings: readonly Finding[];
}

function List({ answer }: { readonly answer: ScanAnswer }): ReactNode {
  const { query } = usePlace();
  const filter = query.get('q') ?? '';
  const { list: shown, problem } = useFilter(answer.findings, filter, FINDING_FORM);
  const groups = useMemo(() => groupsOf(shown, answer.controls), [shown, answer.controls]);
  const told = shown.find(({ fingerprint }) => fingerprint === query.get('finding')) ?? groups[0]?.findings[0];
  return (
    <>
      <FilterBox
        problem={problem}
        filter={filter}
        shown={shown.length}
        of={count(answer.findings.length, 'finding')}
        hint="severity:high namespace:shop* control:NET-POL*"
      />
      {told === undefined ? (
        <p className="card">{answer.findings.length === 0 ? 'No control fails.' : 'No finding fits the filter.'}</p>
      ) : (
        <div className="columns list-left">
          <div className="list">
            {groups.map((group) => (
              <ControlGroup key={group.findings[0]!.control} group={group} current={told.fingerprint} />
            ))}
          </div>
          <FindingDetail finding={told} control={answer.controls.find(({ id }) => id === told.control)} />
        </div>
      )}
    </>
  );
}

function ControlGroup({ group, current }: { readonly group: Group; readonly current: string }): ReactNode {
  const first = group.findings[0]!;
  return (
    <section className="control">
      <header>
        <Severity of={group.control?.severity ?? first.severity} />
        <span className="id">{first.control}</span>
        <span className="count">{group.findings.length}</span>
        <h2>{first.title}</h2>
      </header>
      <ul>
        {group.findings.map((finding) => (
          <li key={finding.fingerprint}>
            <button
              type="button"
              data-row
              aria-current={finding.fingerprint === current}
              onClick={() => choose({ finding: finding.fingerprint })}
            >
              <b>{placeText(finding.where)}</b>
              <span className="quiet">
                <Sentence text={finding.message} />
              </span>
              {finding.suppressed !== null && <span className="chip">accepted</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** By control, in the order of the most urgent finding of each: the answer is in that order already. */
function groupsOf(findings: readonly Finding[], controls: readonly ControlEntry[]): readonly Group[] {
  const groups = Map.groupBy(findings, ({ control }) => control);
  return [...groups].map(([id, members]) => ({
    control: controls.find((control) => control.id === id),
    findings: members,
  }));
}
