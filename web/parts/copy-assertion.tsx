import type { ReactNode } from 'react';
import type { Assertion } from './assertion.ts';
import { CopyButton } from './copy-button.tsx';

/** What is so now, as an invariant for the file of tests; or why it cannot be one. */
export function CopyAssertion({
  of,
  label = 'Assertion',
}: {
  readonly of: Assertion;
  readonly label?: string;
}): ReactNode {
  if (of.kind === 'written') return <CopyButton text={of.text} label={label} />;
  return <span className="quiet small">No assertion: {of.why}</span>;
}
