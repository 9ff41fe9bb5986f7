import { existsSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { textOf as reportOf } from '#report/samples-all.test-support.ts';
import { SCAN } from '#report/samples-scan.test-support.ts';
import { commandsOf, faultOf } from '../scripts/docs-commands.ts';

const textOf = (file: string) => readFileSync(file, 'utf8');
const yamlOf = (file: string) => load(textOf(file));

const SCRIPTS: readonly (readonly [file: string, commands: number])[] = [
  ['deploy/github-action/action.yml', 3],
  ['deploy/azure-devops/ringfence.yml', 4],
];

describe.each(SCRIPTS)('%s', (file, commands) => {
  const scripts = textsUnder(yamlOf(file), ['run', 'bash']);

  test('runs commands that exist', async () => {
    const found = scripts.flatMap((script) => commandsOf(`\`\`\`\n${script}\n\`\`\``));
    expect(found).toHaveLength(commands);
    for (const { line, args } of found) {
      const filled = args.map((arg) => (arg === '$FAIL_ON' ? 'high' : arg));
      expect(await faultOf(filled), line).toBeUndefined();
    }
  });

  test('every option that is added under a condition is one of scan', async () => {
    const added = scripts.flatMap((script) => [...script.matchAll(/args\+=\((--[a-z-]+) "\$([A-Z]+)"\)/g)]);
    expect(added.length).toBeGreaterThan(3);
    for (const [line, option = ''] of added)
      expect(await faultOf(['scan', option, VALUES[option] ?? 'file']), line).toBeUndefined();
  });

  test('pastes no parameter into a script', () => {
    for (const script of scripts) expect(script).not.toContain('${{');
  });

  test('hands every variable that a script reads to it', () => {
    const known = new Set([...Object.keys(environmentIn(yamlOf(file))), ...RUNNER, ...assignedIn(scripts)]);
    const read = scripts.flatMap((script) => [...script.matchAll(/\$\{?([A-Za-z_]+)/g)].map(([, name]) => name));
    expect(read.filter((name) => !known.has(name!))).toEqual([]);
  });
});

const VALUES: Readonly<Record<string, string>> = { '--engine': 'calico', '--framework': 'cis-kubernetes' };
/** What runners give. */
const RUNNER = ['RUNNER_TEMP', 'GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT'];

describe('.pre-commit-hooks.yaml', () => {
  const hooks = yamlOf('.pre-commit-hooks.yaml') as readonly {
    readonly id: string;
    readonly entry: string;
    readonly args: readonly string[];
    readonly files: string;
    readonly language: string;
  }[];

  test.each(hooks)('$id runs a command that exists', async ({ entry, args, files, language }) => {
    const [program, ...rest] = entry.split(' ');
    expect(program).toBe('ringfence');
    expect(language).toBe('node');
    expect(await faultOf([...rest, ...args])).toBeUndefined();
    expect('deploy/web.yaml').toMatch(new RegExp(files));
    expect('main.go').not.toMatch(new RegExp(files));
  });
});

describe('deploy/Containerfile', () => {
  const text = textOf('deploy/Containerfile');
  const instructions = text
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '');

  test('has instructions alone, from images of a fixed version', () => {
    for (const line of instructions) expect(line).toMatch(/^(?:FROM|WORKDIR|COPY|RUN|LABEL|USER|ENTRYPOINT|CMD) \S/);
    const images = instructions.filter((line) => line.startsWith('FROM'));
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^FROM node:24\.\d+\.\d+-[a-z-]+(?: AS build)?$/);
  });

  test('does not end as root', () => {
    const users = instructions.filter((line) => line.startsWith('USER'));
    expect(users).toEqual(['USER 1000:1000']);
  });

  test('builds from files that exist, and starts a command of the package', () => {
    for (const [file] of text.matchAll(/scripts\/[\w.]+\.ts/g)) expect(existsSync(file), file).toBe(true);
    const { bin } = JSON.parse(textOf('package.json')) as { readonly bin: Readonly<Record<string, string>> };
    const [, entry = ''] = /ENTRYPOINT \["(\w+)"\]/.exec(text) ?? [];
    expect(Object.keys(bin)).toContain(entry);
    expect(text).toContain(`node_modules/.bin/${entry} `);
  });
});

test('the assessment plan of OSCAL is the one that results name', async () => {
  const { 'assessment-plan': plan } = JSON.parse(textOf('deploy/oscal/assessment-plan.json'));
  const { 'assessment-results': results } = JSON.parse(await reportOf(SCAN, 'oscal'));
  expect(results['import-ap'].href).toBe(`#${plan.uuid}`);
  expect(results['back-matter'].resources[0].uuid).toBe(plan.uuid);
  expect(plan['assessment-assets']).toEqual(results.results[0]['local-definitions']['assessment-assets']);
});

/** The texts at these keys, at any depth. */
function textsUnder(value: unknown, keys: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    keys.includes(key) && typeof inner === 'string' ? [inner] : textsUnder(inner, keys),
  );
}

function environmentIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const found: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) Object.assign(found, key === 'env' ? inner : environmentIn(inner));
  return found;
}

function assignedIn(scripts: readonly string[]): readonly string[] {
  return scripts.flatMap((script) =>
    [...script.matchAll(/(?:^|\s)(?:read -r )?([a-z]+)(?:=|;)/gm)].map(([, name]) => name ?? ''),
  );
}
