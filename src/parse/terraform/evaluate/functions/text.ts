import { RE2JS } from 're2js';
import { hexOf, sha1, uuidIn } from '#base/uuid.ts';
import type { AzureValue } from '#model/azure/value.ts';
import { LONGEST_TEXT } from '../../values.ts';
import { items, number, type Plain, plain, type Table, text, texts } from './builtin.ts';
import { formatted } from './format.ts';

/** Functions of text (Terraform, "String Functions"). */
export const TEXT_FUNCTIONS: Table = {
  chomp: ofText((value) => value.replace(/(?:\r\n|\n|\r)+$/, '')),
  endswith: ofTwo((value, suffix) => value.endsWith(suffix)),
  format: plain((args) => formatted(args)),
  formatlist: plain(formatList),
  indent: plain((args) => {
    const [width, value] = [number(args, 0), text(args, 1)];
    if (width === undefined || value === undefined || width < 0 || width > 1000) return undefined;
    return value.replaceAll('\n', `\n${' '.repeat(width)}`);
  }),
  join: plain((args) => {
    const separator = text(args, 0);
    const parts: string[] = [];
    for (let index = 1; index < args.length; index++) {
      const more = texts(args, index);
      if (more === undefined) return undefined;
      for (const part of more) parts.push(part);
    }
    return separator === undefined || tooLong(parts, separator) ? undefined : parts.join(separator);
  }),
  lower: ofText((value) => value.toLowerCase()),
  upper: ofText((value) => value.toUpperCase()),
  title: ofText((value) =>
    value.replace(
      /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
      (_all, before: string, first: string) => before + first.toUpperCase(),
    ),
  ),
  regex: plain((args) => {
    const [pattern, value] = [compiled(text(args, 0)), text(args, 1)];
    if (pattern === undefined || value === undefined) return undefined;
    const matcher = pattern.matcher(value);
    return matcher.find() ? captured(pattern, matcher) : undefined;
  }),
  regexall: plain((args) => {
    const [pattern, value] = [compiled(text(args, 0)), text(args, 1)];
    if (pattern === undefined || value === undefined) return undefined;
    const matcher = pattern.matcher(value);
    const found: Plain[] = [];
    while (matcher.find()) found.push(captured(pattern, matcher));
    return found;
  }),
  replace: plain((args) => {
    const [value, search, replacement] = [text(args, 0), text(args, 1), text(args, 2)];
    if (value === undefined || search === undefined || replacement === undefined) return undefined;
    return replaced(value, search, replacement);
  }),
  split: ofTwo((separator, value) => (value === '' ? [''] : value.split(separator))),
  sha1: ofText((value) => hexOf(sha1(new TextEncoder().encode(value)))),
  startswith: ofTwo((value, prefix) => value.startsWith(prefix)),
  strcontains: ofTwo((value, part) => value.includes(part)),
  strrev: ofText((value) => [...value].reverse().join('')),
  substr: plain((args) => {
    const [value, offset, length] = [text(args, 0), number(args, 1), number(args, 2)];
    if (value === undefined || offset === undefined || length === undefined) return undefined;
    const characters = [...value];
    const from = offset < 0 ? Math.max(0, characters.length + offset) : offset;
    return characters.slice(from, length < 0 ? undefined : from + length).join('');
  }),
  trim: ofTwo((value, cut) => trimmedEnd(trimmedStart(value, cut), cut)),
  trimprefix: ofTwo((value, prefix) =>
    prefix !== '' && value.startsWith(prefix) ? value.slice(prefix.length) : value,
  ),
  trimsuffix: ofTwo((value, suffix) =>
    suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  ),
  trimspace: ofText((value) => value.trim()),
  uuidv5: plain((args) => {
    const [space, name] = [text(args, 0), text(args, 1)];
    const namespace = space === undefined ? undefined : (UUID_SPACES[space] ?? space.toLowerCase());
    if (namespace === undefined || name === undefined || !UUID.test(namespace)) return undefined;
    return uuidIn(namespace, name);
  }),
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** RFC 9562 §6.6, by the words that Terraform has for them. */
const UUID_SPACES: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

function ofText(apply: (value: string) => Plain) {
  return plain((args) => {
    const value = text(args, 0);
    return value === undefined ? undefined : apply(value);
  });
}

function ofTwo(apply: (first: string, second: string) => Plain) {
  return plain((args) => {
    const [first, second] = [text(args, 0), text(args, 1)];
    return first === undefined || second === undefined ? undefined : apply(first, second);
  });
}

function tooLong(parts: readonly string[], separator: string): boolean {
  let length = 0;
  for (const part of parts) length += part.length + separator.length;
  return length > LONGEST_TEXT;
}

function trimmedStart(value: string, cut: string): string {
  let from = 0;
  while (from < value.length && cut.includes(value[from]!)) from++;
  return value.slice(from);
}

function trimmedEnd(value: string, cut: string): string {
  let to = value.length;
  while (to > 0 && cut.includes(value[to - 1]!)) to--;
  return value.slice(0, to);
}

/** Lists go through their items side by side; everything else stays the same in each round. */
function formatList(args: readonly AzureValue[]): Plain {
  let rounds: number | undefined;
  for (let index = 1; index < args.length; index++) {
    const length = items(args, index)?.length;
    if (length !== undefined && rounds !== undefined && rounds !== length) return undefined;
    rounds ??= length;
  }
  const out: Plain[] = [];
  for (let round = 0; round < (rounds ?? 1); round++) {
    const line = formatted(args.map((arg) => (arg.kind === 'list' ? arg.items[round]! : arg)));
    if (line === undefined) return undefined;
    out.push(line);
  }
  return out;
}

// ---------------------------------------------------------------- regular expressions: RE2, linear in the text

const LONGEST_PATTERN = 2000;

function compiled(pattern: string | undefined): RE2JS | undefined {
  if (pattern === undefined || pattern.length > LONGEST_PATTERN) return undefined;
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

/** The whole match, the list of groups where there are some, an object where they have names. */
function captured(pattern: RE2JS, matcher: ReturnType<RE2JS['matcher']>): Plain {
  const count = pattern.groupCount();
  if (count === 0) return matcher.group();
  const names = Object.entries(pattern.namedGroups());
  if (names.length > 0) return Object.fromEntries(names.map(([name, index]) => [name, matcher.group(index)]));
  return Array.from({ length: count }, (_, index) => matcher.group(index + 1));
}

/** A search between slashes is a regular expression; `$1` and `${name}` in the replacement are its groups. */
function replaced(value: string, search: string, replacement: string): Plain {
  if (search.length < 2 || !search.startsWith('/') || !search.endsWith('/')) {
    if (search === '') return undefined;
    const parts = value.split(search);
    return tooLong(parts, replacement) ? undefined : parts.join(replacement);
  }
  const pattern = compiled(search.slice(1, -1));
  if (pattern === undefined || value.length * (replacement.length + 1) > LONGEST_TEXT * 8) return undefined;
  const matcher = pattern.matcher(value);
  const names = pattern.namedGroups();
  let out = '';
  let from = 0;
  while (matcher.find()) {
    out += value.slice(from, matcher.start()) + expanded(replacement, (name) => groupOf(matcher, names, name));
    from = matcher.end();
  }
  return out + value.slice(from);
}

function groupOf(matcher: ReturnType<RE2JS['matcher']>, names: Record<string, number>, name: string): string {
  const index = /^[0-9]+$/.test(name) ? Number(name) : names[name];
  return index === undefined || index > matcher.groupCount() ? '' : (matcher.group(index) ?? '');
}

/** Go's Regexp.Expand: `$name` takes as many word characters as it can, `$$` is a dollar. */
function expanded(replacement: string, groupText: (name: string) => string): string {
  return replacement.replace(/\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})/g, (all, bare?: string, braced?: string) =>
    all === '$$' ? '$' : groupText(bare ?? braced ?? ''),
  );
}
