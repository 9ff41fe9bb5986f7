import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every Markdown file that people read: docs/, and those at the root. */
export function markdownFiles(): string[] {
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file));
  return [...readdirSync('.'), ...below].filter((file) => file.endsWith('.md')).sort();
}

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  readonly lines: readonly string[];
  /** The line of the opening fence, from 1. */
  readonly line: number;
}

export function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) open = { language: line.slice(3).trim(), lines: [], line: index + 1 };
    else {
      fences.push(open);
      open = undefined;
    }
  }
  return fences;
}
