import type { ReactNode } from 'react';

interface ScrolledProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** What may be wider than its place: whoever has no mouse reaches it with Tab and scrolls it with the arrows (WCAG 2.1.1). */
export function Scrolled({ label, className, children }: ScrolledProps): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form, and a section would be one landmark too many
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable places must be reachable by keyboard
    <div className={className} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
