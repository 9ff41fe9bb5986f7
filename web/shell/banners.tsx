import type { ReactNode } from 'react';
import { SignInNeeded, withQuery } from '../api/client.ts';
import { type Live, useLive } from '../api/live.ts';
import { CodeFrame } from '../parts/code-frame.tsx';
import { OriginLink } from '../parts/origin-link.tsx';
import { Prose } from '../parts/prose.tsx';
import { usePlace } from './location.tsx';

/** What the reader must know before believing what is on screen: that it is old, or that nobody answers. */
export function Banners(): ReactNode {
  const live = useLive();
  return (
    <div className="banners" role="status">
      <Connection live={live} />
      <Freshness live={live} />
    </div>
  );
}

function Connection({ live }: { readonly live: Live }): ReactNode {
  if (live.problem !== undefined) {
    return (
      <div className="banner bad">
        <b>
          <Prose text={live.problem.message} />
        </b>
        {live.problem.detail !== undefined && <Prose text={live.problem.detail} />}
        {live.problem instanceof SignInNeeded && <SignIn at={live.problem.at} />}
      </div>
    );
  }
  if (live.connection !== 'lost') return null;
  return (
    <div className="banner unsure">
      <b>Connection lost</b>
      <span>The answers below are the last that came. The console connects again by itself.</span>
    </div>
  );
}

/** Leaves the console, and comes back to the view that was asked for. */
function SignIn({ at }: { readonly at: string }): ReactNode {
  const { path, query } = usePlace();
  const to = query.size === 0 ? path : `${path}?${query}`;
  return <a href={withQuery(at, { to })}>Sign in</a>;
}

function Freshness({ live: { status, environment, progress } }: { readonly live: Live }): ReactNode {
  if (status === undefined || status.state === 'fresh') return null;
  if (status.state === 'loading') {
    return (
      <div className="banner">
        <b>Reading the input</b> {progress !== undefined && <span className="quiet">{progress}</span>}
      </div>
    );
  }
  const errors = status.diagnostics.filter(({ severity }) => severity === 'error');
  return (
    <div className="banner unsure">
      <b>{status.state === 'stale' ? 'The input changed and cannot be taken' : 'The input cannot be taken'}</b>
      {environment !== undefined && (
        <span>Answers are those of revision {environment.revision}, the last that could.</span>
      )}
      {status.why !== undefined && errors.length === 0 && (
        <span>
          <Prose text={status.why} />
        </span>
      )}
      {errors.slice(0, 3).map((error) => (
        <div key={`${error.code} ${error.origin?.file} ${error.origin?.line}`}>
          <Prose text={error.message} /> <OriginLink origin={error.origin} />
          {error.frame !== undefined && <CodeFrame frame={error.frame} />}
        </div>
      ))}
    </div>
  );
}
