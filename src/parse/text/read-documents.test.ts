import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Node, SourceText } from './node.ts';
import { readDocuments } from './read-documents.ts';

describe('documents of a file', () => {
  const table: readonly (readonly [why: string, text: string, want: readonly unknown[]])[] = [
    ['nothing', '', []],
    ['blank lines and comments', '\n# a\n  # b\n\n', []],
    ['empty documents', '---\n---\n# x\n---\n', []],
    ['several documents', 'a: 1\n---\nb: 2\n--- # c\nc: 3\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['a value on the marker line', '--- {a: 1}\n--- x\n', [{ a: 1 }, 'x']],
    ['end markers', 'a: 1\n...\nb: 2\n...\n', [{ a: 1 }, { b: 2 }]],
    [
      'directives',
      '%YAML 1.1\n# c\n---\na: 1\n...\n%TAG !y! tag:yaml.org,2002:\n---\nb: !y!str 1\n',
      [{ a: 1 }, { b: '1' }],
    ],
    ['a byte order mark', '\ufeffa: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a byte order mark before a marker', '\ufeff---\na: 1\n', [{ a: 1 }]],
    ['Windows line ends', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n---\r\nc: 2\r\n', [{ a: 1, b: 'x\ny\n' }, { c: 2 }]],
    ['dashes that are no marker', 'a: |\n  ---\n  x\nb: "--- "\n', [{ a: '---\nx\n', b: '--- ' }]],
    ['a marker ends a block scalar', 'a: |\n  x\n---\nb: 1\n', [{ a: 'x\n' }, { b: 1 }]],
    ['anchors and aliases', 'a: &x {b: [1]}\nc: *x\n', [{ a: { b: [1] }, c: { b: [1] } }]],
    ['JSON', ' {"a": [1, 2.5, -0, true, null, "x\\u00e9\\n\\/"]}\n', [{ a: [1, 2.5, 0, true, null, 'xé\n/'] }]],
    ['JSON objects one after another', '{"a":1}{"b":2}\n[3]\n', [{ a: 1 }, { b: 2 }, [3]]],
    ['JSON and YAML between markers', '{"a": 1}\n---\nb: 2\n---\n{"c": 3}\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['YAML in flow form', '{a: b, # c\n c: [d]}\n', [{ a: 'b', c: ['d'] }]],
    ['a label named __proto__', '{"__proto__": 1}', [JSON.parse('{"__proto__": 1}')]],
  ];
  test.each(table)('%s', (_why, text, want) => {
    const { documents, diagnostics } = readDocuments(source(text));
    expect(diagnostics).toEqual([]);
    expect(documents.map((document) => plain(document.root))).toEqual(want);
  });

  test('many keys', () => {
    const text = Array.from({ length: 40 }, (_, i) => `k${i}: ${i}`).join('\n');
    expect(readDocuments(source(text)).diagnostics).toEqual([]);
    expect(codes(`${text}\nk3: x\n`)).toEqual(['RF1002 41:1']);
  });
});

describe('what is wrong is said, and the rest is read', () => {
  const table: readonly (readonly [why: string, text: string, documents: number, codes: readonly string[]])[] = [
    ['a broken document between good ones', 'a: 1\n---\nb: [\n---\nc: 3\n', 2, ['RF1001 4:1']],
    ['a tab as indentation', 'a:\n\tb: 1\n', 0, ['RF1001 2:1']],
    ['a NUL character', 'a: 1\nb: \0\n', 0, ['RF1001 2:4']],
    ['an unknown alias', 'a: *x\n', 0, ['RF1001 1:4']],
    ['a list as a key', '? [a]\n: b\n', 0, ['RF1001 1:3']],
    ['a value that JSON cannot hold', 'a: .inf\n', 0, ['RF1001 1:4']],
    ['a value that does not fit its tag', 'a: !!int x\n', 0, ['RF1001 1:10']],
    ['a merge of what is no mapping', 'a: {<<: 1}\n', 0, ['RF1001 1:5']],
    ['a key given twice', 'a: 1\nb: 2\na: 3\n', 1, ['RF1002 3:1']],
    ['a merge over a key that was written before it', 'b: &b {a: 1}\nc:\n  a: 2\n  <<: *b\n', 1, ['RF1002 4:3']],
    ['a key that overrides a merged one is fine', 'b: &b {a: 1}\nc:\n  <<: *b\n  a: 2\n', 1, []],
    ['an alias inside its own anchor', 'a: &a\n  b: *a\n---\nc: 1\n', 1, ['RF1005 2:6']],
    ['a comma too many in JSON', '{"a": [1,]}\n{"b": 2}\n', 1, ['RF1001 1:10']],
    ['JSON that ends early', '{"a": "x', 0, ['RF1001 1:9']],
    ['a line break in a JSON string', '{"a": "x\ny"}', 0, ['RF1001 1:9']],
    ['an unknown escape in JSON', '{"a": "x\\q"}', 0, ['RF1001 1:9']],
    ['a JSON number out of range', '{"a": 1e999}', 0, ['RF1001 1:7']],
    ['a JSON key given twice', '{"a": 1, "a": 2}', 1, ['RF1002 1:10']],
    ['a boolean key of an object', 'apiVersion: v1\nkind: X\nspec: {on: a}\n', 1, ['RF3005 3:8']],
    ['a boolean value of an object', 'apiVersion: v1\nkind: X\nspec:\n  a: no\n', 1, ['RF1009 4:6']],
    ['an octal number of an object', 'apiVersion: v1\nkind: X\nport: 017\nmode: 0644\n', 1, ['RF1009 3:7']],
    ['boolean words elsewhere than in objects', 'on: push\nb: no\n', 1, []],
  ];
  test.each(table)('%s', (_why, text, count, want) => {
    const file = text.startsWith('{') ? 'a.json' : 'a.yaml';
    expect(readDocuments({ file, text }).documents).toHaveLength(count);
    expect(codes(text, file)).toEqual(want);
  });

  test('a template gives one calm warning', () => {
    const text = '{{- if .Values.on }}\na: {{ .Values.a }}\n---\nb: {{ c }}\n{{ end }}\n---\nc: "{{ fine }}"\n';
    const { documents, diagnostics } = readDocuments(source(text));
    expect(documents).toHaveLength(1);
    expect(diagnostics).toMatchObject([
      { code: 'RF1001', severity: 'warning', message: expect.stringContaining('template') },
    ]);
  });

  test('a thousand broken documents are not listed one by one', () => {
    const { diagnostics } = readDocuments(source('--- [\n'.repeat(1000)));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)?.message).toBe('900 more problems in this file are not listed');
  });
});

describe('hostile input', () => {
  const deep = 10_000;
  const table: readonly (readonly [why: string, text: string, code: string])[] = [
    ['deep flow lists', `a: ${'['.repeat(deep)}${']'.repeat(deep)}`, 'RF1003'],
    ['deep block lists', `${'- '.repeat(deep)}x`, 'RF1003'],
    ['deep block maps', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'RF1003'],
    ['deep JSON lists', '['.repeat(deep) + ']'.repeat(deep), 'RF1003'],
    ['deep JSON objects', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`, 'RF1003'],
    ['depth through aliases', lines(400, (i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}`}]`), 'RF1003'],
    ['an alias bomb', lines(12, (i) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? 'x' : `*a${i - 1}`)}]`), 'RF1004'],
    ['a merge bomb', `b: &b\n${lines(2000, (i) => `  k${i}: 1`)}\n${lines(1000, (i) => `m${i}: {<<: *b}`)}`, 'RF1004'],
  ];
  test.each(table)('%s', (_why, text, code) => {
    const { documents, diagnostics } = readDocuments(source(`${text}\n---\nok: 1\n`));
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(documents.map((document) => plain(document.root))).toEqual([{ ok: 1 }]);
  });

  test('two hundred levels are read', () => {
    const text = `${'['.repeat(200)}${']'.repeat(200)}`;
    expect(readDocuments(source(text)).diagnostics).toEqual([]);
    expect(readDocuments(source(`--- # YAML\n- ${text.slice(1, -1)}`)).documents).toHaveLength(1);
    expect(codes(`[${text}]`)).toEqual(['RF1003 1:201']);
  });
});

