import type { ReactNode } from 'react';
import type { BaselineScope, BaselineState } from '#model/baselines.ts';

interface StateWords {
  readonly mark: string;
  readonly word: string;
  readonly about: string;
}

/** Each state keeps a mark and a word of its own: what is not known is never a failure, nor a pass. */
export const STATES: Readonly<Record<BaselineState, StateWords>> = {
  FAIL: { mark: '✕', word: 'fails', about: 'evidence proves the violation' },
  PARTIAL: { mark: '◪', word: 'fails in part', about: 'for some places' },
  WARN: { mark: '!', word: 'warns', about: 'met by one layer only, wide, or close to a date' },
  ACCEPTED: { mark: '⊘', word: 'accepted', about: 'it fails, and somebody answers for it' },
  UNKNOWN: { mark: '?', word: 'not assessable', about: 'the evidence is not in the input' },
  MANUAL: { mark: '✎', word: 'for a person', about: 'somebody has to answer a question' },
  PASS: { mark: '✓', word: 'passes', about: 'evidence proves it' },
  'PASS-PLATFORM': { mark: '✓', word: 'the provider meets it', about: 'by default, and says so' },
  NA: { mark: '–', word: 'does not apply', about: 'what it is about is not there' },
  'NA-PROVIDER': { mark: '–', word: 'run by the provider', about: 'the user cannot set it' },
  NONE: { mark: '∅', word: 'not assessed', about: 'no control assesses it' },
};

export function State({ of }: { readonly of: BaselineState }): ReactNode {
  const { mark, word } = STATES[of];
  return (
    <span className={`baseline-state ${of}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}

export function scopeText({ kind, name }: Pick<BaselineScope, 'kind' | 'name'>): string {
  switch (kind) {
    case 'all':
      return 'everything';
    case 'cluster':
      return 'cluster as a whole';
    case 'azure':
      return 'Azure';
    case 'namespace':
      return name;
  }
}
