import { type ReactNode, useEffect, useState } from 'react';
import { isNothing } from '#report/words.ts';
import type { DriftAnswer, HistoryEntry } from '../../api/answers.ts';
import { type Problem, withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useHistory } from '../../api/use-history.ts';
import { KeepingNote } from '../../parts/keeping.tsx';
import { agoText } from '../../parts/moment-text.ts';
import { Timeline } from '../../parts/timeline.tsx';
import { go, Link } from '../../shell/location.tsx';
import '../../style/screens/home.css';

const KEY = 'ringfence.looked';

/** The newest snapshot of the last look, by this browser; of this look only what comes in its course is new. */
function useLastLook(snapshots: readonly HistoryEntry[]): HistoryEntry | undefined {
  const [looked] = useState(() => localStorage.getItem(KEY) ?? '');
  const newest = snapshots[0];
  useEffect(() => {
    if (newest !== undefined) localStorage.setItem(KEY, newest.taken);
  }, [newest]);
  if (looked === '') return snapshots[1] ?? newest;
  const before = snapshots.find(({ taken }) => taken <= looked);
  // Nothing came since: what changed last is told again.
  return before === newest ? (snapshots[1] ?? newest) : before;
}

/** How many ordered pairs can connect that could not at the last look. */
export function NewlyReachable(): ReactNode {
  const snapshots = useHistory().data?.snapshots ?? [];
  const base = useLastLook(snapshots);
  const path = base === undefined ? undefined : withQuery('/drift', { base: base.id });
  const { data: drift, problem } = useAnswer<DriftAnswer>(path);
  if (base === undefined || drift === undefined) {
    return (
      <Link to="/drift">
        <b>–</b>
        <span>newly reachable pairs</span>
        <span className="quiet">{whyNone(base, problem)}</span>
      </Link>
    );
  }
  const opened = drift.diff.changes.filter((each) => !isNothing(each.opened)).length;
  const closed = drift.diff.changes.filter((each) => !isNothing(each.closed)).length;
  return (
    <Link to={withQuery('/reach', { base: base.id })}>
      <b>{opened}</b>
      <span>{opened === 1 ? 'newly reachable pair' : 'newly reachable pairs'}</span>
      <span className="quiet">
        and {closed} closed, against {agoText(base.taken)}
      </span>
    </Link>
  );
}

function whyNone(base: HistoryEntry | undefined, problem: Problem | undefined): string {
  if (base === undefined) return 'There is no snapshot to compare with yet';
  return problem === undefined ? 'Comparing …' : 'The comparison failed: see Drift';
}

/** The last snapshots, each leading to what it changed. */
export function SinceThen(): ReactNode {
  const { data } = useHistory();
  if (data === undefined) return null;
  const { snapshots, keeping } = data;
  if (keeping.state === 'failed') return <KeepingNote of={keeping} />;
  if (snapshots.length < 2) return null;
  const shown = snapshots.slice(0, 40);
  return (
    <section className="card strip">
      <h2>
        <Link to="/drift">What changed</Link>
      </h2>
      <Timeline
        entries={shown.toReversed()}
        onPick={(entry) => {
          const previous = snapshots[snapshots.indexOf(entry) + 1] ?? entry;
          go(withQuery('/drift', { base: previous.id, head: previous === entry ? 'current' : entry.id }));
        }}
      />
    </section>
  );
}
