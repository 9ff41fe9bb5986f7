import type { ReactNode } from 'react';
import { API, withQuery } from '../../api/client.ts';

const FORMS: readonly (readonly [format: string, label: string, about: string])[] = [
  ['html', "Auditor's report", 'one page of HTML that needs nothing else'],
  ['oscal', 'OSCAL', 'assessment results, NIST'],
  ['csv', 'CSV', 'a row for each finding'],
  ['sarif', 'SARIF', 'for code scanning'],
];

interface ExportProps {
  readonly framework?: string;
  readonly namespace?: string | undefined;
}

/** The evidence as files, as `scan -o FORMAT` writes them. */
export function Export({ framework, namespace }: ExportProps): ReactNode {
  return (
    <section className="card part" aria-labelledby="export">
      <h2 id="export">Take the evidence with you</h2>
      <ul className="exports">
        {FORMS.map(([format, label, about]) => (
          <li key={format}>
            <a className="copy" href={API + withQuery('/scan/report', { format, framework, namespace })} download>
              {label}
            </a>{' '}
            <span className="quiet small">{about}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
