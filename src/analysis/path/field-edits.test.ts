import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlainObject } from '#model/plain.ts';
import { applyEdits } from '#parse/edit/apply-edits.ts';
import { fieldEdits } from './field-edits.ts';

test.each([
  [{ a: [1, 2] }, { a: [1, 2, 3] }, [{ op: 'append', path: ['a'], value: 3 }]],
  [{ a: [1, 2, 3] }, { a: [1, 3] }, [{ op: 'remove', path: ['a', 1] }]],
  [{ a: [{ b: [1] }] }, { a: [{ b: [1, 2] }] }, [{ op: 'append', path: ['a', 0, 'b'], value: 2 }]],
  [{ a: 1 }, { a: 1, c: { d: [] } }, [{ op: 'set', path: ['c'], value: { d: [] } }]],
  [{ a: 1, b: 2 }, { b: 2 }, [{ op: 'remove', path: ['a'] }]],
])('from %j to %j', (before, after, edits) => {
  expect(fieldEdits(before, after)).toEqual(edits);
});

test('the edits make one of the other', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.nat(3), tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
  }));
  const map = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
  fc.assert(
    fc.property(map, map, (before, after) => {
      const [from, to] = [JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(after))];
      if (!isPlainObject(from)) return;
      expect(applyEdits(from, fieldEdits(from, to))).toEqual(to);
    }),
  );
});
