import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatsOf } from './formats.ts';
import { TERMINAL_PAINT } from './paint.ts';
import { render, UnknownFormatError } from './render.ts';
import { BIG, DENIED, DIFF, DOCTOR, MAP, TEST } from './samples.test-support.ts';
import { EVERY, textOf } from './samples-all.test-support.ts';
import { widthOf } from './text/layout.ts';
import { xmlFaults } from './xml-check.test-support.ts';

describe('goldens', () => {
  // The big map is there for size and not for looks.
  test.each(EVERY.filter(([name]) => name !== 'BIG'))('%s as %s', async (name, format, answer) => {
    await expect(await textOf(answer, format)).toMatchFileSnapshot(`goldens/${name.toLowerCase()}.${format}`);
  });

  test.each(['map', 'denied'] as const)('%s for a terminal of 80 columns, in colour', async (name) => {
    const answer = name === 'map' ? MAP : DENIED;
    const text = await textOf(answer, 'text', { width: 80, paint: TERMINAL_PAINT, verbose: true });
    await expect(text).toMatchFileSnapshot(`goldens/${name}.80-columns.text`);
  });
});

describe('formats', () => {
  test.each(EVERY)('%s as %s gives the same twice, and ends with a line break', async (_name, format, answer) => {
    const text = await textOf(answer, format);
    expect(text.endsWith('\n')).toBe(true);
    expect(await textOf(answer, format)).toBe(text);
  });

  test('an unknown one is an error that lists those that exist', () => {
    expect(() => render(DOCTOR, 'svg')).toThrow(UnknownFormatError);
    expect(() => render(DOCTOR, 'constructor')).toThrow('no format `constructor` for this answer: text, json');
    try {
      render(TEST, 'dot');
    } catch (error) {
      expect(error).toMatchObject({ format: 'dot', formats: formatsOf(TEST.schema) });
    }
  });

  test('md is markdown', async () => {
    expect(await textOf(DIFF, 'md')).toBe(await textOf(DIFF, 'markdown'));
  });
});

describe('well-formed', () => {
  test.each(EVERY.filter(([, format]) => ['svg', 'html', 'junit'].includes(format)))(
    '%s as %s',
    async (_n, format, answer) => {
      expect(xmlFaults(await textOf(answer, format))).toEqual([]);
    },
  );

  test('the check sees faults', () => {
    expect(xmlFaults('<a><b></a>')).toEqual(['unexpected </a>', '<a> is not closed']);
    expect(xmlFaults('<a>x & y</a>')).toHaveLength(1);
    expect(xmlFaults('<a b="1>2" c="<"/>')).not.toEqual([]);
  });

  test('beyond what lines can show, the map is a matrix', async () => {
    expect(await textOf(BIG, 'svg')).toContain('from ↓   to →');
    expect(await textOf(MAP, 'svg')).toContain('marker-end');
  });
});

describe('text', () => {
  const WIDE_ENOUGH = [80, 100, 120];
  test.each(WIDE_ENOUGH)('stays within %i columns where words allow it', async (width) => {
    for (const [, format, answer] of EVERY) {
      if (format !== 'text' || answer === BIG) continue;
      for (const line of (await textOf(answer, format, { width })).split('\n')) {
        const longest = Math.max(...line.trim().split(' ').map(widthOf));
        const headline = / → |^who can|^what the/.test(line);
        if (!headline && longest < 30) expect(widthOf(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  test('says the same in colour and without', async () => {
    for (const [, format, answer] of EVERY) {
      if (format !== 'text') continue;
      const colored = await textOf(answer, format, { paint: TERMINAL_PAINT });
      expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(await textOf(answer, format));
    }
  });
});

test('json comes in pieces, none of which grows with the map', () => {
  const pieces = [...(render(BIG, 'json') as Iterable<string>)];
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(1000);
  expect(pieces.join('')).toBe(`${JSON.stringify(BIG, null, 2)}\n`);
});

test('zod is loaded by the schemas alone, and nothing here loads the schemas', () => {
  const folder = new URL('.', import.meta.url);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.startsWith('schemas')) continue;
    expect(readFileSync(new URL(file, folder), 'utf8'), file).not.toMatch(/from '(zod|[^']*schemas\/)/);
  }
});
