import type { ReactNode } from 'react';
import { Scrolled } from './scrolled.tsx';

interface Line {
  readonly at: number;
  readonly mark: string;
  readonly text: string;
  readonly hit: boolean;
}

/** Lines of a file with the one that decided marked, as `> 35 | labels: {app: web}` with a pointer below. */
export function CodeFrame({ frame }: { readonly frame: string }): ReactNode {
  return <Lines lines={frame.split('\n').map(lineOf)} />;
}

/** The same from the lines themselves. */
export function Excerpt({
  lines,
  first,
  line,
}: {
  readonly lines: readonly string[];
  readonly first: number;
  readonly line: number;
}): ReactNode {
  const told = lines.map((text, index) => ({ at: index, mark: `${first + index}`, text, hit: first + index === line }));
  return <Lines lines={told} />;
}

function Lines({ lines }: { readonly lines: readonly Line[] }): ReactNode {
  return (
    <Scrolled className="frame" label="lines of the file">
      <pre>
        {lines.map(({ at, mark, text, hit }) => (
          <span key={at} className={hit ? 'line hit' : 'line'}>
            <span className="number">{mark}</span>
            <span className="text">{text === '' ? ' ' : text}</span>
          </span>
        ))}
      </pre>
    </Scrolled>
  );
}

function lineOf(line: string, at: number): Line {
  const found = /^(>?)\s*(\d*)\s*\| ?(.*)$/.exec(line);
  if (found === null) return { at, mark: '', text: line, hit: false };
  return { at, mark: found[2]!, text: found[3]!, hit: found[1] === '>' };
}
