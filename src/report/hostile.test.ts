import { describe, expect, test } from 'vitest';
import { escapeControl } from '#base/escape.ts';
import { NO_PAINT } from './paint.ts';
import { DIAGNOSTICS, HOSTILE, hostile, MAP } from './samples.test-support.ts';
import { HOSTILE_EVERY, textOf } from './samples-all.test-support.ts';
import { diagnosticsText } from './text/diagnostics.ts';
import { xmlFaults } from './xml-check.test-support.ts';

const of = (...formats: readonly string[]) => HOSTILE_EVERY.filter(([, format]) => formats.includes(format));

describe('hostile names', () => {
  test.each(HOSTILE_EVERY)(
    '%s as %s holds no character that a terminal or a reader acts on',
    async (_n, format, answer) => {
      const text = await textOf(answer, format);
      const known = format === 'csv' ? text.replaceAll('\r\n', '') : text.replaceAll('\n', '');
      expect(escapeControl(known) === known).toBe(true);
    },
  );

  test.each(of('svg', 'html', 'junit'))(
    '%s as %s stays well-formed, and markup stays text',
    async (_n, format, answer) => {
      const text = await textOf(answer, format);
      expect(xmlFaults(text)).toEqual([]);
      expect(text).not.toContain('<img');
      expect(text).not.toContain(']]>');
      expect(text.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\sonerror=/);
    },
  );

  test.each(of('markdown'))('%s as %s: no markup, link, mention or table border', async (_n, format, answer) => {
    const text = await textOf(answer, format);
    const prose = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
    expect(prose).not.toMatch(/<(?!\/?(?:code|details|summary)>)/);
    expect(prose).not.toMatch(/@|:\/\/|\]\(/);
    for (const table of prose.split('\n\n').filter((part) => part.includes('| --- |'))) {
      const borders = table
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|').length);
      expect(new Set(borders).size).toBe(1);
    }
  });

  test.each(of('csv'))('%s as %s: every row has every column, and no cell is a formula', async (_n, format, answer) => {
    const rows = parseCsv(await textOf(answer, format));
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });

  test.each(of('json'))('%s as %s reads back as it was', async (_n, format, answer) => {
    expect(JSON.parse(await textOf(answer, format))).toEqual(answer);
  });

  test.each(of('dot'))('%s as %s: every string ends where it should', async (_n, format, answer) => {
    const text = await textOf(answer, format);
    const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, 'S');
    expect(bare).not.toMatch(/["\\<]/);
    expect(bare.split('{').length).toBe(bare.split('}').length);
    expect(bare).toMatch(
      /^digraph S \{\n(?: *(?:[\w=. ]+;?|(?:node|edge) \[[\w=, ]+\];|subgraph \w+ \{|label=S;|S(?: -> S)? \[[\w=, ]+\];|\})\n)+$/,
    );
  });

  test('diagnostics', () => {
    const text = [...diagnosticsText(hostile(DIAGNOSTICS), { paint: NO_PAINT })].join('').replaceAll('\n', '');
    expect(escapeControl(text)).toBe(text);
  });

  test('a csv cell comes back with its text', async () => {
    const rows = parseCsv(await textOf(hostile(MAP), 'csv'));
    expect(rows[1]![0]).toBe(`'=external:1${escapeControl(HOSTILE)}`);
  });
});

/** RFC 4180, strictly: CRLF after each row, quotes around what needs them. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (found === null) throw new Error('not CSV');
    rows.at(-1)!.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
