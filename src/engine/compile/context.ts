import { type Bits, bitsOf, isEmpty } from '#base/bits.ts';
import type { Profile } from '#model/profile.ts';
import { type AddressBook, addressBookOf, COVERS_ALL } from '../addresses.ts';
import { exactly, type PointSpan } from '../form.ts';
import { type Selection, selectionOf } from '../select.ts';
import type { World } from '../world.ts';
import { type NamedPorts, namedPortsOf } from './named-ports.ts';

/** What every compiler works with: one world, its indexes, and the profile that settles what the API leaves open. */
export interface Compiling {
  readonly world: World;
  readonly profile: Profile;
  readonly selection: Selection;
  readonly namedPorts: NamedPorts;
  /** Reads an `ipBlock` of NetworkPolicy, where nodes may be left open. */
  readonly ipBlocks: AddressBook;
  /** Reads `networks` of the cluster-wide kinds, which name addresses of any kind. */
  readonly networks: AddressBook;
  readonly everyone: PointSpan;
  readonly hasHosts: boolean;
  readonly potentials: Bits;
  /** Whether policies that are only staged count as enforced. */
  readonly staged: boolean;
}

export interface CompilingOptions {
  readonly staged?: boolean;
}

export function compilingOf(world: World, profile: Profile, options: CompilingOptions = {}): Compiling {
  return {
    world,
    profile,
    selection: selectionOf(world),
    namedPorts: namedPortsOf(world),
    ipBlocks: addressBookOf(world, { hosts: profile.ipBlockCoversNodes, pods: profile.ipBlockCoversPods }),
    networks: addressBookOf(world, COVERS_ALL),
    everyone: exactly(world.everything),
    hasHosts: !isEmpty(world.hosts),
    potentials: bitsOf(world.size, world.potentials),
    staged: options.staged ?? false,
  };
}
