import type { Arm, ArmRefusal } from './arm.ts';
import { isResourceRow, type ResourceRow as Row, textAt } from './json.ts';

export type Listing = { readonly ok: true; readonly items: readonly Row[] } | ArmListRefusal;

type ArmListRefusal = Pick<ArmRefusal, 'ok' | 'message'> & { readonly why: ArmRefusal['why'] | 'truncated' };

/** Everything behind an address of ARM: one resource, or all pages of a list (`value`, `nextLink`). */
export async function listAll(arm: Arm, path: string): Promise<Listing> {
  const items: Row[] = [];
  const seen = new Set<string>();
  let next: string | undefined = path;
  while (next !== undefined) {
    if (seen.has(next) || seen.size >= MOST_PAGES)
      return { ok: false, why: 'truncated', message: 'the pages do not come to an end' };
    seen.add(next);
    const answer = await arm.get(next);
    if (!answer.ok) return answer;
    const { body } = answer;
    const value = body['value'] ?? (textAt(body, 'id') === undefined ? undefined : [body]);
    if (!Array.isArray(value)) return { ok: false, why: 'nonsense', message: 'the answer has no `value`' };
    for (const each of value) if (isResourceRow(each)) items.push(each);
    next = textAt(body, 'nextLink');
  }
  return { ok: true, items };
}

const MOST_PAGES = 500;
