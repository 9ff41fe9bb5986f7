import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAzurePaths } from './azure-files.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string, mode?: number): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (mode !== undefined) chmodSync(path, mode);
}

function read(...paths: readonly string[]) {
  return readAzurePaths(paths, { cwd: folder, searchPath: join(folder, 'bin') });
}

describe('which cloud documents are read', () => {
  test('templates, Terraform and captures of a folder, and nothing else', async () => {
    for (const name of ['main.json', 'main.bicepparam', 'net/a.tf', 'net/b.tfvars', 'c.ndjson', 'notes.md', 'k8s.yaml'])
      write(name, '{}');
    const { files, diagnostics } = await read('.');
    expect(files.map(({ file }) => file)).toEqual(['c.ndjson', 'main.json', 'net/a.tf', 'net/b.tfvars']);
    expect(diagnostics).toEqual([]);
  });

  test('what does not exist is said, and hides nothing', async () => {
    write('main.json', '{}');
    const { files, diagnostics } = await read('none', 'main.json');
    expect(files.map(({ file }) => file)).toEqual(['main.json']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF1006']);
  });
});

describe('Bicep', () => {
  const COMPILER = '#!/bin/sh\necho "{\\"args\\": \\"$*\\"}"\n';

  test.each([
    ['bicep', 'build --stdout'],
    ['az', 'bicep build --stdout --file'],
  ])('through %s', async (tool, args) => {
    write('main.bicep', "param name string = 'x'\n");
    write(`bin/${tool}`, COMPILER, 0o755);
    const { files, diagnostics } = await read('main.bicep');
    expect(diagnostics).toEqual([]);
    expect(files.map(({ file }) => file)).toEqual(['main.bicep (bicep)']);
    expect(files[0]!.text).toContain(`${args} ${join(folder, 'main.bicep')}`);
  });

  test('without a compiler: how to make a template, and other files are read', async () => {
    write('main.bicep', '');
    write('main.json', '{}');
    const { files, diagnostics } = await read('.');
    expect(files.map(({ file }) => file)).toEqual(['main.json']);
    expect(diagnostics).toMatchObject([{ code: 'RF1010', help: expect.stringContaining('az bicep build') }]);
  });

  test('a compiler that fails', async () => {
    write('main.bicep', '');
    write('bin/bicep', '#!/bin/sh\necho "main.bicep(1,1): Error BCP018" >&2\nexit 1\n', 0o755);
    const { files, diagnostics } = await read('main.bicep');
    expect(files).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'RF1011', message: expect.stringContaining('BCP018') }]);
  });
});
