import type { PlainValue } from '#model/plain.ts';

/** A value as block YAML that every reader takes for the same value: text that could be anything else is quoted. */
export function* yamlText(value: PlainValue): Generator<string> {
  for (const line of linesOf(value)) yield `${line}\n`;
}

function* linesOf(value: PlainValue): Generator<string> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    yield scalarText(value);
    return;
  }
  const isList = Array.isArray(value);
  for (const [key, child] of Object.entries(value)) {
    const head = isList ? '-' : `${scalarText(key)}:`;
    const isNested = typeof child === 'object' && child !== null && Object.keys(child).length > 0;
    if (!isNested) {
      yield `${head} ${scalarText(child)}`;
      continue;
    }
    if (!isList) yield head;
    let first = isList;
    for (const line of linesOf(child)) {
      yield first ? `${head} ${line}` : `  ${line}`;
      first = false;
    }
  }
}

function scalarText(value: PlainValue): string {
  if (typeof value === 'string') return PLAIN.test(value) && !SPECIAL.test(value) ? value : quoted(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return String(value);
}

/** Characters that a terminal could act on are escaped, which any reader turns back. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(RISKY, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What JSON leaves as it is and `escapeControl` escapes, as far as one unit of UTF-16 tells it. */
const RISKY = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text that is text in YAML 1.1 and 1.2 without quotes. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const SPECIAL = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
