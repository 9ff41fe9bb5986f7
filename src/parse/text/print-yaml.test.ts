import fc from 'fast-check';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { PlainValue } from '#model/plain.ts';
import type { Node } from './node.ts';
import { yamlText } from './print-yaml.ts';
import { readDocuments } from './read-documents.ts';

const scalar = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'y',
    'no',
    'on',
    '017',
    '1e2',
    '~',
    'null',
    '- a',
    'a: b',
    '#',
    '',
    '2024-01-01',
    '---',
    "'",
    '0x1F',
    '.inf',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

test('what is printed is read as the same value, as kubectl reads it and by YAML 1.2', () => {
  fc.assert(
    fc.property(value, (inner) => {
      // A document that is null alone is no document.
      const printed = { inner };
      const text = [...yamlText(printed)].join('');
      const { documents, diagnostics } = readDocuments({ file: 'a.yaml', text });
      expect(diagnostics).toEqual([]);
      expect(documents.map(({ root }) => plain(root))).toEqual([printed]);
      expect(load(text)).toEqual(printed);
    }),
    { numRuns: 300 },
  );
});

function plain(node: Node): PlainValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value: child }) => [key, plain(child)]));
}
