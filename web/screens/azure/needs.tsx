import type { ReactNode } from 'react';
import type { EgressAnswer, RequiredEndpoint } from '#model/egress.ts';
import { needText, portText } from '#report/egress-words.ts';
import { count, originText, reasonTexts } from '#report/words.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { csvLines } from '../../parts/csv.ts';
import { EndpointLink } from '../../parts/endpoint-link.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { usePlace } from '../../shell/location.tsx';
import { Cluster } from './cluster.tsx';
import { EgressDrawing } from './drawing.tsx';
import { Evidence } from './evidence.tsx';
import { WAY_WORDS } from './flows.ts';

const FORM: FilterForm<RequiredEndpoint> = {
  fields: ['destination', 'feature', 'need', 'verdict', 'way', 'subnet', 'protocol', 'port'],
  of: ({ destination, feature, need, verdict, ways, protocol, port, use }) => ({
    fields: {
      destination: [destination],
      feature: [feature],
      need: [need],
      verdict: [verdict],
      way: ways.flatMap(({ kind, name }) => [kind, name]),
      subnet: ways.map(({ subnet }) => (subnet === '' ? 'nodes' : subnet)),
      protocol: [protocol],
      port: [`${port}`],
    },
    text: [destination, feature, use, ...ways.map(({ name }) => name)].join(' '),
  }),
};

/** What the nodes must reach: by which way it leaves, whether it gets through, and by which rule. */
export function Needs({ answer }: { readonly answer: EgressAnswer }): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const { list, problem } = useFilter(answer.required, filter, FORM);
  return (
    <>
      {answer.cluster !== undefined && <Cluster cluster={answer.cluster} />}
      {answer.required.length === 0 ? (
        <p className="card">
          No endpoint is known to be needed: the input has no cluster of Azure, or several. With several,{' '}
          <code>--azure-cluster NAME</code> says which of them the manifests are of.
        </p>
      ) : (
        <section className="part" aria-labelledby="what-nodes-need">
          <h2 id="what-nodes-need">What the nodes must reach, and by which way</h2>
          <EgressDrawing required={answer.required} shown={new Set(list)} />
          <FilterBox
            filter={filter}
            problem={problem}
            shown={list.length}
            of={count(answer.required.length, 'endpoint')}
            hint="feature:cluster way:firewall -verdict:allowed"
          />
          <NeedTable list={list} />
          <p className="more">
            <CopyButton text={csvOf(list)} label="Copy CSV" />
          </p>
        </section>
      )}
    </>
  );
}

function NeedTable({ list }: { readonly list: readonly RequiredEndpoint[] }): ReactNode {
  if (list.length === 0) return <p className="card">No endpoint fits the filter.</p>;
  return (
    <Scrolled className="scroll" label="What the nodes must reach">
      <table className="azure-table needs">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Destination</th>
            <th scope="col">Way out</th>
            <th scope="col">Decided by</th>
          </tr>
        </thead>
        <tbody>
          {list.map((each) => (
            <tr key={`${each.destination} ${each.protocol} ${each.port} ${each.feature}`} data-row tabIndex={-1}>
              <td className="narrow">
                <Verdict of={each.verdict} />
              </td>
              <th scope="row">
                <span className="destination">{each.destination}</span> <span className="quiet">{portText(each)}</span>
                <span className="quiet small">
                  {needText(each)}
                  {each.use !== '' && `, ${each.use}`}
                </span>
              </th>
              <td>
                {each.ways.map(({ subnet, kind, name }) => (
                  <div key={`${subnet} ${kind} ${name}`}>
                    {name} <span className="quiet small">{WAY_WORDS[kind]}</span>
                  </div>
                ))}
                {each.ways.length === 0 && <span className="quiet">not known</span>}
              </td>
              <td>
                <Decided of={each} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function Decided({ of: { by, reasons, from, verdict } }: { readonly of: RequiredEndpoint }): ReactNode {
  return (
    <>
      {verdict === 'allowed' && by.length > 1 ? (
        <details>
          <summary>{count(by.length, 'layer')} let it through</summary>
          <Evidence of={by} />
        </details>
      ) : (
        <Evidence of={by} />
      )}
      {reasonTexts(reasons).map((text) => (
        <p key={text} className="unsure-text">
          <Prose text={text} />
        </p>
      ))}
      {from.length > 0 && (
        <p className="small">
          <span className="quiet">from</span>{' '}
          {from.map((id) => (
            <EndpointLink key={id} id={id} />
          ))}
        </p>
      )}
    </>
  );
}

function csvOf(list: readonly RequiredEndpoint[]): string {
  const head = ['verdict', 'destination', 'protocol', 'port', 'feature', 'need', 'way', 'decided by', 'source'];
  const rows = list.map(({ verdict, destination, protocol, port, feature, need, ways, by }) => [
    verdict,
    destination,
    protocol,
    `${port}`,
    feature,
    need,
    ways.map(({ kind, name }) => `${kind} ${name}`).join('; '),
    by.map(({ resource, field = '', value = '' }) => `${resource} ${field} ${value}`.trim()).join('; '),
    by.map(({ origin }) => originText(origin)).join('; '),
  ]);
  return csvLines([head, ...rows]);
}
