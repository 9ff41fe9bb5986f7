import { type AzureRef, isUnsettled } from '#model/azure/entity.ts';
import type { Firewall, FirewallPolicy, FirewallRule, RuleCollection } from '#model/azure/firewall.ts';
import type { ReasonCode } from '#model/reason.ts';
import { type AzureView, isKey } from './view.ts';

/** The rules of a firewall, of its policy, and of those that the policy is based on. */
export interface PolicyChain {
  /** The parent first, the firewall's own policy last; empty where it has none. */
  readonly policies: readonly FirewallPolicy[];
  /**
   * In the order in which Azure asks them. Each holds rules of one type only; rules that could not be read stand with the
   * network rules and with the application rules too.
   */
  readonly collections: readonly RuleCollection[];
  /** Policies that are named and not in the input, or whose name could not be evaluated. */
  readonly missing: readonly AzureRef[];
  /** Whether there may be other collections than these, or in another order. */
  readonly unsettled: boolean;
  /** Why. */
  readonly reasons: readonly ReasonCode[];
}

const TYPES = ['dnat', 'network', 'application'] as const;
type RuleType = (typeof TYPES)[number];

/**
 * "DNAT rules first, then network rules, then application rules", whatever the priorities; inside of a type the groups of
 * the parent policy, then those of the policy itself; groups by priority, and in them collections by priority (Azure
 * Firewall rule processing logic). That page shows a DNAT collection of a parent in the order; another one says that such
 * collections are not inherited. The order is worked out there in full, so it is followed.
 */
export function policyChain(view: AzureView, firewall: Firewall): PolicyChain {
  const { policies, missing, reasons } = lineage(view, firewall);
  const doubts = new Set(reasons);
  if (firewall.condition !== undefined) doubts.add('cloud-expression');
  const groups = firewall.policy === undefined ? [classicGroup(firewall)] : policyGroups(view, policies);
  const collections = TYPES.flatMap((type) => groups.flatMap((group) => inOrder(group, type, doubts)));
  for (const group of groups) for (const reason of group.reasons) doubts.add(reason);
  return { policies, collections, missing, unsettled: doubts.size > 0, reasons: [...doubts] };
}

// ---------------------------------------------------------------- policies

type Lineage = Pick<PolicyChain, 'policies' | 'missing' | 'reasons'>;

function lineage({ estate }: AzureView, firewall: Firewall): Lineage {
  const byKey = new Map(estate.firewallPolicies.map((policy) => [policy.key, policy]));
  const policies: FirewallPolicy[] = [];
  let ref = firewall.policy;
  while (ref !== undefined) {
    if (!isKey(ref)) return { policies, missing: [ref], reasons: ['cloud-expression'] };
    const policy = byKey.get(ref);
    if (policy === undefined) return { policies, missing: [ref], reasons: ['cloud-resource-missing'] };
    // Azure refuses a policy that is based on itself: what it would do is written nowhere.
    if (policies.includes(policy)) return { policies, missing: [], reasons: ['engine-undefined'] };
    policies.unshift(policy);
    ref = policy.base;
  }
  const isOpen = policies.some(({ condition, unsettled }) => condition !== undefined || unsettled.length > 0);
  return { policies, missing: [], reasons: isOpen ? ['cloud-expression'] : [] };
}

// ---------------------------------------------------------------- collections

/** Collections whose priorities are compared with each other. */
interface Group {
  readonly collections: readonly RuleCollection[];
  readonly reasons: readonly ReasonCode[];
}

/** Of a firewall without policy. */
function classicGroup({ collections, unsettled }: Firewall): Group {
  const isOpen = unsettled.some(({ path }) => /^properties(?:$|\.\w*rulecollections)/i.test(path));
  return { collections, reasons: isOpen ? ['cloud-expression'] : [] };
}

function policyGroups({ estate }: AzureView, policies: readonly FirewallPolicy[]): Group[] {
  return policies.flatMap((policy) => {
    const own = estate.ruleCollectionGroups.filter((group) => group.policy === policy.key);
    const tied = hasTie(own.map(({ priority }) => Number(priority)));
    return [...own]
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .map(({ collections, priority, condition, unsettled }): Group => {
        const isOpen = isUnsettled(priority) || condition !== undefined || unsettled.length > 0;
        return {
          collections,
          reasons: [...(isOpen ? (['cloud-expression'] as const) : []), ...(tied ? (['equal-priority'] as const) : [])],
        };
      });
  });
}

/** The rules of one type in a group, collection by collection. */
function inOrder({ collections }: Group, type: RuleType, doubts: Set<ReasonCode>): RuleCollection[] {
  const own = collections.flatMap((collection) => partOf(collection, type));
  if (own.some(({ priority }) => isUnsettled(priority))) doubts.add('cloud-expression');
  if (hasTie(own.map(({ priority }) => Number(priority)))) doubts.add('equal-priority');
  return own.sort((a, b) => Number(a.priority) - Number(b.priority));
}

/** Azure takes collections of one type only; what is read of another form is asked where its type would be. */
function partOf(collection: RuleCollection, type: RuleType): RuleCollection[] {
  if (collection.kind === type) return [collection];
  if (collection.kind !== 'mixed') return [];
  const rules = collection.rules.filter((rule) => isOfType(rule, type));
  return rules.length === 0 ? [] : [{ ...collection, kind: type, rules }];
}

function isOfType({ kind }: FirewallRule, type: RuleType): boolean {
  return kind === type || (kind === 'unread' && type !== 'dnat');
}

/** Unsettled priorities are NaN here, and tie with nothing. */
function hasTie(priorities: readonly number[]): boolean {
  const known = priorities.filter((priority) => !Number.isNaN(priority));
  return new Set(known).size < known.length;
}
