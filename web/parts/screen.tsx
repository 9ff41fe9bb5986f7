import type { ReactNode } from 'react';
import { useLive } from '../api/live.ts';
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
      {asked.data === undefined && asked.problem === undefined && <Waiting />}
      {asked.data !== undefined && <div aria-busy={asked.loading}>{children(asked.data)}</div>}
    </>
  );
}

/** For the engine; or for the server to take questions at all, which the banner above tells why it does not. */
export function Waiting(): ReactNode {
  const { problem, connection, status } = useLive();
  return (
    <p className="quiet" role="status">
      {waitingText(problem?.status, connection === 'lost', status?.state === 'failed')}
    </p>
  );
}

function waitingText(status: number | undefined, isLost: boolean, hasFailed: boolean): string {
  if (status === 401) return 'What you asked for is shown here once you are signed in.';
  if (status !== undefined || isLost) return 'The server does not answer now. This is asked again when it does.';
  return hasFailed ? 'There is nothing to ask about until the input can be taken.' : 'Asking the engine …';
}
