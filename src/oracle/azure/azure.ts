import { type AddressRange, type Family, parseCidr } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { SecurityGroup } from '#model/azure/network.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Verdict } from '#model/verdict.ts';
import { outcomesOf } from '../world.ts';
import type { Applied } from './flow-rules.ts';
import type { AzureConnection, AzureQuestion } from './question.ts';
import { routeLets } from './routing.ts';
import { oneGroupLets, securityLets } from './security.ts';
import { isOnOneNode, METADATA, PLATFORM, PRIVATE } from './where.ts';

export type { AzureConnection, AzureParty } from './question.ts';

export interface AzureVerdict {
  readonly verdict: Verdict;
  /** False where there were more worlds than could be looked at. */
  readonly complete: boolean;
}

/** What security groups, admin rules and routes around the one cluster of the estate say about a packet. */
export function azureOracleOf(snapshot: Snapshot): (connection: AzureConnection) => AzureVerdict {
  const estate = snapshot.azure;
  const [cluster] = estate.clusters;
  if (cluster === undefined) throw new Error('an estate without a cluster');
  const cuts = { 4: cutsOf(estate, 4), 6: cutsOf(estate, 6) };
  return (connection) => {
    const { values, complete } = outcomesOf(
      (world) => passes({ ...connection, snapshot, estate, cluster, world, cuts }),
      2,
    );
    if (values.size > 1) return { verdict: 'unknown', complete: true };
    return { verdict: values.has(true) ? 'allowed' : 'denied', complete };
  };
}

/** What two groups say of one packet, in every world: `allowed denied`. */
export function groupPairOf(
  snapshot: Snapshot,
  groups: readonly [SecurityGroup, SecurityGroup],
): (packet: AzureConnection, at: Applied) => ReadonlySet<string> {
  const estate = snapshot.azure;
  const cluster = estate.clusters[0]!;
  const cuts = { 4: cutsOf(estate, 4), 6: cutsOf(estate, 6) };
  return (packet, at) =>
    outcomesOf((world) => {
      const question = { ...packet, snapshot, estate, cluster, world, cuts };
      return groups.map((group) => (oneGroupLets(question, group, at) ? 'allowed' : 'denied')).join(' ');
    }, 4).values;
}

function passes(question: AzureQuestion): boolean {
  return isOnOneNode(question) || (securityLets(question) && routeLets(question));
}

/** Every range that is written anywhere in the estate, found by its shape. */
function cutsOf(estate: AzureEstate, family: Family): bigint[] {
  const cuts = new Set<bigint>([0n]);
  const add = ({ family: own, lo, hi }: AddressRange) => {
    if (own === family) cuts.add(lo).add(hi + 1n);
  };
  for (const range of [...PRIVATE, PLATFORM, METADATA, parseCidr('::1/128')!.cidr]) add(range);
  const { resources: _, ...lists } = estate;
  visit(lists, add);
  const top = family === 4 ? 1n << 32n : 1n << 128n;
  return [...cuts].filter((cut) => cut < top).sort((a, b) => (a < b ? -1 : 1));
}

function visit(value: unknown, add: (range: AddressRange) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('lo' in value && 'hi' in value && 'family' in value) add(value as AddressRange);
  else for (const each of value instanceof Map ? value.values() : Object.values(value)) visit(each, add);
}
