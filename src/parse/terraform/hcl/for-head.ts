import { type Cursor, fail, skipLines, takeIdentifier, takes, takesKeyword } from './cursor.ts';
import type { Expression } from './syntax.ts';

export interface ForHead {
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
}

/** `k, v in c`, after the word `for`. */
export function readForHead(cursor: Cursor): ForHead {
  skipLines(cursor);
  const first = takeIdentifier(cursor);
  skipLines(cursor);
  let second: string | undefined;
  if (takes(cursor, ',')) {
    skipLines(cursor);
    second = takeIdentifier(cursor);
    skipLines(cursor);
  }
  if (first === undefined || !takesKeyword(cursor, 'in')) fail(cursor, '`for name in collection` is expected');
  skipLines(cursor);
  const collection = cursor.expression(cursor);
  const valueName = second ?? first ?? '';
  return { keyName: second === undefined ? undefined : first, valueName, collection };
}
