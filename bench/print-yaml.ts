/**
 * Block YAML of plain data, as `kubectl get -o yaml` would look. Text that a YAML 1.1 reader could take for something
 * else is quoted; JSON strings are YAML double-quoted scalars.
 */
export function printYaml(value: object): string {
  return printEntries(value, '').join('\n').concat('\n');
}

function printEntries(map: object, indent: string): string[] {
  const out: string[] = [];
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    out.push(...printValue(`${indent}${printScalar(key)}:`, value, indent));
  }
  return out;
}

/** Lists stand at the indent of their key, as kubectl prints them. */
function printValue(head: string, value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${head} []`] : [head, ...printItems(value, indent)];
  if (typeof value !== 'object' || value === null) return [`${head} ${printScalar(value)}`];
  const entries = printEntries(value, `${indent}  `);
  return entries.length === 0 ? [`${head} {}`] : [head, ...entries];
}

function printItems(items: readonly unknown[], indent: string): string[] {
  const out: string[] = [];
  for (const item of items) {
    const entries = typeof item === 'object' && item !== null ? printEntries(item, `${indent}  `) : [];
    if (entries.length === 0) {
      out.push(`${indent}- ${typeof item === 'object' ? '{}' : printScalar(item)}`);
    } else {
      out.push(`${indent}- ${entries[0]!.trimStart()}`, ...entries.slice(1));
    }
  }
  return out;
}

function printScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const plain = /^[a-zA-Z/][\w./-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}
