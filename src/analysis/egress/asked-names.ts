import { policyChain } from '#engine/compile/azure/firewall-rules.ts';
import { serviceNamesOf } from '#engine/compile/azure/names.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import type { CiliumName } from '#model/cilium.ts';
import type { Snapshot } from '#model/snapshot.ts';

/**
 * Names to ask the engine about, so that the rules of firewalls and policies divide all names among them: each name that a
 * rule or an endpoint says, one or two made up for each wildcard, and one that no rule can mean.
 */
export interface AskedNames {
  readonly domains: readonly string[];
  /** What a wildcard, or a name, is asked about as: all of `domains` that it means. */
  meaning(pattern: string): readonly string[];
  /** As people write it: `dns:*.partner.com` for a name that was made up, `dns:*` for the one that no rule means. */
  shown(domain: string): string;
}

/** Below a name that is kept for examples (RFC 2606): nobody writes a rule for it. */
const OTHER = 'a-name-that-no-rule-has.invalid';
/** How the name that no rule means is written. */
export const ANY_NAME = 'dns:*';
const ONE_LABEL = 'any-name';
const TWO_LABELS = 'any.name';

export function askedNames(view: AzureView | undefined, snapshot: Snapshot, needed: readonly string[]): AskedNames {
  const patterns = new Set(
    [...needed, ...firewallNames(view), ...policyNames(snapshot)].map((name) => name.toLowerCase()),
  );
  const texts = new Map<string, string>([[OTHER, ANY_NAME]]);
  for (const pattern of patterns)
    for (const [domain, text] of madeOf(pattern)) if (!texts.has(domain)) texts.set(domain, text);
  const domains = [...texts.keys()];
  return { domains, meaning, shown: (domain) => texts.get(domain) ?? `dns:${domain}` };

  function meaning(pattern: string): readonly string[] {
    const own = pattern.toLowerCase();
    if (!own.includes('*')) return domains.includes(own) ? [own] : [];
    const ending = own.slice(own.lastIndexOf('*') + 1);
    return domains.filter((domain) => domain.endsWith(ending) && domain !== OTHER);
  }
}

/** Whether a name is the one that no rule means. */
export function isOtherName(domain: string): boolean {
  return domain === OTHER;
}

/** A wildcard before a dot may stand for one label or for several: rules differ in that. */
function madeOf(pattern: string): [string, string][] {
  if (!pattern.includes('*')) return [[pattern, `dns:${pattern}`]];
  if (/^\*+$/.test(pattern)) return [];
  const bare = pattern.replace(/^\*\*\./, '*.');
  const one = bare.replaceAll('*', ONE_LABEL);
  if (!bare.startsWith('*.') || bare.slice(1).includes('*')) return [[one, `dns:${pattern}`]];
  return [
    [one, `dns:${bare}`],
    [bare.replace('*', TWO_LABELS), `dns:*${bare}`],
  ];
}

function firewallNames(view: AzureView | undefined): string[] {
  if (view === undefined) return [];
  const rules = view.firewalls.flatMap((firewall) =>
    policyChain(view, firewall).collections.flatMap((each) => each.rules),
  );
  const items = rules.flatMap((rule) => {
    if (rule.kind === 'application') return rule.names;
    return rule.kind === 'network' ? rule.destinations : [];
  });
  const names = items.flatMap((item) => (item.kind === 'name' ? [item.name] : []));
  return [...names, ...serviceNamesOf(view.estate).map(({ domain }) => domain)];
}

/** `matchPattern` of Cilium: `*` is a part of one label, `**.` any number of labels. */
export function policyNames({ ciliumPolicies }: Snapshot): string[] {
  const rules = ciliumPolicies.flatMap(({ specs }) =>
    specs.flatMap(({ egress, egressDeny }) => [...egress, ...egressDeny]),
  );
  return rules.flatMap(({ peers }) => (peers?.kind === 'names' ? peers.names.map(textOf) : []));
}

function textOf(name: CiliumName): string {
  return 'name' in name ? name.name : name.pattern;
}
