import { markSecrets } from '../kubernetes/secret-marks.ts';
import { namedKind } from '../kubernetes/secret-names.ts';
import type { SourceText } from './node.ts';
import { codeFrame } from './positions.ts';

/** Stands for a line that is not shown. */
export const NOT_SHOWN = '(not shown: it may hold a secret)';

/** Long runs without a break, as keys and encoded texts are; digests of images are known by what stands before them. */
export const KEY_LIKE = /(?<!sha(?:256|512):)(?<![A-Za-z0-9])[A-Za-z0-9+_=]{32,}/;

/**
 * The lines around a place of a text that could not be read whole. What a line means nobody knows then: it is not shown
 * where its own words, or those of what it is indented under, look like those of a secret.
 */
export function guardedFrame(source: SourceText, offset: number, length: number): string {
  const frame = codeFrame(source, offset, length);
  // Of a text that was made from another one, the numbers are those of the other.
  const lines = source.originAt === undefined ? source.text.split('\n', MOST_LINES) : [];
  return frame
    .split('\n')
    .map((framed) => {
      const [, gutter, number, shown] = /^(>?\s*(\d+) \| ?)(.*)$/.exec(framed) ?? [];
      if (gutter === undefined || shown === undefined) return framed;
      const isHidden = mayTell(shown) || isGoverned(lines, Number(number) - 1);
      return isHidden ? `${gutter}${/^\s*/.exec(shown)![0]}${NOT_SHOWN}` : framed;
    })
    .join('\n');
}

/** Larger texts are dumps; what governs a line further down is then not looked for. */
const MOST_LINES = 100_000;

const SECRET_KIND = /^[\s\-{,]*["']?kind["']?\s*:\s*["']?\w*Secret/;
/** Of a Secret, what is no value of it. */
const HARMLESS =
  /^[\s\-}\]]*(?:["']?(?:apiVersion|kind|metadata|name|namespace|labels|annotations|type|data|stringData)["']?\s*:\s*[\w./-]*)?\s*$/;

/** Whether the words of a line by itself look like those of a secret. */
function mayTell(line: string): boolean {
  if (KEY_LIKE.test(line) || markSecrets(line, { field: '' }) !== line) return true;
  if (/(?:^|\s)#.*(?:pass|pwd|secret|token|key|credential)/i.test(line)) return true;
  return [...line.matchAll(ASSIGNED)].some(([, key = '']) => isSecretKey(key));
}

const ASSIGNED = /["']?([\w.-]+)["']?\s*[:=]\s*[^\s|>{[]/g;

function isSecretKey(key: string): boolean {
  return namedKind(key.replace(/^-+/, '')) !== undefined;
}

/** Whether what a line stands in makes it one that may tell: a Secret, or something that is called a secret. */
function isGoverned(lines: readonly string[], index: number): boolean {
  const own = lines[index];
  if (own === undefined || own.trim() === '' || isSeparator(own)) return false;
  if (mayTell(own)) return true;
  return isInSecret(lines, index) ? !HARMLESS.test(own) : governing(lines, index).some(isSecretKey);
}

function isInSecret(lines: readonly string[], index: number): boolean {
  let from = index;
  while (from > 0 && !isSeparator(lines[from]!)) from--;
  for (let at = from; at < lines.length && (at <= index || !isSeparator(lines[at]!)); at++)
    if (SECRET_KIND.test(lines[at]!)) return true;
  return false;
}

function isSeparator(line: string): boolean {
  return /^---/.test(line);
}

/** Keys that a line stands under, by its indentation, and the name beside a `value`. */
function governing(lines: readonly string[], index: number): string[] {
  const own = lines[index]!;
  let indent = indentOf(own);
  const keys: string[] = [];
  const isValue = /^[\s\-{,]*["']?value["']?\s*:/.test(own);
  for (let at = index - 1; at >= 0 && at > index - MOST_BACK && !isSeparator(lines[at]!); at--) {
    const line = lines[at]!;
    if (line.trim() === '') continue;
    const name = /^[\s\-{,]*["']?name["']?\s*:\s*["']?([\w.-]+)/.exec(line)?.[1];
    if (isValue && name !== undefined && at > index - 4) keys.push(name);
    if (indentOf(line) >= indent) continue;
    indent = indentOf(line);
    const key = /^[\s-]*["']?([\w.-]+)["']?\s*:/.exec(line)?.[1];
    if (key !== undefined) keys.push(key);
    if (indent === 0) break;
  }
  return keys;
}

const MOST_BACK = 500;

function indentOf(line: string): number {
  return /^[\s-]*/.exec(line)![0].length;
}
