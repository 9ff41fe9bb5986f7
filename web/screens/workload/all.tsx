import { type ReactNode, useDeferredValue } from 'react';
import type { EndpointEntry } from '#model/answers.ts';
import { count } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { EndpointsAnswer } from '../../api/workload-answers.ts';
import { useCommand } from '../../parts/command.ts';
import { workloadUrl } from '../../parts/endpoint-link.tsx';
import { EndpointName } from '../../parts/endpoint-name.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Answered, Screen } from '../../parts/screen.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import { choose, Link, usePlace } from '../../shell/location.tsx';

const STEP = 200;

/** Every workload and node, a page at a time: the server filters, whatever their number. */
export function AllWorkloads(): ReactNode {
  const { query } = usePlace();
  const filter = query.get('q') ?? '';
  const most = Math.max(STEP, Number(query.get('rows') ?? '') || 0);
  const path = withQuery('/endpoints', {
    filter: `kind:workload,node ${useDeferredValue(filter)}`,
    limit: `${most}`,
  });
  const asked = useAnswer<EndpointsAnswer>(path);
  const command = useCommand(['map'], ['-o', 'json']);
  const { data } = asked;
  const isSlip = asked.problem?.status === 400;
  return (
    <Screen title="Workload" about="Choose one: who it reaches, who reaches it, and by which rules" command={command}>
      <FilterBox
        filter={filter}
        problem={isSlip ? asked.problem?.message : undefined}
        shown={data?.endpoints.length ?? 0}
        of={count(data?.total ?? 0, 'workload or node', 'workloads and nodes')}
        hint="namespace:shop* workload:Deployment name"
      />
      <Answered asked={isSlip ? { ...asked, problem: undefined } : asked}>
        {({ endpoints, total }) => (
          <>
            {endpoints.length === 0 ? <Nothing filter={filter} /> : <Rows endpoints={endpoints} />}
            {total > endpoints.length && (
              <p className="more">
                <button type="button" className="copy" onClick={() => choose({ rows: `${most + STEP}` })}>
                  Show {Math.min(STEP, total - endpoints.length)} more
                </button>
                <span className="quiet">{total - endpoints.length} are not shown</span>
              </p>
            )}
          </>
        )}
      </Answered>
    </Screen>
  );
}

function Nothing({ filter }: { readonly filter: string }): ReactNode {
  return (
    <p className="card">
      {filter === '' ? 'No workload and no node was read.' : 'No workload and no node fits the filter.'}
    </p>
  );
}

function Rows({ endpoints }: { readonly endpoints: readonly EndpointEntry[] }): ReactNode {
  return (
    <Scrolled className="scroll" label="Workloads and nodes">
      <table className="workloads">
        <thead>
          <tr>
            <th scope="col">Workload or node</th>
            <th scope="col">Namespace</th>
            <th scope="col">Pods</th>
            <th scope="col">Written in</th>
          </tr>
        </thead>
        <tbody>
          {endpoints.map((each) => (
            <Row key={each.id} endpoint={each} />
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

function Row({
  endpoint: { id, namespace, pods = [], hostNetwork, origin },
}: {
  readonly endpoint: EndpointEntry;
}): ReactNode {
  return (
    <tr>
      <th scope="row">
        <Link to={workloadUrl(id) ?? '/workload'} row>
          <EndpointName id={id} />
        </Link>{' '}
        {hostNetwork === true && <span className="chip">on the network of its node</span>}
      </th>
      <td>{namespace}</td>
      <td>{pods.length === 0 ? <span className="quiet">template</span> : pods.length}</td>
      <td>
        <OriginLink origin={origin} />
      </td>
    </tr>
  );
}
