import type { PlainObject } from '#model/plain.ts';
import type { ExportRule } from './export-rule.ts';

/** What is made says which control it is from, and what of that it cannot say. */
export function annotationsOf({ control, about, leavesOut }: ExportRule): PlainObject {
  return {
    'ringfence.dev/control': control,
    'ringfence.dev/about': about,
    'ringfence.dev/leaves-out': leavesOut,
  };
}
