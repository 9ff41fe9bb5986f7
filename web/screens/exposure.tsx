import type { ReactNode } from 'react';
import { EXPOSURE_FORM } from '#analysis/filter-forms.ts';
import { escapeControl } from '#base/escape.ts';
import type { ExposeAnswer, Exposure } from '#model/answers.ts';
import { count, isNothing, reasonTexts, trafficText } from '#report/words.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Arrow } from '../parts/arrow.tsx';
import { filtered, useCommand } from '../parts/command.ts';
import { EndpointName, shortName } from '../parts/endpoint-name.tsx';
import { FilterBox } from '../parts/filter-box.tsx';
import { OriginLink } from '../parts/origin-link.tsx';
import { Prose, Sentence } from '../parts/prose.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Scrolled } from '../parts/scrolled.tsx';
import { useFilter } from '../parts/use-filter.ts';
import { Verdict } from '../parts/verdict.tsx';
import { Link, usePlace } from '../shell/location.tsx';

const SCOPES: readonly { readonly scope: Exposure['scope']; readonly title: string; readonly about: string }[] = [
  { scope: 'internet', title: 'From the internet', about: 'anybody can ask for these' },
  { scope: 'network', title: 'From the virtual network', about: 'peered networks and what is connected to them' },
  { scope: 'node', title: 'At the addresses of nodes', about: 'whoever reaches a node reaches these' },
  { scope: 'cluster', title: 'From inside the cluster', about: 'any pod, as far as policy lets it' },
  { scope: 'none', title: 'Not open now', about: 'no backend is there yet; one that comes is open at once' },
];

/** What the internet, peered networks, nodes and the rest of the cluster can reach, from the outside in. */
export function ExposureScreen(): ReactNode {
  const asked = useAnswer<ExposeAnswer>('/expose');
  const command = useCommand(['expose'], filtered(usePlace().query.get('q')));
  return (
    <Screen title="Exposure" about="From the outside in: who can reach what, and through which door" command={command}>
      <Answered asked={asked}>{(answer) => <Doors answer={answer} />}</Answered>
    </Screen>
  );
}

function Doors({ answer }: { readonly answer: ExposeAnswer }): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const { list: shown, problem } = useFilter(answer.exposures, filter, EXPOSURE_FORM);
  return (
    <>
      <FilterBox
        problem={problem}
        filter={filter}
        shown={shown.length}
        of={count(answer.exposures.length, 'way in', 'ways in')}
        hint="namespace:shop* verdict:allowed"
      />
      {SCOPES.map(({ scope, title, about }) => (
        <Scope key={scope} title={title} about={about} doors={shown.filter((door) => door.scope === scope)} />
      ))}
      {filter === '' && <Reach rows={answer.reach} />}
      {filter === '' && <Potential rows={answer.potential} />}
    </>
  );
}

interface ScopeProps {
  readonly title: string;
  readonly about: string;
  readonly doors: readonly Exposure[];
}

function Scope({ title, about, doors }: ScopeProps): ReactNode {
  if (doors.length === 0) return null;
  return (
    <section className="group">
      <h2>
        {title} <span className="count">{doors.length}</span> <span className="quiet small">{about}</span>
      </h2>
      <ul className="doors">
        {doors.slice(0, SHOWN_AT_MOST).map((door) => (
          <Door
            key={`${door.through} ${door.at} ${door.protocol} ${door.port} ${door.to} ${door.origin.line}`}
            door={door}
          />
        ))}
      </ul>
      <Left of={doors.length} />
    </section>
  );
}

function Door({ door }: { readonly door: Exposure }): ReactNode {
  const from = door.scope === 'internet' ? 'internet' : undefined;
  const port = `${door.targetPort ?? door.port}/${door.protocol}`;
  return (
    <li>
      <details>
        <summary data-row>
          <Verdict of={door.verdict} />
          <code className="at">{escapeControl(door.at)}</code>
          <span>
            <Arrow />
          </span>
          <EndpointName id={door.to} />
          <span className="quiet">
            {door.protocol} {door.targetPort ?? door.port}
          </span>
        </summary>
        <div className="inside">
          <p>
            Through <b>{escapeControl(door.through)}</b> <OriginLink origin={door.origin} />
          </p>
          <ul className="notes">
            {[...door.notes, ...reasonTexts(door.reasons)].map((note) => (
              <li key={note}>
                <Sentence text={note} />
              </li>
            ))}
          </ul>
          {from !== undefined && (
            <p>
              <Link to={`/ask?${new URLSearchParams({ from, to: shortName(door.to), port })}`}>
                Ask what policy says of the pod itself
              </Link>
            </p>
          )}
        </div>
      </details>
    </li>
  );
}

function Reach({ rows }: { readonly rows: ExposeAnswer['reach'] }): ReactNode {
  if (rows.length === 0) return null;
  return (
    <section className="group">
      <h2>
        By policy alone <span className="count">{rows.length}</span>{' '}
        <span className="quiet small">
          what addresses outside, nodes and the metadata endpoint send and get, whether or not a door leads there
        </span>
      </h2>
      <Scrolled className="scroll" label="By policy alone">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Allowed</th>
              <th scope="col">Not known</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN_AT_MOST).map((row) => (
              <tr key={`${row.from} ${row.to}`}>
                <td>
                  <EndpointName id={row.from} />
                </td>
                <td>
                  <EndpointName id={row.to} />
                </td>
                <td>{isNothing(row.allowed) ? <span className="quiet">nothing</span> : trafficText(row.allowed)}</td>
                <td>{trafficText(row.unknown)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <Left of={rows.length} />
    </section>
  );
}

/** More rows than anybody reads. */
const SHOWN_AT_MOST = 200;

/** What is not shown is counted. */
function Left({ of }: { readonly of: number }): ReactNode {
  if (of <= SHOWN_AT_MOST) return null;
  return (
    <p className="quiet small">
      {of - SHOWN_AT_MOST} more: a filter finds ways in, Workload tells what is of one, and the command all.
    </p>
  );
}

function Potential({ rows }: { readonly rows: ExposeAnswer['potential'] }): ReactNode {
  if (rows.length === 0) return null;
  return (
    <section className="group">
      <h2>
        Who could come <span className="count">{rows.length}</span>{' '}
        <span className="quiet small">peers that policy lets in or out and that are not in the input</span>
      </h2>
      <ul className="rules card">
        {rows.slice(0, SHOWN_AT_MOST).map((row) => (
          <li key={`${row.endpoint} ${row.direction} ${row.peer} ${row.origin?.line}`}>
            <div>
              <EndpointName id={row.endpoint} /> {row.direction === 'ingress' ? 'lets in' : 'may send to'}{' '}
              <Prose text={row.peer} />
              <span className="quiet">, {row.allowed === 'all' ? 'every port' : trafficText(row.allowed)}</span>{' '}
              <OriginLink origin={row.origin} />
            </div>
          </li>
        ))}
      </ul>
      <Left of={rows.length} />
    </section>
  );
}
