import { type Cursor, deeper, fail, isAtEnd, needs, placed, sees, skipLines, takeIdentifier, takes } from './cursor.ts';
import { type ForHead, readForHead } from './for-head.ts';
import type { Expression, LiteralExpression, TemplateExpression } from './syntax.ts';

/** `"text with ${parts}"` */
export function readQuoted(cursor: Cursor): Expression {
  const start = cursor.at++;
  const pieces = readPieces(cursor, 'quoted');
  needs(cursor, '"', 'at the end of a text');
  return whole(treeOf(cursor, pieces, start), start, cursor);
}

/** `<<EOT` and `<<-EOT`, to the line that holds the marker alone. */
export function readHeredoc(cursor: Cursor): Expression {
  const start = cursor.at;
  const opening = matchAt(HEREDOC, cursor);
  if (opening === undefined) {
    fail(cursor, 'a value is expected here');
    return { kind: 'literal', value: '', ...placed(cursor, start) };
  }
  const from = start + opening[0].length;
  const closing = closingLine(cursor, from, opening[2]!);
  if (closing === undefined) {
    fail(cursor, `the text that begins with \`${opening[0].trim()}\` has no end`);
    return { kind: 'literal', value: '', ...placed(cursor, start) };
  }
  cursor.at = from;
  const outerEnd = cursor.end;
  cursor.end = closing.from;
  const pieces = readPieces(cursor, 'plain');
  cursor.end = outerEnd;
  cursor.at = cursor.failure === undefined ? closing.to : outerEnd;
  const flush = opening[1] === '-' ? withoutIndent(pieces) : pieces;
  return whole(treeOf(cursor, flush, start), start, cursor);
}

/** A whole text as a template: a string of JSON syntax, or a file that `templatefile` names. */
export function readWholeTemplate(cursor: Cursor): Expression {
  const pieces = readPieces(cursor, 'plain');
  return whole(treeOf(cursor, pieces, 0), 0, cursor);
}

const HEREDOC = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;

function matchAt(pattern: RegExp, cursor: Cursor): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text) ?? undefined;
}

function closingLine(cursor: Cursor, from: number, marker: string): { from: number; to: number } | undefined {
  for (let line = from; line < cursor.end; ) {
    const newline = cursor.text.indexOf('\n', line);
    const next = newline < 0 || newline >= cursor.end ? cursor.end : newline;
    const written = cursor.text.slice(line, next);
    if (written.trim() === marker) return { from: line, to: line + written.trimEnd().length };
    line = next + 1;
  }
  return undefined;
}

/** One interpolation alone is its value, whatever its type (HCL spec, "Template Unwrapping"). */
function whole(parts: readonly Expression[], start: number, cursor: Cursor): Expression {
  const [only] = parts;
  const place = placed(cursor, start);
  if (only === undefined) return { kind: 'literal', value: '', ...place };
  if (parts.length > 1 || only.kind === 'for-template' || isDirective(only))
    return { kind: 'template', parts, ...place };
  return only.kind === 'literal' && typeof only.value === 'string' ? { ...only, ...place } : only;
}

function isDirective(expression: Expression): boolean {
  return expression.kind === 'conditional' && expression.source.text.startsWith('%{', expression.start);
}

// ---------------------------------------------------------------- pieces

/** What stands in a template before directives are matched with their ends. */
type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'value'; readonly value: Expression; readonly trims: Trims }
  | { readonly kind: 'if'; readonly condition: Expression; readonly start: number; readonly trims: Trims }
  | { readonly kind: 'for'; readonly head: ForHead; readonly start: number; readonly trims: Trims }
  | { readonly kind: 'else' | 'endif' | 'endfor'; readonly start: number; readonly trims: Trims };

/** `${~` takes the space before it away, `~}` that after it. */
interface Trims {
  readonly before: boolean;
  readonly after: boolean;
}

