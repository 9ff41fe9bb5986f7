export interface Palette {
  readonly ground: string;
  readonly island: string;
  readonly box: string;
  readonly line: string;
  readonly ink: string;
  readonly quiet: string;
  readonly allowed: string;
  readonly denied: string;
  readonly unknown: string;
  readonly mixed: string;
}

/** Every ink on every ground of its theme has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); a test holds it so. */
export const LIGHT: Palette = {
  ground: '#ffffff',
  island: '#f4f6f8',
  box: '#ffffff',
  line: '#c3ccd5',
  ink: '#1b2127',
  quiet: '#55606b',
  allowed: '#00629b',
  denied: '#b3261e',
  unknown: '#7a5a00',
  mixed: '#6a3fb5',
};

export const DARK: Palette = {
  ground: '#0f1419',
  island: '#171d24',
  box: '#1f2730',
  line: '#3b4652',
  ink: '#e8edf2',
  quiet: '#a3afbb',
  allowed: '#6cb8ff',
  denied: '#ff9087',
  unknown: '#e5b94b',
  mixed: '#c6abff',
};

/** Blue and red rather than green and red: readers who cannot tell those two are many. */
const TONES: Readonly<Record<string, keyof Palette>> = {
  allowed: 'allowed',
  denied: 'denied',
  unknown: 'unknown',
  mixed: 'mixed',
  opened: 'denied',
  closed: 'allowed',
  unsettled: 'unknown',
};

/**
 * The style of every picture. Plain rules twice and no custom properties: viewers outside browsers read SVG too. The
 * text is part of the page's content security policy by its hash: see `html.ts`.
 */
export const PICTURE_CSS = [
  '.rf text{font-family:ui-sans-serif,system-ui,sans-serif;font-size:12px}',
  '.rf .n{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;font-weight:600}',
  '.rf .m{font-family:ui-monospace,Menlo,Consolas,monospace}',
  '.rf .t{font-size:18px;font-weight:600}',
  '.rf .g{font-size:13px;font-weight:600}',
  '.rf .e{fill:none;stroke-width:1.6}.rf .dash{stroke-dasharray:6 4}.rf .heavy{stroke-width:2.6}',
  '.rf .h{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}',
  '.rf .l{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11px;paint-order:stroke;stroke-width:4px;stroke-linejoin:round}',
  rulesOf(LIGHT),
  `@media(prefers-color-scheme:dark){${rulesOf(DARK)}}`,
].join('');

function rulesOf(palette: Palette): string {
  const rules = [
    `.rf .ground{fill:${palette.ground}}`,
    `.rf .island{fill:${palette.island};stroke:${palette.line}}`,
    `.rf .box{fill:${palette.box};stroke:${palette.line}}`,
    `.rf .rule{stroke:${palette.line};fill:none}`,
    `.rf text{fill:${palette.ink}}`,
    `.rf .q{fill:${palette.quiet}}`,
    `.rf .l{stroke:${palette.ground}}`,
    `.rf .h{stroke:${palette.island}}`,
  ];
  for (const [tone, color] of Object.entries(TONES)) {
    rules.push(`.rf .s-${tone}{stroke:${palette[color]}}.rf .f-${tone}{fill:${palette[color]}}`);
  }
  return rules.join('');
}
