import type { ReactNode } from 'react';
import { count } from '#report/words.ts';
import { useLive } from '../../api/live.ts';
import { agoText, momentText } from '../../parts/moment-text.ts';

const WATCHED = { files: 'watched', polling: 'read again now and then', none: 'read once' } as const;

/** How old what each source said is. They are read together, so that one moment is theirs. */
export function Freshness(): ReactNode {
  const { environment, status } = useLive();
  if (environment === undefined || status === undefined) return null;
  const { input, taken, total } = environment;
  const isOld = status.state === 'stale';
  return (
    <section className="card">
      <h2>How fresh it is</h2>
      <dl className="facts">
        {input.map((source) => (
          <div className="row" key={source}>
            <dt>{source}</dt>
            <dd>
              <span className={isOld ? 'unsure-text' : ''}>
                read {agoText(taken)} <span className="quiet">({momentText(taken)})</span>
              </span>
              <span className="quiet">, {isOld ? 'newer is there and cannot be taken' : WATCHED[status.watching]}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{count(total, 'file')} in all</p>
    </section>
  );
}
