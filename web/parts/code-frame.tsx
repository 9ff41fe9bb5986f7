import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { SourceAnswer } from '../api/answers.ts';
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

interface ExcerptProps {
  readonly lines: SourceAnswer['lines'];
  /** The one that is meant. */
  readonly line: number;
}

/** The same from the lines themselves. */
export function Excerpt({ lines, line }: ExcerptProps): ReactNode {
  return (
    <Lines lines={lines.map(({ number, text }) => ({ at: number, mark: `${number}`, text, hit: number === line }))} />
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }): ReactNode {
  return (
    <Scrolled className="frame" label="lines of the file">
      <pre>
        {lines.map(({ at, mark, text, hit }) => (
          <span key={at} className={hit ? 'line hit' : 'line'}>
            <span className="number">{mark}</span>
            <span className="text">{text === '' ? ' ' : escapeControl(text.replaceAll('\t', '    '))}</span>
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
