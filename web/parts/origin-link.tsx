import type { ReactNode } from 'react';
import type { Origin } from '#model/origin.ts';
import { originText } from '#report/words.ts';
import { openSource } from './source.tsx';

/** `file:line`, which shows the lines. Nothing where no file says it. */
export function OriginLink({ origin }: { readonly origin: Origin | undefined }): ReactNode {
  const text = originText(origin);
  if (origin === undefined || text === '') return null;
  return (
    <button
      type="button"
      className="origin"
      data-origin={`${origin.file}:${origin.line}`}
      onClick={() => openSource(origin)}
    >
      {text}
    </button>
  );
}
