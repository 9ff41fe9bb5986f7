import { readFileSync } from 'node:fs';
import { markdownFiles } from './docs-files.ts';
import { profileTable } from './docs-profiles.ts';
import { run, runExample } from './docs-run.ts';
import { usageText } from './docs-usage.ts';

/**
 * The pages of docs/ with what commands print brought up to date: the text between `<!-- usage: VERB -->` or
 * `<!-- profiles -->` and `<!-- end -->`, the lines below `$ ringfence …` in blocks called `console`, and what programs print.
 */
export async function refreshedPages(): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  const files = markdownFiles().filter(
    (file) => file.startsWith('docs/') && !/^docs\/(?:diagnostics|controls)\//.test(file),
  );
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
  return withExample(await withConsoles(withUsage));
}

async function withConsoles(text: string): Promise<string> {
  const outputs = new Map<string, string>();
  for (const [, command = ''] of text.matchAll(CONSOLE)) outputs.set(command, await outputOf(command));
  return text.replace(
    CONSOLE,
    (_all, command: string) => `\`\`\`console\n$ ${command}\n${outputs.get(command)}\n\`\`\``,
  );
}

/** A program, and what it prints in the block behind it. */
async function withExample(text: string): Promise<string> {
  const code = PROGRAM.exec(text)?.[1];
  if (code === undefined) return text;
  const { output, errors } = await runExample(code);
  const printed = (output + errors).trimEnd();
  return text.replace(PROGRAM, () => `\`\`\`ts\n${code}\n\`\`\`\n\nprints\n\n\`\`\`text\n${printed}\n\`\`\``);
}

const PROGRAM = /```ts\n([\s\S]*?)\n```\n\nprints\n\n```text\n[\s\S]*?```/;
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
