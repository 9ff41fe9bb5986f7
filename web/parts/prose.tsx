import { Fragment, type ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';

/** Messages quote user text in backticks: it is shown as such, and never as anything else than text. */
export function Prose({ text }: { readonly text: string }): ReactNode {
  const parts = escapeControl(text).split('`');
  return parts.map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, which changes as a whole
    at % 2 === 1 && at < parts.length - 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>,
  );
}

/** The same as a sentence of its own. */
export function Sentence({ text }: { readonly text: string }): ReactNode {
  const first = text.startsWith('`') ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return <Prose text={first} />;
}
