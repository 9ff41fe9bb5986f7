import { type ReactNode, useEffect, useState } from 'react';
import { Problem } from '../api/client.ts';
import { announce } from './announce.tsx';

interface CopyButtonProps {
  /** What is made or asked for is so only when somebody wants it. */
  readonly text: string | (() => string | Promise<string>);
  readonly label: string;
}

/** Puts the text on the clipboard, and says so. */
export function CopyButton({ text, label }: CopyButtonProps): ReactNode {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), 2_000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <button
      type="button"
      className="copy"
      onClick={() => {
        void copied(text).then((word) => {
          setSaid(word);
          announce(word.toLowerCase());
        });
      }}
    >
      {said === '' ? label : said}
    </button>
  );
}

/** Resolves to what came of it, in a word. */
async function copied(text: CopyButtonProps['text']): Promise<string> {
  try {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
    return 'Copied';
  } catch (error) {
    return error instanceof Problem ? 'The server does not answer' : 'Not copied';
  }
}
