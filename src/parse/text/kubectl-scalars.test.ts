import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import facts from './kubectl-facts.json' with { type: 'json' };
import { plainValue } from './kubectl-scalars.ts';
import type { Node } from './node.ts';
import { readDocuments } from './read-documents.ts';

const hasKubectl = succeeds(() => execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' }));

describe('as kubectl was seen to read', () => {
  test.each(facts.values.map(([text, value, accepted]) => ({ text, value, accepted })))(
    'value $text',
    ({ text, value, accepted }) => {
      const { documents, diagnostics } = readDocuments({ file: 'a.yaml', text: `v: ${text}\n` });
      if (accepted === false) expect(diagnostics).toMatchObject([{ code: 'RF1001' }]);
      else expect(documents.map((document) => plain(document.root))).toEqual([{ v: value }]);
    },
  );

  test.each(facts.keys.map(([text, key, accepted]) => ({ text, key, accepted })))(
    'key $text',
    ({ text, key, accepted }) => {
      const { documents, diagnostics } = readDocuments({ file: 'a.yaml', text: `${text}: x\n` });
      if (accepted === false) expect(diagnostics).toMatchObject([{ code: 'RF1001' }]);
      else expect(documents.map((document) => plain(document.root))).toEqual([{ [String(key)]: 'x' }]);
    },
  );
});

describe.skipIf(!hasKubectl)('kubectl on this machine', () => {
  test('still says what was recorded', () => {
    const accepted = facts.values.filter((fact) => fact[2] === true);
    expect(readWithKubectl(accepted.map(([text]) => String(text)))).toEqual(accepted.map((fact) => fact[1]));
  });

  test('reads generated scalars as we do', () => {
    const letters = fc.constantFrom(...'0011223789abefox__.+-:eEnNyYT~fx');
    const sample = fc.sample(fc.string({ unit: letters, minLength: 1, maxLength: 8 }), { numRuns: 1500, seed: 7 });
    const points = fc.sample(fc.string({ unit: fc.constantFrom(...'015_eE+-.'), minLength: 1, maxLength: 6 }), {
      numRuns: 500,
      seed: 7,
    });
    const texts = [...new Set([...sample, ...points.map((text) => `.${text}`)])].filter(
      (text) => isPlain(text) && isFiniteValue(plainValue(text)),
    );
    expect(readWithKubectl(texts)).toEqual(texts.map((text) => plainValue(text)));
  });

  test('keeps the last of equal keys and applies merges where they stand', () => {
    for (const body of MAPPINGS) {
      const [ours] = readDocuments({ file: 'a.yaml', text: body }).documents;
      expect(ours && plain(ours.root), body).toEqual(specFromKubectl(body));
    }
  });
});

const MAPPINGS = [
  'a: 1\na: 2\n',
  '1: a\nb: c\n',
  'b: &b {a: 1, c: 2}\nv:\n  <<: *b\n  a: 3\n',
  'b: &b {a: 1, c: 2}\nv:\n  a: 3\n  <<: *b\n',
  'b: &b {a: 1}\nd: &d {a: 2, e: 5}\nv:\n  <<: [*b, *d]\n',
  'v: {<<: {a: 1}, <<: {a: 2}}\n',
  'v: {"<<": {a: 1}}\n',
  'v: {!!merge <<: {a: 1}}\n',
  'v: !!set {a, b}\nw: !!omap [a: 1]\n',
];

function readWithKubectl(texts: readonly string[]): unknown {
  return specFromKubectl(`v:\n${texts.map((text) => `- ${text}\n`).join('')}`, 'v');
}

function specFromKubectl(body: string, field?: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-test-'));
  try {
    const file = join(folder, 'a.yaml');
    const indented = body.replace(/^(?=.)/gm, '  ');
    writeFileSync(file, `apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n${indented}`);
    const output = execFileSync('kubectl', ['label', '--local', '--dry-run=client', '-o', 'json', '-f', file, 'x=y'], {
      encoding: 'utf8',
    });
    const { spec } = JSON.parse(output);
    return field === undefined ? spec : spec[field];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether YAML lets the text stand as a plain scalar in a list. */
function isPlain(text: string): boolean {
  return !/^-+$|^[-?:](?: |$)|:$|^\.\.\.$|^---/.test(text);
}

function isFiniteValue(value: unknown): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plain);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.value)]));
}

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
