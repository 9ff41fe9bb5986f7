import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPaths } from './read-paths.ts';
import type { SourceOptions } from './session.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('which files are read', () => {
  const tree: Readonly<Record<string, string>> = {
    'b.yaml': 'b: 1',
    'a.yml': 'a: 1',
    'c.JSON': '{}',
    'notes.txt': 'x',
    'sub/d.yaml': 'd: 1',
    'sub/deep/e.json': '{}',
    '.hidden/f.yaml': 'f: 1',
    'node_modules/g/g.yaml': 'g: 1',
    'ignored/h.yaml': 'h: 1',
    'sub/keep.gen.yaml': 'i: 1',
    'sub/drop.gen.yaml': 'j: 1',
    'sub/secret.yaml': 'k: 1',
    '.gitignore': 'ignored/\n*.gen.yaml\n',
    'sub/.gitignore': '!keep.gen.yaml\n',
    'sub/.ringfenceignore': 'secret.yaml\n',
  };
  const table: readonly (readonly [why: string, paths: readonly string[], files: readonly string[]])[] = [
    ['a folder', ['.'], ['a.yml', 'b.yaml', 'c.JSON', 'sub/d.yaml', 'sub/deep/e.json', 'sub/keep.gen.yaml']],
    ['a folder below', ['sub/'], ['sub/d.yaml', 'sub/deep/e.json', 'sub/drop.gen.yaml', 'sub/keep.gen.yaml']],
    ['a file of any name', ['notes.txt'], ['notes.txt']],
    ['an ignored file that is named', ['ignored/h.yaml', './.hidden'], ['ignored/h.yaml', '.hidden/f.yaml']],
    [
      'nothing twice',
      ['sub/d.yaml', 'sub', 'sub', './sub/d.yaml'],
      ['sub/d.yaml', 'sub/deep/e.json', 'sub/drop.gen.yaml', 'sub/keep.gen.yaml'],
    ],
    ['a glob', ['sub/**/*.json', '*.{yaml,yml}'], ['sub/deep/e.json', 'a.yml', 'b.yaml']],
  ];
  test.each(table)('%s', async (_why, paths, files) => {
    write(tree);
    const result = await read(paths);
    expect(result.diagnostics).toEqual([]);
    expect(result.files.map((source) => source.file)).toEqual(files);
  });

  test('links inside the folder are followed once, links out of it and in circles are not', async () => {
    write({ 'in/real/a.yaml': 'a: 1', 'out/b.yaml': 'b: 1' });
    symlinkSync('..', join(folder, 'in/real/up'));
    symlinkSync('real/a.yaml', join(folder, 'in/link.yaml'));
    symlinkSync('../out', join(folder, 'in/away'));
    symlinkSync('self.yaml', join(folder, 'in/self.yaml'));
    const result = await read(['in']);
    expect(result.files.map((source) => source.file)).toEqual(['in/link.yaml']);
    expect(codes(result.diagnostics)).toEqual(['RF1006 in/away', 'RF1006 in/self.yaml']);
  });
});

