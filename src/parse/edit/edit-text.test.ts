import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldEdit } from '#model/control.ts';
import type { PlainObject } from '#model/plain.ts';
import type { MapNode, Node } from '../text/node.ts';
import { yamlText } from '../text/print-yaml.ts';
import { readDocuments } from '../text/read-documents.ts';
import { applyEdits } from './apply-edits.ts';
import { editText } from './edit-text.ts';

const first = ([root]: readonly Node[]): MapNode | undefined => (root?.kind === 'map' ? root : undefined);
const set = (value: PlainObject[string], ...path: readonly (string | number)[]): FieldEdit => ({
  op: 'set',
  path,
  value,
});
const append = (value: PlainObject[string], ...path: readonly (string | number)[]): FieldEdit => ({
  op: 'append',
  path,
  value,
});
const remove = (...path: readonly (string | number)[]): FieldEdit => ({ op: 'remove', path });

const POD = `# the web
kind: Pod # a pod
spec:
  containers:
    - name: web   # the first
      image: nginx
      ports: [{containerPort: 80}]
    - image: sidecar

  # at the end
  hostNetwork: true
`;

describe('edits keep everything else as it is', () => {
  test.each<readonly [what: string, before: string, edit: FieldEdit, after: string]>([
    ['a scalar', POD, set(false, 'spec', 'hostNetwork'), POD.replace('hostNetwork: true', 'hostNetwork: false')],
    ['text that needs quotes', POD, set('yes', 'kind'), POD.replace('kind: Pod', 'kind: "yes"')],
    [
      'a new field',
      POD,
      set(false, 'spec', 'containers', 0, 'securityContext', 'privileged'),
      POD.replace(
        'ports: [{containerPort: 80}]\n',
        'ports: [{containerPort: 80}]\n      securityContext:\n        privileged: false\n',
      ),
    ],
    ['a new field at the top', POD, set({ a: 'b' }, 'metadata'), `${POD}metadata:\n  a: b\n`],
    ['removing the last field', POD, remove('spec', 'hostNetwork'), POD.replace('  hostNetwork: true\n', '')],
    [
      'removing the field behind a dash',
      POD,
      remove('spec', 'containers', 0, 'name'),
      POD.replace('- name: web   # the first\n      image', '- image'),
    ],
    ['removing an item', POD, remove('spec', 'containers', 1), POD.replace('    - image: sidecar\n', '')],
    [
      'a new item',
      POD,
      append({ name: 'x', image: 'alpine' }, 'spec', 'containers'),
      POD.replace('- image: sidecar\n', '- image: sidecar\n    - name: x\n      image: alpine\n'),
    ],
    ['a new list', 'a: 1\n', append('x', 'b', 'c'), 'a: 1\nb:\n  c:\n    - x\n'.replace('    - x', '    - x')],
    [
      'in a flow list',
      POD,
      append({ containerPort: 81 }, 'spec', 'containers', 0, 'ports'),
      POD.replace('80}]', '80}, {"containerPort":81}]'),
    ],
    ['an empty mapping', 'spec: {}\n', set(1, 'spec', 'a'), 'spec: {"a": 1}\n'],
    ['a value that is missing', 'spec:\nkind: a\n', set(1, 'spec', 'a'), 'spec:\n  a: 1\nkind: a\n'],
    ['JSON', '{\n  "a": 1,\n  "b": {"c": 2}\n}\n', set(true, 'd'), '{\n  "a": 1,\n  "b": {"c": 2},\n  "d": true\n}\n'],
    ['JSON, a field less', '{"a": 1, "b": 2}', remove('a'), '{"b": 2}'],
    ['without a last newline', 'a: 1', set(2, 'b'), 'a: 1\nb: 2'],
    ['what is not there', POD, remove('spec', 'nothing', 'here'), POD],
    ['a block of text', 'a: |\n  x\n  y\nb: 1\n', set('z', 'a'), 'a: z\nb: 1\n'],
    ['a mapping for a scalar', 'a:\n  b: 1\nc: 2\n', set('x', 'a'), 'a: x\nc: 2\n'],
  ])('%s', (_what, text, edit, after) => {
    expect(editText({ file: 'a.yaml', text }, first, [edit])).toBe(after);
  });

  test.each<readonly [what: string, text: string, edit: FieldEdit]>([
    ['an alias would change too', 'a: &x {b: 1}\nc: *x\n', set(2, 'a', 'b')],
    ['the only field of a mapping', 'a:\n  b: 1\n', remove('a', 'b')],
    ['no such object', '- 1\n', set(1, 'a')],
  ])('nothing is edited where %s', (_what, text, edit) => {
    expect(editText({ file: 'a.yaml', text }, first, [edit])).toBeUndefined();
  });

  test('of several documents only one changes', () => {
    const text = 'a: 1\n---\nb: 2\n';
    const second = (roots: readonly Node[]) => first(roots.slice(1));
    expect(editText({ file: 'a.yaml', text }, second, [set(3, 'c')])).toBe('a: 1\n---\nb: 2\nc: 3\n');
  });
});

test('whatever is edited reads as the edited value, or is refused', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'on');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3 }),
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<PlainObject[string]>('x', 'y: z', '', 1, null, true),
      tie('tree'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));
  const path = fc.array(fc.oneof(key, fc.nat(2)), { minLength: 1, maxLength: 3 });
  const edit = fc.oneof(
    fc.record({
      op: fc.constantFrom('set' as const, 'append' as const),
      path,
      value: fc.constantFrom<PlainObject[string]>('v', { k: [1] }, 7),
    }),
    fc.record({ op: fc.constant('remove' as const), path }),
  );
  const form = fc.constantFrom(
    (value: PlainObject) => JSON.stringify(value, null, 2),
    (value: PlainObject) => [...yamlText(value)].join(''),
  );
  fc.assert(
    fc.property(tree, edit, form, (value, one, print) => {
      const before = value as PlainObject;
      const text = editText({ file: 'a.yaml', text: print(before) }, first, [one]);
      if (text === undefined) return;
      const read = readDocuments({ file: 'b.yaml', text }).documents[0]!.root;
      expect(JSON.parse(JSON.stringify(plain(read)))).toEqual(applyEdits(before, [one]));
    }),
    { numRuns: 2000 },
  );
});

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}
