import { parseCidr } from '#base/address.ts';
import { subtract, unite } from '#base/intervals.ts';
import { grantBetween } from '#engine/reach.ts';
import type { AddressItem, PortItem } from '#model/azure/entity.ts';
import type {
  Firewall,
  FirewallPolicy,
  FirewallRule,
  RuleCollection,
  RuleCollectionGroup,
} from '#model/azure/firewall.ts';
import type { RuleForm, WrittenRules } from '#model/egress.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import type { Analysis } from '../../analysis.ts';
import { comparedOf, type FoundDisagreement, gapsOf, neededTraffic, policyDisagreements } from '../disagreements.ts';
import { type EgressWorld, egressWorld } from '../egress-world.ts';
import { textInForm } from './forms.ts';
import { COLLECTIONS, GROUP_NAME, type NewGroup } from './group.ts';
import { type NewRule, newRules } from './new-rules.ts';

/** The rules that make the firewall allow what policy allows, in a form that can be deployed, with the proof. */
export function writtenRules(
  analysis: Analysis,
  world: EgressWorld,
  { found, form }: { readonly found: readonly FoundDisagreement[]; readonly form: RuleForm },
): WrittenRules {
  const [firewall, ...others] = firewallsAsked(world, found);
  const policy = policyOf(world, firewall);
  if (firewall === undefined || policy === undefined || others.length > 0) {
    const left = found.map(({ entry }) => leftOf(entry, whyNone(firewall, others.length)));
    return { form, firewall: firewall?.id ?? '', rules: 0, text: '', proof: proofWithout(world, found), left };
  }
  const group = { policy, priority: freePriority(world, policy), rules: newRules(world, found, firewall) };
  const proven = provenWith(analysis, world, { group, found });
  return {
    form,
    firewall: firewall.id,
    rules: group.rules.length,
    text: group.rules.length === 0 ? '' : textInForm(form, group),
    ...proven,
  };
}

/** Both sides are asked in worlds with the same points: the ranges of the new rules cut the old one too. */
function provenWith(
  analysis: Analysis,
  world: EgressWorld,
  { group, found }: { readonly group: NewGroup; readonly found: readonly FoundDisagreement[] },
): Pick<WrittenRules, 'proof' | 'left'> {
  const ranges = group.rules.flatMap((rule) => [
    ...rule.sources,
    ...(rule.kind === 'network' ? rule.destinations : []),
  ]);
  const cuts = ranges.flatMap((text) => parseCidr(text)?.cidr ?? []);
  const before = group.rules.length === 0 ? world : egressWorld(analysis, cuts);
  const after =
    group.rules.length === 0
      ? world
      : egressWorld({ ...analysis, snapshot: withGroup(analysis.snapshot, group) }, cuts);
  if (before === undefined || after === undefined)
    return {
      proof: { complete: false, minimal: false, compared: 0 },
      left: found.map((each) => leftOf(each.entry, whyLeft(each))),
    };
  const compared = comparedOf(after);
  const still = policyDisagreements(after, gapsOf(after, compared));
  const pairs = compared.classes.length * compared.peers.length;
  return {
    proof: { complete: still.length === 0, minimal: isMinimal(before, after), compared: pairs },
    left: still.map((each) => leftOf(each.entry, whyLeft(each))),
  };
}

// ---------------------------------------------------------------- which firewall

/** Those that deny something, else the only one. */
function firewallsAsked({ view }: EgressWorld, found: readonly FoundDisagreement[]): Firewall[] {
  const named = new Set(found.flatMap(({ entry }) => entry.by.map(({ resource }) => resource)));
  const denying = view.firewalls.filter(({ id }) => named.has(id));
  return denying.length > 0 ? denying : [...view.firewalls];
}

function policyOf({ view }: EgressWorld, firewall: Firewall | undefined): FirewallPolicy | undefined {
  return view.estate.firewallPolicies.find(({ key }) => key === firewall?.policy);
}

function whyNone(firewall: Firewall | undefined, others: number): string {
  if (firewall === undefined) return 'the input has no firewall';
  if (others > 0) return 'several firewalls deny it: which one is to allow it is not clear';
  return 'the firewall has no policy in the input to add rules to';
}

/** Behind all that are there: what somebody denied stays denied. */
function freePriority({ view }: EgressWorld, { key }: FirewallPolicy): number {
  const used = view.estate.ruleCollectionGroups
    .filter(({ policy }) => policy === key)
    .map(({ priority }) => Number(priority));
  const known = used.filter((priority) => Number.isFinite(priority));
  const highest = Math.max(0, ...known);
  if (highest < HIGHEST) return Math.max(LOWEST, Math.min(highest + 100, HIGHEST));
  let free = HIGHEST;
  while (known.includes(free)) free--;
  return free;
}

const LOWEST = 1000;
const HIGHEST = 65_000;

// ---------------------------------------------------------------- the model with them

