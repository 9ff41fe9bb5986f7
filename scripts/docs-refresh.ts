import { readFileSync } from 'node:fs';
import { markdownFiles } from './docs-files.ts';
import { profileTable } from './docs-profiles.ts';
import { run } from './docs-run.ts';
import { usageText } from './docs-usage.ts';

/**
 * The pages of docs/ with what commands print brought up to date: the text between `<!-- usage: VERB -->` or
 * `<!-- profiles -->` and `<!-- end -->`, and the lines below `$ ringfence …` in blocks called `console`.
 */
export async function refreshedPages(): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  const files = markdownFiles().filter((file) => file.startsWith('docs/') && !file.startsWith('docs/diagnostics/'));
  await Promise.all(
    files.map(async (file) => {
      pages.set(file, await refreshed(readFileSync(file, 'utf8')));
    }),
  );
  return pages;
}

async function refreshed(text: string): Promise<string> {
  const withUsage = text.replace(
    /<!-- (usage: ([a-z]+)|profiles) -->\n[\s\S]*?<!-- end -->/g,
    (_all, what: string, verb?: string) =>
      `<!-- ${what} -->\n${verb === undefined ? profileTable() : usageText(verb)}\n<!-- end -->`,
  );
  const outputs = new Map<string, string>();
  for (const [, command = ''] of withUsage.matchAll(CONSOLE)) outputs.set(command, await outputOf(command));
  return withUsage.replace(
    CONSOLE,
    (_all, command: string) => `\`\`\`console\n$ ${command}\n${outputs.get(command)}\n\`\`\``,
  );
}

const CONSOLE = /```console\n\$ (ringfence [^\n]+)\n[\s\S]*?```/g;

/** What a reader sees: standard output, or standard error where there is none; the first lines behind `| head -N`. */
async function outputOf(command: string): Promise<string> {
  const [line = '', head] = command.split(/ \| head -/);
  const { output, errors } = await run(line.split(' ').slice(1));
  const text = (output.trim() === '' ? errors : output).trimEnd();
  if (head === undefined) return text;
  const lines = text.split('\n');
  return lines.length <= Number(head) ? text : `${lines.slice(0, Number(head)).join('\n').trimEnd()}\n…`;
}
