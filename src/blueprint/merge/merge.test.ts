import { expect, test } from 'vitest';
import { mergeFiles } from './merge.ts';

const BEFORE = 'a\nb\nc\nd\ne\n';

test.each([
  ['nothing changed', BEFORE, BEFORE, BEFORE, 'kept', undefined],
  ['only we changed it', BEFORE, BEFORE, 'a\nb\nc\nd\nE\n', 'written', 'a\nb\nc\nd\nE\n'],
  ['only a person changed it', BEFORE, 'A\nb\nc\nd\ne\n', BEFORE, 'kept', undefined],
  ['both changed other lines', BEFORE, 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n', 'merged', 'A\nb\nc\nd\nE\n'],
  ['both made the same change', BEFORE, 'A\nb\nc\nd\ne\n', 'A\nb\nc\nd\ne\n', 'kept', undefined],
  ['it is new', undefined, undefined, 'new\n', 'written', 'new\n'],
  ['a person took it away', BEFORE, undefined, BEFORE, 'kept', undefined],
  ['it is no longer made', BEFORE, BEFORE, undefined, 'removed', undefined],
  ['it is no longer made, and a person changed it', BEFORE, 'A\n', undefined, 'kept', undefined],
] as const)('%s', (_name, before, own, made, outcome, text) => {
  const side = (content: string | undefined) => new Map(content === undefined ? [] : [['f', content]]);
  const merged = mergeFiles({ before: side(before), own: side(own), made: side(made) });
  expect(merged).toEqual([{ file: 'f', outcome, ...(text !== undefined && { text }) }]);
});

test('both changed the same line: both are there, and what was before', () => {
  const [file] = mergeFiles({
    before: new Map([['f', BEFORE]]),
    own: new Map([['f', 'a\nmine\nc\nd\ne\n']]),
    made: new Map([['f', 'a\nours\nc\nd\ne\n']]),
  });
  expect(file?.outcome).toBe('conflict');
  for (const line of ['<<<<<<< yours', 'mine', '||||||| blueprint before', 'b', 'ours', '>>>>>>> blueprint now'])
    expect(file?.text?.split('\n')).toContain(line);
});
