import type { ReactNode } from 'react';

/** Between two endpoints: an arrow to see, a word to hear. */
export function Arrow(): ReactNode {
  return (
    <>
      {' '}
      <span aria-hidden="true" className="arrow">
        →
      </span>
      <span className="unseen">to</span>{' '}
    </>
  );
}
