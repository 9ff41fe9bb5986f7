import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { HistoryEntry } from '../../api/answers.ts';
import { API } from '../../api/client.ts';
import { momentText } from '../../parts/moment-text.ts';
import { Scrolled } from '../../parts/scrolled.tsx';
import { closedIn, openedIn } from '../../parts/timeline.tsx';

interface SnapshotTableProps {
  /** Newest first. */
  readonly snapshots: readonly HistoryEntry[];
  readonly base: string | undefined;
  readonly head: string;
  readonly onShow: (entry: HistoryEntry) => void;
  readonly onPin: (pin: 'base' | 'head', entry: HistoryEntry) => void;
}

/** The time line in words. */
export function SnapshotTable({ snapshots, base, head, onShow, onPin }: SnapshotTableProps): ReactNode {
  return (
    <Scrolled className="scroll" label="Snapshots">
      <table className="snapshots">
        <thead>
          <tr>
            <th>taken</th>
            <th>why and by whom</th>
            <th>connections</th>
            <th>findings</th>
            <th>A</th>
            <th>B</th>
            <th>file</th>
          </tr>
        </thead>
        <tbody>
          {snapshots.map((entry) => (
            <tr key={entry.id}>
              <td>
                <button type="button" className="origin" data-row onClick={() => onShow(entry)}>
                  {momentText(entry.taken)}
                </button>
              </td>
              <td>
                <Why entry={entry} />
              </td>
              <td>
                {entry.reachability?.connections ?? '–'}{' '}
                <span className="quiet">
                  +{openedIn(entry)} −{closedIn(entry)}
                </span>
              </td>
              <td>
                {entry.findings?.open ?? '–'}{' '}
                <span className="quiet">
                  +{entry.findings?.came ?? 0} −{entry.findings?.went ?? 0}
                </span>
              </td>
              {(['base', 'head'] as const).map((pin) => (
                <td key={pin}>
                  <input
                    type="radio"
                    name={pin}
                    aria-label={`${pin === 'base' ? 'A' : 'B'}: ${momentText(entry.taken)}`}
                    checked={entry.id === (pin === 'base' ? base : head)}
                    onChange={() => onPin(pin, entry)}
                  />
                </td>
              ))}
              <td>
                <a href={`${API}/snapshots/${encodeURIComponent(entry.id)}`} download>
                  snapshot-{entry.id}.json
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function Why({ entry: { note, by, commit } }: { readonly entry: HistoryEntry }): ReactNode {
  return (
    <>
      {note !== undefined && <b>{escapeControl(note)} </b>}
      <span className="quiet">{by === undefined ? 'something changed' : `taken by ${escapeControl(by)}`}</span>
      {commit !== undefined && (
        <span className="commit">
          <code>{commit.id.slice(0, 8)}</code> {escapeControl(commit.subject)}{' '}
          <span className="quiet">{escapeControl(commit.author)}</span>
        </span>
      )}
    </>
  );
}
