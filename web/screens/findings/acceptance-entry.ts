import type { Finding } from '#model/scan.ts';
import { yamlText } from '../../parts/yaml-text.ts';

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
    `    - control: ${yamlText(control)}`,
    `      where: ${yamlText(where.id)}`,
    `      reason: ${yamlText(words.reason)}`,
    `      owner: ${yamlText(words.owner)}`,
    `      until: ${yamlText(words.until)}`,
    '',
  ].join('\n');
}
