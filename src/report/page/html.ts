import { escapeControl } from '#base/escape.ts';
import { MARKS } from '../words.ts';
import { xmlText } from '../xml.ts';
import { FILTER_SCRIPT, HASHES, PAGE_CSS } from './html-style.ts';
import type { BadgeTone, Block, Inline, Page, Run, Table } from './page.ts';

/**
 * One self-contained file: no other resource is loaded, and a content security policy says so. Everything can be read
 * without the script, which only adds a box that filters the rows of long tables.
 */
export async function* htmlText(
  page: Page,
  picture?: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  yield headText(page.title);
  yield `<header><h1>${xmlText(page.title)}</h1><p class="sum">${runText(page.summary)}</p></header>\n<main>\n`;
  if (picture !== undefined) {
    yield '<figure tabindex="0" aria-label="picture">\n';
    yield* picture;
    yield '</figure>\n';
  }
  for (const block of page.blocks) yield* blockText(block);
  yield `</main>\n<script>${FILTER_SCRIPT}</script>\n</body>\n</html>\n`;
}

function headText(title: string): string {
  const policy = `default-src 'none'; style-src '${HASHES.page}' '${HASHES.picture}'; script-src '${HASHES.script}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${xmlText(title)}</title>
<style>${PAGE_CSS}</style>
</head>
<body>
`;
}

function* blockText(block: Block): Generator<string> {
  switch (block.kind) {
    case 'heading':
      yield `<h${block.level ?? 2}>${xmlText(block.text)}</h${block.level ?? 2}>\n`;
      return;
    case 'paragraph':
      yield `<p>${runText(block.run)}</p>\n`;
      return;
    case 'code':
      yield `<pre><code>${block.text.replace(/\n$/, '').split('\n').map(xmlText).join('\n')}</code></pre>\n`;
      return;
    case 'list':
      yield '<ul>\n';
      for (const item of block.items) yield `<li>${runText(item)}</li>\n`;
      yield '</ul>\n';
      return;
    case 'facts':
      return yield* factsText(block);
    case 'signatures':
      return yield* signaturesText(block.roles);
    case 'details':
      yield `<details><summary>${xmlText(block.summary)}</summary>\n`;
      for (const inner of block.blocks) yield* blockText(inner);
      yield '</details>\n';
      return;
    case 'table':
      return yield* tableText(block);
  }
}

function* factsText({ title, rows }: Extract<Block, { kind: 'facts' }>): Generator<string> {
  const caption = title.length === 0 ? '' : `<caption>${runText(title)}</caption>\n`;
  yield `<div class="scroll facts"><table>\n${caption}<tbody>\n`;
  for (const [name, runs] of together(rows))
    yield `<tr><th scope="row">${xmlText(name)}</th><td>${runs.map(runText).join('<br/>')}</td></tr>\n`;
  yield '</tbody>\n</table></div>\n';
}

/** Facts of one name that follow each other stand in one row. */
function together(rows: Extract<Block, { kind: 'facts' }>['rows']): readonly (readonly [string, readonly Run[]])[] {
  const out: [string, Run[]][] = [];
  for (const [name, run] of rows) {
    const last = out.at(-1);
    if (last?.[0] === name) last[1].push(run);
    else out.push([name, [run]]);
  }
  return out;
}

function* signaturesText(roles: readonly string[]): Generator<string> {
  const heads = ['role', 'name', 'date', 'signature'].map((column) => `<th scope="col">${column}</th>`).join('');
  yield `<div class="scroll sign"><table>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n`;
  for (const role of roles) yield `<tr><th scope="row">${xmlText(role)}</th><td></td><td></td><td></td></tr>\n`;
  yield '</tbody>\n</table></div>\n';
}

function* tableText(table: Table): Generator<string> {
  const heads = table.columns.map((column) => `<th scope="col">${xmlText(column)}</th>`).join('');
  yield `<div class="scroll"${table.filter === true ? ' data-filter' : ''}><table>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n`;
  for (const row of table.rows) yield rowText(row, table.named === true);
  yield '</tbody>\n</table></div>\n';
}

function rowText(row: readonly Run[], named: boolean): string {
  const cells = row.map((cell, index) => (named && index === 0 ? rowHeadText(cell) : `<td>${runText(cell)}</td>`));
  return `<tr>${cells.join('')}</tr>\n`;
}

/** Ids are not broken at their hyphens; names that may be long are. */
function rowHeadText(run: Run): string {
  const text = runText(run);
  return `<th scope="row"${text.length <= LONGEST_ID ? ' class="id"' : ''}>${text}</th>`;
}

/** With the tags of code around it. */
const LONGEST_ID = 30;

function runText(run: Run): string {
  return run.map(inlineText).join('');
}

function inlineText(inline: Inline): string {
  if (typeof inline === 'string') return proseText(inline);
  switch (inline.kind) {
    case 'code':
      return inline.text === '' ? '' : `<code>${xmlText(inline.text)}</code>`;
    case 'strong':
      return `<strong>${xmlText(inline.text)}</strong>`;
    case 'badge':
      return `<span class="b ${inline.tone}">${BADGES[inline.tone]} ${xmlText(inline.text)}</span>`;
  }
}

/** Messages quote what is the user's in backticks; here that is code. An odd backtick stands for itself. */
function proseText(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return xmlText(text);
  return parts
    .map((part, i) => (i % 2 === 1 ? `<code>${xmlText(escapeControl(part))}</code>` : xmlText(part)))
    .join('');
}

const BADGES: Readonly<Record<BadgeTone, string>> = {
  ...MARKS,
  opened: '+',
  closed: '−',
  unsettled: '?',
  problem: '!',
};
