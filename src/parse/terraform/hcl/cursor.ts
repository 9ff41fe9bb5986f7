import type { DiagnosticCode } from '#model/codes.ts';
import { MAX_DEPTH } from '../../text/limits.ts';
import type { SourceText } from '../../text/node.ts';
import type { Problem } from '../../text/problem.ts';
import type { Expression, Placed } from './syntax.ts';

/**
 * A place in a text that is being read. The first failure is kept and moves the place to the end, where every loop
 * stops by itself; what is returned after it has no meaning.
 */
export interface Cursor {
  readonly source: SourceText;
  readonly text: string;
  /** Where reading stops: the end of the text, or of the heredoc that is being read. */
  end: number;
  at: number;
  depth: number;
  /** Inside of brackets line ends are space (HCL spec, "Expression Terms"). */
  multiline: boolean;
  failure: Problem | undefined;
  /** The reader of expressions, which templates need and which needs templates. */
  readonly expression: (cursor: Cursor) => Expression;
}

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const INLINE_SPACE = /(?:[ \t]|\/\*[\s\S]*?\*\/)*/y;
const ANY_SPACE = /(?:[ \t\r\n]|\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*)*/y;
const LINE_COMMENT = /(?:#|\/\/)[^\r\n]*/y;

/** Skips blanks and comments; line ends too where they mean nothing. */
export function skipSpace(cursor: Cursor): void {
  if (cursor.multiline) {
    skipLines(cursor);
  } else {
    skipBy(cursor, INLINE_SPACE);
    skipBy(cursor, LINE_COMMENT);
  }
}

/** Skips blanks, comments and line ends. */
export function skipLines(cursor: Cursor): void {
  skipBy(cursor, ANY_SPACE);
}

function skipBy(cursor: Cursor, pattern: RegExp): void {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match !== null) cursor.at = Math.min(cursor.end, cursor.at + match[0].length);
}

export function isAtEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.end;
}

/** Whether `word` stands here. */
export function sees(cursor: Cursor, word: string): boolean {
  return cursor.at + word.length <= cursor.end && cursor.text.startsWith(word, cursor.at);
}

/** Steps over `word` where it stands here. */
export function takes(cursor: Cursor, word: string): boolean {
  if (!sees(cursor, word)) return false;
  cursor.at += word.length;
  return true;
}

export function needs(cursor: Cursor, word: string, where: string): void {
  if (!takes(cursor, word)) fail(cursor, `\`${word}\` is expected ${where}`);
}

/** The identifier that begins here, or undefined. */
export function takeIdentifier(cursor: Cursor): string | undefined {
  IDENTIFIER.lastIndex = cursor.at;
  const match = IDENTIFIER.exec(cursor.text);
  if (match === null || cursor.at + match[0].length > cursor.end) return undefined;
  cursor.at += match[0].length;
  return match[0];
}

/** Steps over a whole word: `in`, but not the beginning of `index`. */
export function takesKeyword(cursor: Cursor, word: string): boolean {
  const before = cursor.at;
  if (takeIdentifier(cursor) === word) return true;
  cursor.at = before;
  return false;
}

export function fail(cursor: Cursor, message: string, code: DiagnosticCode = 'RF1001'): void {
  const ended = isAtEnd(cursor) ? '; the text ends here' : '';
  const text = code === 'RF1001' ? `not valid HCL: ${message}${ended}` : message;
  cursor.failure ??= { code, message: text, offset: cursor.at };
  cursor.at = cursor.end;
}

/** Reads one level deeper, unless that is too deep. */
export function deeper<T>(cursor: Cursor, multiline: boolean, read: () => T): T | undefined {
  if (cursor.depth >= MAX_DEPTH) {
    fail(cursor, `nested deeper than ${MAX_DEPTH} levels`, 'RF1003');
    return undefined;
  }
  const outer = cursor.multiline;
  cursor.depth++;
  cursor.multiline = multiline;
  const result = read();
  cursor.depth--;
  cursor.multiline = outer;
  return result;
}

export function placed(cursor: Cursor, start: number): Placed {
  return { source: cursor.source, start, end: Math.max(start, cursor.at) };
}
