import { compareGroups } from '#analysis/azure/compare-groups.ts';
import { type Address, isInRange, parseCidr } from '#base/address.ts';
import { entity, items, ports } from '#engine/compile/azure/azure.test-support.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule } from '#model/azure/network.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { below, chance, type Random, randomOf } from './random.ts';

/** Two security groups that differ in one rule, and in the names and the order of all. */
export const groupsBenchmark: Benchmark = {
  name: 'groups',
  title: 'two security groups to their differences with witnesses, against walking the rules for every pair of ranges',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const [many, few] = scale === 'smoke' ? [100, 20] : [1000, 100];
  const naive = `walking, ${few} rules`;
  const rounds = scale === 'smoke' ? 1 : 3;
  return [
    { name: `${many} rules`, rounds, repeats: 3, prepare: () => exactRun(many) },
    { name: `${few} rules`, against: naive, rounds, repeats: 3, prepare: () => exactRun(few) },
    { name: naive, rounds: 1, repeats: 1, prepare: () => naiveRun(few) },
  ];
}

function exactRun(count: number): () => Outcome {
  const before = groupOf(count);
  const [same, other] = [reworded(before), changed(before)];
  return () => {
    const none = compareGroups(before, same);
    const { witnesses } = compareGroups(before, other);
    const failures = none.equal ? [] : ['the same rules in other words are called different'];
    if (witnesses.length === 0) failures.push('a changed rule is not found');
    return { facts: { rules: count, witnesses: witnesses.length }, failures };
  };
}

/** Without tags both are functions of addresses and ports alone, so that walking can tell. */
function naiveRun(count: number): () => Outcome {
  const before = groupOf(count);
  const after = changed(before);
  return () => {
    const different = differences(before, after);
    const found = compareGroups(before, after).witnesses.length > 0;
    return {
      facts: { rules: count, differences: different },
      failures: different > 0 === found ? [] : ['walking says otherwise'],
    };
  };
}

// ---------------------------------------------------------------- groups

function groupOf(count: number): SecurityGroup {
  const random = randomOf(count);
  const rules = Array.from({ length: count }, (_, index) => ruleAt(random, index));
  return { ...entity('networkSecurityGroups', 'nsg'), rules: [...rules, lastRule(count)] };
}

function ruleAt(random: Random, index: number): SecurityRule {
  const from = chance(random, 0.3) ? '*' : blockOf(random);
  const port = 1 + below(random, 60) * 10;
  return {
    name: `rule-${index}`,
    id: `rule-${index}`,
    direction: 'ingress',
    access: chance(random, 0.3) ? 'deny' : 'allow',
    priority: 100 + index,
    protocol: 'tcp',
    sources: items(from),
    sourcePorts: ports('*'),
    destinations: items(...Array.from({ length: 1 + below(random, 3) }, () => blockOf(random))),
    destinationPorts: ports(chance(random, 0.2) ? `${port}-${port + 25}` : `${port}`),
    path: '',
    origin: NO_ORIGIN,
  };
}

function lastRule(count: number): SecurityRule {
  const any = items('*');
  const shape = { direction: 'ingress', access: 'deny', protocol: 'any', path: '', origin: NO_ORIGIN } as const;
  const whole = ports('*');
  const ends = { sources: any, sourcePorts: whole, destinations: any, destinationPorts: whole };
  return { ...shape, ...ends, name: 'last', id: 'last', priority: 100 + count };
}

function blockOf(random: Random): string {
  return `10.${below(random, 8)}.${below(random, 250)}.0/${24 + below(random, 5)}`;
}

function reworded(group: SecurityGroup): SecurityGroup {
  const rules = group.rules.map((rule, index) => ({ ...rule, name: `r${index}`, priority: Number(rule.priority) * 2 }));
  return { ...group, rules: rules.reverse() };
}

function changed(group: SecurityGroup): SecurityGroup {
  const rules = group.rules.map((rule, index) =>
    index === 3 ? { ...rule, access: rule.access === 'allow' ? ('deny' as const) : ('allow' as const) } : rule,
  );
  return reworded({ ...group, rules });
}

// ---------------------------------------------------------------- walking

function differences(before: SecurityGroup, after: SecurityGroup): number {
  const [one, other] = [inOrder(before), inOrder(after)];
  const addresses = samplesOf(before);
  let count = 0;
  for (const from of addresses) {
    for (const to of addresses) {
      for (let port = 1; port <= 640; port += 5) {
        if (allows(one, { from, to, port }) !== allows(other, { from, to, port })) count++;
      }
    }
  }
  return count;
}

function inOrder({ rules }: SecurityGroup): readonly SecurityRule[] {
  return [...rules].sort((a, b) => Number(a.priority) - Number(b.priority));
}

/** Where each range begins. */
function samplesOf({ rules }: SecurityGroup): Address[] {
  const all = rules.flatMap(({ sources, destinations }) => [...sources, ...destinations]);
  const starts = new Set(all.flatMap((item) => (item.kind === 'range' ? [item.range.lo] : [])));
  return [...starts, parseCidr('192.168.0.0/16')!.cidr.lo].map((value): Address => ({ family: 4, value }));
}

interface Packet {
  readonly from: Address;
  readonly to: Address;
  readonly port: number;
}

function allows(rules: readonly SecurityRule[], { from, to, port }: Packet): boolean {
  for (const { sources, destinations, destinationPorts, access } of rules) {
    const isPort = destinationPorts.some((each) => each.kind === 'range' && port >= each.from && port <= each.to);
    if (isPort && holds(sources, from) && holds(destinations, to)) return access === 'allow';
  }
  return false;
}

function holds(all: readonly AddressItem[], address: Address): boolean {
  return all.some((item) => item.kind === 'any' || (item.kind === 'range' && isInRange(address, item.range)));
}