describe('positions', () => {
  test('every node knows where it stands', () => {
    const text = 'x: 0\n---\na: "b c"\nd:\n  - e\n  - {f: [1 , 2 ]}  # z\ng: \'h\'\n';
    const [, second] = readDocuments(source(text)).documents;
    const at = spans(second!.root, text);
    expect(at).toEqual(
      expect.arrayContaining(['a', '"b c"', 'd', 'e', '{f: [1 , 2 ]}', '[1 , 2 ]', '1', '2', 'g', "'h'"]),
    );
  });

  test('JSON too', () => {
    const text = '{"a": ["b", {"c": 1.5}]}';
    expect(spans(readDocuments(source(text)).documents[0]!.root, text)).toEqual([
      text,
      '"a"',
      '["b", {"c": 1.5}]',
      '"b"',
      '{"c": 1.5}',
      '"c"',
      '1.5',
    ]);
  });
});

describe('properties', () => {
  const yamlish = fc.string({
    unit: fc.constantFrom(
      ...'ab01:- \n\t#&*!|>\'"%@`{}[],?<.\\\r\u2028\ufeff\0é'.split(''),
      '---',
      '...',
      '\n',
      ': ',
      '- ',
      '<<',
      '&a ',
      '*a',
      '!!int ',
      '"',
    ),
  });

  test('arbitrary text never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), yamlish), (text) => void readDocuments(source(text))),
      { numRuns: 3000 },
    );
  });

  test('what JSON prints is read back, alone and inside YAML', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 2), (value, space) => {
        const wanted = JSON.parse(JSON.stringify(value), (_key, inner) =>
          inner === 0 ? 0 : typeof inner === 'string' ? inner.toWellFormed() : inner,
        );
        const { documents, diagnostics } = readDocuments(source(JSON.stringify([value], undefined, space)));
        expect(diagnostics).toEqual([]);
        expect(documents.map((document) => plain(document.root))).toEqual([[wanted]]);
      }),
    );
  });
});

function source(text: string): SourceText {
  return { file: 'a.yaml', text };
}

function codes(text: string, file = 'a.json'): readonly string[] {
  return readDocuments({ file, text }).diagnostics.map(
    ({ code, origin }) => `${code} ${origin?.line}:${origin?.column}`,
  );
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

function spans(node: Node, text: string): string[] {
  const own = text.slice(node.start, node.end);
  if (node.kind === 'scalar') return [own];
  if (node.kind === 'seq') return [own, ...node.items.flatMap((item) => spans(item, text))];
  return [
    own,
    ...node.entries.flatMap((entry) => [
      /^(?:"[^"]*"|\w+)/.exec(text.slice(entry.keyStart))![0],
      ...spans(entry.value, text),
    ]),
  ];
}

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plain);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.value)]));
}