describe('what cannot be read', () => {
  const table: readonly (readonly [why: string, name: string, content: string | Buffer, code: string])[] = [
    ['binary data', 'a.yaml', Buffer.from([1, 0, 2]), 'RF1008'],
    ['a large binary file', 'a.yaml', Buffer.concat([Buffer.alloc(9000), Buffer.from('x')]), 'RF1008'],
    ['Latin-1', 'a.yaml', Buffer.from('a: é', 'latin1'), 'RF1012'],
    ['UTF-16', 'a.yaml', Buffer.from('\ufeffa: 1', 'utf16le'), 'RF1012'],
    ['damaged gzip', 'a.yaml.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]), 'RF1013'],
    ['a gzip bomb', 'a.yaml.gz', gzipSync(Buffer.alloc(100_000, 32)), 'RF1013'],
    ['a file over the limit', 'a.yaml', ' '.repeat(20_001), 'RF1007'],
  ];
  test.each(table)('%s', async (_why, name, content, code) => {
    write({ [`x/${name}`]: content, 'x/good.yaml': 'a: 1' });
    const result = await read(['x'], { maxFileSize: 20_000 });
    expect(result.files.map((source) => source.file)).toEqual(['x/good.yaml']);
    expect(codes(result.diagnostics)).toEqual([`${code} x/${name}`]);
  });

  test('a sparse file is not loaded', async () => {
    write({ 'a.yaml': '' });
    truncateSync(join(folder, 'a.yaml'), 300 * 1024 * 1024);
    expect(codes((await read(['.'])).diagnostics)).toEqual(['RF1007 a.yaml']);
  });

  test('paths that are not there', async () => {
    write({ 'a.yaml': 'a: 1' });
    const result = await read(['nope', 'a.yaml/x', 'no*.yaml']);
    expect(codes(result.diagnostics)).toEqual(['RF1006 nope', 'RF1006 a.yaml/x', 'RF1006 no*.yaml']);
  });

  test.skipIf(process.getuid?.() === 0)('an unreadable folder', async () => {
    write({ 'x/a.yaml': 'a: 1', 'b.yaml': 'b: 1' });
    chmodSync(join(folder, 'x'), 0);
    expect(codes((await read(['.'])).diagnostics)).toEqual(['RF1006 x']);
    chmodSync(join(folder, 'x'), 0o700);
  });

  test('a folder without manifests', async () => {
    write({ 'x/readme.md': '' });
    expect(codes((await read(['x'])).diagnostics)).toEqual(['RF1014 x']);
  });

  test('names with control characters are escaped', async () => {
    write({ 'x\u001b[31m/a.yaml': 'a: 1', 'x\u001b[31m/b.yaml': Buffer.from([0]) });
    const result = await read(['.']);
    expect(result.files[0]?.file).toBe('x\\u{1b}[31m/a.yaml');
    expect(JSON.stringify(result)).not.toContain('\u001b');
    expect(result.diagnostics[0]?.message).toContain('x\\u{1b}[31m/b.yaml');
  });
});

describe('standard input and gzip', () => {
  test.each([
    ['plain', Buffer.from('\ufeffa: 1')],
    ['packed', gzipSync('a: 1')],
  ])('%s', async (_why, bytes) => {
    const standardInput = Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]);
    expect((await read(['-', '-'], { standardInput })).files).toEqual([{ file: '<stdin>', text: 'a: 1' }]);
  });

  test('is bounded', async () => {
    const standardInput = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1000, 32);
      })(),
    );
    expect(codes((await read(['-'], { standardInput, maxFileSize: 10_000 })).diagnostics)).toEqual(['RF1007 <stdin>']);
  });

  test('a packed file', async () => {
    write({ 'a.yaml.gz': gzipSync('a: 1') });
    expect((await read(['.'])).files).toEqual([{ file: 'a.yaml.gz', text: 'a: 1' }]);
  });
});

