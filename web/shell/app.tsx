import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useLive } from '../api/live.ts';
import { Announcer } from '../parts/announce.tsx';
import { Boundary } from '../parts/boundary.tsx';
import { SourceDialog } from '../parts/source.tsx';
import { Banners } from './banners.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { Link, usePlace } from './location.tsx';
import { Palette } from './palette.tsx';
import { SCREENS, type Screen, screenAt } from './screens.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import { useKeys } from './use-keys.ts';
import { Who } from './who.tsx';

export type Overlay = 'palette' | 'keys';

export function App(): ReactNode {
  const { path, query } = usePlace();
  const [overlay, setOverlay] = useState<Overlay | undefined>(undefined);
  const main = useRef<HTMLElement>(null);
  const screen = screenAt(path);
  const close = useCallback(() => setOverlay(undefined), []);
  useKeys(setOverlay);
  useArrival(screen, main);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the answer
      </a>
      <Top onPalette={() => setOverlay('palette')} onKeys={() => setOverlay('keys')} />
      <Navigation current={path} />
      <main id="main" ref={main} tabIndex={-1}>
        <Banners />
        <Boundary of={`${path}?${query}`}>
          <Suspense fallback={<p className="quiet pad">Reading the screen …</p>}>
            {screen === undefined ? <Nowhere /> : <screen.View />}
          </Suspense>
        </Boundary>
      </main>
      {overlay === 'palette' && <Palette onClose={close} />}
      {overlay === 'keys' && <KeysDialog onClose={close} />}
      <SourceDialog />
      <Announcer />
    </>
  );
}

/** A new screen is read from its top, by eyes and by screen readers; not so the first one, which the reader just opened. */
function useArrival(screen: Screen | undefined, main: React.RefObject<HTMLElement | null>): void {
  const before = useRef(screen);
  useEffect(() => {
    document.title = screen === undefined ? 'Ringfence' : `${screen.title} · Ringfence`;
    if (before.current === screen) return;
    before.current = screen;
    window.scrollTo(0, 0);
    // The box of the sentence takes the focus by itself.
    if (document.activeElement?.closest('main') === null) main.current?.focus();
  }, [screen, main]);
}

function Top({ onPalette, onKeys }: { readonly onPalette: () => void; readonly onKeys: () => void }): ReactNode {
  const { environment } = useLive();
  return (
    <header className="top">
      <Link to="/" className="brand">
        <img src="/icon.svg" alt="" width="22" height="22" />
        Ringfence
      </Link>
      {environment !== undefined && (
        <p className="environment">
          <b>{environment.input.join(', ')}</b>
          <span className="quiet">
            {environment.engine.profile} · revision {environment.revision}
          </span>
          <State />
        </p>
      )}
      <button type="button" className="search" onClick={onPalette} aria-keyshortcuts="Control+K">
        <span>Go to or ask …</span>
        <kbd>Ctrl K</kbd>
      </button>
      <Who />
      <ThemeSwitch />
      <button type="button" className="plain" onClick={onKeys} aria-label="Keys" aria-keyshortcuts="?">
        <kbd>?</kbd>
      </button>
    </header>
  );
}

function State(): ReactNode {
  const { connection, status } = useLive();
  const word = connection === 'open' ? (status?.state ?? 'loading') : connection;
  return <span className={`state ${word}`}>{word}</span>;
}

function Navigation({ current }: { readonly current: string }): ReactNode {
  return (
    <nav className="screens" aria-label="Screens">
      <ul>
        {SCREENS.map(({ path, title, key }) => (
          <li key={path}>
            <Link to={path} current={path === current} hint={`g ${key}`}>
              <span>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Nowhere(): ReactNode {
  return (
    <section className="screen">
      <h1>There is no such screen</h1>
      <p>
        The address leads nowhere in this version. <Link to="/">Go to Home</Link>.
      </p>
    </section>
  );
}
