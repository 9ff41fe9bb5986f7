import { escapeControl } from '#base/escape.ts';
import type { Block, Inline, Page, Run, Table } from './page.ts';

export interface MarkdownOptions {
  /** Characters that the whole may have; what does not fit is counted and named. */
  readonly most?: number;
  /** How to see what was left out. */
  readonly more?: string;
}

/** What GitHub takes in one comment is 65,536 characters; the rest is for a title that a caller may add. */
export const COMMENT_LIMIT = 60_000;

/** A page as GitHub-flavoured Markdown. */
export function* markdownText(page: Page, options: MarkdownOptions = {}): Generator<string> {
  const budget: Budget = { room: options.most ?? Number.POSITIVE_INFINITY, leftOut: 0 };
  yield spend(`## ${prose(page.title)}\n\n${runText(page.summary)}\n`, budget);
  for (const block of page.blocks) yield* blockText(block, budget);
  if (budget.leftOut > 0) yield `\n_${budget.leftOut} rows were left out here. ${prose(options.more ?? '')}_\n`;
}

/** State to guard: what may still be written, and how many rows had no room. */
interface Budget {
  room: number;
  leftOut: number;
}

function spend(text: string, budget: Budget): string {
  budget.room -= text.length;
  return text;
}

function* blockText(block: Block, budget: Budget): Generator<string> {
  switch (block.kind) {
    case 'heading':
      return yield* whole(`\n${'#'.repeat((block.level ?? 2) + 1)} ${prose(block.text)}\n`, budget);
    case 'paragraph':
      return yield* whole(`\n${runText(block.run)}\n`, budget);
    case 'code':
      return yield* whole(`\n${fenced(block.text)}\n`, budget);
    case 'list':
      yield '\n';
      for (const item of block.items) yield* counted(`- ${runText(item)}\n`, budget);
      return;
    case 'facts':
      yield* whole(block.title.length === 0 ? '\n' : `\n${runText(block.title)}\n\n`, budget);
      for (const [name, run] of block.rows) yield* counted(`- **${prose(name)}:** ${runText(run)}\n`, budget);
      return;
    case 'signatures':
      return;
    case 'details':
      yield spend(`\n<details><summary>${entities(block.summary)}</summary>\n`, budget);
      for (const inner of block.blocks) yield* blockText(inner, budget);
      yield '\n</details>\n';
      return;
    case 'table':
      return yield* tableText(block, budget);
  }
}

function* tableText(table: Table, budget: Budget): Generator<string> {
  const head = `\n| ${table.columns.join(' | ')} |\n|${' --- |'.repeat(table.columns.length)}\n`;
  const hasRoom = head.length <= budget.room;
  if (hasRoom) yield spend(head, budget);
  for (const row of table.rows) {
    if (hasRoom) yield* counted(`| ${row.map((cell) => cellText(cell, budget)).join(' | ')} |\n`, budget);
    else budget.leftOut++;
  }
}

function* counted(text: string, budget: Budget): Generator<string> {
  if (text.length <= budget.room) yield spend(text, budget);
  else budget.leftOut++;
}

function* whole(text: string, budget: Budget): Generator<string> {
  if (text.length <= budget.room) yield spend(text, budget);
}

/** Where length is bounded, a cell of a thousand names shows the first and counts the rest. */
function cellText(run: Run, budget: Budget): string {
  if (budget.room === Number.POSITIVE_INFINITY || run.length <= MOST_PIECES) return runText(run);
  const names = Math.ceil((run.length - MOST_PIECES) / 2);
  return `${runText(run.slice(0, MOST_PIECES))} and ${names} more`;
}

/** Twelve names and the commas between them. */
const MOST_PIECES = 23;

function runText(run: Run): string {
  return run.map(inlineText).join('');
}

function inlineText(inline: Inline): string {
  if (typeof inline === 'string') return prose(inline);
  switch (inline.kind) {
    case 'code':
      return codeText(inline.text);
    case 'strong':
      return `**${prose(inline.text)}**`;
    case 'badge':
      return `${BADGES[inline.tone]} ${prose(inline.text)}`;
  }
}

const BADGES = {
  allowed: '✅',
  denied: '⛔',
  unknown: '❔',
  mixed: '🔀',
  opened: '🔓',
  closed: '🔒',
  unsettled: '❔',
  problem: '⚠️',
};

/** A code span where the text cannot end it; else an element with everything but letters and digits as entities. */
function codeText(text: string): string {
  if (text === '') return '';
  return /^[\w/.,:;=+#()[\]{}→ -]+$/.test(text) && text.trim() === text
    ? `\`${text}\``
    : `<code>${entities(text)}</code>`;
}

/**
 * Our own sentences, with what the input put into them. Parts in backticks stay code; everything else that Markdown
 * could read as more than text (links, mentions, markup, table borders) loses its meaning.
 */
function prose(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return parts.map(plain).join('&#96;');
  return parts.map((part, i) => (i % 2 === 1 ? codeText(part) : plain(part))).join('');
}

function plain(text: string): string {
  return text.split(' ').map(plainWord).join(' ');
}

function plainWord(word: string): string {
  if (/@|:\/\/|www\.|#\d|~~/.test(word)) return codeText(word);
  return escapeControl(word).replace(/[\\*_[\]<>|&!#]/g, (found) => `&#${found.charCodeAt(0)};`);
}

function entities(text: string): string {
  return escapeControl(text).replace(/[^\p{L}\p{N} ,()/-]/gu, (found) => `&#${found.codePointAt(0)};`);
}

/** A fence longer than any run of backticks in the text; each line is made safe on its own. */
function fenced(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  const lines = text.replace(/\n$/, '').split('\n').map(escapeControl);
  return `${fence}\n${lines.join('\n')}\n${fence}`;
}
