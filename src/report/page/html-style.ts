import { DARK, LIGHT, type Palette } from '../picture/style.ts';

/** On paper: always the light theme, nothing scrolls, headings stay with what follows, and rows are not cut in two. */
const PRINT_CSS = [
  '@page{margin:16mm 14mm}body{max-width:none;padding:0;font-size:9pt;line-height:1.35}p{margin:.4em 0}',
  'table{font-size:8pt}th,td{padding:.15rem .4rem}caption{padding:.2rem .4rem}pre{padding:.2rem .4rem;margin:.3rem 0}.facts{margin:.3rem 0}.facts th{width:6rem}',
  'figure{max-height:none;border:0}.find{display:none}.scroll,pre{overflow:visible;border-radius:0}pre{white-space:pre-wrap;overflow-wrap:anywhere}',
  'thead{display:table-header-group}thead th{position:static}tr,pre{break-inside:avoid}caption,h1,h2,h3{break-after:avoid}.facts,.sign{break-inside:avoid}',
  'td,td code{overflow-wrap:break-word}td code{overflow-wrap:anywhere}details::details-content{content-visibility:visible;block-size:auto}',
].join('');

/** Calm, one column of text and wide tables; follows the reader's theme, text size and forced colours. */
export const PAGE_CSS = [
  `:root{color-scheme:light dark;${variablesOf(LIGHT)}}`,
  `@media(prefers-color-scheme:dark){:root{${variablesOf(DARK)}}}`,
  'body{margin:0 auto;max-width:84rem;padding:2rem 1.5rem 4rem;background:var(--ground);color:var(--ink);font:1rem/1.5 ui-sans-serif,system-ui,sans-serif}',
  'h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}',
  'p,ul{max-width:60rem}.sum{color:var(--quiet);margin:.4rem 0 1.2rem;overflow-wrap:anywhere}',
  'code,pre{font:.86em/1.5 ui-monospace,Menlo,Consolas,monospace}code{overflow-wrap:anywhere}',
  'pre{background:var(--island);border:1px solid var(--line);border-radius:8px;padding:.7rem 1rem;overflow:auto}',
  'figure{margin:1rem 0 1.5rem;max-height:82vh;overflow:auto;border:1px solid var(--line);border-radius:12px}figure svg{display:block;margin:0 auto}',
  '.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:10px;margin:.5rem 0 1rem}',
  'table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem;border-top:1px solid var(--line)}',
  'thead th{border-top:0;background:var(--island);color:var(--quiet);font-weight:600;position:sticky;top:0}',
  'td code{overflow-wrap:normal;word-break:normal}',
  '.b{white-space:nowrap;font-weight:600}.allowed,.closed{color:var(--allowed)}.denied,.opened{color:var(--denied)}.unknown,.unsettled,.problem{color:var(--unknown)}.mixed{color:var(--mixed)}',
  'details{margin:1rem 0}summary{cursor:pointer;font-weight:600}',
  '.find{display:flex;gap:.8rem;align-items:center;margin:1rem 0 .5rem}.find input{font:inherit;padding:.35rem .7rem;border:1px solid var(--line);border-radius:8px;background:var(--box);color:inherit;min-width:18rem}.find span{color:var(--quiet);font-size:.9rem}',
  ':focus-visible{outline:3px solid var(--allowed);outline-offset:2px}',
  'h3{font-size:1rem;margin:1.6rem 0 .4rem}caption{text-align:left;padding:.5rem .8rem;font-weight:600;background:var(--island);overflow-wrap:anywhere}tbody th{font-weight:600}',
  '.id{white-space:nowrap}.facts th{width:9rem;color:var(--quiet)}.sign th{width:12rem}.sign td{height:3.2rem;border-left:1px solid var(--line)}',
  `@media print{:root{color-scheme:light;${variablesOf(LIGHT)}}${PRINT_CSS}}`,
].join('');

/** Adds a filter box before each long table: all words must occur in a row. Counts are read out as they change. */
export const FILTER_SCRIPT = `
for (const box of document.querySelectorAll('[data-filter]')) {
  const rows = [...box.querySelectorAll('tbody tr')];
  if (rows.length < 8) continue;
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const find = document.createElement('div');
  const input = document.createElement('input');
  const shown = document.createElement('span');
  find.className = 'find';
  input.type = 'search';
  input.placeholder = 'Filter rows';
  input.setAttribute('aria-label', 'Filter the rows of the table below');
  shown.setAttribute('role', 'status');
  shown.textContent = rows.length + ' rows';
  find.append(input, shown);
  box.before(find);
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let left = 0;
    for (let i = 0; i < rows.length; i++) {
      rows[i].hidden = !words.every((word) => texts[i].includes(word));
      if (!rows[i].hidden) left++;
    }
    shown.textContent = left + ' of ' + rows.length + ' rows';
  });
}
`;

/**
 * What the content security policy lets through: SHA-256 of the three inline texts (CSP level 3, hash sources). They
 * are constants because this room has no cryptography; a test computes them again.
 */
export const HASHES = {
  page: 'sha256-7XbPMzqTV7xr8brqBZNQWhIC1P9LXQ7KSG+r3TuKemc=',
  picture: 'sha256-d++IHMTYoBkbhqWBDjs/5JNbZsqNsS2s8pYCEywPbEE=',
  script: 'sha256-xvHtDDWfQ9MZNqdN2r4ZbkhilCIwQW/fzJfWs8dPDdY=',
};

function variablesOf(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, color]) => `--${name}:${color}`)
    .join(';');
}
