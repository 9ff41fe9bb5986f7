import { type Address, parseAddress } from '#base/address.ts';
import { type AddressItem, isUnsettled } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Firewall, FirewallPolicy, FirewallRule, RuleCollection } from '#model/azure/firewall.ts';
import type { Verdict } from '#model/verdict.ts';
import { outcomesOf } from '../world.ts';
import { isPublic } from './firewall-items.ts';
import type { Packet, Question } from './firewall-packet.ts';
import { matchesRule } from './firewall-rule.ts';

export interface FirewallAnswer {
  readonly verdict: Verdict;
  /** False when there were too many ways in which what is not known could be. */
  readonly complete: boolean;
}

/** What Azure Firewall does with one packet that was routed to it: DNAT, network, application rules, deny. */
export function firewallVerdict(estate: AzureEstate, firewall: Firewall, packet: Packet): FirewallAnswer {
  const asked = listOf(estate, firewall);
  if (asked === 'open') return { verdict: 'unknown', complete: true };
  const rules = asked.steps.map(({ rule }) => rule);
  const facts = {
    estate,
    packet,
    cuts: cutsOf(estate, rules),
    names: namesOf(rules),
    sharesDns: sharesDns(estate, firewall, asked.policies),
    inspectsTls: asked.policies.some(({ inspectsTls }) => inspectsTls),
  };
  const { values, complete } = outcomesOf((world) => decide({ ...facts, world }, asked.steps), 2);
  const [only, ...others] = values;
  return { verdict: only === undefined || others.length > 0 ? 'unknown' : only, complete };
}

function decide(question: Question, steps: readonly Step[]): Verdict {
  for (const { rule, collection, place } of steps) {
    const { action } = collection;
    const denies =
      action === 'deny' || (isUnsettled(action) && question.world.choose(`action at ${place}`, [true, false]));
    if (!matchesRule(question, rule, { place, denies })) continue;
    // The documentation does not say what becomes of what a cluster sends to its own firewall's address.
    if (rule.kind === 'dnat') return question.world.choose(`translation at ${place}`, ['allowed', 'denied']);
    return denies ? 'denied' : 'allowed';
  }
  return 'denied';
}

// ---------------------------------------------------------------- the order

interface Step {
  readonly rule: FirewallRule;
  readonly collection: RuleCollection;
  readonly place: string;
}

interface Listed {
  readonly steps: readonly Step[];
  readonly policies: readonly FirewallPolicy[];
}

/** Every rule, first those of parents; `open` where collections may be missing or stand in another order. */
function listOf(estate: AzureEstate, firewall: Firewall): Listed | 'open' {
  if (firewall.condition !== undefined) return 'open';
  if (firewall.policy === undefined) {
    const own = typed(firewall.collections);
    return firewall.unsettled.length > 0 || own === 'open'
      ? 'open'
      : { steps: TYPES.flatMap((type) => own[type]), policies: [] };
  }
  const policies: FirewallPolicy[] = [];
  for (let ref: Firewall['policy'] = firewall.policy; ref !== undefined; ref = policies[0]!.base) {
    const policy = estate.firewallPolicies.find(({ key }) => key === ref);
    if (policy === undefined || policies.includes(policy)) return 'open';
    if (policy.condition !== undefined || policy.unsettled.length > 0) return 'open';
    policies.unshift(policy);
  }
  const parts = policies.map((policy) => partsOf(estate, policy));
  const known = parts.flatMap((part) => (part === 'open' ? [] : part));
  if (parts.includes('open')) return 'open';
  return { steps: TYPES.flatMap((type) => known.flatMap((part) => part[type])), policies };
}

const TYPES = ['dnat', 'network', 'application'] as const;
type Typed = Readonly<Record<(typeof TYPES)[number], readonly Step[]>>;

function partsOf(estate: AzureEstate, { key }: FirewallPolicy): Typed[] | 'open' {
  const groups = estate.ruleCollectionGroups.filter(({ policy }) => policy === key);
  if (groups.some(({ unsettled, condition }) => unsettled.length > 0 || condition !== undefined)) return 'open';
  const sorted = byPriority(groups);
  if (sorted === 'open') return 'open';
  const parts = sorted.map(({ collections }) => typed(collections));
  return parts.includes('open') ? 'open' : parts.flatMap((part) => (part === 'open' ? [] : part));
}

