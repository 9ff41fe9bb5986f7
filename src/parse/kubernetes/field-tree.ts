import type { FieldSupport } from './field-support.ts';

/** The fields of one kind by nesting; lists are passed through. */
export interface FieldTree {
  readonly children: ReadonlyMap<string, FieldTree>;
  /** Whether every name is a field (labels, or a part that is covered as a whole). */
  readonly open: boolean;
}

interface Growing extends FieldTree {
  readonly children: Map<string, Growing>;
  open: boolean;
}

/** The tree of a kind's entries of the table of fields. */
export function fieldTree(fields: readonly FieldSupport[]): FieldTree {
  const root: Growing = { children: new Map(), open: false };
  for (const field of fields) {
    let at = root;
    for (const step of field.path.replaceAll('[]', '').split('.')) {
      if (step === '*') at.open = true;
      else at = grow(at, step);
    }
  }
  return root;
}

function grow(at: Growing, step: string): Growing {
  const known = at.children.get(step);
  if (known !== undefined) return known;
  const fresh: Growing = { children: new Map(), open: false };
  at.children.set(step, fresh);
  return fresh;
}

/** The known field that somebody may have meant: the same but for case, or at most two typing errors away. */
export function nearestField(name: string, fields: FieldTree): string | undefined {
  if (name.length > 40) return undefined;
  let best: string | undefined;
  let bestDistance = 3;
  for (const known of fields.children.keys()) {
    const distance = editDistance(name.toLowerCase(), known.toLowerCase());
    if (distance < bestDistance && distance < known.length / 2) {
      best = known;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
