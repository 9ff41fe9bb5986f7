import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskedText } from '#parse/kubernetes/masked-text.ts';
import { type PatchedFile, patchOf, restoredText } from './patch.ts';

/** The file as git leaves it; null where it is gone. */
function appliedByGit(file: string, before: string | null, patch: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-patch-'));
  try {
    if (before !== null) writeFileSync(join(folder, file), before);
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch });
    return existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function patchFor(file: Omit<PatchedFile, 'file'>, name = 'a.yaml'): string {
  const result = patchOf([{ file: name, ...file }]);
  if (result.kind === 'refused') throw new Error(result.why);
  return result.text;
}

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

describe('patches', () => {
  test.each<[string, string, string | null, string | null]>([
    ['a line in the middle', 'a.yaml', lines(9), lines(9).replace('line 5', 'five')],
    ['two places', 'a.yaml', lines(20), lines(20).replace('line 3\n', '').replace('line 15', 'x')],
    ['two places close by', 'a.yaml', lines(9), lines(9).replace('line 4\n', '').replace('line 6', 'x')],
    ['the first line', 'a.yaml', lines(3), `new\n${lines(3)}`],
    ['the end, without a newline', 'a.yaml', 'a\nb', 'a\nb\nc'],
    ['a newline at the end', 'a.yaml', 'a\nb', 'a\nb\n'],
    ['a new file', 'a.yaml', null, lines(2)],
    ['a file that goes', 'a.yaml', lines(2), null],
    ['carriage returns', 'a.yaml', 'a\r\nb\r\nc\r\n', 'a\r\nx\r\nc\r\n'],
    ['a name with a space', 'a b.yaml', lines(3), lines(4)],
    ['a name that git quotes', 'ü"\t.yaml', lines(3), lines(4)],
  ])('%s: git apply takes it', (_, name, before, after) => {
    expect(appliedByGit(name, before, patchFor({ before, after, hidden: [] }, name))).toBe(after);
  });

  test('whatever is edited, git makes the same of it', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const sides = { before: before === '' ? null : before, after: after === '' ? null : after };
        expect(appliedByGit('a.yaml', sides.before, patchFor({ ...sides, hidden: [] }))).toBe(sides.after);
      }),
      { numRuns: 40 },
    );
  });
});

const SECRET = `kind: ConfigMap
apiVersion: v1
metadata:
  name: a
data:
  one: "1"
  two: "2"
  password: hunter2hunter2
  three: "3"
  four: "4"
`;

describe('what is hidden', () => {
  const masked = maskedText({ file: 'a.yaml', text: SECRET })!;
  const edit = (from: string, to: string) => masked.text.replace(from, to);

  test('is in no patch, and git applies the patch to what was not hidden', () => {
    const after = edit('name: a', 'name: b');
    const patch = patchFor({ before: masked.text, after, hidden: masked.lines });
    expect(appliedByGit('a.yaml', SECRET, patch)).toBe(SECRET.replace('name: a', 'name: b'));
    const near = patchFor({ before: masked.text, after: edit('three: "3"', 'three: "4"'), hidden: masked.lines });
    expect(near).not.toContain('password');
    expect(appliedByGit('a.yaml', SECRET, near)).toBe(SECRET.replace('three: "3"', 'three: "4"'));
  });

  test.each([
    ['a hidden line', edit('password: ', 'secret: '), 'is changed in line 8, of which something is hidden'],
    [
      'the line before one',
      edit('two: "2"', 'two: "3"'),
      'is changed just before line 8, of which something is hidden',
    ],
    [
      'a mark that is copied',
      `${masked.text}  more: "[secret: password]"\n`,
      'would get a line that stands for something hidden, after line 10',
    ],
  ])('refuses %s', (_, after, why) => {
    const file = { file: 'a.yaml', before: masked.text, after, hidden: masked.lines };
    expect(patchOf([file])).toEqual({ kind: 'refused', why: `\`a.yaml\` ${why}` });
  });

  test('is put back where other lines were edited', () => {
    expect(restoredText(SECRET, masked, edit('two: "2"', 'two: "3"'))).toEqual({
      kind: 'text',
      text: SECRET.replace('two: "2"', 'two: "3"'),
    });
    expect(restoredText(SECRET, masked, edit('password: ', 'secret: '))).toMatchObject({ kind: 'refused' });
  });
});
