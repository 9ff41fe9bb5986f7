import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareGroups } from '#analysis/azure/compare-groups.ts';
import { formatRange, parseAddress } from '#base/address.ts';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { SecurityGroup, SecurityRule } from '#model/azure/network.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '#model/snapshot.ts';
import { icmpTraffic, isPortProtocol, trafficPoint } from '#model/traffic.ts';
import { type AzureParty, groupPairOf } from '#oracle/azure/azure.ts';
import { addressItem } from '#parse/azure/decode/body.ts';
import { azureEstates, estateOf, OUTSIDE } from './generate-azure.ts';

const RUNS = Number(process.env.RINGFENCE_PROPERTY_RUNS ?? 60);
const LIMIT = 120_000 + RUNS * 2_000;

describe('two security groups compared', () => {
  test(
    'they differ where the witness says, and nowhere where they are equal',
    () => {
      let differing = 0;
      const property = fc.property(azureEstates(), (generated) => {
        const snapshot: Snapshot = { ...EMPTY_SNAPSHOT, azure: estateOf(generated) };
        differing += agree(snapshot) ? 1 : 0;
      });
      fc.assert(property, { numRuns: RUNS, seed: 2026 });
      expect(differing).toBeGreaterThan(RUNS / 4);
    },
    LIMIT,
  );

  test(
    'names, order, split prefixes and ports do not matter',
    () => {
      const property = fc.property(azureEstates({ oneOpenIn: 0 }), (generated) => {
        for (const group of estateOf(generated).securityGroups) {
          expect(compareGroups(group, rewritten(group))).toEqual({ equal: true, witnesses: [], unknown: 0 });
        }
      });
      fc.assert(property, { numRuns: RUNS, seed: 2026 });
    },
    LIMIT,
  );
});

const TRAFFIC = [
  ...[22, 53, 80, 443].map((port) => trafficPoint('TCP', port)),
  trafficPoint('UDP', 53),
  trafficPoint('50'),
  icmpTraffic('ICMP', 8, 0)[0]!,
];

/** Whether they differ somewhere. */
function agree(snapshot: Snapshot): boolean {
  const [before, after] = snapshot.azure.securityGroups;
  const view = azureViewOf(snapshot);
  const subnet = snapshot.azure.subnets.find(({ name }) => name === 'a');
  if (before === undefined || after === undefined || view === undefined || subnet === undefined) return false;
  const { witnesses, equal, unknown } = compareGroups(before, after, { view, subnet });
  const told = groupPairOf(snapshot, [before, after]);
  for (const witness of witnesses) {
    // Whether the tag holds default routes is one fact for all addresses, and a witness takes each address by itself.
    if (`${witness.source} ${witness.destination}`.includes('tag virtualnetwork')) continue;
    const outcomes = told(
      { from: partyOf(witness.source), to: partyOf(witness.destination), traffic: pointOf(witness) },
      { subnet, outward: witness.direction === 'egress' },
    );
    expect([...outcomes], JSON.stringify(witness)).toContain(`${witness.before} ${witness.after}`);
  }
  if (unknown === 0 && equal) expect(firstDifference()).toBeUndefined();
  return witnesses.length > 0;

  function firstDifference(): string | undefined {
    for (const [from, to] of pairs()) {
      for (const traffic of TRAFFIC) {
        for (const outward of [false, true]) {
          const outcomes = told({ from: partyOf(from), to: partyOf(to), traffic }, { subnet, outward });
          if (outcomes.has('allowed denied') || outcomes.has('denied allowed')) return `${from} ${to} ${traffic}`;
        }
      }
    }
    return undefined;
  }
}

function pairs(): [string, string][] {
  const isV6 = (text: string) => text.includes(':');
  return OUTSIDE.flatMap((from) =>
    OUTSIDE.flatMap((to): [string, string][] => (isV6(from) === isV6(to) ? [[from, to]] : [])),
  );
}

function partyOf(text: string): AzureParty {
  return { kind: 'address', address: parseAddress(text.split(' ')[0]!)! };
}

function pointOf({ protocol, port }: { readonly protocol: string; readonly port?: number }): number {
  return isPortProtocol(protocol) ? trafficPoint(protocol, port) : trafficPoint(protocol as 'ICMP', 0);
}

// ---------------------------------------------------------------- the same in other words

function rewritten(group: SecurityGroup): SecurityGroup {
  const rules = group.rules.map(
    (rule, index): SecurityRule => ({
      ...rule,
      name: `other-${index}`,
      id: `other-${index}`,
      priority: Number(rule.priority) + 7,
      sources: rule.sources.flatMap(halves).reverse(),
      destinations: rule.destinations.flatMap(halves).reverse(),
      destinationPorts: rule.destinationPorts.flatMap((port) => {
        if (port.kind !== 'range' || port.from === port.to) return [port];
        const middle = (port.from + port.to) >> 1;
        return [
          { kind: 'range', from: middle + 1, to: port.to } as const,
          { kind: 'range', from: port.from, to: middle } as const,
        ];
      }),
    }),
  );
  return { ...group, name: 'other', rules: rules.reverse() };
}

function halves(item: AddressItem): AddressItem[] {
  if (item.kind !== 'range' || item.range.lo === item.range.hi) return [item];
  const { family, lo, hi } = item.range;
  const middle = (lo + hi) >> 1n;
  const parts = [
    { family, lo, hi: middle },
    { family, lo: middle + 1n, hi },
  ];
  return parts.flatMap((range) => formatRange(range).map((text) => addressItem(text, item.origin)));
}
