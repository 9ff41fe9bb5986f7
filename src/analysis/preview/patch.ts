import { diffArrays } from 'diff';
import { DROPPED, MASK, secretKindIn } from '#model/object.ts';

/** One file before and after; null where it is not there. */
export interface PatchedFile {
  readonly file: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Numbers of the lines of `before`, from 1, of which something is hidden. */
  readonly hidden: readonly number[];
}

export type PatchResult =
  | { readonly kind: 'patch'; readonly text: string }
  /** Why no patch can be written, for a person. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * A unified diff as `git apply` takes it. What is hidden in a text is not what stands in the file: lines with it are neither
 * changed nor told as what stands around a change.
 */
export function patchOf(files: readonly PatchedFile[]): PatchResult {
  const parts: string[] = [];
  for (const file of files) {
    if (file.before === file.after) continue;
    const body = bodyOf(file);
    if (typeof body !== 'string') return { kind: 'refused', why: `\`${file.file}\` ${body.why}` };
    const old = file.before === null ? '/dev/null' : nameOf('a', file.file);
    const now = file.after === null ? '/dev/null' : nameOf('b', file.file);
    parts.push(`--- ${old}\n+++ ${now}\n${body}`);
  }
  return { kind: 'patch', text: parts.join('') };
}

/** Git ends a name with a tab where it has a space, and quotes what is not plain ASCII (`git diff`, core.quotePath). */
function nameOf(side: 'a' | 'b', file: string): string {
  const name = file.startsWith('/') ? `${side}${file}` : `${side}/${file}`;
  if (/^[\x20-\x7e]*$/.test(name) && !/["\\]/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const bytes = [...new TextEncoder().encode(name)];
  return `"${bytes.map(quotedByte).join('')}"`;
}

function quotedByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (char === '"' || char === '\\') return `\\${char}`;
  return byte >= 0x20 && byte < 0x7f ? char : `\\${byte.toString(8).padStart(3, '0')}`;
}

interface Refused {
  readonly why: string;
}

const CONTEXT = 3;

function bodyOf({ before, after, hidden }: PatchedFile): string | Refused {
  const old = linesOf(before ?? '');
  const isHidden = new Set(hidden);
  const changes = changesBetween(old, linesOf(after ?? ''));
  for (const change of changes) {
    const wrong = wrongIn(change, isHidden);
    if (wrong !== undefined) return wrong;
  }
  const groups = groupsOf(changes, isHidden);
  let out = '';
  let shift = 0;
  let done = 0;
  for (const [index, group] of groups.entries()) {
    const [first, last] = [group[0]!, group.at(-1)!];
    const next = groups[index + 1]?.[0]?.start ?? old.length;
    const leading = around(first.start, Math.max(done, first.start - CONTEXT), isHidden);
    const trailing = around(last.end, Math.min(next, last.end + CONTEXT), isHidden);
    // Without a line after it, a change is taken to be at the end of the file (git-apply, --unidiff-zero).
    if (trailing === last.end && last.end < old.length)
      return { why: `is changed just before line ${last.end + 1}, of which something is hidden` };
    out += hunkOf(old, group, { leading, trailing, shift });
    shift += growthOf(group);
    done = trailing;
  }
  return out;
}

/** Changes whose surroundings touch are told together, unless something between them is hidden. */
function groupsOf(changes: readonly LineChange[], isHidden: ReadonlySet<number>): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const end = groups.at(-1)?.at(-1)?.end;
    const isNear = end !== undefined && change.start - end <= 2 * CONTEXT;
    if (isNear && around(end, change.start, isHidden) === change.start) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups;
}

function growthOf(changes: readonly LineChange[]): number {
  return changes.reduce((sum, { start, end, added }) => sum + added.length - (end - start), 0);
}

/** How far the lines around a change may be told: from it towards `limit`, up to the first that is hidden. */
function around(from: number, limit: number, isHidden: ReadonlySet<number>): number {
  let at = from;
  if (limit < from) while (at > limit && !isHidden.has(at)) at--;
  else while (at < limit && !isHidden.has(at + 1)) at++;
  return at;
}

function wrongIn({ start, end, added }: LineChange, isHidden: ReadonlySet<number>): Refused | undefined {
  for (let line = start; line < end; line++)
    if (isHidden.has(line + 1)) return { why: `is changed in line ${line + 1}, of which something is hidden` };
  if (!added.some(holdsMark)) return undefined;
  return { why: `would get a line that stands for something hidden, after line ${start}` };
}

/** Whether a text has what stands in the place of a secret. */
export function holdsMark(line: string): boolean {
  return line.includes(MASK) || line.includes(DROPPED) || secretKindIn(line) !== undefined;
}

interface Around {
  /** Lines of the old text from here to the change, and from it to there. */
  readonly leading: number;
  readonly trailing: number;
  /** By how much the changes before made the text longer. */
  readonly shift: number;
}

function hunkOf(old: readonly string[], changes: readonly LineChange[], { leading, trailing, shift }: Around): string {
  const lines: string[] = [];
  let at = leading;
  const keep = (until: number) => {
    for (; at < until; at++) lines.push(` ${ended(old[at]!)}`);
  };
  for (const { start, end, added } of changes) {
    keep(start);
    for (; at < end; at++) lines.push(`-${ended(old[at]!)}`);
    for (const line of added) lines.push(`+${ended(line)}`);
  }
  keep(trailing);
  const had = trailing - leading;
  return `@@ -${spanOf(leading, had)} +${spanOf(leading + shift, had + growthOf(changes))} @@\n${lines.join('')}`;
}

/** No lines at all are told by the line before them. */
function spanOf(from: number, count: number): string {
  return `${count === 0 ? from : from + 1},${count}`;
}

function ended(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`;
}

// ---------------------------------------------------------------- lines

/** Lines `start … end - 1` of the old text become these. */
interface LineChange {
  readonly start: number;
  readonly end: number;
  readonly added: readonly string[];
}

function changesBetween(old: readonly string[], now: readonly string[]): readonly LineChange[] {
  const changes: LineChange[] = [];
  let at = 0;
  let open: { start: number; end: number; added: string[] } | undefined;
  for (const part of diffArrays([...old], [...now])) {
    if (!part.added && !part.removed) {
      at += part.value.length;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { start: at, end: at, added: [] };
      changes.push(open);
    }
    if (part.added) open.added.push(...part.value);
    else {
      at += part.value.length;
      open.end = at;
    }
  }
  return changes;
}

/** With their ends. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

export type Restored =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: string };

/** What was edited where something is hidden, with what is hidden put back. */
export function restoredText(
  original: string,
  masked: { text: string; lines: readonly number[] },
  edited: string,
): Restored {
  const isHidden = new Set(masked.lines);
  const whole = linesOf(original);
  const parts: string[] = [];
  let done = 0;
  for (const change of changesBetween(linesOf(masked.text), linesOf(edited))) {
    const wrong = wrongIn(change, isHidden);
    if (wrong !== undefined) return { kind: 'refused', ...wrong };
    parts.push(...whole.slice(done, change.start), ...change.added);
    done = change.end;
  }
  return { kind: 'text', text: [...parts, ...whole.slice(done)].join('') };
}
