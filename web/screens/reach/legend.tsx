import type { ReactNode } from 'react';
import { type AnyCell, LOOKS } from './looks.ts';
import type { Matrix } from './use-matrix.ts';

const USUAL: readonly AnyCell[] = ['all', 'some', 'mixed', 'denied', 'unknown', 'open'];
const CHANGED: readonly AnyCell[] = ['opened', 'closed', 'both', 'unsettled'];

/** What the forms mean, and the keys. */
export function Legend({ matrix }: { readonly matrix: Matrix }): ReactNode {
  const isCompared = matrix.asked.base !== '';
  return (
    <div>
      <ul className="legend">
        {(isCompared ? CHANGED : USUAL).map((cell) => (
          <li key={cell} title={LOOKS[cell].about}>
            <Form of={cell} /> {LOOKS[cell].word}
          </li>
        ))}
      </ul>
      <p className="quiet small" id="reach-keys">
        <kbd>← ↑ → ↓</kbd> move · <kbd>Enter</kbd> why · <kbd>[</kbd> <kbd>]</kbd>{' '}
        {isCompared ? 'changed cells' : 'denied cells'} · <kbd>+</kbd> <kbd>−</kbd> nearer and farther
        {matrix.level === 'namespace' && !isCompared && ', on to workloads'}
      </p>
    </div>
  );
}

/** The form of a cell, as the matrix draws it. */
export function Form({ of }: { readonly of: AnyCell }): ReactNode {
  return (
    <svg className="cell-form" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <rect x=".5" y=".5" width="15" height="15" className="cell-edge" />
      {LOOKS[of].parts.map(({ tone, how, path }) => (
        <path key={path} d={path} className={`${how} ${tone}`} />
      ))}
    </svg>
  );
}