function withGroup(snapshot: Snapshot, { policy, priority, rules }: NewGroup): Snapshot {
  const { azure } = snapshot;
  const base = azure.firewallPolicies.find(({ id }) => id === policy.id);
  if (base === undefined) return snapshot;
  const name = GROUP_NAME;
  const id = `${policy.id}/ruleCollectionGroups/${name}`;
  const group: RuleCollectionGroup = {
    ...base,
    id,
    key: id.toLowerCase(),
    name,
    type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
    unsettled: [],
    policy: base.key,
    priority,
    collections: (['network', 'application'] as const).flatMap((kind): RuleCollection[] => {
      const own = rules.filter((rule) => rule.kind === kind);
      if (own.length === 0) return [];
      return [{ ...COLLECTIONS[kind], kind, action: 'allow', rules: own.map(modelOf), path: '', origin: NO_ORIGIN }];
    }),
  };
  return { ...snapshot, azure: { ...azure, ruleCollectionGroups: [...azure.ruleCollectionGroups, group] } };
}

function modelOf(rule: NewRule): FirewallRule {
  const base = { name: rule.name, sources: rule.sources.flatMap(rangeItem), path: '', origin: NO_ORIGIN };
  const names = rule.names.map((name): AddressItem => ({ kind: 'name', name, origin: NO_ORIGIN }));
  if (rule.kind === 'network') {
    const protocol = rule.protocol === 'TCP' ? 'tcp' : 'udp';
    const destinations = [...rule.destinations.flatMap(rangeItem), ...names];
    return { ...base, kind: 'network', protocols: [protocol], destinations, ports: rule.ports.map(portItem) };
  }
  const protocols = rule.protocols.map(({ type, port }) => ({
    protocol: type === 'Http' ? ('http' as const) : ('https' as const),
    port,
  }));
  return {
    ...base,
    kind: 'application',
    protocols,
    destinations: [],
    names,
    urls: [],
    tags: [],
    categories: [],
    terminatesTls: false,
  };
}

function rangeItem(text: string): AddressItem[] {
  const range = parseCidr(text)?.cidr;
  return range === undefined ? [] : [{ kind: 'range', range, text, origin: NO_ORIGIN }];
}

function portItem(text: string): PortItem {
  const [from = 0, to = from] = text.split('-').map(Number);
  return { kind: 'range', from, to };
}

// ---------------------------------------------------------------- the proof

/**
 * Whether what is newly let through is, everywhere, what policy allows some pod that sends from there, or what nodes need;
 * and what is newly let through perhaps (an address that a name may lead to), what policy allows perhaps.
 */
function isMinimal(before: EgressWorld, after: EgressWorld): boolean {
  if (before.engine.world.size !== after.engine.world.size) return false;
  const { classes, peers } = comparedOf(after);
  const needed = neededTraffic(after);
  const bySubnets = Map.groupBy(classes, ({ subnets }) => [...subnets].sort().join(' '));
  const isAddress = (peer: number) => after.engine.world.points[peer]!.kind === 'external';
  return [...bySubnets.values()].every((own) =>
    peers.every((peer) => {
      const grants = own.map(({ point }) => grantBetween(after.inner, point, peer));
      const extra = needed.get(peer) ?? NO_TRAFFIC;
      const allowed = grants.reduce((sum, grant) => unite(sum, grant.allowed), extra);
      const possible = grants.reduce((sum, grant) => unite(sum, grant.possible), extra);
      return own.every(({ point }) => {
        const now = grantBetween(after.outer, point, peer);
        const then = grantBetween(before.outer, point, peer);
        if (!isIn(subtract(now.allowed, then.allowed), allowed)) return false;
        // At an address any name may be asked for: what is opened by name is judged by the names.
        return isAddress(peer) || isIn(subtract(now.possible, then.possible), possible);
      });
    }),
  );
}

function isIn(part: TrafficSet, whole: TrafficSet): boolean {
  return subtract(part, whole).length === 0;
}

function proofWithout(world: EgressWorld, found: readonly FoundDisagreement[]): WrittenRules['proof'] {
  const { classes, peers } = comparedOf(world);
  return { complete: found.length === 0, minimal: true, compared: classes.length * peers.length };
}

// ---------------------------------------------------------------- what is left

function leftOf({ from, to, traffic }: FoundDisagreement['entry'], why: string): WrittenRules['left'][number] {
  return { from, to, traffic, why };
}

function whyLeft({ entry, deciding }: FoundDisagreement): string {
  const layers = entry.layers.filter((layer) => layer !== 'firewall').map((layer) => WORDS.get(layer) ?? layer);
  if (entry.state === 'unknown') return 'whether the network lets it through is not known';
  if (layers.length > 0) return `${layers.join(' and ')} deny it too`;
  if (deciding.isExplicit) return 'a rule of the firewall denies it in so many words';
  if (entry.to.includes('dns:*'))
    return 'policy allows any name: a rule by name would have to name those that are needed';
  if (entry.to.some((text) => text.includes('*')))
    return 'a wildcard of Azure Firewall means names of any number of labels, and policy means fewer';
  return 'the firewall can allow names on such ports only by addresses, or with its DNS proxy';
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['network-security', 'security groups'],
  ['route', 'routes'],
  ['service', 'front doors of services'],
]);
