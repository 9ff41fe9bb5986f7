import type { AzureValue } from '#model/azure/value.ts';
import { sortedEntries } from '../traverse.ts';

/** What `jsonencode` makes: keys in order, `<`, `>` and `&` escaped as Go escapes them. The value must be settled. */
export function jsonText(value: AzureValue): string {
  switch (value.kind) {
    case 'scalar':
      return JSON.stringify(value.value).replace(/[<>&\u2028\u2029]/g, escaped);
    case 'list':
      return `[${value.items.map(jsonText).join(',')}]`;
    case 'object': {
      const members = sortedEntries(value).map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`);
      return `{${members.join(',')}}`;
    }
    case 'unsettled':
      return 'null';
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
