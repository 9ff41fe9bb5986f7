import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { ExposeAnswer } from '#model/answers.ts';
import type { ControlSeverity } from '#model/control.ts';
import { SEVERITIES } from '#model/control.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { type Asked, useAnswer } from '../api/use-answer.ts';
import { Arrow } from '../parts/arrow.tsx';
import { EndpointName } from '../parts/endpoint-name.tsx';
import { placeText } from '../parts/place-text.ts';
import { Prose, Sentence } from '../parts/prose.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Severity } from '../parts/severity.tsx';
import { Verdict } from '../parts/verdict.tsx';
import { Link } from '../shell/location.tsx';
import { Freshness } from './home/freshness.tsx';
import { NewlyReachable, SinceThen } from './home/since.tsx';

const SHOWN_AT_MOST = 7;

/** What changed, what is open, what is not known, what to close first. */
export function Home(): ReactNode {
  const scan = useAnswer<ScanAnswer>('/scan');
  const expose = useAnswer<ExposeAnswer>('/expose');
  return (
    <Screen title="Home" about="What changed, what is open, what is not known, what to close first">
      <Tiles scan={scan} expose={expose} />
      <SinceThen />
      <div className="columns wide-left">
        <Answered asked={scan}>
          {({ findings }) => <CloseFirst findings={findings.filter(({ suppressed }) => suppressed === null)} />}
        </Answered>
        <div>
          <Answered asked={expose}>{(open) => <Open expose={open} />}</Answered>
          {scan.data !== undefined && expose.data !== undefined && <NotKnown scan={scan.data} expose={expose.data} />}
          <Freshness />
        </div>
      </div>
    </Screen>
  );
}

interface OverviewProps {
  readonly scan: ScanAnswer;
  readonly expose: ExposeAnswer;
}

interface TilesProps {
  readonly scan: Asked<ScanAnswer>;
  readonly expose: Asked<ExposeAnswer>;
}

/** Each number as soon as it is known: judging every control takes longest. */
function Tiles({ scan, expose }: TilesProps): ReactNode {
  const open = expose.data && fromInternet(expose.data);
  const unknown = scan.data?.controls.filter(({ state }) => state === 'UNKNOWN').length;
  const manual = scan.data?.controls.filter(({ state }) => state === 'MANUAL').length;
  return (
    <ul className="tiles">
      <li>
        <NewlyReachable />
      </li>
      <li>
        <Link to="/exposure?q=scope:internet">
          <b>{open?.length ?? '…'}</b>
          <span>{open?.length === 1 ? 'way in from the internet' : 'ways in from the internet'}</span>
          {open !== undefined && (
            <span className="quiet">to {count(new Set(open.map(({ to }) => to)).size, 'workload')}</span>
          )}
        </Link>
      </li>
      <li>
        <Link to="/trust">
          <b>{unknown === undefined || manual === undefined ? '…' : unknown + manual}</b>
          <span>controls that the input does not decide</span>
          {unknown !== undefined && (
            <span className="quiet">
              {unknown} lack evidence, {manual} need a person
            </span>
          )}
        </Link>
      </li>
    </ul>
  );
}

/** How bad they are, drawn and said. */
function SeverityBar({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    number: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ number }) => number > 0);
  let at = 0;
  const bars = counts.map(({ severity, number }) => {
    const bar = { severity, x: at, width: number };
    at += number;
    return bar;
  });
  return (
    <>
      <svg className="bar" viewBox={`0 0 ${Math.max(at, 1)} 1`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((bar) => (
          <rect
            key={bar.severity}
            className={`fill-${bar.severity satisfies ControlSeverity}`}
            x={bar.x}
            width={bar.width}
            height="1"
          />
        ))}
      </svg>
      <span className="quiet">{counts.map(({ severity, number }) => `${number} ${severity}`).join(', ')}</span>
    </>
  );
}

