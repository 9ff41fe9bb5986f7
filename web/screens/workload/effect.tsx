import type { ReactNode } from 'react';
import type { ChangedConnection } from '#model/answers.ts';
import { count, isNothing, trafficText } from '#report/words.ts';
import type { PreviewAnswer, WorkloadAnswer } from '../../api/workload-answers.ts';
import { Arrow } from '../../parts/arrow.tsx';
import { EndpointLink } from '../../parts/endpoint-link.tsx';
import { Sentence } from '../../parts/prose.tsx';
import { Severity } from '../../parts/severity.tsx';
import { type Peer, peersOf } from './peers.tsx';

interface EffectProps {
  readonly answer: WorkloadAnswer;
  readonly preview: PreviewAnswer;
}

/** Connections that would be lost and those that would stay, and the findings that would come and go. */
export function Effect({ answer, preview: { diff, findings, diagnostics } }: EffectProps): ReactNode {
  const lost = diff.changes.filter(({ closed }) => !isNothing(closed));
  const gained = diff.changes.filter(({ opened }) => !isNothing(opened));
  const unsettled = diff.changes.filter(({ unsettled: open }) => !isNothing(open));
  const stays = stayingOf(answer, diff.changes);
  return (
    <div className="effect">
      {diagnostics.map((each) => (
        <p key={each.message} className="unsure-text">
          <Sentence text={each.message} />
        </p>
      ))}
      <dl className="figures">
        <Figure number={lost.length} label="connections lost" />
        <Figure number={stays.length} label="stay open" isBad={stays.length > 0} />
        <Figure number={findings.go.length} label="findings gone" />
        <Figure number={findings.come.length} label="findings come" isBad={findings.come.length > 0} />
      </dl>
      <Changes own={answer.id} title="Lost" rows={lost} of={({ closed }) => trafficText(closed)} />
      {gained.length > 0 && (
        <Changes own={answer.id} title="Opened" rows={gained} of={({ opened }) => trafficText(opened)} />
      )}
      {unsettled.length > 0 && (
        <Changes
          own={answer.id}
          title="No longer known, or known now"
          rows={unsettled}
          of={(row) => trafficText(row.unsettled)}
        />
      )}
      {stays.length > 0 && <Staying peers={stays} />}
      {[...findings.go, ...findings.come].length > 0 && (
        <details>
          <summary>Findings that come and go</summary>
          <ul className="rules">
            {findings.go.map((finding) => (
              <li key={finding.fingerprint}>
                <span className="chip">gone</span> <Severity of={finding.severity} />{' '}
                <Sentence text={finding.message} />
              </li>
            ))}
            {findings.come.map((finding) => (
              <li key={finding.fingerprint}>
                <span className="chip">comes</span> <Severity of={finding.severity} />{' '}
                <Sentence text={finding.message} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface FigureProps {
  readonly number: number;
  readonly label: string;
  readonly isBad?: boolean;
}

function Figure({ number, label, isBad = false }: FigureProps): ReactNode {
  return (
    <div className={isBad ? 'bad' : ''}>
      <dd>{number}</dd>
      <dt>{label}</dt>
    </div>
  );
}

const MOST_ROWS = 60;

interface ChangesProps {
  readonly own: string;
  readonly title: string;
  readonly rows: readonly ChangedConnection[];
  readonly of: (row: ChangedConnection) => string;
}

function Changes({ own, title, rows, of }: ChangesProps): ReactNode {
  if (rows.length === 0) return null;
  return (
    <details open={rows.length <= 8}>
      <summary>
        {title} <span className="count">{rows.length}</span>
      </summary>
      <ul className="rules">
        {rows.slice(0, MOST_ROWS).map((row) => (
          <li key={`${row.from} ${row.to}`} className="line">
            <Ends row={row} own={own} />
            <span className="traffic">{of(row)}</span>
          </li>
        ))}
      </ul>
      {rows.length > MOST_ROWS && <p className="quiet small">and {count(rows.length - MOST_ROWS, 'row')} more</p>}
    </details>
  );
}

/** Seen from the workload; what is between others is told whole. */
function Ends({ row: { from, to }, own }: { readonly row: ChangedConnection; readonly own: string }): ReactNode {
  if (to.replace(/#\d+$/, '') === own)
    return (
      <span>
        from <EndpointLink id={from} />
      </span>
    );
  if (from.replace(/#\d+$/, '') === own)
    return (
      <span>
        to <EndpointLink id={to} />
      </span>
    );
  return (
    <span>
      <EndpointLink id={from} />
      <Arrow />
      <EndpointLink id={to} />
    </span>
  );
}

function Staying({ peers }: { readonly peers: readonly Peer[] }): ReactNode {
  return (
    <details>
      <summary>
        Stays open, or is not known <span className="count">{peers.length}</span>
      </summary>
      <ul className="rules">
        {peers.slice(0, MOST_ROWS).map(({ direction, id, connection }) => (
          <li key={`${direction} ${id}`} className="line">
            <span>
              {direction === 'in' ? 'from ' : 'to '}
              <EndpointLink id={id} />
            </span>
            <span className="traffic">{trafficText(connection.allowed)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Connections of now of which the change takes nothing, or not all. */
function stayingOf(answer: WorkloadAnswer, changes: readonly ChangedConnection[]): readonly Peer[] {
  const closed = new Map(changes.map((each) => [`${each.from} ${each.to}`, each.closed]));
  return peersOf(answer).filter(({ connection: { from, to, allowed } }) => {
    if (isNothing(allowed)) return false;
    const gone = closed.get(`${from} ${to}`);
    return gone === undefined || trafficText(gone) !== trafficText(allowed);
  });
}
