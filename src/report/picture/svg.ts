import { xmlText } from '../xml.ts';
import { PICTURE_CSS } from './style.ts';

export interface Frame {
  readonly title: string;
  readonly desc: string;
  readonly width: number;
  readonly height: number;
}

/** The opening of a picture, up to where its drawing goes. The title and description are what a screen reader says. */
export function openSvg({ title, desc, width, height }: Frame): string {
  const size = `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="rf" ${size} role="img" aria-labelledby="rf-title rf-desc">\n` +
    `<title id="rf-title">${xmlText(title)}</title>\n<desc id="rf-desc">${xmlText(desc)}</desc>\n` +
    `<style>${PICTURE_CSS}</style>\n<rect class="ground" width="${px(width)}" height="${px(height)}"/>\n`
  );
}

export const CLOSE_SVG = '</svg>\n';

export function textAt(text: string, at: { readonly x: number; readonly y: number; readonly class?: string }): string {
  const kind = at.class === undefined ? '' : ` class="${at.class}"`;
  return `<text x="${px(at.x)}" y="${px(at.y)}"${kind}>${xmlText(text)}</text>`;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function rectAt(rect: Rect, kind: string, radius = 6): string {
  const { x, y, width, height } = rect;
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${radius}" class="${kind}"/>`;
}

/** One decimal: a tenth of a pixel is finer than any screen, and goldens stay readable. */
export function px(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

/** Lines of at most `most` characters, broken at spaces, and inside a word only where the word alone is longer. */
export function breakText(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => chunks(each, most))) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function chunks(word: string, size: number): string[] {
  const letters = [...word];
  if (letters.length <= size) return [word];
  const out: string[] = [];
  for (let i = 0; i < letters.length; i += size) out.push(letters.slice(i, i + size).join(''));
  return out;
}
