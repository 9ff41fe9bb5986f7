import { type Address, isInRange, parseAddress } from '#base/address.ts';
import {
  applicationRule,
  collection,
  estate,
  firewallAsker,
  group,
  ipGroup,
  networkRule,
} from '#engine/compile/azure/azure.test-support.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { FirewallRule } from '#model/azure/firewall.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';

/** The rules of a firewall with groups of addresses, compiled with the world that they cut. */
export const firewallBenchmark: Benchmark = {
  name: 'firewall',
  title: 'rules of Azure Firewall over IP groups, from a model in memory to rows; against a tenth of the rules',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const rules = scale === 'smoke' ? 100 : 5000;
  const few = `${rules / 10} rules`;
  return [
    { name: `${rules} rules`, against: few, rounds: 3, repeats: 3, prepare: () => firewallRun(rules) },
    { name: few, rounds: 3, repeats: 3, prepare: () => firewallRun(rules / 10) },
  ];
}

const PER_COLLECTION = 10;
const QUESTIONS = 300;

function firewallRun(count: number): () => Outcome {
  const azure = estateOf(count);
  const rules = azure.ruleCollectionGroups.flatMap(({ collections }) => collections.flatMap((each) => each.rules));
  return () => {
    const { world, verdict } = firewallAsker(azure, { domains: ['host3.example', 'other.example'] });
    const wrong = questions().filter(({ address, port }) => {
      const asked = verdict('shop/web', address, `TCP/${port}`);
      return asked !== (isAllowed(azure, rules, { to: parseAddress(address)!, port }) ? 'allowed' : 'denied');
    });
    const failures =
      wrong.length === 0 ? [] : [`${wrong.length} of ${QUESTIONS} answers differ from walking the rules`];
    return { facts: { rules: rules.length, points: world.size }, failures };
  };
}

/** A fifth of the rules are by name, on a port of their own; two thirds name one of 20 groups of senders. */
function estateOf(count: number): AzureEstate {
  const collections = Array.from({ length: count / PER_COLLECTION }, (_, index) =>
    collection(
      `c${index}`,
      100 + index,
      Array.from({ length: PER_COLLECTION }, (__, rule) => ruleAt(index, rule)),
    ),
  );
  return estate({
    ipGroups: [
      ...Array.from({ length: 50 }, (_, index) => ipGroup(`to${index}`, ...blocksOf(index))),
      ...Array.from({ length: 20 }, (_, index) => ipGroup(`from${index}`, `10.224.${index}.0/24`)),
    ],
    ruleCollectionGroups: [group('1', 100, collections)],
  });
}

function blocksOf(index: number): string[] {
  return Array.from({ length: 40 }, (_, block) => `${20 + (index % 40)}.${block}.${index}.0/28`);
}

function ruleAt(index: number, rule: number): FirewallRule {
  const number = index * PER_COLLECTION + rule;
  const from = number % 3 === 0 ? ['*'] : [`group:from${number % 20}`];
  if (index % 5 === 4)
    return applicationRule(`r${rule}`, { from, names: [`host${number}.example`], protocols: ['http:9999'] });
  const to = number % 2 === 0 ? `60.${number % 200}.${number >> 8}.0/24` : `group:to${number % 50}`;
  return networkRule(`r${rule}`, { from, to: [to], ports: [`${(number % 300) + 1}`] });
}

// ---------------------------------------------------------------- the check

function questions(): { readonly address: string; readonly port: number }[] {
  return Array.from({ length: QUESTIONS }, (_, index) => ({
    address:
      index % 2 === 0 ? `60.${index % 200}.${index % 12}.9` : `${20 + (index % 40)}.${index % 40}.${index % 50}.5`,
    port: (index % 300) + 1,
  }));
}

interface Packet {
  readonly to: Address;
  readonly port: number;
}

/** All rules allow, so any that matches does; `shop/web` leaves as 10.224.0.4. */
function isAllowed(azure: AzureEstate, rules: readonly FirewallRule[], { to, port }: Packet): boolean {
  const from = parseAddress('10.224.0.4')!;
  return rules.some(
    (rule) =>
      rule.kind === 'network' &&
      rule.ports.some((item) => item.kind === 'range' && item.from <= port && port <= item.to) &&
      holds(azure, rule.sources, from) &&
      holds(azure, rule.destinations, to),
  );
}

function holds({ ipGroups }: Pick<AzureEstate, 'ipGroups'>, items: readonly AddressItem[], address: Address): boolean {
  return items.some((item) => {
    if (item.kind === 'any') return true;
    if (item.kind === 'range') return isInRange(address, item.range);
    if (item.kind !== 'ip-group') return false;
    return holds({ ipGroups }, ipGroups.find(({ key }) => key === item.key)?.addresses ?? [], address);
  });
}
