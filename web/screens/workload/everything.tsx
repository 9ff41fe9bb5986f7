import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { Exposure } from '#model/answers.ts';
import type { Finding } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { useLive } from '../../api/live.ts';
import type { WorkloadAnswer } from '../../api/workload-answers.ts';
import { FilterBox } from '../../parts/filter-box.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Sentence } from '../../parts/prose.tsx';
import { Severity } from '../../parts/severity.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { Link, usePlace } from '../../shell/location.tsx';
import { AzureWays } from './azure.tsx';
import { Isolate } from './isolate.tsx';
import { Needs } from './needs.tsx';
import { PEER_FORM, Peers, peersOf } from './peers.tsx';
import { SelectingRules } from './rules.tsx';
import { Who } from './who.tsx';

/** One workload or node, from who it is to how it is cut off. */
export function Everything({ answer }: { readonly answer: WorkloadAnswer }): ReactNode {
  const { query } = usePlace();
  const filter = query.get('q') ?? '';
  const peers = peersOf(answer);
  const { list, problem } = useFilter(peers, filter, PEER_FORM);
  const hasAzure = (useLive().environment?.counts.azure ?? 0) > 0;
  const isolating = query.get('isolate');
  return (
    <>
      <Who answer={answer} />
      {isolating !== null && <Isolate answer={answer} way={isolating} />}
      <FilterBox
        filter={filter}
        problem={problem}
        shown={list.length}
        of={count(peers.length, 'connection')}
        hint="direction:in namespace:shop* verdict:allowed"
      />
      <div className="columns even">
        <Peers answer={answer} direction="in" peers={list.filter(({ direction }) => direction === 'in')} />
        <Peers answer={answer} direction="out" peers={list.filter(({ direction }) => direction === 'out')} />
      </div>
      <SelectingRules answer={answer} />
      <div className="columns even">
        <div>
          <Findings findings={answer.findings} />
          <WaysIn exposures={answer.exposures} />
        </div>
        <div>
          <Needs needs={answer.needs} id={answer.id} />
          {hasAzure && !answer.id.startsWith('node:') && <AzureWays id={answer.id} />}
        </div>
      </div>
    </>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  return (
    <section className="card part" aria-labelledby="own-findings">
      <h2 id="own-findings">
        Findings <span className="count">{findings.length}</span>
      </h2>
      {findings.length === 0 && <p className="quiet">No control fails here.</p>}
      <ul className="rules">
        {findings.map((finding) => (
          <li key={finding.fingerprint}>
            <div className="line">
              <Severity of={finding.severity} />
              <Link to={`/findings?${new URLSearchParams({ finding: finding.fingerprint })}`} row>
                <Sentence text={finding.message} />
              </Link>
            </div>
            <p className="quiet small">
              <span className="id">{finding.control}</span> {finding.title}
              {finding.suppressed !== null && <span className="chip">accepted</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WaysIn({ exposures }: { readonly exposures: readonly Exposure[] }): ReactNode {
  return (
    <section className="card part" aria-labelledby="own-exposure">
      <h2 id="own-exposure">
        Ways in that end here <span className="count">{exposures.length}</span>
      </h2>
      {exposures.length === 0 && (
        <p className="quiet">No Service, Ingress, Gateway or host port leads here from outside.</p>
      )}
      <ul className="rules">
        {exposures.map((door) => (
          <li key={`${door.through} ${door.at} ${door.protocol} ${door.port} ${door.origin.line}`}>
            <div className="line">
              <Verdict of={door.verdict} />
              <code className="at">{escapeControl(door.at)}</code>
              <span className="chip">{SCOPES[door.scope]}</span>
            </div>
            <p className="quiet small">
              through {escapeControl(door.through)} to {door.protocol} {door.targetPort ?? door.port}{' '}
              <OriginLink origin={door.origin} />
            </p>
          </li>
        ))}
      </ul>
      {exposures.length > 0 && (
        <p className="small">
          <Link to={`/exposure?${new URLSearchParams({ q: `to:${exposures[0]!.to}` })}`}>All of it in Exposure</Link>
        </p>
      )}
    </section>
  );
}

const SCOPES: Readonly<Record<Exposure['scope'], string>> = {
  internet: 'from the internet',
  network: 'from the virtual network',
  node: 'at addresses of nodes',
  cluster: 'from inside the cluster',
  none: 'not open now',
};
