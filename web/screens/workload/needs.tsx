import type { ReactNode } from 'react';
import type { ShownNeed, WorkloadNeeds } from '#model/workload.ts';
import { trafficText } from '#report/words.ts';
import { askUrl, EndpointLink } from '../../parts/endpoint-link.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Sentence } from '../../parts/prose.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { Link } from '../../shell/location.tsx';

interface NeedsProps {
  readonly needs: WorkloadNeeds;
  readonly id: string;
}

/** What it evidently talks to, whatever policy says to it. */
export function Needs({ needs, id }: NeedsProps): ReactNode {
  const { out, in: into, open } = needs;
  return (
    <section className="card part" aria-labelledby="needs">
      <h2 id="needs">
        What it needs <span className="count">{out.length + into.length}</span>
      </h2>
      <p className="quiet small">as its configuration, Services and routes in the input show; never a guess</p>
      {out.length + into.length + open.length === 0 && <p>Nothing in the input shows what it talks to.</p>}
      <List title="It asks" needs={out} own={id} isOut />
      <List title="It is asked by" needs={into} own={id} isOut={false} />
      {open.length > 0 && (
        <>
          <h3>May stand for more</h3>
          <ul className="rules">
            {open.map(({ why, origin }) => (
              <li key={`${why} ${origin.line}`}>
                <span className="quiet">
                  <Sentence text={why} />
                </span>{' '}
                <OriginLink origin={origin} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface ListProps {
  readonly title: string;
  readonly needs: readonly ShownNeed[];
  readonly own: string;
  readonly isOut: boolean;
}

function List({ title, needs, own, isOut }: ListProps): ReactNode {
  if (needs.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="rules">
        {needs.map((need) => (
          <li key={`${need.with} ${trafficText(need.ports)} ${need.cause} ${need.origin.line}`}>
            <div className="line">
              {need.verdict !== undefined && <Verdict of={need.verdict} />}
              {need.endpoint === undefined ? <b>{need.with}</b> : <EndpointLink id={need.endpoint} />}
              <span className="traffic">{need.ports.length === 0 ? 'any port' : trafficText(need.ports)}</span>
              <Asked need={need} own={own} isOut={isOut} />
            </div>
            <p className="quiet small">
              <Sentence text={need.why} /> <OriginLink origin={need.origin} />
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Asked({
  need: { asked, ports },
  own,
  isOut,
}: Pick<ListProps, 'own' | 'isOut'> & { readonly need: ShownNeed }): ReactNode {
  const [port] = ports;
  if (asked === undefined) return null;
  const [from, to] = isOut ? [own, asked] : [asked, own];
  return (
    <Link
      to={askUrl({ from, to, ...(port?.ports !== undefined && { port: `${port.ports}/${port.protocol}` }) })}
      className="small"
    >
      why
    </Link>
  );
}
