import { type ReactNode, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { DriftAnswer, HistoryAnswer, HistoryEntry } from '../api/answers.ts';
import { Problem, post, withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useHistory } from '../api/use-history.ts';
import { announce } from '../parts/announce.tsx';
import { filtered, useCommand } from '../parts/command.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { KeepingNote } from '../parts/keeping.tsx';
import { momentText } from '../parts/moment-text.ts';
import { Problem as ProblemNote } from '../parts/problem.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { choose, Link, usePlace } from '../shell/location.tsx';
import '../style/screens/drift.css';
import { Changes } from './drift/changes.tsx';
import { changesMarkdown } from './drift/markdown.ts';
import { SnapshotTable } from './drift/snapshot-table.tsx';

/** Snapshots on a time line, and the meaning of what changed between any two. */
export function Drift(): ReactNode {
  const asked = useHistory();
  const { query } = usePlace();
  const base = query.get('base') ?? asked.data?.snapshots[1]?.id ?? asked.data?.snapshots[0]?.id;
  const command = useCommand(['diff', `snapshot-${base ?? 'ID'}.json`], filtered(query.get('q')));
  return (
    <Screen title="Drift" about="What changed, when, by whose commit, and what it means" command={command}>
      <Answered asked={asked}>{(answer) => <Both answer={answer} onTaken={asked.reload} />}</Answered>
    </Screen>
  );
}

interface BothProps {
  readonly answer: HistoryAnswer;
  readonly onTaken: () => void;
}

function Both({ answer: { snapshots, keeping }, onTaken }: BothProps): ReactNode {
  const { query } = usePlace();
  const [newest, before] = snapshots;
  const head = query.get('head') ?? (before === undefined ? 'current' : newest!.id);
  const base = query.get('base') ?? (before ?? newest)?.id;
  const show = (entry: HistoryEntry): void => {
    const previous = snapshots[snapshots.indexOf(entry) + 1];
    choose({ base: (previous ?? entry).id, head: previous === undefined ? 'current' : entry.id }, 'push');
  };
  const pin = (which: 'base' | 'head', entry: HistoryEntry): void => {
    choose({ base: base ?? '', head, [which]: entry.id });
    announce(`pin ${which === 'base' ? 'A' : 'B'}: ${momentText(entry.taken)}`);
  };
  return (
    <>
      <KeepingNote of={keeping} />
      {snapshots.length === 0 && keeping.state !== 'failed' && (
        <p className="card">The first snapshot is being taken: a few seconds after the input was read.</p>
      )}
      {snapshots.length > 0 && (
        <section className="card drift-line">
          <Timeline
            entries={snapshots.toReversed()}
            {...(base !== undefined && { base })}
            head={head}
            onPick={show}
            onPin={pin}
          />
          <Legend />
          <details>
            <summary>The same as a table, with who and why</summary>
            <SnapshotTable snapshots={snapshots} base={base} head={head} onShow={show} onPin={pin} />
          </details>
        </section>
      )}
      <TakeSnapshot onTaken={onTaken} />
      {base !== undefined && <Compared base={base} head={head} snapshots={snapshots} />}
    </>
  );
}

function Legend(): ReactNode {
  return (
    <p className="legend">
      <span>
        <svg width="10" height="10" aria-hidden="true">
          <rect className="opened" width="10" height="10" rx="2" />
        </svg>{' '}
        up: connections opened
      </span>
      <span>
        <svg width="10" height="10" aria-hidden="true">
          <rect className="closed" width="10" height="10" rx="2" />
        </svg>{' '}
        down: connections closed
      </span>
      <span>▲ findings came</span>
      <span>▼ findings went</span>
      <span>
        <kbd>← →</kbd> move, <kbd>Enter</kbd> show, <kbd>a</kbd> <kbd>b</kbd> pin
      </span>
    </p>
  );
}

/** With a note it stays when the oldest go. */
function TakeSnapshot({ onTaken }: { readonly onTaken: () => void }): ReactNode {
  const [note, setNote] = useState('');
  const [state, setState] = useState<'ready' | 'taking'>('ready');
  const [problem, setProblem] = useState<Problem>();
  const take = async (): Promise<void> => {
    setState('taking');
    try {
      await post('/snapshots', note.trim() === '' ? {} : { note: note.trim() });
      setNote('');
      setProblem(undefined);
      announce('the snapshot was taken');
      onTaken();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
    }
    setState('ready');
  };
  return (
    <>
      <form
        className="filter take"
        onSubmit={(event) => {
          event.preventDefault();
          void take();
        }}
      >
        <label htmlFor="note">Take a snapshot</label>
        <input
          id="note"
          maxLength={500}
          placeholder="with a note, as before the release 4.2"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <button type="submit" className="copy" disabled={state === 'taking'}>
          {state === 'taking' ? 'Taking …' : 'Take'}
        </button>
      </form>
      {problem !== undefined && <ProblemNote of={problem} />}
    </>
  );
}

interface ComparedProps {
  readonly base: string;
  readonly head: string;
  readonly snapshots: readonly HistoryEntry[];
}

function Compared({ base, head, snapshots }: ComparedProps): ReactNode {
  const asked = useAnswer<DriftAnswer>(withQuery('/drift', { base, head }));
  const name = (id: string): string => {
    const entry = snapshots.find((each) => each.id === id);
    if (id === 'current') return 'now';
    return entry === undefined ? `snapshot ${escapeControl(id)}` : momentText(entry.taken);
  };
  const isSince = head === 'current' || head === snapshots[0]?.id;
  return (
    <>
      <header className="head between">
        <h2>
          <span className="pin">A</span> {name(base)} <span aria-hidden="true">→</span>
          <span className="unseen">to</span> <span className="pin">B</span> {name(head)}
        </h2>
        <p className="buttons">
          {head !== 'current' && (
            <button type="button" className="copy" onClick={() => choose({ base, head: 'current' })}>
              Compare A with now
            </button>
          )}
          {isSince && <Link to={withQuery('/reach', { base })}>See it in Reach</Link>}
          {asked.data !== undefined && (
            <CopyButton text={changesMarkdown(asked.data, `${name(base)} to ${name(head)}`)} label="Copy as Markdown" />
          )}
        </p>
      </header>
      <Answered asked={asked}>{(answer) => <Changes answer={answer} />}</Answered>
    </>
  );
}
