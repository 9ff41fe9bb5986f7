import type { ReactNode } from 'react';
import type { DiffAnswer, HopEntry, MapAnswer, PathAnswer, TrafficList } from '#model/answers.ts';
import { isNothing, layerText, objectText, reasonTexts, trafficText } from '#report/words.ts';
import { getText, withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Arrow } from '../../parts/arrow.tsx';
import { pathAssertion } from '../../parts/assertion.ts';
import { CopyAssertion } from '../../parts/copy-assertion.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Prose, Sentence } from '../../parts/prose.tsx';
import { Answered } from '../../parts/screen.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { choose, Link } from '../../shell/location.tsx';
import { markdownOf } from '../ask-markdown.ts';
import { questionName, type Seat } from './axis.ts';
import type { Pair } from './pair.ts';
import type { Matrix } from './use-matrix.ts';

/** The pair that the reader opened: its ports, and which rules decide. */
export function Side({ matrix, pair }: { readonly matrix: Matrix; readonly pair: Pair }): ReactNode {
  const from = matrix.seats.find(({ entry }) => entry.id === pair.from);
  const to = matrix.seats.find(({ entry }) => entry.id === pair.to);
  return (
    <aside className="card reach-side" aria-label="The pair">
      <header>
        <h2>
          {from?.name ?? pair.from} <Arrow /> {to?.name ?? pair.to}
        </h2>
        <button type="button" className="plain" onClick={() => choose({ from: undefined, to: undefined })}>
          Close
        </button>
      </header>
      {from === undefined || to === undefined ? (
        <p className="quiet">This pair is not among these rows and columns.</p>
      ) : (
        <Body matrix={matrix} from={from} to={to} />
      )}
    </aside>
  );
}

interface Ends {
  readonly matrix: Matrix;
  readonly from: Seat;
  readonly to: Seat;
}

function Body(ends: Ends): ReactNode {
  const { matrix, from, to } = ends;
  if (matrix.asked.base !== '') return <Changed {...ends} />;
  if (matrix.level === 'namespace') return <Folded {...ends} />;
  if (from.entry.kind === 'external' && to.entry.kind === 'external')
    return <p className="quiet">Neither is a pod: no policy of the cluster has a say.</p>;
  if (from === to) return <p className="quiet">Its own traffic with itself is not judged.</p>;
  return <Ports from={questionName(from.entry)} to={questionName(to.entry)} port={matrix.asked.port} />;
}

