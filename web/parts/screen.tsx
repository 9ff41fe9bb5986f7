import type { ReactNode } from 'react';
import type { Asked } from '../api/use-answer.ts';
import { CopyButton } from './copy-button.tsx';
import { Problem } from './problem.tsx';

interface ScreenProps {
  readonly title: string;
  readonly about: string;
  /** What gives the same on the command line. */
  readonly command?: string;
  readonly children: ReactNode;
}

export function Screen({ title, about, command, children }: ScreenProps): ReactNode {
  return (
    <div className="screen">
      <header className="head">
        <div>
          <h1>{title}</h1>
          <p className="quiet">{about}</p>
        </div>
        {command !== undefined && <Command text={command} />}
      </header>
      {children}
    </div>
  );
}

/** The view as a command, to be typed elsewhere, and as a link. */
function Command({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} label="Copy command" />
      <CopyButton text={location.href} label="Copy link" />
    </div>
  );
}

interface AnsweredProps<T> {
  readonly asked: Asked<T>;
  readonly children: (data: T) => ReactNode;
}

/** The answer once it is there. A newer one replaces it in place. */
export function Answered<T>({ asked, children }: AnsweredProps<T>): ReactNode {
  return (
    <>
      {asked.problem !== undefined && <Problem of={asked.problem} />}
      {asked.data === undefined && asked.problem === undefined && (
        <p className="quiet" role="status">
          Asking the engine …
        </p>
      )}
      {asked.data !== undefined && <div aria-busy={asked.loading}>{children(asked.data)}</div>}
    </>
  );
}
