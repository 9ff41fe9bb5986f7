import type { Finding } from '#model/scan.ts';

export interface AcceptanceWords {
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
}

/** The lines of `ringfence.yaml` that accept a finding: a list entry of `controls.accepted`. */
export function acceptanceEntry(
  { control, where }: Pick<Finding, 'control' | 'where'>,
  words: AcceptanceWords,
): string {
  return [
    'controls:',
    '  accepted:',
    `    - control: ${quoted(control)}`,
    `      where: ${quoted(where.id)}`,
    `      reason: ${quoted(words.reason)}`,
    `      owner: ${quoted(words.owner)}`,
    `      until: ${quoted(words.until)}`,
    '',
  ].join('\n');
}

/** A text of JSON is one of YAML too (YAML 1.2, 1.3 Relation to JSON); lone surrogates and control characters are escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
