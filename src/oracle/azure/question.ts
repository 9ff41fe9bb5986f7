import { type Address, type AddressRange, type Family, isInRange } from '#base/address.ts';
import type { ManagedCluster } from '#model/azure/cluster.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Party } from '../party.ts';
import type { World } from '../world.ts';

/** A name, which stands for any public address that is nobody's of the estate. */
export interface DomainParty {
  readonly kind: 'domain';
  readonly name: string;
  readonly family: Family;
}

export type AzureParty = Party | DomainParty;

export interface AzureConnection {
  readonly from: AzureParty;
  readonly to: AzureParty;
  /** A point of the traffic axis. */
  readonly traffic: number;
}

/** One packet in one world. */
export interface AzureQuestion extends AzureConnection {
  readonly snapshot: Snapshot;
  readonly estate: AzureEstate;
  readonly cluster: ManagedCluster;
  readonly world: World;
  /** Where a rule or a network begins, or has ended: one address of each part between two of them stands for the part. */
  readonly cuts: Readonly<Record<Family, readonly bigint[]>>;
}

export type End = 'from' | 'to';

/** A fact that may be or not be: each in some worlds. */
export function isPerhaps({ world }: AzureQuestion, fact: string): boolean {
  return world.choose(fact, [false, true]);
}

export function isInAny(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some((range) => isInRange(address, range));
}

export function rangesIn(items: readonly AddressItem[]): AddressRange[] {
  return items.flatMap((item) => (item.kind === 'range' ? [item.range] : []));
}

/** Some address of the ranges: one of each part that something tells from its neighbours. */
export function someAddress(question: AzureQuestion, fact: string, ranges: readonly AddressRange[]): Address {
  const values = ranges.flatMap(({ family, lo, hi }) => [
    { family, value: lo },
    ...question.cuts[family].filter((cut) => cut > lo && cut <= hi).map((value) => ({ family, value })),
  ]);
  return question.world.choose(fact, values);
}
