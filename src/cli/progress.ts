import type { Output } from './output.ts';

/** One line on a terminal that says what a long run is doing, and is gone when it has done it. */
export interface Progress {
  /** What is being done now, as `reading 312 files`. Cheap: call it as often as there is something to say. */
  readonly show: (what: string) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const SILENT: Progress = { show: () => undefined, end: () => undefined };
/** A run that is shorter needs no line. */
const PATIENCE_MS = 400;
const REFRESH_MS = 100;
const ERASE_LINE = '\r\u001b[2K';

/** Work between two calls is synchronous, so nothing here waits for a timer: each call looks at the clock. */
export function progressOn(err: Output, isQuiet: boolean): Progress {
  if (!err.isTerminal || isQuiet) return SILENT;
  const begin = performance.now();
  let last = begin + PATIENCE_MS - REFRESH_MS;
  let isShown = false;
  return {
    show: (what) => {
      const now = performance.now();
      if (now - last < REFRESH_MS) return;
      last = now;
      isShown = true;
      err.say(`${ERASE_LINE}… ${what}`.slice(0, ERASE_LINE.length + (err.width ?? 80) - 1));
    },
    end: () => {
      if (isShown) err.say(ERASE_LINE);
      isShown = false;
    },
  };
}
