import { type ReactNode, useSyncExternalStore } from 'react';

/** The address is the state: every view can be sent to somebody as a link. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const CHANGED = 'ringfence-location';
let seen = { href: '', place: { path: '/', query: new URLSearchParams() } satisfies Place };

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}

export function go(url: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', url);
  else history.replaceState(null, '', url);
  window.dispatchEvent(new Event(CHANGED));
}

/** The same screen with other choices; what is empty leaves the address. */
export function choose(
  choices: Readonly<Record<string, string | undefined>>,
  how: 'push' | 'replace' = 'replace',
): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(choices)) {
    if ((value ?? '') === '') query.delete(name);
    else query.set(name, value!);
  }
  go(query.size === 0 ? location.pathname : `${location.pathname}?${query}`, how);
}

interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly current?: boolean;
  /** Whether j and k stop at it. */
  readonly row?: boolean;
  /** Keys that lead there, shown beside it and not read as a part of its name. */
  readonly hint?: string;
  /** Its name where what is inside has no words. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** A link that stays in the console, unless it is asked for in a new tab. */
export function Link({ to, className, current, row, hint, label, children }: LinkProps): ReactNode {
  return (
    <a
      href={to}
      className={className}
      data-row={row}
      data-hint={hint}
      aria-label={label}
      aria-current={current === true ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}

function currentPlace(): Place {
  if (seen.href !== location.href) {
    seen = { href: location.href, place: { path: location.pathname, query: new URLSearchParams(location.search) } };
  }
  return seen.place;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}
