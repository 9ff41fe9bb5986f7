import type { Answer } from '#report/answer.ts';
import { jsonText, valueText } from '#report/data/json.ts';
import type { Reply } from './question.ts';

/** An answer of the command line, as its `-o json` prints it. */
export function answered(answer: Answer, total?: number): Reply {
  return { kind: 'json', text: [...jsonText(answer)].join(''), ...(total !== undefined && { total }) };
}

/** Any other answer, in the same form. */
export function told(answer: object, total?: number): Reply {
  return { kind: 'json', text: `${valueText(answer)}\n`, ...(total !== undefined && { total }) };
}
