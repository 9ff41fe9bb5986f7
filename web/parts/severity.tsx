import type { ReactNode } from 'react';
import type { ControlSeverity } from '#model/control.ts';

/** How many bars of the mark are full. */
const BARS: Readonly<Record<ControlSeverity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

export function Severity({ of }: { readonly of: ControlSeverity }): ReactNode {
  return (
    <span className={`severity ${of}`}>
      <svg viewBox="0 0 15 10" width="15" height="10" aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 4}
            y={6 - bar * 2}
            width="3"
            height={4 + bar * 2}
            rx="1"
            className={bar < BARS[of] ? 'full' : 'empty'}
          />
        ))}
      </svg>
      {of}
    </span>
  );
}
