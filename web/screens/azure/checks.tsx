import { type ReactNode, useMemo } from 'react';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { EgressAnswer } from '#model/egress.ts';
import { FACT_VERDICTS } from '#report/egress-words.ts';
import { count, MARKS } from '#report/words.ts';
import { FilterBox } from '../../parts/filter-box.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Severity } from '../../parts/severity.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { usePlace } from '../../shell/location.tsx';
import { Evidence } from './evidence.tsx';

/** One thing that was looked at, whatever it is. */
interface Check {
  readonly group: Group;
  readonly state: AzureFact['state'];
  readonly severity: AzureFact['severity'];
  readonly message: string;
  readonly evidence: readonly AzureEvidence[];
  readonly source: string;
}

type Group = 'bypass' | 'unneeded' | 'wide' | 'flow' | 'plan' | 'retired';

const GROUPS: readonly { readonly group: Group; readonly title: string; readonly none: string }[] = [
  { group: 'bypass', title: 'Ways past the rules', none: 'nothing goes past them' },
  { group: 'unneeded', title: 'Rules that nobody needs', none: 'every rule lets through something that is needed' },
  { group: 'wide', title: 'Rules that are wider than needed', none: 'none is' },
  { group: 'flow', title: 'What the cluster itself needs', none: 'nothing was checked' },
  { group: 'plan', title: 'Address plan', none: 'nothing was checked' },
  { group: 'retired', title: 'Retirements', none: 'nothing that is used ends' },
];

/** In the order of the screen. */
function checksIn(answer: EgressAnswer): readonly Check[] {
  const told = (group: Group, facts: readonly AzureFact[]): Check[] => facts.map((fact) => ({ group, ...fact }));
  return [
    ...told('bypass', answer.bypasses),
    ...answer.unneeded.map(
      ({ kind, name, rule, evidence }): Check => ({
        group: 'unneeded',
        state: 'FAIL',
        severity: 'low',
        message: `${kind} ${name}: ${rule} allows what policy allows no workload, and what no node must reach`,
        evidence: [evidence],
        source: '',
      }),
    ),
    ...told('wide', answer.wide),
    ...told('flow', answer.flows),
    ...told('plan', answer.addressPlan),
    ...told('retired', answer.retirements),
  ];
}

const FORM: FilterForm<Check> = {
  fields: ['group', 'state', 'severity'],
  of: ({ group, state, severity, message, evidence }) => ({
    fields: { group: [group], state: [state], severity: [severity] },
    text: [message, ...evidence.map(({ resource, field = '' }) => `${resource} ${field}`)].join(' '),
  }),
};

/** What the network shows by itself, whoever asks. */
export function Checks({ answer }: { readonly answer: EgressAnswer }): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const all = useMemo(() => checksIn(answer), [answer]);
  const { list, problem } = useFilter(all, filter, FORM);
  return (
    <>
      <FilterBox
        filter={filter}
        problem={problem}
        shown={list.length}
        of={count(all.length, 'check')}
        hint="state:fail,unknown severity:high group:bypass"
      />
      {GROUPS.map(({ group, title, none }) => {
        const own = list.filter((each) => each.group === group);
        if (own.length === 0 && filter !== '') return null;
        return (
          <section key={group} className="card part" aria-labelledby={`checks-${group}`}>
            <h2 id={`checks-${group}`}>
              {title} <span className="count">{own.length}</span>
            </h2>
            {own.length === 0 && <p className="quiet">{none}</p>}
            <ul className="rules">
              {own.map((check) => (
                <CheckRow key={`${check.message} ${check.evidence[0]?.origin.line}`} check={check} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

const STATES: Readonly<Record<AzureFact['state'], string>> = {
  PASS: 'passes',
  FAIL: 'fails',
  UNKNOWN: 'unknown',
};

function CheckRow({ check: { state, severity, message, evidence, source } }: { readonly check: Check }): ReactNode {
  return (
    <li>
      <details open={state !== 'PASS'}>
        <summary data-row>
          <span className={`azure-effect check ${FACT_VERDICTS[state]}`}>
            <span aria-hidden="true">{MARKS[FACT_VERDICTS[state]]}</span> {STATES[state]}
          </span>{' '}
          {state !== 'PASS' && <Severity of={severity} />} <Prose text={message} />
        </summary>
        <Evidence of={evidence} />
        {source !== '' && <p className="quiet small">{source}</p>}
      </details>
    </li>
  );
}
