import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { analyse, diff, readInvariantsFrom, render } from './index.ts';

/** The examples of the doc comments, each as lines of code. */
function examples(): string[][] {
  const source = readFileSync(new URL('index.ts', import.meta.url), 'utf8');
  return [...source.matchAll(/@example\n([\s\S]*?)\*\//g)].map((match) =>
    match[1]!
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^ \* ?/, '')),
  );
}

/** `expression; // value` becomes a check that they are equal. */
function checking(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/^(?!const )(.+); \/\/ (.+)$/, 'expect($1).toEqual($2);')).join('\n');
}

describe('examples of the doc comments', () => {
  test.each(examples().map((lines) => [lines[0]!, lines] as const))('%s', async (_first, lines) => {
    const code = `return (async () => {${checking(lines)}})()`;
    expect(code).toContain('expect(');
    await new Function('analyse', 'diff', 'render', 'expect', code)(analyse, diff, render, expect);
  });

  test('there are some', () => {
    expect(examples().length).toBeGreaterThanOrEqual(3);
  });
});

const POD = (name: string) => ({
  name: `${name}.yaml`,
  text: `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}}`,
});
const INVARIANTS = {
  name: 'invariants.yaml',
  text: '{apiVersion: ringfence.dev/v1, kind: Invariants, metadata: {name: x}, invariants: [{name: safe, never: {from: internet, to: shop/a}}]}',
};

describe('analyse', () => {
  test('answers about addresses without being told of them before', () => {
    const shop = analyse([POD('a')]);
    expect(shop.verdict({ from: '203.0.113.7', to: 'shop/a', port: '80' })).toBe('allowed');
  });

  test('a name that means nothing is a problem and not an exception', () => {
    const shop = analyse([POD('web')]);
    expect(shop.can({ from: 'shop/wbe', to: 'internet' })).toMatchObject({ kind: 'problem', near: ['shop/web'] });
    expect(shop.verdict({ from: 'shop/wbe', to: 'internet' })).toBeUndefined();
  });

  test('what is wrong with the input is a diagnostic', () => {
    const { diagnostics } = analyse([{ name: 'bad.yaml', text: 'a: [' }, POD('a')]);
    expect(diagnostics).toMatchObject([{ code: 'RF1001', origin: { file: 'bad.yaml' } }]);
  });

  test('takes a snapshot, and options', () => {
    const first = analyse([POD('a')]);
    const again = analyse(first.snapshot, { engine: 'azure-npm-linux', podCidrs: ['10.1.0.0/16'] });
    expect(again.map().engine).toEqual({ profile: 'azure-npm-linux', why: 'chosen with --engine' });
    expect(() => analyse([], { podCidrs: ['10.1'] })).toThrow(RangeError);
    expect(() => first.map({ protocols: ['nope'] })).toThrow(RangeError);
  });

  test('invariants, policies and exposure', () => {
    const shop = analyse([POD('a')]);
    const invariants = readInvariantsFrom([INVARIANTS]);
    expect(shop.test(invariants).invariants).toMatchObject([{ name: 'safe', state: 'broken' }]);
    expect(diff(shop, analyse([POD('a')]), { invariants }).invariants).toEqual([
      { name: 'safe', base: 'broken', head: 'broken' },
    ]);
    expect(shop.policies().policies).toEqual([]);
    expect(shop.expose().exposures).toEqual([]);
  });
});

test('the library imports nothing of Node: it runs in a browser', async () => {
  const { metafile } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['elkjs'],
    logLevel: 'silent',
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(outside.filter((path) => !path.startsWith('elkjs'))).toEqual([]);
});
