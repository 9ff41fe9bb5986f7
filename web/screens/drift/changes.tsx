import { type ReactNode, useMemo } from 'react';
import { CHANGE_FORM } from '#analysis/filter-forms.ts';
import { escapeControl } from '#base/escape.ts';
import type { ChangedConnection, DiffAnswer, Exposure } from '#model/answers.ts';
import { namespaceOf } from '#model/endpoint.ts';
import type { Finding } from '#model/scan.ts';
import { assumptionText, count, engineText, isNothing, trafficText } from '#report/words.ts';
import type { DriftAnswer } from '../../api/answers.ts';
import { Arrow } from '../../parts/arrow.tsx';
import { EndpointName } from '../../parts/endpoint-name.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { placeText } from '../../parts/place-text.ts';
import { Prose, Sentence } from '../../parts/prose.tsx';
import { Severity } from '../../parts/severity.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { Link, usePlace } from '../../shell/location.tsx';

const CHANGES = ['opened', 'closed', 'unsettled'] as const;
const MARKS = { opened: '+', closed: '−', unsettled: '?' } as const;
const SHOWN_AT_MOST = 100;

/** The meaning of all that changed between two moments. */
export function Changes({ answer }: { readonly answer: DriftAnswer }): ReactNode {
  const { diff, exposures, controls, assumptions } = answer;
  const { come = [], go = [], unsettled = [] } = diff.findings ?? {};
  const isSame =
    diff.changes.length + come.length + go.length + unsettled.length + controls.length === 0 &&
    exposures.come.length + exposures.go.length + exposures.changed.length === 0 &&
    diff.endpoints.added.length + diff.endpoints.removed.length === 0;
  return (
    <>
      {isSame && <p className="card">Nothing changed in meaning between the two.</p>}
      <Connections diff={diff} />
      <div className="columns even">
        <div>
          <Exposures exposures={exposures} />
          <States controls={controls} />
        </div>
        <div>
          <Findings title="Findings that came" findings={come} isThere />
          <Findings title="Findings that went" findings={go} />
          <Findings title="Findings known on one side only" findings={unsettled} />
          <Around diff={diff} assumptions={assumptions} />
        </div>
      </div>
    </>
  );
}

function Connections({ diff }: { readonly diff: DiffAnswer }): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const { list, problem } = useFilter(diff.changes, filter, CHANGE_FORM);
  const folds = useMemo(() => foldsOf(list), [list]);
  if (diff.changes.length === 0) return null;
  return (
    <section className="card drift-connections">
      <h2>Connections</h2>
      <FilterBox
        problem={problem}
        filter={filter}
        shown={list.length}
        of={count(diff.changes.length, 'changed connection')}
        hint="change:opened to:shop-data/* from:external*"
      />
      {folds.map((fold) => (
        <details key={`${fold.from} ${fold.to}`} open={folds.length <= 3}>
          <summary data-row>
            <b>{fold.from}</b>
            <Arrow />
            <b>{fold.to}</b>
            {CHANGES.map((change) => (
              <Tally key={change} change={change} of={fold.connections} />
            ))}
          </summary>
          <ul>
            {fold.connections.slice(0, SHOWN_AT_MOST).map((connection) => (
              <Changed key={`${connection.from} ${connection.to}`} connection={connection} />
            ))}
            {fold.connections.length > SHOWN_AT_MOST && (
              <li className="quiet">and {fold.connections.length - SHOWN_AT_MOST} more: filter to see them</li>
            )}
          </ul>
        </details>
      ))}
    </section>
  );
}

type ChangeName = (typeof CHANGES)[number];

function Tally({ change, of }: { readonly change: ChangeName; readonly of: readonly ChangedConnection[] }): ReactNode {
  const number = of.filter((each) => !isNothing(each[change])).length;
  if (number === 0) return null;
  return (
    <span className={`tally ${change}`}>
      {MARKS[change]} {number} {change}
    </span>
  );
}

function Changed({ connection }: { readonly connection: ChangedConnection }): ReactNode {
  const { from, to } = connection;
  return (
    <li>
      <span className="ends">
        <Link to={`/ask?${new URLSearchParams({ from, to })}`}>
          <EndpointName id={from} />
          <Arrow />
          <EndpointName id={to} />
        </Link>
      </span>
      {CHANGES.filter((change) => !isNothing(connection[change])).map((change) => (
        <span key={change} className={`tally ${change}`}>
          {MARKS[change]} {change} <code>{trafficText(connection[change])}</code>
        </span>
      ))}
    </li>
  );
}

interface Fold {
  readonly from: string;
  readonly to: string;
  readonly connections: readonly ChangedConnection[];
}

