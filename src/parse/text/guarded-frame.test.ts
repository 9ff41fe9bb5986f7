import { describe, expect, test } from 'vitest';
import { guardedFrame, NOT_SHOWN } from './guarded-frame.ts';

function frame(text: string, at: string): string {
  return guardedFrame({ file: 'f.yaml', text }, text.indexOf(at), 1);
}

const SECRET =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  animal: swordfish\n  other: "swordfish\n---\nkind: Pod\n';

describe('frames of texts that could not be read', () => {
  test.each([
    ['a value of a Secret', SECRET, 'other'],
    ['the last value of a Secret, from the document after it', SECRET, '---'],
    ['JSON', '{"kind": "Secret",\n "data": {\n  "a": "swordfish"\n  "b": 1}}', '"b"'],
    ['a variable', 'env:\n  - name: DB_PASSWORD\n    value: swordfish\n   bad: x\n', 'bad'],
    ['a key', 'a: 1\npassword: swordfish\n b: c\n', ' b: c'],
    ['a block', 'password: |\n  swordfish\n  swordfish\n bad\n', 'bad'],
    ['a comment', 'a: 1\n# the password is swordfish\n b: c\n', ' b: c'],
    ['a connection string', 'a: 1\nurl: postgres://ann:swordfish@db/shop\n b: c\n', ' b: c'],
  ])('%s is not shown', (_, text, at) => {
    expect(frame(text, at)).not.toContain('swordfish');
    expect(frame(text, at)).toContain(NOT_SHOWN);
  });

  test('what tells nothing is shown', () => {
    expect(frame('kind: Pod\nmetadata: {name: p}\n bad: x\nspec: {}\n', 'bad')).toBe(
      ['  2 | metadata: {name: p}', '> 3 |  bad: x', '    |  ^', '  4 | spec: {}'].join('\n'),
    );
  });

  test('the name of a Secret is shown, and where its values begin', () => {
    expect(frame(SECRET, 'name: x')).toContain('  name: x');
    expect(frame(SECRET, 'stringData')).toContain('stringData:');
  });
});
