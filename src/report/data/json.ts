import type { Answer } from '../answer.ts';

/**
 * The answer as JSON with two spaces, keys in the order of the interfaces, and one entry of a top-level list in each
 * piece: a map of ten thousand workloads never becomes one string. Characters that a terminal could act on are written
 * as `\u` escapes, which any JSON reader turns back.
 */
export function* jsonText(answer: Answer): Generator<string> {
  yield '{';
  let separator = '\n';
  for (const [key, value] of Object.entries(answer)) {
    if (value === undefined) continue;
    yield `${separator}  ${JSON.stringify(key)}: `;
    if (Array.isArray(value) && value.length > 0) yield* listText(value);
    else yield valueText(value, '  ');
    separator = ',\n';
  }
  yield '\n}\n';
}

function* listText(list: readonly unknown[]): Generator<string> {
  let separator = '[\n';
  for (const entry of list) {
    yield `${separator}    ${valueText(entry, '    ')}`;
    separator = ',\n';
  }
  yield '\n  ]';
}

/** A value as JSON in which nothing acts on a terminal; every line but the first is indented so. */
export function valueText(value: unknown, indent = ''): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`).replace(RISKY, escapeUnit);
}

/** What `escapeControl` escapes and JSON.stringify leaves; such characters occur inside JSON strings only. */
const RISKY =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

function escapeUnit(found: string): string {
  let out = '';
  for (let i = 0; i < found.length; i++) out += `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return out;
}
