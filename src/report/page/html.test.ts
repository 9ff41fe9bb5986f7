import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DARK, LIGHT, PICTURE_CSS } from '../picture/style.ts';
import { EVERY, textOf } from '../samples-all.test-support.ts';
import { FILTER_SCRIPT, HASHES, PAGE_CSS } from './html-style.ts';

const PAGES = EVERY.filter(([, format]) => format === 'html');

describe('a page', () => {
  test('lets through exactly its own styles and script', () => {
    expect(HASHES).toEqual({ page: sha256(PAGE_CSS), picture: sha256(PICTURE_CSS), script: sha256(FILTER_SCRIPT) });
  });

  test.each(PAGES)('%s as %s loads nothing and has no other inline code', async (_name, format, answer) => {
    const text = await textOf(answer, format);
    expect(text).not.toMatch(/<[^>]+\s(?:src|href|style|on\w+)=/);
    expect(text).not.toMatch(/@import|url\((?!#)/);
    const inline = [...text.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)].map((found) => sha256(found[2]!));
    for (const hash of inline) expect(Object.values(HASHES)).toContain(hash);
  });

  test.each(PAGES)('%s as %s can be read by a machine that reads aloud', async (_name, format, answer) => {
    const text = await textOf(answer, format);
    expect(text).toContain('<html lang="en">');
    expect(text.match(/<h1>/g)).toHaveLength(1);
    if (text.includes('<svg'))
      expect(text).toMatch(
        /<svg [^>]*role="img" aria-labelledby="rf-title rf-desc">\n<title id="rf-title">.+<desc id="rf-desc">/s,
      );
  });
});

describe('contrast is at least 4.5 to 1 (WCAG 2.2, 1.4.3)', () => {
  const INKS = ['ink', 'quiet', 'allowed', 'denied', 'unknown', 'mixed'] as const;
  const GROUNDS = ['ground', 'island', 'box'] as const;
  const table = [LIGHT, DARK].flatMap((palette) =>
    INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground, palette[ink], palette[ground]] as const)),
  );
  test.each(table)('%s on %s: %s on %s', (_ink, _ground, ink, ground) => {
    const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a) as [number, number];
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
  });
});

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Relative luminance as WCAG defines it. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
