/** Text of HCL as `terraform fmt` leaves it: two spaces, equal signs of neighbouring one-line arguments in one column. */
export interface Body {
  readonly arguments: readonly (readonly [string, HclValue])[];
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly type: string;
  readonly labels?: readonly string[];
  /** A comment above it. */
  readonly why?: string;
  readonly body: Body;
}

/** `code` is written as it is: a reference or a call. */
export type HclValue =
  | string
  | number
  | boolean
  | { readonly code: string }
  /** A function of one value. */
  | { readonly call: string; readonly of: HclValue }
  | readonly HclValue[]
  | { readonly object: readonly (readonly [string, HclValue])[] };

export function code(text: string): { readonly code: string } {
  return { code: text };
}

export function hclText(blocks: readonly Block[]): string {
  return `${blocks.map((block) => blockLines(block).join('\n')).join('\n\n')}\n`;
}

function blockLines({ type, labels = [], why, body }: Block): readonly string[] {
  const head = [type, ...labels.map((label) => quoted(label))].join(' ');
  const lines = bodyLines(body);
  const comment = why === undefined ? [] : commentLines(why);
  if (lines.length === 0) return [...comment, `${head} {}`];
  return [...comment, `${head} {`, ...indented(lines), '}'];
}

function bodyLines({ arguments: given, blocks }: Body): readonly string[] {
  const lines = [...pairLines(given)];
  for (const block of blocks) {
    if (lines.length > 0) lines.push('');
    lines.push(...blockLines(block));
  }
  return lines;
}

/** Pairs of names and values; those of one line in a row share a column. */
function pairLines(pairs: readonly (readonly [string, HclValue])[]): readonly string[] {
  const lines: string[] = [];
  let run: (readonly [string, string])[] = [];
  const end = () => {
    const width = Math.max(0, ...run.map(([name]) => name.length));
    for (const [name, value] of run) lines.push(`${name.padEnd(width)} = ${value}`);
    run = [];
  };
  for (const [name, value] of pairs) {
    const [first = '', ...rest] = valueLines(value);
    if (rest.length === 0) {
      run.push([name, first]);
      continue;
    }
    end();
    lines.push(`${name} = ${first}`, ...rest);
  }
  end();
  return lines;
}

const LINE_AT_MOST = 100;

function valueLines(value: HclValue): readonly string[] {
  if (typeof value === 'string') return [quoted(value)];
  if (typeof value !== 'object') return [`${value}`];
  if ('code' in value) return [value.code];
  if ('call' in value) {
    const [first, ...rest] = valueLines(value.of);
    if (rest.length === 0) return [`${value.call}(${first})`];
    return [`${value.call}(${first}`, ...rest.slice(0, -1), `${rest.at(-1)})`];
  }
  if ('object' in value) {
    if (value.object.length === 0) return ['{}'];
    return ['{', ...indented(pairLines(value.object.map(([key, each]) => [keyText(key), each]))), '}'];
  }
  const items = value.map(valueLines);
  const short = `[${items.map(([only]) => only).join(', ')}]`;
  if (items.every((lines) => lines.length === 1) && short.length <= LINE_AT_MOST) return [short];
  return ['[', ...indented(items.flatMap((lines) => [...lines.slice(0, -1), `${lines.at(-1)},`])), ']'];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : quoted(key);
}

/** "`"`, `\` and the beginnings of templates are escaped" (HCL, quoted templates). */
export function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

export function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('${', '$${')
    .replaceAll('%{', '%%{');
}

const WIDTH = 110;

function commentLines(why: string): readonly string[] {
  const lines = [''];
  for (const word of why.split(' ')) {
    if (lines.at(-1)!.length + word.length > WIDTH) lines.push('');
    lines.push(`${lines.pop()!} ${word}`);
  }
  return lines.map((line) => `#${line}`);
}
