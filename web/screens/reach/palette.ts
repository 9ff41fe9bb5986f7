import type { Tone } from './looks.ts';

/** The colours of a canvas, which knows no style sheet: those of the page, or of the reader's system where it forces its own. */
export interface Palette {
  readonly ground: string;
  readonly island: string;
  readonly line: string;
  readonly hair: string;
  readonly ink: string;
  readonly accent: string;
  readonly tones: Readonly<Record<Tone, string>>;
}

const FORCED: Palette = {
  ground: 'Canvas',
  island: 'Canvas',
  line: 'CanvasText',
  hair: 'GrayText',
  ink: 'CanvasText',
  accent: 'Highlight',
  tones: {
    allowed: 'CanvasText',
    denied: 'CanvasText',
    unknown: 'CanvasText',
    mixed: 'CanvasText',
    quiet: 'GrayText',
  },
};

export function paletteNow(): Palette {
  if (matchMedia('(forced-colors: active)').matches) return FORCED;
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: token('box'),
    island: token('island'),
    line: token('line'),
    hair: token('hair'),
    ink: token('ink'),
    accent: token('accent'),
    tones: {
      allowed: token('allowed'),
      denied: token('denied'),
      unknown: token('unknown'),
      mixed: token('mixed'),
      quiet: token('quiet'),
    },
  };
}

/** Calls back when the reader changes the theme, here or in the system. */
export function watchPalette(changed: () => void): () => void {
  const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
  for (const each of media) each.addEventListener('change', changed);
  const theme = new MutationObserver(changed);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    theme.disconnect();
    for (const each of media) each.removeEventListener('change', changed);
  };
}
