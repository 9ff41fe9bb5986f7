import { NO_ORIGIN } from '#model/origin.ts';
import type { LabelRequirement, LabelSelector } from '#model/resource.ts';

/** Setting that says which nodes take no part in encryption between nodes themselves. */
export const OPT_OUT = 'node-encryption-opt-out-labels';
/** The agent's own default: nodes of the control plane. */
const DEFAULT = 'node-role.kubernetes.io/control-plane';

/**
 * Nodes that opt out: keys, `key=value`, `key!=value` and `!key` with commas between, all of which must hold. An empty
 * setting means no node; an empty selector here stands for that.
 */
export function optOutOf(settings: ReadonlyMap<string, string>): LabelSelector {
  const parts = (settings.get(OPT_OUT) ?? DEFAULT)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return { requirements: parts.map(requirementOf), origin: NO_ORIGIN };
}

function requirementOf(text: string): LabelRequirement {
  if (text.startsWith('!')) return { key: text.slice(1).trim(), operator: 'DoesNotExist', values: [] };
  const [key = '', value] = text.split(/==?/, 2);
  if (value === undefined) return { key: key.trim(), operator: 'Exists', values: [] };
  const negated = key.endsWith('!');
  return {
    key: (negated ? key.slice(0, -1) : key).trim(),
    operator: negated ? 'NotIn' : 'In',
    values: [value.trim()],
  };
}
