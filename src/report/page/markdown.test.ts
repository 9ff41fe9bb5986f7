import { describe, expect, test } from 'vitest';
import type { DiffAnswer } from '#model/answers.ts';
import { DIFF } from '../samples.test-support.ts';
import { textOf } from '../samples-all.test-support.ts';
import { COMMENT_LIMIT, markdownText } from './markdown.ts';
import { code, type Run } from './page.ts';

describe('a pull-request comment', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `team/Deployment/app-${i}`);
  const big: DiffAnswer = {
    ...DIFF,
    endpoints: { added: names, removed: [] },
    groups: names.map((name) => ({ change: 'opened', from: [name], to: ['shop/Deployment/web'], traffic: 'all' })),
  };

  test('is bounded, and says how much was left out and how to see it', async () => {
    const text = await textOf(big, 'markdown');
    expect(text.length).toBeLessThan(COMMENT_LIMIT + 500);
    const shown = text.match(/opened \|/g)!.length;
    expect(text).toMatch(/_\d+ rows were left out here\. Run the same command with --output json/);
    expect(shown).toBeGreaterThan(300);
    expect(Number(/_(\d+) rows/.exec(text)![1])).toBeGreaterThanOrEqual(5000 - shown);
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
  });

  test('shows the first names of a long cell and counts the rest', async () => {
    const text = await textOf({ ...DIFF, groups: [{ ...DIFF.groups[0]!, from: names }] }, 'markdown');
    expect(text).toContain('`team/Deployment/app-11` and 4988 more |');
  });
});

describe('inline text', () => {
  const table: readonly (readonly [why: string, run: Run, want: string])[] = [
    ['a name', [code('shop/web')], '`shop/web`'],
    ['a name with a backtick', [code('a`b')], '<code>a&#96;b</code>'],
    ['a name with a table border', [code('a|b')], '<code>a&#124;b</code>'],
    ['a message with a quoted name', ['no pod has `app=web` here'], 'no pod has `app=web` here'],
    ['an odd backtick', ['a ` b'], 'a &#96; b'],
    ['a mention', ['ask @team now'], 'ask <code>&#64;team</code> now'],
    ['a link', ['see https://a.b/c'], 'see `https://a.b/c`'],
    ['emphasis and markup', ['*a* <b> [c]'], '&#42;a&#42; &#60;b&#62; &#91;c&#93;'],
  ];
  test.each(table)('%s', (_why, run, want) => {
    const text = [...markdownText({ title: 'T', summary: run, blocks: [] })].join('');
    expect(text).toBe(`## T\n\n${want}\n`);
  });
});
