import type { ReactNode } from 'react';
import { Link } from '../shell/location.tsx';
import { EndpointName, shortName } from './endpoint-name.tsx';

/** Where an endpoint is told about; undefined for what is neither workload nor node. */
export function workloadUrl(id: string): string | undefined {
  const whole = id.replace(/#\d+$/, '');
  const isWorkload = whole.split('/').length === 3 && /^[^/]*\/[A-Z]/.test(whole);
  return isWorkload || whole.startsWith('node:') ? `/workload?${new URLSearchParams({ id: whole })}` : undefined;
}

/** Its name, which leads to everything about it. */
export function EndpointLink({ id }: { readonly id: string }): ReactNode {
  const url = workloadUrl(id);
  if (url === undefined) return <EndpointName id={id} />;
  return (
    <Link to={url} className="endpoint-link">
      <EndpointName id={id} />
    </Link>
  );
}

/** A question about two endpoints. */
export function askUrl({
  from,
  to,
  port,
}: {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
}): string {
  const query = { from: askName(from), to: askName(to), ...(port !== undefined && { port }) };
  return `/ask?${new URLSearchParams(query)}`;
}

/** As questions take it: a part of a workload is asked about with the whole. */
function askName(id: string): string {
  return shortName(id.replace(/#\d+$/, ''));
}
