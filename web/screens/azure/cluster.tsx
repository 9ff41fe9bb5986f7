import type { ReactNode } from 'react';
import type { EgressCluster } from '#model/egress.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { AzurePathAnswer } from '../../api/workload-answers.ts';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Answered } from '../../parts/screen.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { Link } from '../../shell/location.tsx';
import { pathUrl } from './links.ts';

const FROM_OUTSIDE = { from: 'internet', to: 'apiserver', port: '443/TCP' } as const;

/** How the cluster stands in its network, and whether its API server can be asked from outside. */
export function Cluster({ cluster }: { readonly cluster: EgressCluster }): ReactNode {
  const asked = useAnswer<AzurePathAnswer>(withQuery('/azure/path', { ...FROM_OUTSIDE }));
  return (
    <section className="card azure-cluster" aria-labelledby="azure-cluster">
      <h2 id="azure-cluster">
        {cluster.name} <OriginLink origin={cluster.origin} />
      </h2>
      <dl>
        <Fact name="Location">{cluster.location ?? 'not known'}</Fact>
        <Fact name="Addresses of pods">{cluster.networkMode}</Fact>
        <Fact name="Outbound type">{cluster.outboundType}</Fact>
        <Fact name="API server">
          <Answered asked={asked}>{(answer) => <ApiServer answer={answer} />}</Answered>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const API: Readonly<Record<PathVerdict, string>> = {
  allowed: 'public: the internet reaches it',
  denied: 'closed to the internet',
  unknown: 'not known whether the internet reaches it',
  mixed: 'a part of the internet reaches it',
};

function ApiServer({ answer }: { readonly answer: AzurePathAnswer }): ReactNode {
  const rules = answer.branches.flatMap(({ layers }) => layers.flatMap((layer) => layer.rules));
  const told = rules.filter(({ decides, action, matches }) => decides || (action === 'log' && matches !== 'no'));
  return (
    <>
      <Link to={pathUrl(FROM_OUTSIDE)} row>
        <Verdict of={answer.verdict} />
      </Link>{' '}
      {API[answer.verdict]}
      <ul className="evidence">
        {told.map(({ rule, action, origin }) => (
          <li key={`${rule} ${action}`}>
            <span className="quiet">{action === 'log' ? 'note:' : 'by'}</span> {rule} <OriginLink origin={origin} />
          </li>
        ))}
      </ul>
    </>
  );
}
