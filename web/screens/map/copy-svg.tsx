import { type ReactNode, useState } from 'react';
import type { DrawingAnswer } from '../../api/answers.ts';
import { get, Problem } from '../../api/client.ts';
import { announce } from '../../parts/announce.tsx';

/** The drawing as a file of its own, as `map -o svg` writes it. */
export function CopySvg({ path }: { readonly path: string }): ReactNode {
  const [word, setWord] = useState('Copy SVG');
  const copy = async () => {
    try {
      const { svg = '' } = await get<DrawingAnswer>(`${path}${path.includes('?') ? '&' : '?'}svg=true`);
      await navigator.clipboard.writeText(svg);
      setWord('Copied');
      announce('copied');
    } catch (error) {
      setWord(error instanceof Problem ? 'The server does not answer' : 'Not copied');
    }
    setTimeout(() => setWord('Copy SVG'), 2_000);
  };
  return (
    <button type="button" className="copy" onClick={() => void copy()}>
      {word}
    </button>
  );
}
