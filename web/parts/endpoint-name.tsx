import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';

/** `shop/web` of `shop/Deployment/web`; anything else as it is. */
export function shortName(id: string): string {
  const parts = id.split('/');
  return parts.length === 3 && /^[A-Z]/.test(parts[1]!) ? `${parts[0]}/${parts[2]}` : id;
}

/** The name first for the eye, then where it is and what. */
export function EndpointName({ id }: { readonly id: string }): ReactNode {
  const parts = escapeControl(id).split('/');
  if (parts.length !== 3 || !/^[A-Z]/.test(parts[1]!)) return <b className="endpoint">{escapeControl(id)}</b>;
  return (
    <span className="endpoint">
      <span className="quiet">{parts[0]}/</span>
      <b>{parts[2]}</b> <span className="kind">{parts[1]}</span>
    </span>
  );
}