function typed(collections: readonly RuleCollection[]): Typed | 'open' {
  const lists = TYPES.map((type) => {
    const own = collections.filter(
      ({ kind, rules }) => kind === type || (kind === 'mixed' && rules.some((rule) => isOf(rule, type))),
    );
    const sorted = byPriority(own);
    if (sorted === 'open') return 'open';
    return sorted.flatMap((collection) =>
      collection.rules
        .filter((rule) => collection.kind !== 'mixed' || isOf(rule, type))
        .map((rule): Step => ({ rule, collection, place: `${collection.path}/${rule.path} as ${type}` })),
    );
  });
  const [dnat, network, application] = lists;
  if (dnat === 'open' || network === 'open' || application === 'open') return 'open';
  return { dnat: dnat!, network: network!, application: application! };
}

function isOf({ kind }: FirewallRule, type: (typeof TYPES)[number]): boolean {
  return kind === type || (kind === 'unread' && type !== 'dnat');
}

/** Azure wants each priority once; in what order it would ask two of one nobody knows. */
function byPriority<T extends { readonly priority: RuleCollection['priority'] }>(list: readonly T[]): T[] | 'open' {
  const priorities = list.map(({ priority }) => priority);
  if (priorities.some(isUnsettled) || new Set(priorities).size < priorities.length) return 'open';
  return [...list].sort((a, b) => Number(a.priority) - Number(b.priority));
}

// ---------------------------------------------------------------- what rules tell apart

/** One public address of each part into which rules cut them. */
function cutsOf(estate: AzureEstate, rules: readonly FirewallRule[]): Address[] {
  const items = rules.flatMap((rule) => (rule.kind === 'network' || rule.kind === 'dnat' ? rule.destinations : []));
  const groups = estate.ipGroups.flatMap(({ addresses }) => addresses);
  const bounds = [...items, ...groups].flatMap(boundsOf);
  const tags = [...estate.serviceTags.values()].flat().flatMap(({ family, lo, hi }) => ends({ family, lo, hi }));
  return [{ family: 4 as const, value: 1n }, ...bounds, ...tags].filter(
    (address) => address.family === 4 && address.value >= 0n && address.value < 1n << 32n && isPublic(address),
  );
}

function boundsOf(item: AddressItem): Address[] {
  return item.kind === 'range' ? ends(item.range) : [];
}

function ends({ family, lo, hi }: { readonly family: 4 | 6; readonly lo: bigint; readonly hi: bigint }): Address[] {
  return [
    { family, value: lo },
    { family, value: hi + 1n },
  ];
}

/** One name for each pattern, and one that none means. */
function namesOf(rules: readonly FirewallRule[]): string[] {
  const patterns = rules.flatMap((rule) => (rule.kind === 'application' ? [...rule.names, ...rule.urls] : []));
  const names = patterns.flatMap((item) =>
    item.kind === 'name' ? [item.name.replace(/^\*/, 'x').replace(/\/.*/, '')] : [],
  );
  return [...new Set([...names, 'nobody.invalid'])];
}

function sharesDns(estate: AzureEstate, { privateAddress }: Firewall, policies: readonly FirewallPolicy[]): boolean {
  if (policies.at(-1)?.dnsProxy !== true || privateAddress?.kind !== 'range') return false;
  const subnets = estate.clusters.flatMap(({ pools }) => pools.map(({ subnet }) => subnet));
  const networks = estate.networks.filter(({ key }) =>
    subnets.some((ref) => typeof ref === 'string' && ref.startsWith(`${key}/`)),
  );
  const servers = networks.flatMap(({ dnsServers }) => dnsServers);
  const isFirewall = (text: string) => parseAddress(text)?.value === privateAddress.range.lo;
  return networks.every(({ dnsServers }) => dnsServers.length > 0) && servers.every(isFirewall);
}
