import { describe, expect, test } from 'vitest';
import { FINDING_FORM, POLICY_FORM } from '#analysis/filter-forms.ts';
import { filterOf, kept } from './filter.ts';
import { Refusal } from './refusal.ts';

function refused(text: string): { readonly message: string; readonly hint: string | undefined } {
  try {
    filterOf(text, POLICY_FORM);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('what means nothing is shown where it is', () => {
  test.each([
    ['namspace:shop', 0, 'did you mean `namespace`?'],
    ['kind:x -nmae:y', 8, 'did you mean `name`?'],
    ['kind:x name:', 7, 'the fields are'],
    ['kind:x zzzzzz:1', 7, 'the fields are'],
  ])('%s', (text, at, hint) => {
    const { message, hint: told } = refused(text);
    const [, shown, caret] = message.split('\n');
    expect([shown, caret]).toEqual([`  ${text}`, `  ${' '.repeat(at)}^`]);
    expect(told).toContain(hint);
  });

  test('a strange character moves the caret and nothing else', () => {
    const { message } = refused('\u001b zzzzzz:1');
    expect(message).not.toContain('\u001b');
    const [, shown = '', caret = ''] = message.split('\n');
    expect(shown.slice(caret.indexOf('^'))).toBe('zzzzzz:1');
  });
});

test('nothing given keeps all', () => {
  const list = [1, 2];
  expect(kept(list, filterOf(undefined, FINDING_FORM), { fields: [], of: () => ({ fields: {}, text: '' }) })).toBe(
    list,
  );
});
