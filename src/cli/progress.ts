import type { Output } from './output.ts';

/** One line on a terminal that says what a long run is doing, and is gone when it has done it. */
export interface Progress {
  /** What is being done now, as `reading: 312 files`. Cheap: call it as often as there is something to say. */
  readonly show: (what: string) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

export const SILENT: Progress = { show: () => undefined, end: () => undefined };
/** A run that is shorter needs no line. */
const PATIENCE_MS = 400;
const REFRESH_MS = 100;
const ERASE_LINE = '\r\u001b[2K';

/** Work between two calls is synchronous, so nothing here waits for a timer: each call looks at the clock. */
export function progressOn(err: Output, isQuiet: boolean): Progress {
  if (!err.isTerminal || isQuiet) return SILENT;
  const begin = performance.now();
  let last = begin;
  let phase = '';
  let isShown = false;
  return {
    show: (what) => {
      const now = performance.now();
      const [next = ''] = what.split(':');
      // What comes next may be silent for long, so its name is told at once.
      const isDue = next === phase ? now - last >= REFRESH_MS : isShown;
      if (now - begin < PATIENCE_MS || !(isDue || !isShown)) return;
      last = now;
      phase = next;
      isShown = true;
      err.say(`${ERASE_LINE}${`… ${what}`.slice(0, (err.width ?? 80) - 1)}`);
    },
    end: () => {
      if (isShown) err.say(ERASE_LINE);
      isShown = false;
    },
  };
}