interface PortsProps {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

function Ports({ from, to, port }: PortsProps): ReactNode {
  const asked = useAnswer<PathAnswer>(withQuery('/path', { from, to, port, changes: 'none' }));
  return (
    <Answered asked={asked}>
      {(answer) => (
        <>
          <p className="reach-verdict">
            <Verdict of={answer.verdict} />{' '}
            <Link to={`/ask?${new URLSearchParams({ from, to, ...(port !== '' && { port }) })}`} row>
              Every hop, and the smallest change
            </Link>
          </p>
          <p className="buttons">
            <CopyButton text={markdownOf(answer)} label="Markdown" />
            <CopyButton
              text={() => getText(withQuery('/path/report', { from, to, port, format: 'svg' }))}
              label="SVG"
            />
            <CopyAssertion of={pathAssertion(answer, { from, to })} />
          </p>
          {answer.allowed !== undefined && <Open allowed={answer.allowed} pair={{ from, to }} />}
          {answer.reasons.length > 0 && (
            <ul className="notes">
              {reasonTexts(answer.reasons).map((text) => (
                <li key={text}>
                  <Prose text={text} />
                </li>
              ))}
            </ul>
          )}
          <h3>What decides</h3>
          <ol className="reach-hops">
            {answer.hops.map((hop) => (
              <Hop key={`${hop.layer} ${hop.at}`} hop={hop} />
            ))}
          </ol>
        </>
      )}
    </Answered>
  );
}

/** The cell opened to its ports. */
function Open({ allowed, pair }: { readonly allowed: TrafficList; readonly pair: Pair }): ReactNode {
  if (isNothing(allowed)) return <p className="quiet">No port is open.</p>;
  if (allowed === 'all') return <p>Every port is open.</p>;
  return (
    <>
      <h3>Open ports</h3>
      <ul className="ports">
        {allowed.flatMap(({ protocol, ports = '' }) =>
          ports.split(',').map((port) => (
            <li key={`${protocol} ${port}`}>
              {/^\d+$/.test(port) ? (
                <Link to={`/ask?${new URLSearchParams({ ...pair, port: `${port}/${protocol}` })}`} row>
                  {`${protocol} ${port}`}
                </Link>
              ) : (
                <span>{trafficText([{ protocol, ...(port !== '' && { ports: port }) }])}</span>
              )}
            </li>
          )),
        )}
      </ul>
    </>
  );
}

function Hop({ hop }: { readonly hop: HopEntry }): ReactNode {
  const rules = hop.rules.filter(({ decides }) => decides);
  return (
    <li>
      <p>
        <Verdict of={hop.verdict} /> <b>{layerText(hop.layer, hop.at)}</b>
      </p>
      <p className="quiet">
        <Sentence text={hop.why} />
      </p>
      {rules.map((rule) => (
        <p key={`${objectText(rule)} ${rule.rule}`}>
          {objectText(rule)} <code>{rule.rule}</code> <OriginLink origin={rule.origin} />
        </p>
      ))}
    </li>
  );
}

function Folded({ matrix, from, to }: Ends): ReactNode {
  const quoted = (id: string) => `"${id}"`;
  const filter = `from:${quoted(from.entry.id)} to:${quoted(to.entry.id)}`;
  const asked = useAnswer<MapAnswer>(withQuery('/map', { fold: 'always', filter }));
  const within = (seat: Seat) => (seat.entry.kind === 'namespace' ? seat.name : undefined);
  const narrowing = [
    ...(within(from) === undefined ? [] : [`from:${quoted(within(from)!)}`]),
    ...(within(to) === undefined ? [] : [`to:${quoted(within(to)!)}`]),
  ].join(' ');
  return (
    <>
      <Answered asked={asked}>
        {({ connections: [connection] }) =>
          connection === undefined ? (
            <p>
              <Verdict of="denied" /> Nothing passes between any two of their workloads.
            </p>
          ) : (
            <dl className="reach-parts">
              <Part name="for every pair" traffic={connection.allowed} />
              {(connection.mixed ?? []).map((entry) => (
                <Part key={`${entry.protocol} ${entry.ports}`} name={entry.why} traffic={[entry]} />
              ))}
              <Part name="not known" traffic={connection.unknown} />
            </dl>
          )
        }
      </Answered>
      <p className="buttons">
        <button
          type="button"
          data-row
          onClick={() =>
            choose({ level: 'workload', z: undefined, from: undefined, to: undefined, q: narrowing }, 'push')
          }
        >
          Their workloads alone
        </button>
        <button
          type="button"
          data-row
          onClick={() => choose({ level: 'workload', z: '12', from: from.entry.id, to: to.entry.id }, 'push')}
        >
          Among all workloads
        </button>
      </p>
      {matrix.asked.port !== '' && (
        <p className="quiet small">Ports here are all; cells are about {matrix.asked.port}.</p>
      )}
    </>
  );
}

function Part({ name, traffic }: { readonly name: string; readonly traffic: TrafficList }): ReactNode {
  if (isNothing(traffic)) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{traffic === 'all' ? 'every port' : trafficText(traffic)}</dd>
    </div>
  );
}

function Changed({ matrix, from, to }: Ends): ReactNode {
  const asked = useAnswer<DiffAnswer>(withQuery('/diff', { base: matrix.asked.base }));
  return (
    <Answered asked={asked}>
      {({ changes }) => {
        const change = changes.find((each) => each.from === from.entry.id && each.to === to.entry.id);
        if (change === undefined) return <p className="quiet">Nothing changed between these two.</p>;
        return (
          <>
            <dl className="reach-parts">
              <Part name="opened" traffic={change.opened} />
              <Part name="closed" traffic={change.closed} />
              <Part name="now unknown, or no longer" traffic={change.unsettled} />
            </dl>
            <p>
              <Link
                to={`/ask?${new URLSearchParams({ from: questionName(from.entry), to: questionName(to.entry) })}`}
                row
              >
                What decides now
              </Link>
            </p>
          </>
        );
      }}
    </Answered>
  );
}
