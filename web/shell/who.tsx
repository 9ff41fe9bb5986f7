import { type ReactNode, useEffect, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { SessionAnswer } from '../api/answers.ts';
import { get, Problem, signOut } from '../api/client.ts';
import { useLive } from '../api/live.ts';
import { announce } from '../parts/announce.tsx';

/** Who is signed in, and the way out. */
export function Who(): ReactNode {
  const session = useSession();
  if (session === undefined) return null;
  return (
    <div className="who">
      <span title={`Signed in as ${escapeControl(session.name)}, ${session.role}`}>
        <b>{escapeControl(session.name)}</b> <span className="quiet">{session.role}</span>
      </span>
      <button type="button" className="plain" onClick={() => void leave()}>
        Sign out
      </button>
    </div>
  );
}

/** Asked again when the server comes back: it may be another one. */
function useSession(): SessionAnswer | undefined {
  const { connection } = useLive();
  const [session, setSession] = useState<SessionAnswer | undefined>(undefined);
  useEffect(() => {
    if (connection !== 'open') return;
    const stop = new AbortController();
    get<SessionAnswer>('/session', stop.signal).then(setSession, () => setSession(undefined));
    return () => stop.abort();
  }, [connection]);
  return session;
}

async function leave(): Promise<void> {
  try {
    const next = await signOut();
    // A page of its own: nothing of what was shown stays behind.
    window.location.assign(next ?? '/');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    announce(`Not signed out: ${error.message}`);
  }
}
