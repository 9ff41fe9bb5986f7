import type { ReactNode } from 'react';
import type { NamesAnswer } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { EndpointLink } from '../../parts/endpoint-link.tsx';
import { choose } from '../../shell/location.tsx';

export interface ScopeQuery {
  readonly namespace: string;
  readonly workload: string;
}

/** Whom the stack is for: everybody, a namespace, or the workload that led here. */
export function Scope({ scope: { namespace, workload } }: { readonly scope: ScopeQuery }): ReactNode {
  const names = useAnswer<NamesAnswer>('/names?q=ns:&limit=200').data?.names ?? [];
  const namespaces = names.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name.slice('ns:'.length));
  return (
    <div className="scope">
      <label htmlFor="scope">For</label>
      <select
        id="scope"
        value={workload === '' ? namespace : ''}
        onChange={(event) => choose({ namespace: event.target.value, workload: undefined, rows: undefined })}
      >
        <option value="">everybody</option>
        {[...new Set([...namespaces, ...(namespace === '' ? [] : [namespace])])].map((each) => (
          <option key={each} value={each}>
            namespace {each}
          </option>
        ))}
      </select>
      {workload !== '' && (
        <>
          <EndpointLink id={workload} />
          <button type="button" className="copy" onClick={() => choose({ workload: undefined })}>
            For everybody
          </button>
        </>
      )}
    </div>
  );
}
