import type { ReactNode } from 'react';
import { layerText, reasonTexts } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { AzurePathAnswer } from '../../api/workload-answers.ts';
import { askUrl } from '../../parts/endpoint-link.tsx';
import { shortName } from '../../parts/endpoint-name.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Prose, Sentence } from '../../parts/prose.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { Link } from '../../shell/location.tsx';

/** What the network around the cluster says to it, out and in. */
export function AzureWays({ id }: { readonly id: string }): ReactNode {
  const name = shortName(id);
  return (
    <section className="card part" aria-labelledby="azure-ways">
      <h2 id="azure-ways">Through Azure</h2>
      <Way title="Out to the internet" from={name} to="internet" />
      <Way title="In from the internet" from="internet" to={name} />
    </section>
  );
}

interface WayProps {
  readonly title: string;
  readonly from: string;
  readonly to: string;
}

function Way({ title, from, to }: WayProps): ReactNode {
  const { data, problem } = useAnswer<AzurePathAnswer>(withQuery('/azure/path', { from, to, port: '443/TCP' }));
  const layers = data?.branches[0]?.layers ?? [];
  return (
    <div className="azure-way">
      <h3>
        {title} <span className="quiet small">on TCP 443</span>{' '}
        {data !== undefined && (
          <Link to={askUrl({ from, to, port: '443/TCP' })} row>
            <Verdict of={data.verdict} />
          </Link>
        )}
      </h3>
      {problem !== undefined && <Problem of={problem} />}
      {data !== undefined && layers.length === 0 && <p className="quiet small">No layer of Azure is on this way.</p>}
      <ol className="rules">
        {layers.map((hop) => {
          const decider = hop.rules.find(({ decides }) => decides);
          return (
            <li key={`${hop.layer} ${hop.at}`}>
              <div className="line">
                <Verdict of={hop.verdict} />
                <span>{layerText(hop.layer, shortName(hop.at))}</span>
              </div>
              <p className="quiet small">
                <Sentence text={hop.why} /> {decider !== undefined && <OriginLink origin={decider.origin} />}
              </p>
              {reasonTexts(hop.reasons).map((text) => (
                <p key={text} className="unsure-text small">
                  <Prose text={text} />
                </p>
              ))}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
