import type { Cell, ChangeCell } from '#model/matrix.ts';

export type AnyCell = Cell | ChangeCell;
export type Tone = 'allowed' | 'denied' | 'unknown' | 'mixed' | 'quiet';

/** One stroke or face of a cell's form. */
export interface Part {
  readonly tone: Tone;
  readonly how: 'fill' | 'line';
  /** Drawn fainter: most cells of a matrix are denied, and must not shout. */
  readonly faint?: boolean;
  /** A path over a cell of 16 by 16. */
  readonly path: string;
}

export interface Look {
  /** One character beside the colour. */
  readonly mark: string;
  readonly word: string;
  readonly about: string;
  readonly parts: readonly Part[];
  /** Of a cell too small for a form; absent: nothing is drawn. */
  readonly dot?: Tone;
}

const SQUARE = 'M1 1h14v14h-14z';
const TRIANGLE = 'M1 1v14h14z';
const CROSS = 'M5 5l6 6M11 5l-6 6';
const HATCH = 'M1 8l7 -7M1 15l14 -14M8 15l7 -7';
const HALF_HATCH = 'M5 1l10 10M9 1l6 6M1 1l14 14';
const QUARTERS = 'M1 1h7v7h-7zM8 8h7v7h-7z';
const PLUS = 'M6 2h4v4h4v4h-4v4h-4v-4h-4v-4h4z';
const MINUS = 'M2 6h12v4h-12z';

/** Each state has a form of its own, so that colour is never alone. */
export const LOOKS: Readonly<Record<AnyCell, Look>> = {
  all: {
    mark: '✓',
    word: 'allowed',
    about: 'every port, or the port that is asked about',
    dot: 'allowed',
    parts: [{ tone: 'allowed', how: 'fill', path: SQUARE }],
  },
  some: {
    mark: '◣',
    word: 'some ports allowed',
    about: 'and the others denied',
    dot: 'allowed',
    parts: [{ tone: 'allowed', how: 'fill', path: TRIANGLE }],
  },
  denied: {
    mark: '✕',
    word: 'denied',
    about: 'nothing passes',
    parts: [{ tone: 'denied', how: 'line', faint: true, path: CROSS }],
  },
  unknown: {
    mark: '?',
    word: 'unknown',
    about: 'nothing is known to pass, and something may',
    dot: 'unknown',
    parts: [{ tone: 'unknown', how: 'line', path: HATCH }],
  },
  open: {
    mark: '◣?',
    word: 'allowed in part, the rest unknown',
    about: 'something passes, and of more nothing is known',
    dot: 'allowed',
    parts: [
      { tone: 'allowed', how: 'fill', path: TRIANGLE },
      { tone: 'unknown', how: 'line', path: HALF_HATCH },
    ],
  },
  mixed: {
    mark: '±',
    word: 'allowed for some',
    about: 'for some workloads, pods or address families only',
    dot: 'mixed',
    parts: [{ tone: 'mixed', how: 'fill', path: QUARTERS }],
  },
  itself: {
    mark: '·',
    word: 'itself',
    about: 'the workload with itself',
    parts: [{ tone: 'quiet', how: 'fill', path: 'M6.5 6.5h3v3h-3z' }],
  },
  ungoverned: {
    mark: '–',
    word: 'no policy has a say',
    about: 'neither is a pod',
    parts: [{ tone: 'quiet', how: 'line', faint: true, path: 'M5 8h6' }],
  },
  same: { mark: ' ', word: 'as before', about: 'nothing changed', parts: [] },
  opened: {
    mark: '+',
    word: 'opened',
    about: 'passes now and did not before',
    dot: 'denied',
    parts: [{ tone: 'denied', how: 'fill', path: PLUS }],
  },
  closed: {
    mark: '−',
    word: 'closed',
    about: 'passed before and does not now',
    dot: 'allowed',
    parts: [{ tone: 'allowed', how: 'fill', path: MINUS }],
  },
  both: {
    mark: '±',
    word: 'some opened and some closed',
    about: '',
    dot: 'mixed',
    parts: [{ tone: 'mixed', how: 'fill', path: QUARTERS }],
  },
  unsettled: {
    mark: '?',
    word: 'now unknown, or no longer',
    about: 'known on one side and unknown on the other',
    dot: 'unknown',
    parts: [{ tone: 'unknown', how: 'line', path: HATCH }],
  },
};

/** The form of a cell of `size` at a place, in the words of SVG and of a canvas alike. */
export function placedPath(path: string, { x, y, size }: { x: number; y: number; size: number }): string {
  const scale = size / 16;
  // Capital letters are places; the others are ways from there.
  return path.replaceAll(/([A-Za-z])([^A-Za-z]*)/g, (_, letter: string, rest: string) => {
    const numbers = rest
      .trim()
      .split(/[\s,]+|(?<=\d)(?=-)/)
      .filter(Boolean)
      .map(Number);
    if (letter === 'z') return 'z';
    const moved = numbers.map((number, at) => {
      const start = letter === 'M' ? (at % 2 === 0 ? x : y) : 0;
      return Math.round((start + number * scale) * 100) / 100;
    });
    return `${letter}${moved.join(' ')}`;
  });
}