const PLAIN = /[^$%]+/y;
const PLAIN_IN_QUOTES = /[^$%"\\\r\n]+/y;

function readPieces(cursor: Cursor, form: 'quoted' | 'plain'): Piece[] {
  const pieces: Piece[] = [];
  while (!isAtEnd(cursor)) {
    if (form === 'quoted' && sees(cursor, '"')) break;
    if (sees(cursor, '${') || sees(cursor, '%{')) pieces.push(readSequence(cursor));
    else pieces.push(readText(cursor, form));
  }
  return trimmed(pieces);
}

function readText(cursor: Cursor, form: 'quoted' | 'plain'): Piece {
  const start = cursor.at;
  let text = '';
  while (!isAtEnd(cursor) && !sees(cursor, '${') && !sees(cursor, '%{')) {
    const plain = matchAt(form === 'quoted' ? PLAIN_IN_QUOTES : PLAIN, cursor);
    if (plain !== undefined) {
      const part = plain[0].slice(0, cursor.end - cursor.at);
      text += part;
      cursor.at += part.length;
    } else if (sees(cursor, '$${') || sees(cursor, '%%{')) {
      text += cursor.text.slice(cursor.at + 1, cursor.at + 3);
      cursor.at += 3;
    } else if (form === 'quoted' && sees(cursor, '"')) {
      break;
    } else if (form === 'quoted' && sees(cursor, '\\')) {
      text += readEscape(cursor);
    } else if (form === 'quoted' && (sees(cursor, '\n') || sees(cursor, '\r'))) {
      fail(cursor, 'a text in quotes ends on the line where it begins');
    } else {
      text += cursor.text[cursor.at++]!;
    }
  }
  return { kind: 'text', text, start, end: cursor.at };
}

const ESCAPE = /\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function readEscape(cursor: Cursor): string {
  const match = matchAt(ESCAPE, cursor);
  const code = Number.parseInt(match?.[2] ?? match?.[3] ?? '0', 16);
  if (match === undefined || code > 0x10ffff) {
    fail(cursor, 'unknown escape in a text');
    return '';
  }
  cursor.at += match[0].length;
  return match[1] === undefined ? String.fromCodePoint(code) : SHORT[match[1]]!;
}

function readSequence(cursor: Cursor): Piece {
  const start = cursor.at;
  const isValue = sees(cursor, '$');
  cursor.at += 2;
  const before = takes(cursor, '~');
  const piece = deeper(cursor, true, () => {
    skipLines(cursor);
    const read = isValue ? readValue(cursor) : readDirective(cursor, start);
    skipLines(cursor);
    const after = takes(cursor, '~');
    needs(cursor, '}', isValue ? 'at the end of `${`' : 'at the end of `%{`');
    return { ...read, trims: { before, after } };
  });
  return piece ?? { kind: 'text', text: '', start, end: start };
}

type Untrimmed = Piece extends infer P ? (P extends { trims: Trims } ? Omit<P, 'trims'> : never) : never;

function readValue(cursor: Cursor): Untrimmed {
  return { kind: 'value', value: cursor.expression(cursor) };
}

function readDirective(cursor: Cursor, start: number): Untrimmed {
  const word = takeIdentifier(cursor);
  switch (word) {
    case 'if':
      skipLines(cursor);
      return { kind: 'if', condition: cursor.expression(cursor), start };
    case 'for':
      return { kind: 'for', head: readForHead(cursor), start };
    case 'else':
    case 'endif':
    case 'endfor':
      return { kind: word, start };
    default:
      fail(cursor, '`if`, `else`, `endif`, `for` or `endfor` is expected after `%{`');
      return { kind: 'endif', start };
  }
}

function trimmed(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.kind !== 'text') return piece;
    const previous = pieces[index - 1];
    const next = pieces[index + 1];
    let { text } = piece;
    if (previous !== undefined && previous.kind !== 'text' && previous.trims.after) text = text.trimStart();
    if (next !== undefined && next.kind !== 'text' && next.trims.before) text = text.trimEnd();
    return { ...piece, text };
  });
}

