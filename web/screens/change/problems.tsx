import type { ReactNode } from 'react';
import type { Diagnostic } from '#model/diagnostic.ts';
import { count, originText } from '#report/words.ts';
import { Prose, Sentence } from '../../parts/prose.tsx';

interface ProblemsProps {
  readonly diagnostics: readonly Diagnostic[];
  readonly stale: boolean;
  readonly onGo: (file: string, line: number) => void;
}

/** What is wrong in the edited files, as a list that the keyboard reaches; the same is marked in the text. */
export function Problems({ diagnostics, stale, onGo }: ProblemsProps): ReactNode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return (
    <section className="change-problems" aria-labelledby="problems" aria-busy={stale}>
      <h3 id="problems">
        <span role="status">
          {diagnostics.length === 0
            ? 'Nothing wrong in the edited files'
            : `${count(diagnostics.length, 'diagnostic')}${errors > 0 ? `, ${count(errors, 'error')}` : ''}`}
        </span>
      </h3>
      <ul>
        {diagnostics.map(({ code, severity, message, help, origin }) => (
          <li key={`${code} ${originText(origin)} ${message}`}>
            <button
              type="button"
              data-row
              data-origin={origin && `${origin.file}:${origin.line}`}
              onClick={() => origin !== undefined && onGo(origin.file, origin.line)}
            >
              <span className={`level ${severity}`}>{severity}</span>
              <span className="id">{code}</span>
              <span>
                <Sentence text={message} />
                {help !== undefined && (
                  <span className="quiet">
                    {' '}
                    <Prose text={help} />
                  </span>
                )}
              </span>
              <code>{origin === undefined ? '' : `${origin.line}:${origin.column}`}</code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
