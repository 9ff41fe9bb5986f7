import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REASONS } from '#model/reason.ts';
import { TRANSLATION_REFUSALS } from '#model/translation.ts';
import { commandsOf, faultOf } from '../scripts/docs-commands.ts';
import { codeExamples, saidOf } from '../scripts/docs-examples.ts';
import { fencesOf, markdownFiles } from '../scripts/docs-files.ts';
import { codes, generatedPages } from '../scripts/docs-pages.ts';
import { refreshedPages } from '../scripts/docs-refresh.ts';
import { VERB_PAGES } from '../scripts/docs-usage.ts';

// `node scripts/docs.ts` writes what is behind.
const FILES = markdownFiles();
const PAGES = FILES.filter((file) => file.startsWith('docs/') || ['README.md', 'PROPERTIES.md'].includes(file));
const textOf = (file: string) => readFileSync(file, 'utf8');

describe('what is made from the code', () => {
  test.each([...generatedPages()])('%s is what scripts/docs.ts writes', (path, text) => {
    expect(existsSync(path) ? textOf(path) : 'missing').toBe(text);
  });

  test('what commands print on the pages is what scripts/docs.ts writes', async () => {
    for (const [path, text] of await refreshedPages()) expect(text, path).toBe(textOf(path));
  }, 120_000);
});

describe('completeness', () => {
  const examples = codeExamples();

  test.each(codes())('every code has an example that gives it: %s', (code) => {
    const example = examples.get(code);
    if (example === undefined) expect.fail(`${code} has no entry in docs/diagnostics/examples.yaml`);
    if (example.kind === 'exempt') expect(example.reason).not.toBe('');
    else expect(saidOf(example).map((said) => said.code)).toContain(code);
  });

  test.each(Object.keys(REASONS))('every reason is explained: %s', (reason) => {
    expect(textOf('docs/unknown.md')).toContain(`### \`${reason}\``);
  });

  test.each(Object.keys(TRANSLATION_REFUSALS))('every refusal of translate is explained: %s', (reason) => {
    expect(textOf('docs/verbs/translate.md')).toContain(`| \`${reason}\` |`);
  });

  test.each(Object.keys(VERB_PAGES))('every verb has a page: %s', (verb) => {
    expect(textOf(`docs/verbs/${verb}.md`)).toContain(`<!-- usage: ${verb} -->`);
    expect(textOf('docs/README.md')).toContain(`verbs/${verb}.md`);
  });
});

test.each(readdirSync('schemas'))('docs/json.md names every published schema: %s', (schema) => {
  expect(textOf('docs/json.md')).toContain(`../schemas/${schema})`);
});

describe('links and commands', () => {
  test.each(PAGES)('%s: every relative link leads somewhere', (file) => {
    const broken = linksOf(textOf(file)).filter((link) => !leadsSomewhere(file, link));
    expect(broken).toEqual([]);
  });

  test.each([...PAGES, 'examples/README.md'])('%s: every command parses', async (file) => {
    for (const { line, args } of commandsOf(textOf(file))) expect(await faultOf(args), line).toBeUndefined();
  });

  test('a command that is none is told', async () => {
    expect(await faultOf(['mop'])).toBe('no verb `mop`');
    expect(await faultOf(['map', '--ports', '80'])).toMatch(/--ports/);
    expect(await faultOf(['can', 'shop/web'])).toMatch(/needs FROM TO/);
  });
});

describe('PROPERTIES.md', () => {
  const rows = [...textOf('PROPERTIES.md').matchAll(/^\| (.+) \| `([^`]+\.ts)`(?:: (.*?))?(?: \(.*\))? \|$/gm)];

  test.each(rows.map(([, what, file, title]) => ({ what, file, title })))(
    'every property names a test that exists: $what',
    ({ file = '', title }) => {
      expect(existsSync(file)).toBe(true);
      expect(title === undefined || textOf(file).includes(title.trim()), `no test called ${title}`).toBe(true);
    },
  );
});

function linksOf(text: string): string[] {
  const fenced = new Set(fencesOf(text).flatMap(({ lines }) => lines));
  const prose = text.split('\n').filter((line) => !fenced.has(line));
  return [...prose.join('\n').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  if (!existsSync(target)) return false;
  if (anchor === undefined) return true;
  return statSync(target).isFile() && anchorsOf(textOf(target)).has(anchor);
}

/** As GitHub makes them from headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}
