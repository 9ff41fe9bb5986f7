import { useEffect } from 'react';
import { openSource } from '../parts/source.tsx';
import type { Overlay } from './app.tsx';
import { go } from './location.tsx';
import { SCREENS } from './screens.ts';

/** Keys that work on every screen. While something is typed only Ctrl+K and Escape mean anything. */
export function useKeys(open: (overlay: Overlay) => void): void {
  useEffect(() => {
    let leader = false;
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.composedPath()[0])) return;
      const wasLeader = leader;
      leader = event.key === 'g' && !wasLeader;
      const screen = wasLeader ? SCREENS.find(({ key }) => key === event.key) : undefined;
      if (screen !== undefined) go(screen.path);
      else if (!actOn(event.key, open)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open]);
}

/** Whether the key meant something. */
function actOn(key: string, open: (overlay: Overlay) => void): boolean {
  if (document.querySelector('dialog[open]') !== null) return false;
  switch (key) {
    case ':':
      open('palette');
      return true;
    case '?':
      open('keys');
      return true;
    case '/':
      return focusOn('[data-filter]');
    case 'j':
      return moveRow(1);
    case 'k':
      return moveRow(-1);
    case 'o':
      return openOrigin();
    default:
      return false;
  }
}

/** Rows are whatever a screen marks with `data-row`: links or buttons, in the order of the page. */
function moveRow(step: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null);
  const at = rows.findIndex((row) => row === document.activeElement || row.getAttribute('aria-current') === 'true');
  const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}

function openOrigin(): boolean {
  const near = document.activeElement?.closest('li, tr, section');
  const button =
    near?.querySelector<HTMLElement>('[data-origin]') ?? document.querySelector<HTMLElement>('main [data-origin]');
  const told = button?.dataset['origin'];
  if (told === undefined) return false;
  const colon = told.lastIndexOf(':');
  openSource({ file: told.slice(0, colon), line: Number(told.slice(colon + 1)) });
  return true;
}

function focusOn(selector: string): boolean {
  const found = document.querySelector<HTMLInputElement>(selector);
  found?.focus();
  found?.select();
  return found !== null;
}

/** Of the element itself, which may be inside of another one that hides its own. */
function isTyping(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
