import type { FirewallRule } from '#model/azure/firewall.ts';

/**
 * One name for every set of names that rules tell apart: those that are written, for each wildcard one that it means and
 * no narrower one does, and one that nothing means.
 */
export function witnessNames(rules: readonly FirewallRule[]): string[] {
  const patterns = new Set(rules.flatMap(patternsOf));
  const endings = [...patterns].filter((pattern) => pattern.startsWith('*')).map((pattern) => pattern.slice(1));
  const exact = [...patterns].filter((pattern) => !pattern.includes('*'));
  const made = ['', ...endings].map((ending) => nameEnding(ending, endings));
  const bare = endings.filter((ending) => ending !== '' && !ending.startsWith('.') && !ending.includes('*'));
  return [...new Set([...exact, ...bare, ...made])];
}

function patternsOf(rule: FirewallRule): string[] {
  switch (rule.kind) {
    case 'application':
      return [...rule.names, ...rule.urls].flatMap((item) =>
        item.kind === 'name' ? [item.name.replace(/^https?:\/\//, '').replace(/\/.*$/, '')] : [],
      );
    case 'network':
      return rule.destinations.flatMap((item) => (item.kind === 'name' ? [item.name] : []));
    case 'dnat':
    case 'unread':
      return [];
  }
}

const MOST_TRIES = 1000;

/** A name with an ending, and with none of the longer ones: each of these rules out few numbers. */
function nameEnding(ending: string, endings: readonly string[]): string {
  const longer = endings.filter((each) => each.length > ending.length && each.endsWith(ending));
  for (let number = 0; number < MOST_TRIES; number++) {
    const name = `any${number}${ending === '' ? `.none${number}` : ending}`;
    if (!longer.some((each) => name.endsWith(each))) return name;
  }
  return `any${ending}`;
}
