import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { announce } from './announce.tsx';

/** Puts the text on the clipboard, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="copy"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true);
          announce('copied');
        });
      }}
    >
      {copied ? 'Copied' : label}
    </button>
  );
}