describe('kustomizations', () => {
  const tree = {
    'base/kustomization.yaml': 'resources: [a.yaml]',
    'base/a.yaml': 'a: 1',
    'base/patch.yaml': 'p: 1',
    'over/prod/kustomization.yaml': 'resources: [../../base]',
    'over/dev/Kustomization': 'resources: [../../base, b.yaml]',
    'over/dev/b.yaml': 'b: 1',
    'plain.yaml': 'x: 1',
  };

  test('those that no other uses are rendered, and stand for their folders', async () => {
    write({ ...tree, ...tool('kustomize', 'echo "from: $2"') });
    const result = await read(['.']);
    expect(result.diagnostics).toEqual([]);
    expect(result.files.map((source) => source.file)).toEqual([
      'over/dev (kustomize)',
      'over/prod (kustomize)',
      'plain.yaml',
    ]);
    expect(result.files[0]?.text).toMatch(/^from: \/.*over\/dev\n$/);
  });

  test('kubectl is used where kustomize is missing', async () => {
    write({ ...tree, ...tool('kubectl', 'echo "$1"') });
    expect((await read(['base/kustomization.yaml'])).files).toEqual([
      { file: 'base (kustomize)', text: 'kustomize\n', renderedBy: 'kustomize' },
    ]);
  });

  test('without a tool the resources are read as they are', async () => {
    write(tree);
    const result = await read(['.']);
    expect(result.files.map((source) => source.file)).toEqual(['over/dev/b.yaml', 'base/a.yaml', 'plain.yaml']);
    expect(codes(result.diagnostics)).toEqual(['RF1010 over/dev', 'RF1010 base', 'RF1010 over/prod']);
    expect(result.diagnostics[0]?.help).toContain('`kustomize build over/dev`');
  });

  test('one that fails falls back, the others are rendered', async () => {
    write({ ...tree, ...tool('kustomize', 'case $2 in */dev) echo "no \u001b luck" >&2; exit 1;; esac; echo ok: 1') });
    const result = await read(['.']);
    expect(result.files.map((source) => source.file)).toEqual([
      'over/dev/b.yaml',
      'base (kustomize)',
      'over/prod (kustomize)',
      'plain.yaml',
    ]);
    expect(result.diagnostics).toMatchObject([
      { code: 'RF1011', message: '`over/dev` cannot be rendered: no \\u{1b} luck' },
    ]);
  });

  test('one in the tree of another that does not use it is named', async () => {
    write({
      'k/kustomization.yaml': 'resources: [a.yaml]',
      'k/a.yaml': 'a: 1',
      'k/x/kustomization.yaml': '',
      ...tool('kustomize', 'echo ok: 1'),
    });
    const result = await read(['k']);
    expect(result.files.map((source) => source.file)).toEqual(['k (kustomize)']);
    expect(codes(result.diagnostics)).toEqual(['RF1015 k/x']);
  });

  test('manifests in its tree that it does not use are named, and nothing else of it', async () => {
    const manifest = 'apiVersion: v1\nkind: ConfigMap\n';
    write({
      'k/kustomization.yaml':
        'resources: [a.yaml]\npatches: [{path: p.yaml}]\nconfigMapGenerator: [{files: [x=c.yaml]}]\n',
      'k/a.yaml': manifest,
      'k/p.yaml': manifest,
      'k/c.yaml': manifest,
      'k/values.yaml': 'replicas: 1',
      'k/by-hand.yaml': manifest,
      ...tool('kustomize', 'echo ok: 1'),
    });
    const result = await read(['k']);
    expect(result.files).toMatchObject([{ file: 'k (kustomize)', renderedBy: 'kustomize' }]);
    expect(codes(result.diagnostics)).toEqual(['RF1015 k/by-hand.yaml']);
  });

  test('a circle is rendered once, for kustomize to say so', async () => {
    write({
      'a/kustomization.yaml': 'resources: [../b]',
      'b/kustomization.yaml': 'resources: [../a]',
      ...tool('kustomize', 'echo ok: 1'),
    });
    expect((await read(['.'])).files.map((source) => source.file)).toEqual(['a (kustomize)']);
  });

  test('never: everything is read as it is', async () => {
    write(tree);
    const result = await read(['base'], { kustomize: 'never' });
    expect(result.files.map((source) => source.file)).toEqual([
      'base/a.yaml',
      'base/kustomization.yaml',
      'base/patch.yaml',
    ]);
  });

  test('time and output of tools are bounded', async () => {
    write({
      ...tree,
      ...tool('kustomize', 'case $2 in */dev) exec sleep 30;; esac; head -c 100000 /dev/zero | tr "\\0" " "'),
    });
    const result = await read(['over'], { toolTimeout: 300, maxFileSize: 10_000 });
    expect(result.diagnostics.map((diagnostic) => diagnostic.message.split(': ')[1])).toEqual([
      'it took longer than 0 seconds',
      'it wrote more than the limit for one file',
    ]);
  });
});

