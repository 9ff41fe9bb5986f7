import type { Address } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Labels } from '#model/resource.ts';
import type { Protocol } from '#model/traffic.ts';
import type { World } from '../world.ts';

/** The first packet of a connection, as a firewall sees it. */
export interface Packet {
  readonly source: Address;
  /** The pod that sends it, where a pod does. */
  readonly pod?: { readonly labels: Labels; readonly namespaceLabels: Labels };
  /** Absent: that of the name, some public one. */
  readonly address?: Address;
  /** What the client asks for; absent: anything. */
  readonly name?: string;
  readonly protocol: Protocol;
  /** Of protocols with ports. */
  readonly port?: number;
}

/** One packet in one world: what every rule looks at. */
export interface Question {
  readonly estate: AzureEstate;
  readonly packet: Packet;
  readonly world: World;
  /** Addresses that rules tell apart: what a name may lead to. */
  readonly cuts: readonly Address[];
  /** Names that rules tell apart: what a client may ask for at an address. */
  readonly names: readonly string[];
  /** Whether firewall and clients look names up in the same place. */
  readonly sharesDns: boolean;
  readonly inspectsTls: boolean;
}

export function perhaps({ world }: Question, fact: string): boolean {
  return world.choose(fact, [true, false]);
}

export function destinationOf({ packet, world, cuts }: Question): Address {
  return packet.address ?? world.choose('where the name leads', cuts);
}

/** What the client asks for by Host or server name. */
export function nameOf({ packet, world, names }: Question): string {
  return packet.name ?? world.choose('what the client asks for', names);
}
