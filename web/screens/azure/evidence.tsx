import type { ReactNode } from 'react';
import type { AzureEvidence } from '#model/azure/fact.ts';
import { OriginLink } from '../../parts/origin-link.tsx';

/** Rules and resources by the last part of their id, with the lines that say so. */
export function Evidence({ of }: { readonly of: readonly AzureEvidence[] }): ReactNode {
  return (
    <ul className="evidence">
      {of.map(({ resource, field, value, origin }) => (
        <li key={`${resource} ${field} ${value} ${origin.file} ${origin.line}`}>
          <b>{resource.startsWith('/') ? resource.slice(resource.lastIndexOf('/') + 1) : resource}</b>{' '}
          {field !== undefined && <code>{field}</code>} <span className="quiet">{value}</span>{' '}
          <OriginLink origin={origin} />
        </li>
      ))}
    </ul>
  );
}