/** By namespace, those with most that opened first. */
function foldsOf(changes: readonly ChangedConnection[]): readonly Fold[] {
  const groups = Map.groupBy(changes, ({ from, to }) => JSON.stringify([scopeOf(from), scopeOf(to)]));
  const opened = (list: readonly ChangedConnection[]) => list.filter((each) => !isNothing(each.opened)).length;
  return [...groups.values()]
    .map((connections) => ({
      from: scopeOf(connections[0]!.from),
      to: scopeOf(connections[0]!.to),
      connections,
    }))
    .sort((a, b) => opened(b.connections) - opened(a.connections) || b.connections.length - a.connections.length);
}

function scopeOf(id: string): string {
  if (id.startsWith('external:')) return 'outside addresses';
  if (id.startsWith('node:')) return 'nodes';
  return namespaceOf(id) ?? id;
}

function Exposures({ exposures: { come, go, changed } }: Pick<DriftAnswer, 'exposures'>): ReactNode {
  if (come.length + go.length + changed.length === 0) return null;
  const row = (mark: string, { at, to, verdict, through, port }: Exposure) => (
    <li key={`${mark} ${at} ${to} ${through} ${port}`}>
      <Verdict of={verdict} />
      <span>
        {mark} <code>{escapeControl(at)}</code>
        <Arrow />
        <Link to={`/workload?${new URLSearchParams({ id: to })}`}>
          <EndpointName id={to} />
        </Link>
      </span>
    </li>
  );
  return (
    <section className="card">
      <h2>Ways in</h2>
      <ul className="open">
        {come.map((each) => row('new:', each))}
        {changed.map(({ base, head }) => row(`was ${base}:`, head))}
        {go.map((each) => row('gone:', each))}
      </ul>
      <p>
        <Link to="/exposure">All ways in</Link>
      </p>
    </section>
  );
}

interface FindingsProps {
  readonly title: string;
  readonly findings: readonly Finding[];
  /** Whether they can be looked at. */
  readonly isThere?: boolean;
}

function Findings({ title, findings, isThere = false }: FindingsProps): ReactNode {
  if (findings.length === 0) return null;
  return (
    <section className="card">
      <h2>
        {title} <span className="count">{findings.length}</span>
      </h2>
      <ul className="first">
        {findings.slice(0, 20).map((finding) => (
          <li key={finding.fingerprint}>
            <Severity of={finding.severity} />
            <div>
              {isThere ? (
                <Link to={`/findings?${new URLSearchParams({ finding: finding.fingerprint })}`} row>
                  {placeText(finding.where)}
                </Link>
              ) : (
                <b>{placeText(finding.where)}</b>
              )}
              <p className="quiet">
                <Sentence text={finding.message} /> <span className="id">{finding.control}</span>
              </p>
            </div>
          </li>
        ))}
      </ul>
      {findings.length > 20 && <p className="quiet">and {findings.length - 20} more</p>}
    </section>
  );
}

function States({ controls }: Pick<DriftAnswer, 'controls'>): ReactNode {
  if (controls.length === 0) return null;
  return (
    <section className="card">
      <h2>Controls whose state changed</h2>
      <ul className="notes">
        {controls.map(({ id, title, base, head }) => (
          <li key={id}>
            <Link to={`/findings?${new URLSearchParams({ q: `control:${id}` })}`}>{title}</Link>{' '}
            <span className="quiet">
              {base} → {head}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Around({ diff, assumptions }: Pick<DriftAnswer, 'diff' | 'assumptions'>): ReactNode {
  const { engine, policies, endpoints, invariants } = diff;
  const isOther = engine.base.profile !== engine.head.profile;
  const notes: readonly (readonly [string, string])[] = [
    ...(isOther ? [['engine', `${engineText(engine.base)} → ${engineText(engine.head)}`] as const] : []),
    ...invariants
      .filter(({ base, head }) => base !== head)
      .map(({ name, base, head }) => ['invariant', `\`${name}\`: ${base} → ${head}`] as const),
    ...assumptions.come.map((each) => ['assumed now', assumptionText(each)] as const),
    ...assumptions.go.map((each) => ['assumed no more', assumptionText(each)] as const),
    ...endpoints.added.map((name) => ['new', `\`${name}\``] as const),
    ...endpoints.removed.map((name) => ['gone', `\`${name}\``] as const),
    ...policies.added.map((name) => ['policy added', `\`${name}\``] as const),
    ...policies.removed.map((name) => ['policy removed', `\`${name}\``] as const),
    ...policies.changed.map((name) => ['policy changed', `\`${name}\``] as const),
  ];
  if (notes.length === 0) return null;
  return (
    <section className="card">
      <h2>What else is different</h2>
      <dl className="facts">
        {notes.slice(0, SHOWN_AT_MOST).map(([what, text]) => (
          <div key={`${what} ${text}`} className="row">
            <dt>{what}</dt>
            <dd>
              <Prose text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {notes.length > SHOWN_AT_MOST && <p className="quiet">and {notes.length - SHOWN_AT_MOST} more</p>}
    </section>
  );
}