describe('Helm charts', () => {
  const chart = {
    'c/Chart.yaml': 'name: c',
    'c/values.yaml': 'x: 1',
    'c/templates/a.yaml': '{{ x }}',
    'b.yaml': 'b: 1',
  };

  test('are rendered', async () => {
    write({ ...chart, ...tool('helm', 'echo "args: $1 $2"') });
    const result = await read(['.']);
    expect(result.files).toEqual([
      { file: 'b.yaml', text: 'b: 1' },
      { file: 'c (helm)', text: 'args: template release\n', renderedBy: 'helm' },
    ]);
  });

  test('are never read as YAML', async () => {
    write(chart);
    const result = await read(['.']);
    expect(result.files.map((source) => source.file)).toEqual(['b.yaml']);
    expect(result.diagnostics).toMatchObject([
      { code: 'RF1010', help: expect.stringContaining('`helm template release c`') },
    ]);
  });
});

const git = findOnPath('git');

describe.skipIf(git === undefined)('git revisions', () => {
  beforeEach(() => {
    write({
      'd/a.yaml': 'a: 1',
      'd/x.txt': 'x',
      'k/kustomization.yaml': 'resources: [../d/a.yaml]',
      'd/.ringfenceignore': 'no.yaml',
      'd/no.yaml': 'n: 1',
    });
    const run = (...args: readonly string[]): unknown =>
      execFileSync(
        git!,
        ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
        { cwd: folder, stdio: 'ignore' },
      );
    run('init', '-q');
    run('add', '-A');
    run('commit', '-qm', 'first');
    write({ 'd/a.yaml': 'a: 2' });
  });

  const table: readonly (readonly [
    path: string,
    files: readonly (readonly [string, string])[],
    codes: readonly string[],
  ])[] = [
    ['git:HEAD:d', [['git:HEAD:d/a.yaml', 'a: 1']], []],
    ['git:HEAD:d/a.yaml', [['git:HEAD:d/a.yaml', 'a: 1']], []],
    ['git:HEAD:d/x.txt', [['git:HEAD:d/x.txt', 'x']], []],
    [
      'git:HEAD',
      [
        ['git:HEAD:d/a.yaml', 'a: 1'],
        ['git:HEAD:k (kustomize)', 'ok: 1\n'],
      ],
      [],
    ],
    ['git:nope', [], ['RF1011 git:nope']],
    ['git:HEAD:nope', [], ['RF1006 git:HEAD:nope']],
    ['git:HEAD:../x', [], ['RF1011 git:HEAD:../x']],
    ['git:--output=x', [], ['RF1011 git:--output=x']],
    ['git:', [], ['RF1011 git:']],
  ];
  test.each(table)('%s', async (path, files, want) => {
    write(tool('kustomize', 'echo ok: 1'));
    symlinkSync(git!, join(folder, '.tools/git'));
    const result = await read([path]);
    expect(result.files.map((source) => [source.file, source.text])).toEqual(files);
    expect(codes(result.diagnostics)).toEqual(want);
  });

  test('without git', async () => {
    expect(codes((await read(['git:HEAD'])).diagnostics)).toEqual(['RF1010 git:HEAD']);
  });

  test('leaves nothing behind', async () => {
    write(tool('kustomize', 'dirname "$2"'));
    symlinkSync(git!, join(folder, '.tools/git'));
    const [, rendered] = (await read(['git:HEAD'])).files;
    expect(existsSync(rendered!.text.trim())).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['.git', '.tools', 'd', 'k']);
  });
});

function read(paths: readonly string[], options: SourceOptions = {}): ReturnType<typeof readPaths> {
  // /usr/bin and /bin only where a test's own tools need a shell: never kubectl, kustomize, helm or git of the machine.
  return readPaths(paths, { cwd: folder, searchPath: join(folder, '.tools'), ...options });
}

function tool(name: string, script: string): Readonly<Record<string, string>> {
  return { [`.tools/${name}`]: `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n` };
}

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (name.startsWith('.tools/')) chmodSync(path, 0o755);
  }
}

function codes(diagnostics: Awaited<ReturnType<typeof readPaths>>['diagnostics']): readonly string[] {
  return diagnostics.map(({ code, origin }) => `${code} ${origin?.file}`);
}

function findOnPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(':')
    .map((entry) => join(entry, name))
    .find((path) => existsSync(path));
}