/** `<<-`: the smallest indent of a line that is not blank is taken from every such line (HCL spec). */
function withoutIndent(pieces: readonly Piece[]): Piece[] {
  let smallest = Number.POSITIVE_INFINITY;
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'text') {
      if (index === 0) smallest = 0;
      continue;
    }
    for (const match of piece.text.matchAll(lineStarts(index, pieces))) {
      smallest = Math.min(smallest, match[1]!.length);
    }
  }
  if (smallest === 0 || smallest === Number.POSITIVE_INFINITY) return [...pieces];
  return pieces.map((piece, index) => {
    if (piece.kind !== 'text') return piece;
    const text = piece.text.replace(lineStarts(index, pieces), (_match, indent: string) => indent.slice(smallest));
    return { ...piece, text };
  });
}

/** The indents of lines that are not blank; the first line of a text counts only where the text begins a line. */
function lineStarts(index: number, pieces: readonly Piece[]): RegExp {
  const isLast = index === pieces.length - 1;
  const begins = index === 0 ? '(?<=^|\\n)' : '(?<=\\n)';
  return new RegExp(`${begins}([ \\t]*)(?=[^\\s]${isLast ? '' : '|$(?!\\n)'})`, 'g');
}

// ---------------------------------------------------------------- directives

interface Frame {
  readonly opening: Extract<Piece, { kind: 'if' | 'for' }>;
  readonly outer: Expression[];
  whenTrue: Expression[] | undefined;
}

/** Matches directives with their ends. */
function treeOf(cursor: Cursor, pieces: readonly Piece[], start: number): Expression[] {
  let current: Expression[] = [];
  const frames: Frame[] = [];
  for (const piece of pieces) {
    switch (piece.kind) {
      case 'text':
        if (piece.text !== '') current.push(literal(cursor, piece));
        break;
      case 'value':
        current.push(piece.value);
        break;
      case 'if':
      case 'for':
        frames.push({ opening: piece, outer: current, whenTrue: undefined });
        if (frames.length + cursor.depth > MOST_DIRECTIVES) return misplaced(cursor, piece.start, 'is nested too deep');
        current = [];
        break;
      case 'else': {
        const frame = frames.at(-1);
        if (frame?.opening.kind !== 'if' || frame.whenTrue !== undefined)
          return misplaced(cursor, piece.start, 'stands outside of an `if`');
        frame.whenTrue = current;
        current = [];
        break;
      }
      default: {
        const frame = frames.pop();
        if (frame === undefined || `end${frame.opening.kind}` !== piece.kind)
          return misplaced(cursor, piece.start, 'ends nothing');
        frame.outer.push(closed(cursor, frame, { parts: current, end: piece.start }));
        current = frame.outer;
      }
    }
  }
  const open = frames.at(-1);
  return open === undefined ? current : misplaced(cursor, open.opening.start ?? start, 'has no end');
}

const MOST_DIRECTIVES = 100;

function misplaced(cursor: Cursor, offset: number, what: string): Expression[] {
  if (cursor.failure === undefined) cursor.at = offset;
  fail(cursor, `a directive of the template ${what}`);
  return [];
}

interface Inner {
  readonly parts: readonly Expression[];
  readonly end: number;
}

function closed({ source }: Cursor, { opening, whenTrue }: Frame, { parts, end }: Inner): Expression {
  const place = { source, start: opening.start, end };
  const last: TemplateExpression = { kind: 'template', parts, ...place };
  if (opening.kind === 'for') {
    const { keyName, valueName, collection } = opening.head;
    return { kind: 'for-template', keyName, valueName, collection, body: last, ...place };
  }
  const { condition } = opening;
  const first: TemplateExpression = { kind: 'template', parts: whenTrue ?? parts, ...place };
  const otherwise: TemplateExpression = { kind: 'template', parts: whenTrue === undefined ? [] : parts, ...place };
  return { kind: 'conditional', condition, whenTrue: first, whenFalse: otherwise, ...place };
}

function literal({ source }: Cursor, { text, start, end }: Extract<Piece, { kind: 'text' }>): LiteralExpression {
  return { kind: 'literal', value: text, source, start, end };
}
