import { formatAddress } from '#base/address.ts';
import { addAll, type Bits, bitsOf, copyBits, difference, emptyBits, intersection, isEmpty, nextBit, union } from '#base/bits.ts';
import { meet, subtract, unite } from '#base/intervals.ts';
import { atomRange } from '#engine/atoms.ts';
import { type CompiledFirewall, compileFirewall } from '#engine/compile/azure/firewall.ts';
import { policyChain } from '#engine/compile/azure/firewall-rules.ts';
import { azureOf } from '#engine/compile/azure/context.ts';
import { azureMentions } from '#engine/compile/azure/mentions.ts';
import { compilingOf } from '#engine/compile/context.ts';
import { grantTable } from '#engine/grants.ts';
import { buildWorld, type World } from '#engine/world.ts';
import type { Firewall, RuleCollection } from '#model/azure/firewall.ts';
import { PROFILES } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { ALL_TRAFFIC, linesOf, NO_TRAFFIC, type Protocol, type TrafficSet } from '#model/traffic.ts';
import { witnessNames } from './witness-names.ts';

/** A firewall with the input that it stands in. */
export interface FirewallSide {
  readonly snapshot: Snapshot;
  readonly firewall: Firewall;
}
