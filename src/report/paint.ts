/** How a piece of text is meant. What it looks like is for the one who passes the paint. */
export type Tone = 'good' | 'bad' | 'unsure' | 'dim' | 'strong' | 'accent';

/** Colours for a terminal, or none. The report never looks at a terminal itself. */
export type Paint = Readonly<Record<Tone, (text: string) => string>>;

export const NO_PAINT: Paint = {
  good: same,
  bad: same,
  unsure: same,
  dim: same,
  strong: same,
  accent: same,
};

/** The sixteen colours that follow the terminal's own theme (ECMA-48 SGR), so light and dark both stay readable. */
export const TERMINAL_PAINT: Paint = {
  good: sgr(32, 39),
  bad: sgr(31, 39),
  unsure: sgr(33, 39),
  dim: sgr(2, 22),
  strong: sgr(1, 22),
  accent: sgr(36, 39),
};

function same(text: string): string {
  return text;
}

function sgr(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`);
}
