import type { PlainValue } from './bundle.ts';

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
  if (typeof value === 'string') return PLAIN.test(value) && !SPECIAL.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return String(value);
}

/** Text that is text in YAML 1.1 and 1.2 without quotes. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const SPECIAL = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
