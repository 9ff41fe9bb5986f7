import type { ReactNode } from 'react';
import type { Disagreement, EgressAnswer } from '#model/egress.ts';
import { DISAGREEMENT_WORDS } from '#report/egress-words.ts';
import { count, reasonTexts, trafficText } from '#report/words.ts';
import { Arrow } from '../../parts/arrow.tsx';
import { EndpointLink } from '../../parts/endpoint-link.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { Prose } from '../../parts/prose.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { Link, usePlace } from '../../shell/location.tsx';
import { Evidence } from './evidence.tsx';
import { pathUrl, questionOf } from './links.ts';

const FORM: FilterForm<Disagreement> = {
  fields: ['state', 'from', 'to', 'layer', 'namespace', 'protocol'],
  of: ({ state, from, to, layers, traffic, by }) => ({
    fields: {
      state: [state],
      from,
      to,
      layer: layers,
      namespace: from.map((id) => (id.includes('/') ? id.split('/')[0] : undefined)),
      protocol: traffic === 'all' ? [] : traffic.map(({ protocol }) => protocol),
    },
    text: [...from, ...to, trafficText(traffic), ...by.map(({ resource, field = '' }) => `${resource} ${field}`)].join(
      ' ',
    ),
  }),
};

const STATES: readonly { readonly state: Disagreement['state']; readonly mark: string; readonly about: string }[] = [
  { state: 'policy-allows', mark: '✕', about: 'it will not work, whatever policy of the cluster says' },
  { state: 'unknown', mark: '?', about: 'a fact is missing, which the reason names' },
  { state: 'azure-allows', mark: '±', about: 'wider than anybody needs: if policy of the cluster goes, this is open' },
];

/** Where policy of the cluster and the network around it do not say the same. */
export function Differences({ answer }: { readonly answer: EgressAnswer }): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const { list, problem } = useFilter(answer.disagreements, filter, FORM);
  if (answer.disagreements.length === 0) return <Agreement answer={answer} />;
  return (
    <>
      <FilterBox
        filter={filter}
        problem={problem}
        shown={list.length}
        of={count(answer.disagreements.length, 'difference')}
        hint="state:policy-allows namespace:shop layer:firewall"
      />
      {STATES.map(({ state, mark, about }) => {
        const own = list.filter((each) => each.state === state);
        if (own.length === 0) return null;
        return (
          <section key={state} className="card part" aria-labelledby={`differ-${state}`}>
            <h2 id={`differ-${state}`}>
              <span className={`tone ${state}`} aria-hidden="true">
                {mark}
              </span>{' '}
              {sentenceCase(DISAGREEMENT_WORDS[state])} <span className="count">{own.length}</span>{' '}
              <span className="quiet small">{about}</span>
            </h2>
            <ul className="rules">
              {own.map((each) => (
                <Difference key={`${each.from.join()} ${each.to.join()} ${trafficText(each.traffic)}`} of={each} />
              ))}
            </ul>
          </section>
        );
      })}
      <Unlimited ids={answer.unlimited} />
    </>
  );
}

function Agreement({ answer }: { readonly answer: EgressAnswer }): ReactNode {
  return (
    <>
      <p className="card">
        {answer.cluster === undefined
          ? 'Layers are not compared: the input has no cluster of Azure, or several.'
          : 'Policy of the cluster and the network around it say the same of everything that leaves.'}
      </p>
      <Unlimited ids={answer.unlimited} />
    </>
  );
}

function Difference({ of }: { readonly of: Disagreement }): ReactNode {
  const question = questionOf(of);
  return (
    <li data-row tabIndex={-1}>
      <div className="line">
        <Names of={of.from} /> <Arrow /> <Names of={of.to} />
        <span>{trafficText(of.traffic)}</span>
        {of.layers.length > 0 && <span className="quiet small">decided by {of.layers.join(', ')}</span>}
        {question !== undefined && <Link to={pathUrl(question)}>Rules on this path</Link>}
      </div>
      {reasonTexts(of.reasons).map((text) => (
        <p key={text} className="unsure-text">
          <Prose text={text} />
        </p>
      ))}
      <Evidence of={of.by} />
    </li>
  );
}

const FIRST = 6;

function Names({ of }: { readonly of: readonly string[] }): ReactNode {
  return (
    <span>
      {of.slice(0, FIRST).map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <EndpointLink id={id} />
        </span>
      ))}
      {of.length > FIRST && <span className="quiet"> and {of.length - FIRST} more</span>}
    </span>
  );
}

function Unlimited({ ids }: { readonly ids: readonly string[] }): ReactNode {
  if (ids.length === 0) return null;
  return (
    <section className="card part" aria-labelledby="unlimited">
      <h2 id="unlimited">
        Limited by no policy <span className="count">{ids.length}</span>{' '}
        <span className="quiet small">the network alone decides what these send; they are not compared</span>
      </h2>
      <ul className="rules">
        {ids.map((id) => (
          <li key={id} data-row tabIndex={-1}>
            <EndpointLink id={id} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