function CloseFirst({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const groups = [...Map.groupBy(findings, ({ control }) => control).values()];
  return (
    <section className="card">
      <h2>Close first</h2>
      {groups.length === 0 && <p>No control fails.</p>}
      {groups.length > 0 && (
        <p className="totals">
          <Link to="/findings">{count(findings.length, 'finding')}</Link> <SeverityBar findings={findings} />
        </p>
      )}
      <ol className="first">
        {groups.slice(0, SHOWN_AT_MOST).map((members) => (
          <FirstRow key={members[0]!.control} members={members} />
        ))}
      </ol>
      {groups.length > SHOWN_AT_MOST && (
        <p>
          <Link to="/findings">All {groups.length} controls with findings</Link>
        </p>
      )}
    </section>
  );
}

function FirstRow({ members }: { readonly members: readonly Finding[] }): ReactNode {
  const first = members[0]!;
  const fromInternet = members.filter(({ blastRadius }) => blastRadius?.fromInternet === true).length;
  const stores = new Set(members.flatMap(({ blastRadius }) => blastRadius?.dataStores ?? [])).size;
  const places = members
    .slice(0, 3)
    .map(({ where }) => placeText(where))
    .join(', ');
  const facts = [
    members.length > 3 ? `${places} and ${members.length - 3} more` : places,
    ...(fromInternet > 0 ? ['within reach of the internet'] : []),
    ...(stores > 0 ? [`${count(stores, 'data store')} behind`] : []),
  ];
  return (
    <li>
      <Severity of={first.severity} />
      <div>
        <Link to={`/findings?${new URLSearchParams({ q: `control:${first.control}` })}`} row>
          {first.title}
        </Link>
        <p className="quiet">{facts.join(' · ')}</p>
      </div>
      <span className="count">{members.length}</span>
    </li>
  );
}

function Open({ expose }: { readonly expose: ExposeAnswer }): ReactNode {
  const open = fromInternet(expose);
  return (
    <section className="card">
      <h2>Open to the internet</h2>
      {open.length === 0 && <p>Nothing that the input shows.</p>}
      <ul className="open">
        {open.slice(0, SHOWN_AT_MOST).map((door) => (
          <li key={`${door.at} ${door.to} ${door.port} ${door.through}`}>
            <Verdict of={door.verdict} />
            <span>
              <code>{escapeControl(door.at)}</code>
              <Arrow />
              <EndpointName id={door.to} />
            </span>
          </li>
        ))}
      </ul>
      {open.length > SHOWN_AT_MOST && (
        <p>
          <Link to="/exposure?q=scope:internet">All {open.length} ways in</Link>
        </p>
      )}
    </section>
  );
}

/** What is denied is shut; all else may be open. */
function fromInternet(expose: ExposeAnswer): ExposeAnswer['exposures'] {
  return expose.exposures.filter(({ scope, verdict }) => scope === 'internet' && verdict !== 'denied');
}

function NotKnown({ scan, expose }: OverviewProps): ReactNode {
  const unsure = expose.exposures.filter(({ verdict }) => verdict === 'unknown' || verdict === 'mixed');
  const notable = scan.diagnostics.filter(({ severity }) => severity !== 'info');
  return (
    <section className="card">
      <h2>Not known</h2>
      <ul className="notes">
        {unsure.length > 0 && (
          <li>
            <Link to="/exposure?q=verdict:unknown,mixed">
              {count(unsure.length, 'way in', 'ways in')} whose verdict is not certain
            </Link>
          </li>
        )}
        {scan.open.slice(0, 4).map((entry) => (
          <li key={`${entry.control} ${entry.where.id}`}>
            <Sentence text={entry.message} /> <span className="quiet">{entry.control}</span>
          </li>
        ))}
        {notable.slice(0, 3).map((diagnostic) => (
          <li key={`${diagnostic.code} ${diagnostic.object}`}>
            <Prose text={diagnostic.message} />
          </li>
        ))}
      </ul>
      <p>
        <Link to="/trust">Everything that is not known</Link>
      </p>
    </section>
  );
}
