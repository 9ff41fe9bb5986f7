/** What may be chosen, by the name of the choice. */
export type Options = Readonly<Record<string, readonly string[]>>;
export type Pick = Readonly<Record<string, string>>;

/**
 * Rows in which every two values of two choices that may stand together do stand together at least once. Greedy: each row
 * begins with a pair that is still missing and takes, choice by choice, the value that covers the most others.
 */
export function pairwise(options: Options, { isAllowed, free }: Rules): readonly Pick[] {
  const missing = allPairs(options);
  const rows: Pick[] = [];
  while (missing.size > 0) {
    const [first] = missing;
    const row = completed(options, { missing, start: new Map(pairOf(first!)), isAllowed, free });
    missing.delete(first!);
    if (row === undefined) continue;
    for (const pair of pairsOf(row)) missing.delete(pair);
    rows.push(row);
  }
  return rows;
}

export interface Rules {
  readonly isAllowed: (pick: Pick) => boolean;
  /** Choices that never decide whether a row is allowed: to try their values again would take hours and find nothing. */
  readonly free: ReadonlySet<string>;
}

interface Search extends Rules {
  readonly missing: ReadonlySet<string>;
  readonly start: ReadonlyMap<string, string>;
}

/** undefined: no row has this pair. Values are tried in the order of what they cover, back and forth until one row stands. */
function completed(options: Options, { missing, start, isAllowed, free }: Search): Pick | undefined {
  const left = Object.keys(options).filter((name) => !start.has(name));
  const extend = (chosen: ReadonlyMap<string, string>, at: number): Pick | undefined => {
    const name = left[at];
    if (name === undefined) {
      const row = Object.fromEntries(Object.keys(options).map((each) => [each, chosen.get(each)!]));
      return isAllowed(row) ? row : undefined;
    }
    const covers = (value: string) => [...chosen].filter((other) => missing.has(pairText([name, value], other))).length;
    const values = [...options[name]!].sort((a, b) => covers(b) - covers(a));
    for (const value of free.has(name) ? values.slice(0, 1) : values) {
      const found = extend(new Map([...chosen, [name, value]]), at + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return extend(start, 0);
}

function allPairs(options: Options): Set<string> {
  const names = Object.keys(options);
  const pairs = new Set<string>();
  for (const [index, a] of names.entries())
    for (const b of names.slice(index + 1))
      for (const left of options[a]!) for (const right of options[b]!) pairs.add(pairText([a, left], [b, right]));
  return pairs;
}

function pairsOf(row: Pick): readonly string[] {
  const entries = Object.entries(row);
  return entries.flatMap((one, index) => entries.slice(index + 1).map((other) => pairText(one, other)));
}

function pairText(one: readonly [string, string], other: readonly [string, string]): string {
  return [one, other]
    .map((each) => each.join('='))
    .sort()
    .join(' & ');
}

function pairOf(text: string): readonly (readonly [string, string])[] {
  return text.split(' & ').map((each) => {
    const [name = '', value = ''] = each.split('=');
    return [name, value] as const;
  });
}
