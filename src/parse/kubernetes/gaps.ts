import type { Gap } from '#model/resource.ts';
import type { Reader } from './reader.ts';

/**
 * Whether an entry of a rule's list has an unknown field. The list is then given up for "any traffic": the gap makes
 * the rule match perhaps, and what the unread entry would add must be inside of that perhaps.
 */
export function isUnread(rule: Reader, key: string, gaps: readonly Gap[]): boolean {
  if (gaps.length === 0) return false;
  const list = `${rule.path}.${key}`;
  return gaps.some((gap) => gap.path.startsWith(list));
}
